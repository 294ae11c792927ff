/* Tests of rows of accounts
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-spawn.h"
#include "linnet-store-blocks.h"
#include "linnet-store-profiles.h"
#include "store-fixture.h"

static LinnetStoreAccount *
account_new (void)
{
  LinnetStoreAccount *account = linnet_store_account_new ("ben@lark.test");

  account->enabled = FALSE;
  account->host = g_strdup ("xmpp.lark.test");
  account->port = 65535;
  account->direct_tls = TRUE;
  account->pinned_sha256 = g_strdup ("00ff");
  account->mechanism = g_strdup ("SCRAM-SHA-512-PLUS");
  account->channel_binding = g_strdup ("tls-exporter");
  account->had_sasl2 = TRUE;
  account->authority = g_strdup ("Finch CA");
  account->server_key = g_strdup ("aa");
  account->proxy = g_strdup ("socks5://127.0.0.1:9050");
  account->user_agent_id = g_strdup ("an-id");
  account->fast_mechanism = g_strdup ("HT-SHA-256-EXPR");
  account->fast_expiry = 4102444800;
  account->fast_count = G_MAXINT64;
  account->show = 3;
  account->status_text = g_strdup ("On the way");
  account->resource = g_strdup ("linnet.xyz");
  account->sm_id = g_strdup ("stream");
  account->sm_location = g_strdup ("[::1]:5222");
  account->features = g_strdup ("<features/>");
  account->sm_h = G_MAXUINT32;
  account->roster_version = g_strdup ("v7");

  return account;
}

static void
assert_equal_settings (const LinnetStoreAccount *a, const LinnetStoreAccount *b)
{
  g_assert_cmpstr (a->address, ==, b->address);
  g_assert_cmpint (a->enabled, ==, b->enabled);
  g_assert_cmpstr (a->host, ==, b->host);
  g_assert_cmpuint (a->port, ==, b->port);
  g_assert_cmpint (a->direct_tls, ==, b->direct_tls);
  g_assert_cmpstr (a->pinned_sha256, ==, b->pinned_sha256);
  g_assert_cmpstr (a->mechanism, ==, b->mechanism);
  g_assert_cmpstr (a->channel_binding, ==, b->channel_binding);
  g_assert_cmpint (a->had_sasl2, ==, b->had_sasl2);
  g_assert_cmpstr (a->authority, ==, b->authority);
  g_assert_cmpstr (a->server_key, ==, b->server_key);
  g_assert_cmpstr (a->proxy, ==, b->proxy);
  g_assert_cmpstr (a->user_agent_id, ==, b->user_agent_id);
  g_assert_cmpstr (a->fast_mechanism, ==, b->fast_mechanism);
  g_assert_cmpint (a->fast_expiry, ==, b->fast_expiry);
  g_assert_cmpuint (a->fast_count, ==, b->fast_count);
  g_assert_cmpint (a->show, ==, b->show);
  g_assert_cmpstr (a->status_text, ==, b->status_text);
}

static void
assert_equal_stream (const LinnetStoreAccount *a, const LinnetStoreAccount *b)
{
  g_assert_cmpstr (a->resource, ==, b->resource);
  g_assert_cmpstr (a->sm_id, ==, b->sm_id);
  g_assert_cmpstr (a->sm_location, ==, b->sm_location);
  g_assert_cmpstr (a->features, ==, b->features);
  g_assert_cmpuint (a->sm_h, ==, b->sm_h);
  g_assert_cmpstr (a->roster_version, ==, b->roster_version);
}

static GPtrArray *
list (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *accounts = dex_await_boxed (linnet_store_accounts_list (fixture->store), &error);

  g_assert_no_error (error);

  return accounts;
}

static gint64
add (StoreFixture *fixture, const LinnetStoreAccount *account)
{
  g_autoptr (GError) error = NULL;
  gint64 id = dex_await_int64 (linnet_store_accounts_add (fixture->store, account), &error);

  g_assert_no_error (error);

  return id;
}

static void
test_add (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreAccount) account = account_new ();
  g_autoptr (LinnetStoreAccount) plain = linnet_store_account_new (ANA);
  g_autoptr (GPtrArray) accounts = NULL;
  gint64 id = add (fixture, account);

  linnet_test_assert_rejects (linnet_store_accounts_add (fixture->store, account),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_EXISTS);
  store_fixture_close (fixture);
  store_fixture_open (fixture);
  accounts = list (fixture);

  g_assert_cmpuint (accounts->len, ==, 2);
  assert_equal_settings (accounts->pdata[0], plain);
  assert_equal_stream (accounts->pdata[0], plain);
  g_assert_true (((LinnetStoreAccount *) accounts->pdata[0])->enabled);
  g_assert_cmpint (((LinnetStoreAccount *) accounts->pdata[1])->id, ==, id);
  assert_equal_settings (accounts->pdata[1], account);
  assert_equal_stream (accounts->pdata[1], account);
}

/* Settings and stream are written apart: neither overwrites the other with what it was. */
static void
test_save (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreAccount) account = account_new ();
  g_autoptr (LinnetStoreAccount) changed = linnet_store_account_new ("ben@lark.test");
  g_autoptr (LinnetStoreAccount) stranger = linnet_store_account_new ("eve@lark.test");
  g_autoptr (GPtrArray) settings = NULL, streams = NULL;

  changed->id = add (fixture, account);
  linnet_test_assert_resolves (linnet_store_accounts_save (fixture->store, changed));
  settings = list (fixture);
  assert_equal_settings (settings->pdata[1], changed);
  assert_equal_stream (settings->pdata[1], account);

  account->id = changed->id;
  g_set_str (&account->resource, "r");
  g_set_str (&account->sm_id, "s");
  g_set_str (&account->sm_location, "l");
  g_set_str (&account->features, "f");
  account->sm_h = 5;
  linnet_test_assert_resolves (linnet_store_accounts_save_stream (fixture->store, account));
  streams = list (fixture);
  assert_equal_settings (streams->pdata[1], changed);
  assert_equal_stream (streams->pdata[1], account);

  linnet_test_assert_rejects (linnet_store_accounts_save (fixture->store, stranger),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_NOT_FOUND);
  stranger->id = 4711;
  linnet_test_assert_rejects (linnet_store_accounts_save_stream (fixture->store, stranger),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_NOT_FOUND);
}

static void
fill (StoreFixture *fixture)
{
  static const char *const blocked[] = { "eve@lark.test", NULL };
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);
  GPtrArray *contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_store_contact_free);
  LinnetStoreContact *contact = linnet_store_contact_new (MIRA);

  contact->groups = g_strsplit ("Friends,Work", ",", -1);
  g_ptr_array_add (contacts, contact);
  linnet_store_batch_add_roster (batch, contacts, TRUE, "v1");
  linnet_store_batch_add_message (batch, MIRA, store_message_in ("1", "Hello"));
  linnet_store_batch_add_receipt (batch, MIRA, "unknown");
  linnet_store_batch_set_sm_h (batch, 3);
  linnet_store_changes_unref (store_fixture_commit (fixture, batch));
  linnet_store_changes_unref (store_fixture_send (fixture, MIRA, "2", "Hello"));
  linnet_test_assert_resolves (linnet_store_blocks_replace (fixture->store, fixture->account, blocked));
}

static void
set_avatar (StoreFixture *fixture, const char *jid, const char *hash)
{
  linnet_test_assert_resolves (linnet_store_profiles_set_avatar (fixture->store,
                                                                 fixture->account,
                                                                 jid,
                                                                 hash,
                                                                 "image/png",
                                                                 1,
                                                                 LINNET_STORE_AVATAR_PEP));
}

static gint64
count_all (StoreFixture *fixture)
{
  return store_fixture_number (fixture,
                               "SELECT (SELECT count(*) FROM accounts) + (SELECT count(*) FROM streams)"
                               " + (SELECT count(*) FROM roster) + (SELECT count(*) FROM roster_groups)"
                               " + (SELECT count(*) FROM conversations) + (SELECT count(*) FROM senders)"
                               " + (SELECT count(*) FROM messages) + (SELECT count(*) FROM outbox)"
                               " + (SELECT count(*) FROM pending) + (SELECT count(*) FROM profiles)"
                               " + (SELECT count(*) FROM blocks)");
}

/* Everything of it goes, nothing of the other. */
static void
test_remove (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreAccount) account = account_new ();
  g_auto (GStrv) hashes = NULL, none = NULL;
  gint64 ana = fixture->account, ben, before;

  fill (fixture);
  set_avatar (fixture, MIRA, "both");
  set_avatar (fixture, ANA, "ana");
  before = count_all (fixture);

  ben = add (fixture, account);
  fixture->account = ben;
  fill (fixture);
  set_avatar (fixture, MIRA, "both");
  set_avatar (fixture, "ben@lark.test", "ben");
  set_avatar (fixture, "tom@lark.test", "ben");

  hashes = dex_await_boxed (linnet_store_accounts_remove (fixture->store, ben), NULL);
  g_assert_cmpuint (g_strv_length (hashes), ==, 1);
  g_assert_cmpstr (hashes[0], ==, "ben");
  g_assert_cmpint (count_all (fixture), ==, before);

  none = dex_await_boxed (linnet_store_accounts_remove (fixture->store, ben), NULL);
  g_assert_cmpuint (g_strv_length (none), ==, 0);
  linnet_test_assert_resolves (linnet_store_accounts_remove (fixture->store, ana));
  g_assert_cmpint (count_all (fixture), ==, 0);

  /* Its number is not given to another one. */
  g_assert_cmpint (add (fixture, account), >, ben);
}

/* L1: no column could hold a secret. */
static void
test_no_secret (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  g_assert_cmpint (store_fixture_number (fixture,
                                         "SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%password%'"
                                         " OR sql LIKE '%token%' OR sql LIKE '%secret%'"),
                   ==,
                   0);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/store/accounts/add", test_add, NULL);
  linnet_test_add ("/store/accounts/save", test_save, NULL);
  linnet_test_add ("/store/accounts/remove", test_remove, NULL);
  linnet_test_add ("/store/accounts/no-secret", test_no_secret, NULL);

  return g_test_run ();
}
