/* Tests of stanzas that must reach the server (R3, R7, R8)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-spawn.h"
#include "store-fixture.h"

static GPtrArray *
list (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *items = dex_await_boxed (linnet_store_outbox_list (fixture->store, fixture->account), &error);

  g_assert_no_error (error);

  return items;
}

static char *
list_stanzas (StoreFixture *fixture)
{
  g_autoptr (GPtrArray) items = list (fixture);
  GString *stanzas = g_string_new (NULL);

  for (guint i = 0; i < items->len; i++)
    g_string_append (stanzas, ((LinnetStoreOutboxItem *) items->pdata[i])->stanza);

  return g_string_free_and_steal (stanzas);
}

static void
assert_stanzas (StoreFixture *fixture, const char *expected)
{
  g_autofree char *stanzas = list_stanzas (fixture);

  g_assert_cmpstr (stanzas, ==, expected);
}

static void
test_send (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  gint64 conversation = store_fixture_conversation (fixture, MIRA);
  g_autoptr (LinnetStoreChanges) changes = NULL;
  g_autoptr (GPtrArray) items = NULL;
  const LinnetStoreOutboxItem *item;

  linnet_test_assert_resolves (linnet_store_conversations_set_draft (fixture->store, conversation, "Hel"));
  linnet_store_changes_unref (
      store_fixture_receive (fixture, MIRA, store_message_in ("0", "Are you there?")));
  changes = store_fixture_send (fixture, MIRA, "1", "Hello");

  g_assert_cmpuint (changes->messages->len, ==, 1);
  g_assert_cmpint (store_new_message (changes, 0)->state, ==, LINNET_STORE_STATE_QUEUED);
  g_assert_true (store_new_message (changes, 0)->outgoing);
  g_assert_cmpstr (store_conversation (changes, 0)->last_body, ==, "Hello");
  g_assert_null (store_conversation (changes, 0)->draft);
  g_assert_cmpuint (store_conversation (changes, 0)->unread, ==, 0);

  /* What is written to the stream after a restart is byte for byte what was before. */
  store_fixture_close (fixture);
  store_fixture_open (fixture);
  items = list (fixture);
  g_assert_cmpuint (items->len, ==, 1);
  item = items->pdata[0];
  g_assert_cmpint (item->id, ==, changes->outbox);
  g_assert_cmpint (item->message, ==, store_new_message (changes, 0)->id);
  g_assert_cmpint (item->created, >, 0);
  g_assert_cmpstr (item->stanza, ==, "<message id='1'/>");
}

/* In the order of writing, whoever they are for. */
static void
test_order (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (GString) expected = g_string_new (NULL);
  gint64 ids[20];

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *jid = g_strdup_printf ("peer%u@lark.test", i * 7 % 5);
      g_autofree char *id = g_strdup_printf ("%u", 100 - i);
      g_autoptr (LinnetStoreChanges) changes = store_fixture_send (fixture, jid, id, "Hello");

      ids[i] = changes->outbox;
      g_string_append_printf (expected, "<message id='%s'/>", id);
    }
  assert_stanzas (fixture, expected->str);

  /* Any of them, twice, and some that never were. */
  ids[1] = 4711;
  ids[2] = ids[0];
  linnet_test_assert_resolves (linnet_store_outbox_ack (fixture->store, ids, 3));
  assert_stanzas (fixture, expected->str + strlen ("<message id='100'/>"));
}

static void
test_ack (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) first = store_fixture_send (fixture, MIRA, "1", "One");
  g_autoptr (LinnetStoreChanges) second = store_fixture_send (fixture, MIRA, "2", "Two");
  g_autoptr (LinnetStoreChanges) changes = NULL, nothing = NULL;
  gint64 ids[] = { second->outbox, first->outbox };

  changes = dex_await_boxed (linnet_store_outbox_ack (fixture->store, ids, 2), NULL);
  nothing = dex_await_boxed (linnet_store_outbox_ack (fixture->store, ids, 2), NULL);

  g_assert_cmpuint (changes->states->len, ==, 2);
  g_assert_cmpint (store_state_change (changes, 0)->message, ==, store_new_message (first, 0)->id);
  g_assert_cmpint (store_state_change (changes, 0)->state, ==, LINNET_STORE_STATE_SENT);
  g_assert_cmpuint (changes->conversations->len, ==, 1);
  g_assert_cmpint (store_conversation (changes, 0)->last_state, ==, LINNET_STORE_STATE_SENT);
  g_assert_cmpuint (nothing->states->len, ==, 0);
  assert_stanzas (fixture, "");
}

static void
test_fail_and_retry (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) sent = store_fixture_send (fixture, MIRA, "1", "One");
  g_autoptr (LinnetStoreChanges) failed = NULL, again = NULL;
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);
  gint64 message = store_new_message (sent, 0)->id;

  linnet_test_assert_rejects (linnet_store_outbox_retry (fixture->store, message, "<message/>"),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_NOT_FOUND);
  linnet_test_assert_resolves (linnet_store_outbox_ack (fixture->store, &sent->outbox, 1));
  linnet_store_batch_add_error (batch, MIRA, "1", "policy-violation", "Too long");
  failed = store_fixture_commit (fixture, batch);
  g_assert_cmpint (store_state_change (failed, 0)->state, ==, LINNET_STORE_STATE_FAILED);
  g_assert_cmpstr (store_state_change (failed, 0)->error_condition, ==, "policy-violation");
  assert_stanzas (fixture, "");

  again = dex_await_boxed (
      linnet_store_outbox_retry (fixture->store, message, "<message id='1'>again</message>"), NULL);
  g_assert_cmpint (store_state_change (again, 0)->state, ==, LINNET_STORE_STATE_QUEUED);
  g_assert_null (store_state_change (again, 0)->error_condition);
  g_assert_cmpint (again->outbox, >, sent->outbox);
  assert_stanzas (fixture, "<message id='1'>again</message>");

  /* A late word about the first attempt. */
  linnet_test_assert_resolves (linnet_store_outbox_ack (fixture->store, &sent->outbox, 1));
  assert_stanzas (fixture, "<message id='1'>again</message>");
}

/* The number of a stanza that the server has never means another one later. */
static void
test_numbers (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  gint64 last = 0;

  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);
      g_autoptr (LinnetStoreChanges) sent = store_fixture_send (fixture, MIRA, id, "Hello");

      g_assert_cmpint (sent->outbox, >, last);
      last = sent->outbox;
      linnet_test_assert_resolves (linnet_store_outbox_ack (fixture->store, &last, 1));
    }
}

static void
test_refused (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  gint64 conversation = store_fixture_conversation (fixture, MIRA);

  linnet_test_assert_rejects (linnet_store_outbox_send (fixture->store,
                                                        4711,
                                                        store_message_out ("1", "Hello"),
                                                        "<message/>"),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_NOT_FOUND);
  linnet_store_changes_unref (store_fixture_send (fixture, MIRA, "1", "One"));
  linnet_test_assert_rejects (linnet_store_outbox_send (fixture->store,
                                                        conversation,
                                                        store_message_out ("1", "Two"),
                                                        "<message/>"),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_EXISTS);
  assert_stanzas (fixture, "<message id='1'/>");
}

/* Another account's stanzas are its own. */
static void
test_accounts (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreAccount) account = linnet_store_account_new ("ben@lark.test");
  gint64 ana = fixture->account,
         ben = dex_await_int64 (linnet_store_accounts_add (fixture->store, account), NULL);

  linnet_store_changes_unref (store_fixture_send (fixture, MIRA, "1", "One"));
  fixture->account = ben;
  linnet_store_changes_unref (store_fixture_send (fixture, MIRA, "1", "One"));
  linnet_store_changes_unref (store_fixture_send (fixture, MIRA, "2", "Two"));

  assert_stanzas (fixture, "<message id='1'/><message id='2'/>");
  fixture->account = ana;
  assert_stanzas (fixture, "<message id='1'/>");
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/store/outbox/send", test_send, NULL);
  linnet_test_add ("/store/outbox/order", test_order, NULL);
  linnet_test_add ("/store/outbox/ack", test_ack, NULL);
  linnet_test_add ("/store/outbox/fail-and-retry", test_fail_and_retry, NULL);
  linnet_test_add ("/store/outbox/numbers", test_numbers, NULL);
  linnet_test_add ("/store/outbox/refused", test_refused, NULL);
  linnet_test_add ("/store/outbox/accounts", test_accounts, NULL);

  return g_test_run ();
}
