/* Tests of pages of messages
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-spawn.h"
#include "store-fixture.h"

/* Ten incoming ones, "0" to "9", with an outgoing one, "x", after the fifth; between them another
   conversation's. */
static StoreFixture *
fixture_new (gint64 ids[11])
{
  StoreFixture *fixture = store_fixture_new ();
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);
  g_autoptr (LinnetStoreChanges) changes = NULL;

  for (guint i = 0; i < 11; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i > 5 ? i - 1 : i);
      LinnetStoreMessage *message = i == 5 ? store_message_out ("x", "x") : store_message_in (id, id);

      message->resource = g_strdup ("phone");
      linnet_store_batch_add_message (batch, MIRA, message);
      linnet_store_batch_add_message (batch, "tom@lark.test", store_message_in (id, "Tom"));
    }
  changes = store_fixture_commit (fixture, batch);
  for (guint i = 0; i < 11; i++)
    ids[i] = store_outcome (changes, i * 2)->message;

  return fixture;
}

static char *
take_bodies (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) messages = dex_await_boxed (future, &error);
  GString *bodies = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < messages->len; i++)
    g_string_append (bodies, ((LinnetStoreMessage *) messages->pdata[i])->body);

  return g_string_free_and_steal (bodies);
}

static void
assert_bodies (DexFuture *future, const char *expected)
{
  g_autofree char *bodies = take_bodies (future);

  g_assert_cmpstr (bodies, ==, expected);
}

static void
test_pages (gconstpointer data)
{
  gint64 ids[11];
  g_autoptr (StoreFixture) fixture = fixture_new (ids);
  LinnetStore *store = fixture->store;
  gint64 conversation = store_fixture_conversation (fixture, MIRA);

  assert_bodies (linnet_store_messages_latest (store, conversation, 3), "789");
  assert_bodies (linnet_store_messages_latest (store, conversation, 100), "01234x56789");
  assert_bodies (linnet_store_messages_latest (store, conversation, 0), "");
  assert_bodies (linnet_store_messages_latest (store, 4711, 10), "");

  assert_bodies (linnet_store_messages_before (store, ids[10], 3), "678");
  assert_bodies (linnet_store_messages_before (store, ids[2], 3), "01");
  assert_bodies (linnet_store_messages_before (store, ids[0], 3), "");
  assert_bodies (linnet_store_messages_after (store, ids[0], 3), "123");
  assert_bodies (linnet_store_messages_after (store, ids[9], 3), "9");
  assert_bodies (linnet_store_messages_after (store, ids[10], 3), "");
  assert_bodies (linnet_store_messages_around (store, ids[5], 2, 3), "34x567");
  assert_bodies (linnet_store_messages_around (store, ids[0], 5, 0), "0");
  assert_bodies (linnet_store_messages_around (store, ids[10], 0, 5), "9");

  assert_bodies (linnet_store_messages_before (store, 4711, 3), "");
  assert_bodies (linnet_store_messages_after (store, 4711, 3), "");
  assert_bodies (linnet_store_messages_around (store, 4711, 3, 3), "");
}

/* Paging by small steps from either end meets every message once. */
static void
test_walk (gconstpointer data)
{
  gint64 ids[11];
  g_autoptr (StoreFixture) fixture = fixture_new (ids);
  gint64 anchor = ids[10];
  g_autoptr (GString) seen = g_string_new (NULL);

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GPtrArray) page =
          dex_await_boxed (linnet_store_messages_before (fixture->store, anchor, 3), NULL);
      const LinnetStoreMessage *first = page->pdata[0];

      g_assert_cmpuint (page->len, ==, i < 3 ? 3 : 1);
      g_assert_cmpstr (first->resource, ==, "phone");
      for (guint j = page->len; j > 0; j--)
        g_string_append (seen, ((LinnetStoreMessage *) page->pdata[j - 1])->body);
      anchor = first->id;
    }
  g_assert_cmpstr (seen->str, ==, "8765x43210");
}

static gint64
first_unread (StoreFixture *fixture, gint64 conversation)
{
  return dex_await_int64 (linnet_store_messages_first_unread (fixture->store, conversation), NULL);
}

static void
test_unread (gconstpointer data)
{
  gint64 ids[11];
  g_autoptr (StoreFixture) fixture = fixture_new (ids);
  gint64 mira = store_fixture_conversation (fixture, MIRA),
         tom = store_fixture_conversation (fixture, "tom@lark.test");

  /* What stood before the own one has been read. */
  g_assert_cmpint (first_unread (fixture, mira), ==, ids[6]);
  linnet_test_assert_resolves (linnet_store_conversations_mark_read (fixture->store, mira, ids[8]));
  g_assert_cmpint (first_unread (fixture, mira), ==, ids[9]);
  linnet_test_assert_resolves (linnet_store_conversations_mark_read (fixture->store, mira, ids[10]));
  g_assert_cmpint (first_unread (fixture, mira), ==, 0);
  g_assert_cmpint (first_unread (fixture, tom), !=, 0);
  g_assert_cmpint (first_unread (fixture, 4711), ==, 0);
}

/* Told, but not counted. */
static void
test_events (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) first =
      store_fixture_receive (fixture, MIRA, store_message_in ("1", "Hello"));
  LinnetStoreMessage *message = store_message_in ("2", "Mira has a new key");
  g_autoptr (LinnetStoreChanges) changes = NULL;

  message->kind = LINNET_STORE_KIND_EVENT;
  changes = store_fixture_receive (fixture, MIRA, message);

  g_assert_cmpuint (store_conversation (changes, 0)->unread, ==, 1);
  g_assert_cmpint (store_conversation (changes, 0)->last_kind, ==, LINNET_STORE_KIND_EVENT);
}

static void
test_get (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  linnet_test_assert_rejects (linnet_store_messages_get (fixture->store, 4711),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_NOT_FOUND);
}

/* No query of the timeline may walk through the table: it would be slow at a million messages. */
static void
test_plans (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  static const char *const queries[] = {
    "SELECT * FROM messages m LEFT JOIN senders s ON s.id = m.sender WHERE m.conversation = 1 AND m.position "
    "< 5"
    " ORDER BY m.position DESC LIMIT 40",
    "SELECT * FROM messages m LEFT JOIN senders s ON s.id = m.sender WHERE m.conversation = 1 AND m.position "
    ">= 5"
    " ORDER BY m.position LIMIT 40",
    "SELECT id FROM messages WHERE conversation = 1 AND archive_id = 'a'",
    "SELECT id FROM messages WHERE conversation = 1 AND stanza_id = 'a'",
    "SELECT id FROM messages WHERE conversation = 1 AND origin_id = 'a'",
    "SELECT id FROM conversations WHERE account = 1 AND jid = 'a'",
    "DELETE FROM outbox WHERE message = 1",
    "DELETE FROM pending WHERE received < 1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autofree char *sql = g_strconcat ("EXPLAIN QUERY PLAN ", queries[i], NULL);
      g_auto (GStrv) plan = store_fixture_texts (fixture, sql, 3);

      g_assert_cmpuint (g_strv_length (plan), >, 0);
      for (guint j = 0; plan[j] != NULL; j++)
        {
          g_test_message ("%s", plan[j]);
          g_assert_true (g_str_has_prefix (plan[j], "SEARCH"));
        }
    }
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/store/messages/pages", test_pages, NULL);
  linnet_test_add ("/store/messages/walk", test_walk, NULL);
  linnet_test_add ("/store/messages/unread", test_unread, NULL);
  linnet_test_add ("/store/messages/events", test_events, NULL);
  linnet_test_add ("/store/messages/get", test_get, NULL);
  linnet_test_add ("/store/messages/plans", test_plans, NULL);

  return g_test_run ();
}
