/* Tests of rows of contact lists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-spawn.h"
#include "store-fixture.h"

typedef struct
{
  const char *jid;
  const char *name;
  const char *groups; /* with commas between */
  int subscription;
  gboolean ask;
  gboolean approved;
  gboolean removed;
} Row;

static void
write_rows (StoreFixture *fixture, const Row *rows, guint n_rows, gboolean full, const char *version)
{
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);
  GPtrArray *contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_store_contact_free);

  for (guint i = 0; i < n_rows; i++)
    {
      LinnetStoreContact *contact = linnet_store_contact_new (rows[i].jid);

      contact->name = g_strdup (rows[i].name);
      contact->groups = rows[i].groups != NULL ? g_strsplit (rows[i].groups, ",", -1) : NULL;
      contact->subscription = rows[i].subscription;
      contact->ask = rows[i].ask;
      contact->approved = rows[i].approved;
      contact->removed = rows[i].removed;
      g_ptr_array_add (contacts, contact);
    }
  linnet_store_batch_add_roster (batch, contacts, full, version);
  linnet_store_changes_unref (store_fixture_commit (fixture, batch));
}

static void
assert_rows (StoreFixture *fixture, const Row *rows, guint n_rows, const char *version)
{
  g_autoptr (GPtrArray) contacts =
      dex_await_boxed (linnet_store_roster_list (fixture->store, fixture->account), NULL);
  g_autoptr (GPtrArray) accounts = dex_await_boxed (linnet_store_accounts_list (fixture->store), NULL);

  g_assert_cmpuint (contacts->len, ==, n_rows);
  for (guint i = 0; i < n_rows; i++)
    {
      const LinnetStoreContact *contact = contacts->pdata[i];
      g_autofree char *groups = g_strjoinv (",", contact->groups);

      g_assert_cmpstr (contact->jid, ==, rows[i].jid);
      g_assert_cmpstr (contact->name, ==, rows[i].name);
      g_assert_cmpstr (groups, ==, rows[i].groups != NULL ? rows[i].groups : "");
      g_assert_cmpint (contact->subscription, ==, rows[i].subscription);
      g_assert_cmpint (contact->ask, ==, rows[i].ask);
      g_assert_cmpint (contact->approved, ==, rows[i].approved);
      g_assert_false (contact->removed);
    }
  g_assert_cmpstr (((LinnetStoreAccount *) accounts->pdata[0])->roster_version, ==, version);
}

static const Row first[] = {
  { .jid = MIRA, .name = "Mira", .groups = "Friends,Läufer\n,Work", .subscription = 3 },
  { .jid = "sofia@lark.test", .subscription = 1, .approved = TRUE },
  { .jid = "tom@lark.test", .name = "", .groups = "Work", .subscription = 0, .ask = TRUE },
};

static void
test_full (gconstpointer data)
{
  static const Row second[] = { { .jid = "zoe@lark.test" } };
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  assert_rows (fixture, NULL, 0, NULL);
  write_rows (fixture, first, G_N_ELEMENTS (first), TRUE, "v1");
  assert_rows (fixture, first, G_N_ELEMENTS (first), "v1");
  write_rows (fixture, second, G_N_ELEMENTS (second), TRUE, NULL);
  assert_rows (fixture, second, G_N_ELEMENTS (second), NULL);
  write_rows (fixture, NULL, 0, TRUE, "");
  assert_rows (fixture, NULL, 0, "");
}

static void
test_push (gconstpointer data)
{
  static const Row pushes[] = {
    { .jid = MIRA, .name = "Mirabelle", .groups = "Friends", .subscription = 2 },
    { .jid = "tom@lark.test", .removed = TRUE },
    { .jid = "zoe@lark.test", .groups = "Work,Work", .subscription = 1 },
    { .jid = "nobody@lark.test", .removed = TRUE },
  };
  static const Row expected[] = {
    { .jid = MIRA, .name = "Mirabelle", .groups = "Friends", .subscription = 2 },
    { .jid = "sofia@lark.test", .subscription = 1, .approved = TRUE },
    { .jid = "zoe@lark.test", .groups = "Work", .subscription = 1 },
  };
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  write_rows (fixture, first, G_N_ELEMENTS (first), TRUE, "v1");
  for (guint i = 0; i < G_N_ELEMENTS (pushes); i++)
    write_rows (fixture, &pushes[i], 1, FALSE, i == 2 ? "v2" : NULL);
  assert_rows (fixture, expected, G_N_ELEMENTS (expected), "v2");
}

/* Each account has its own. */
static void
test_accounts (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreAccount) account = linnet_store_account_new ("ben@lark.test");
  gint64 ana = fixture->account;

  write_rows (fixture, first, G_N_ELEMENTS (first), TRUE, "v1");
  fixture->account = dex_await_int64 (linnet_store_accounts_add (fixture->store, account), NULL);
  write_rows (fixture, first, 1, TRUE, "v9");
  fixture->account = ana;
  assert_rows (fixture, first, G_N_ELEMENTS (first), "v1");
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/store/roster/full", test_full, NULL);
  linnet_test_add ("/store/roster/push", test_push, NULL);
  linnet_test_add ("/store/roster/accounts", test_accounts, NULL);

  return g_test_run ();
}
