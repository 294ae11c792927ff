/* Tests of the rows a list of chats shows
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-spawn.h"
#include "store-fixture.h"

static LinnetStoreConversation *
take (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  LinnetStoreConversation *conversation = dex_await_boxed (future, &error);

  g_assert_no_error (error);

  return conversation;
}

static LinnetStoreConversation *
find (StoreFixture *fixture, const char *jid)
{
  g_autoptr (GPtrArray) rows = dex_await_boxed (linnet_store_conversations_list (fixture->store), NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      LinnetStoreConversation *row = rows->pdata[i];

      if (g_str_equal (row->jid, jid))
        return linnet_store_conversation_ref (row);
    }

  return NULL;
}

static void
test_open (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreConversation) first =
      take (linnet_store_conversations_open (fixture->store, fixture->account, MIRA));
  g_autoptr (LinnetStoreConversation) second =
      take (linnet_store_conversations_open (fixture->store, fixture->account, MIRA));
  g_autoptr (LinnetStoreConversation) listed = find (fixture, MIRA);

  g_assert_cmpint (first->id, ==, second->id);
  g_assert_cmpint (listed->id, ==, first->id);
  g_assert_cmpstr (first->jid, ==, MIRA);
  g_assert_cmpint (first->account, ==, fixture->account);
  g_assert_cmpint (first->created, >, 0);
  g_assert_cmpint (listed->created, ==, first->created);
  g_assert_cmpint (first->last_id, ==, 0);
  g_assert_null (first->last_body);
  g_assert_null (first->draft);

  linnet_test_assert_rejects (linnet_store_conversations_open (fixture->store, 4711, MIRA),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_NOT_FOUND);
}

static void
test_last_message (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autofree char *body = g_strnfill (500, 'x');
  g_autoptr (LinnetStoreChanges) sent = store_fixture_send (fixture, MIRA, "1", "Hello");
  LinnetStoreMessage *message = store_message_in ("2", NULL);
  g_autoptr (LinnetStoreConversation) before = find (fixture, MIRA), after = NULL;

  g_assert_true (before->last_outgoing);
  g_assert_cmpstr (before->last_body, ==, "Hello");
  g_assert_cmpint (before->last_state, ==, LINNET_STORE_STATE_QUEUED);
  g_assert_cmpint (before->last_time, ==, store_new_message (sent, 0)->time);

  message->body = g_strconcat ("Ü", body, NULL);
  message->time = 1700000000000000;
  message->resource = g_strdup ("phone");
  linnet_store_changes_unref (store_fixture_receive (fixture, MIRA, message));

  after = find (fixture, MIRA);
  g_assert_false (after->last_outgoing);
  g_assert_cmpint (after->last_time, ==, 1700000000000000);
  g_assert_cmpint (after->last_position, >, before->last_position);
  g_assert_cmpstr (after->last_resource, ==, "phone");
  g_assert_cmpint (g_utf8_strlen (after->last_body, -1), ==, 160);
  g_assert_true (g_str_has_prefix (after->last_body, "Üx"));
}

static void
test_fields (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  gint64 id = store_fixture_conversation (fixture, MIRA);

  for (guint bits = 0; bits < 32; bits++)
    {
      static const LinnetStoreConversationField fields[] = { LINNET_STORE_CONVERSATION_PINNED,
                                                             LINNET_STORE_CONVERSATION_ARCHIVED,
                                                             LINNET_STORE_CONVERSATION_REQUEST,
                                                             LINNET_STORE_CONVERSATION_MUTED_UNTIL,
                                                             LINNET_STORE_CONVERSATION_STRANGER };
      g_autoptr (LinnetStoreConversation) row = NULL;

      for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
        {
          gint64 value = bits & (1 << i) ? (i == 3 ? G_MAXINT64 : 1) : 0;

          g_clear_pointer (&row, linnet_store_conversation_unref);
          row = take (linnet_store_conversations_set (fixture->store, id, fields[i], value));
        }
      g_assert_cmpuint (row->pinned, ==, (bits & 1) != 0);
      g_assert_cmpuint (row->archived, ==, (bits & 2) != 0);
      g_assert_cmpuint (row->request, ==, (bits & 4) != 0);
      g_assert_cmpint (row->muted_until, ==, bits & 8 ? G_MAXINT64 : 0);
      g_assert_cmpuint (row->stranger, ==, (bits & 16) != 0);
    }

  linnet_test_assert_rejects (linnet_store_conversations_set (fixture->store,
                                                              4711,
                                                              LINNET_STORE_CONVERSATION_PINNED,
                                                              1),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_NOT_FOUND);
}

static void
test_draft (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  gint64 id = store_fixture_conversation (fixture, MIRA);
  g_autoptr (LinnetStoreConversation) set =
      take (linnet_store_conversations_set_draft (fixture->store, id, "Dear\nMira"));
  g_autoptr (LinnetStoreConversation) listed = NULL, cleared = NULL;

  g_assert_cmpstr (set->draft, ==, "Dear\nMira");
  store_fixture_close (fixture);
  store_fixture_open (fixture);
  listed = find (fixture, MIRA);
  g_assert_cmpstr (listed->draft, ==, "Dear\nMira");
  cleared = take (linnet_store_conversations_set_draft (fixture->store, id, NULL));
  g_assert_null (cleared->draft);
}

static void
test_mark_read (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  gint64 id = store_fixture_conversation (fixture, MIRA), ids[4];
  static const struct
  {
    guint message;
    guint unread;
  } steps[] = { { 1, 2 }, { 0, 2 }, { 1, 2 }, { 2, 1 }, { 3, 0 }, { 2, 0 } };
  g_autoptr (LinnetStoreChanges) other =
      store_fixture_receive (fixture, "tom@lark.test", store_message_in ("1", "Tom"));

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *stanza_id = g_strdup_printf ("%u", i);
      g_autoptr (LinnetStoreChanges) changes =
          store_fixture_receive (fixture, MIRA, store_message_in (stanza_id, stanza_id));

      ids[i] = store_outcome (changes, 0)->message;
    }
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (LinnetStoreConversation) row =
          take (linnet_store_conversations_mark_read (fixture->store, id, ids[steps[i].message]));

      g_assert_cmpuint (row->unread, ==, steps[i].unread);
    }

  linnet_test_assert_rejects (linnet_store_conversations_mark_read (fixture->store, id, 4711),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_NOT_FOUND);
  linnet_test_assert_rejects (linnet_store_conversations_mark_read (fixture->store,
                                                                    id,
                                                                    store_new_message (other, 0)->id),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_NOT_FOUND);
}

/* Nothing is left of it, and nothing else is touched. */
static void
test_remove (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  gint64 id = store_fixture_conversation (fixture, MIRA);
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);
  LinnetStoreMessage *first = store_message_in ("1", "One"), *again = store_message_in ("3", "Three");

  first->resource = g_strdup ("phone");
  again->resource = g_strdup ("phone");
  linnet_store_batch_add_message (batch, MIRA, first);
  linnet_store_batch_add_nickname (batch, MIRA, "Mirabelle");
  linnet_store_batch_add_receipt (batch, MIRA, "elsewhere");
  linnet_store_batch_add_message (batch, "tom@lark.test", store_message_in ("2", "Two"));
  linnet_store_changes_unref (store_fixture_commit (fixture, batch));

  linnet_test_assert_resolves (linnet_store_conversations_remove (fixture->store, id));
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM conversations"), ==, 1);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM messages"), ==, 1);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM senders"), ==, 0);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM profiles"), ==, 0);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM pending"), ==, 0);
  linnet_test_assert_resolves (linnet_store_conversations_remove (fixture->store, id));

  /* They may write again. */
  linnet_store_changes_unref (store_fixture_receive (fixture, MIRA, again));
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM senders"), ==, 1);
}

/* Ten thousand conversations are listed by two look-ups each, not by looking through their messages. */
static void
test_many (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);
  g_autoptr (GPtrArray) rows = NULL;

  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *jid = g_strdup_printf ("peer%u@lark.test", i);

      linnet_store_batch_add_message (batch, jid, store_message_in ("1", jid));
    }
  linnet_store_changes_unref (store_fixture_commit (fixture, batch));

  rows = dex_await_boxed (linnet_store_conversations_list (fixture->store), NULL);
  g_assert_cmpuint (rows->len, ==, 10000);
  for (guint i = 0; i < rows->len; i++)
    {
      const LinnetStoreConversation *row = rows->pdata[i];

      g_assert_cmpstr (row->last_body, ==, row->jid);
      g_assert_cmpuint (row->unread, ==, 1);
    }
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/store/conversations/open", test_open, NULL);
  linnet_test_add ("/store/conversations/last-message", test_last_message, NULL);
  linnet_test_add ("/store/conversations/fields", test_fields, NULL);
  linnet_test_add ("/store/conversations/draft", test_draft, NULL);
  linnet_test_add ("/store/conversations/mark-read", test_mark_read, NULL);
  linnet_test_add ("/store/conversations/remove", test_remove, NULL);
  linnet_test_add ("/store/conversations/many", test_many, NULL);

  return g_test_run ();
}
