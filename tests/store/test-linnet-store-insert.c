/* Tests of new messages: known ones are found (R14), the others get their place (R18)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store-fixture.h"

#define UUID "6f1b2a3c-0d4e-4f50-8a6b-7c8d9e0f1a2b"

typedef struct
{
  gboolean outgoing;
  const char *stanza_id;
  const char *origin_id;
  const char *archive_id;
} Ids;

typedef struct
{
  const char *name;
  Ids first;
  Ids second;
  gboolean duplicate;
} Pair;

static const Pair pairs[] = {
  { .name = "no-ids", .duplicate = FALSE },
  { .name = "stanza-id-alone", .first = { .stanza_id = "1" }, .second = { .stanza_id = "1" } },
  { .name = "archive-id",
    .first = { .stanza_id = "1", .archive_id = "a" },
    .second = { .stanza_id = "2", .archive_id = "a" },
    .duplicate = TRUE },
  { .name = "archive-id-as-uuid",
    .first = { .archive_id = UUID },
    .second = { .archive_id = UUID },
    .duplicate = TRUE },
  { .name = "other-archive-id", .first = { .archive_id = "a" }, .second = { .archive_id = "b" } },
  { .name = "origin-id",
    .first = { .stanza_id = "1", .origin_id = "1" },
    .second = { .stanza_id = "1", .origin_id = "1" },
    .duplicate = TRUE },
  { .name = "origin-id-as-uuid",
    .first = { .stanza_id = UUID, .origin_id = UUID },
    .second = { .stanza_id = UUID, .origin_id = UUID },
    .duplicate = TRUE },
  { .name = "origin-id-beside-stanza-id",
    .first = { .stanza_id = "1", .origin_id = "o" },
    .second = { .stanza_id = "1", .origin_id = "o" },
    .duplicate = TRUE },
  { .name = "origin-id-with-another-stanza-id",
    .first = { .stanza_id = "1", .origin_id = "o" },
    .second = { .stanza_id = "2", .origin_id = "o" },
    .duplicate = TRUE },
  { .name = "origin-id-alone",
    .first = { .origin_id = "o" },
    .second = { .origin_id = "o" },
    .duplicate = TRUE },
  /* A stream that was not resumed: sent again, archived twice. */
  { .name = "origin-id-archived-twice",
    .first = { .stanza_id = "1", .origin_id = "1", .archive_id = "a" },
    .second = { .stanza_id = "1", .origin_id = "1", .archive_id = "b" },
    .duplicate = TRUE },
  /* Who has no origin id may count from 1 each day. */
  { .name = "origin-id-equal-to-a-stanza-id",
    .first = { .stanza_id = "1" },
    .second = { .stanza_id = "1", .origin_id = "1" } },
  { .name = "stanza-id-equal-to-an-origin-id",
    .first = { .stanza_id = "1", .origin_id = "1" },
    .second = { .stanza_id = "1" } },
  /* They choose our origin id to make our message vanish. */
  { .name = "origin-id-of-the-other-side",
    .first = { .outgoing = TRUE, .stanza_id = "1", .origin_id = "1" },
    .second = { .stanza_id = "1", .origin_id = "1" } },
  /* What this account sent comes back by carbon or archive, where servers drop what they do not know. */
  { .name = "own-without-origin-id",
    .first = { .outgoing = TRUE, .stanza_id = "1", .origin_id = "1" },
    .second = { .outgoing = TRUE, .stanza_id = "1", .archive_id = "a" },
    .duplicate = TRUE },
  { .name = "own-from-another-device",
    .first = { .outgoing = TRUE, .stanza_id = "1" },
    .second = { .outgoing = TRUE, .stanza_id = "1" } },
};

static LinnetStoreMessage *
message_new (const Ids *ids)
{
  LinnetStoreMessage *message = linnet_store_message_new ();

  message->outgoing = ids->outgoing;
  message->stanza_id = g_strdup (ids->stanza_id);
  message->origin_id = g_strdup (ids->origin_id);
  message->archive_id = g_strdup (ids->archive_id);
  message->body = g_strdup ("Yes");

  return message;
}

static void
test_pair (gconstpointer data)
{
  const Pair *pair = data;
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) first = NULL, second = NULL;

  first = store_fixture_receive (fixture, MIRA, message_new (&pair->first));
  second = store_fixture_receive (fixture, MIRA, message_new (&pair->second));

  g_assert_cmpint (store_outcome (first, 0)->kind, ==, LINNET_STORE_OUTCOME_DONE);
  if (pair->duplicate)
    {
      g_assert_cmpint (store_outcome (second, 0)->kind, ==, LINNET_STORE_OUTCOME_DUPLICATE);
      g_assert_cmpint (store_outcome (second, 0)->message, ==, store_outcome (first, 0)->message);
      g_assert_cmpuint (second->messages->len, ==, 0);
      g_assert_cmpuint (second->conversations->len, ==, 0);
    }
  else
    {
      g_assert_cmpint (store_outcome (second, 0)->kind, ==, LINNET_STORE_OUTCOME_DONE);
      g_assert_cmpint (store_outcome (second, 0)->message, !=, store_outcome (first, 0)->message);
      g_assert_cmpuint (second->messages->len, ==, 1);
    }
  g_assert_cmpint (
      store_fixture_number (fixture, "SELECT count(*) FROM messages"), ==, pair->duplicate ? 1 : 2);
}

/* The same ids with somebody else are another message. */
static void
test_other_conversation (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) first =
      store_fixture_receive (fixture, MIRA, store_message_in ("1", "Hello"));
  g_autoptr (LinnetStoreChanges) second =
      store_fixture_receive (fixture, "tom@lark.test", store_message_in ("1", "Hello"));

  g_assert_cmpint (store_outcome (second, 0)->kind, ==, LINNET_STORE_OUTCOME_DONE);
  g_assert_cmpint (
      store_new_message (first, 0)->conversation, !=, store_new_message (second, 0)->conversation);
}

/* Whatever comes first, and however often: one row, which in the end knows the archive's id. */
static void
test_orders (gconstpointer data)
{
  static const int orders[][3] = {
    { 0, 1, 2 },
    { 0, 2, 1 },
    { 1, 0, 2 },
    { 1, 2, 0 },
    { 2, 0, 1 },
    { 2, 1, 0 },
  };
  static const Ids live = { .stanza_id = "1", .origin_id = "1" };
  static const Ids offline = { .stanza_id = "1", .origin_id = "1", .archive_id = UUID };
  static const Ids archive = { .archive_id = UUID, .origin_id = "1" };
  const Ids *ways[] = { &live, &offline, &archive };

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autoptr (StoreFixture) fixture = store_fixture_new ();

      for (guint j = 0; j < 6; j++)
        linnet_store_changes_unref (
            store_fixture_receive (fixture, MIRA, message_new (ways[orders[i][j % 3]])));
      g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM messages"), ==, 1);
      g_assert_cmpint (store_fixture_number (fixture, "SELECT length(archive_id) FROM messages"), ==, 16);
      g_assert_cmpint (store_fixture_number (fixture, "SELECT unread FROM conversations"), ==, 1);
    }
}

/* The server says by a carbon or the archive that it has what waits in the outbox. */
static void
test_reflection (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) sent = store_fixture_send (fixture, MIRA, UUID, "Hello");
  g_autoptr (LinnetStoreChanges) back =
      store_fixture_receive (fixture,
                             MIRA,
                             message_new (&(Ids) { .outgoing = TRUE, .stanza_id = UUID, .archive_id = "a" }));
  g_autoptr (LinnetStoreMessage) message = store_fixture_get (fixture, store_new_message (sent, 0)->id);

  g_assert_cmpint (store_outcome (back, 0)->kind, ==, LINNET_STORE_OUTCOME_DUPLICATE);
  g_assert_cmpint (store_state_change (back, 0)->state, ==, LINNET_STORE_STATE_SENT);
  g_assert_cmpint (message->state, ==, LINNET_STORE_STATE_SENT);
  g_assert_cmpstr (message->archive_id, ==, "a");
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM outbox"), ==, 0);
}

/* R18: no clock disturbs the order, and nothing hides in the future. */
static void
test_time (gconstpointer data)
{
  static const gint64 hour = G_TIME_SPAN_HOUR;
  const gint64 now = g_get_real_time ();
  const gint64 times[] = {
    now,
    now - 48 * hour,
    now + 48 * hour,
    -1,
    1,
    G_MAXINT64,
    now,
    now,
    G_MININT64,
    253402300799 * G_USEC_PER_SEC,
  };
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autofree char *bodies = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);
      LinnetStoreMessage *message = store_message_in (id, id);
      g_autoptr (LinnetStoreChanges) changes = NULL;
      g_autoptr (LinnetStoreMessage) read = NULL;

      message->time = times[i];
      changes = store_fixture_receive (fixture, MIRA, message);
      read = store_fixture_get (fixture, store_outcome (changes, 0)->message);
      g_assert_cmpint (read->time, >, 0);
      g_assert_cmpint (read->time, <=, g_get_real_time () + 24 * hour);
      if (times[i] > 0 && times[i] <= now)
        g_assert_cmpint (read->time, ==, times[i]);
      g_assert_cmpint (read->time, ==, store_new_message (changes, 0)->time);
      g_assert_cmpint (read->position, ==, store_new_message (changes, 0)->position);
      g_assert_cmpint (read->received, ==, store_new_message (changes, 0)->received);
    }

  bodies = store_fixture_bodies (fixture, MIRA);
  g_assert_cmpstr (bodies, ==, "0,1,2,3,4,5,6,7,8,9");
}

/* Every field comes back as it went in. */
static void
test_fields (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  LinnetStoreMessage *message = store_message_in (UUID, "Grüße 🐦\nand more");
  g_autoptr (LinnetStoreChanges) changes = NULL;
  g_autoptr (LinnetStoreMessage) read = NULL;

  message->time = 1700000000000000;
  message->received = 1700000000000001;
  g_set_str (&message->origin_id, "another");
  g_set_str (&message->archive_id, "2023-11-14-x");
  g_set_str (&message->resource, "phone");
  message->type = LINNET_STORE_TYPE_NORMAL;
  message->kind = LINNET_STORE_KIND_EVENT;
  message->markable = TRUE;

  changes = store_fixture_receive (fixture, MIRA, message);
  read = store_fixture_get (fixture, store_outcome (changes, 0)->message);

  g_assert_cmpint (read->id, ==, store_new_message (changes, 0)->id);
  g_assert_cmpint (read->conversation, ==, store_conversation (changes, 0)->id);
  g_assert_cmpint (read->time, ==, 1700000000000000);
  g_assert_cmpint (read->received, ==, 1700000000000001);
  g_assert_cmpstr (read->stanza_id, ==, UUID);
  g_assert_cmpstr (read->origin_id, ==, "another");
  g_assert_cmpstr (read->archive_id, ==, "2023-11-14-x");
  g_assert_cmpstr (read->resource, ==, "phone");
  g_assert_cmpstr (read->body, ==, "Grüße 🐦\nand more");
  g_assert_cmpint (read->state, ==, LINNET_STORE_STATE_RECEIVED);
  g_assert_cmpint (read->type, ==, LINNET_STORE_TYPE_NORMAL);
  g_assert_cmpint (read->kind, ==, LINNET_STORE_KIND_EVENT);
  g_assert_cmpint (read->encryption, ==, LINNET_STORE_ENCRYPTION_NONE);
  g_assert_true (read->markable);
  g_assert_false (read->outgoing);
}

/* Resources are kept once per conversation, also when a transaction that brought one came to nothing. */
static void
test_senders (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  LinnetStoreMessage *lost = store_message_in ("lost", "Lost");
  g_autoptr (LinnetStoreBatch) failing = linnet_store_batch_new (fixture->account);

  /* Without a stream there is no counter to write: everything is refused. */
  lost->resource = g_strdup ("phone");
  linnet_store_batch_add_message (failing, MIRA, lost);
  linnet_store_batch_set_sm_h (failing, 1);
  store_fixture_execute (fixture, "DELETE FROM streams");
  linnet_test_assert_rejects (linnet_store_batch_commit (fixture->store, failing),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_NOT_FOUND);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM senders"), ==, 0);

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);
      LinnetStoreMessage *message = store_message_in (id, "Hello");
      g_autoptr (LinnetStoreChanges) changes = NULL;
      g_autoptr (LinnetStoreMessage) read = NULL;

      message->resource = g_strdup (i % 2 ? "phone" : "laptop");
      changes = store_fixture_receive (fixture, i < 10 ? MIRA : "tom@lark.test", message);
      read = store_fixture_get (fixture, store_outcome (changes, 0)->message);
      g_assert_cmpstr (read->resource, ==, i % 2 ? "phone" : "laptop");
      if (i == 15)
        {
          store_fixture_close (fixture);
          store_fixture_open (fixture);
        }
    }
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM senders"), ==, 4);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/store/insert/pair/%s", pairs[i].name);

      linnet_test_add (path, test_pair, &pairs[i]);
    }
  linnet_test_add ("/store/insert/other-conversation", test_other_conversation, NULL);
  linnet_test_add ("/store/insert/orders", test_orders, NULL);
  linnet_test_add ("/store/insert/reflection", test_reflection, NULL);
  linnet_test_add ("/store/insert/time", test_time, NULL);
  linnet_test_add ("/store/insert/fields", test_fields, NULL);
  linnet_test_add ("/store/insert/senders", test_senders, NULL);

  return g_test_run ();
}
