/* Tests of what happens to a message after it was written
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-store-writer-private.h"
#include "store-fixture.h"

#define Q LINNET_STORE_STATE_QUEUED
#define S LINNET_STORE_STATE_SENT
#define D LINNET_STORE_STATE_DELIVERED
#define R LINNET_STORE_STATE_READ
#define F LINNET_STORE_STATE_FAILED

/* One letter per event: a acknowledged, d delivered, r read, e error. */
typedef struct
{
  const char *events;
  LinnetStoreState state;
} Story;

static const Story stories[] = {
  { "", Q },
  { "a", S },
  { "ad", D },
  { "adr", R },
  { "ar", R },
  { "ard", R },
  { "aa", S },
  { "d", D },
  { "da", D },
  { "r", R },
  { "ra", R },
  { "ae", F },
  { "e", F },
  { "ea", F },
  /* R16: a receipt beats a later error; an error and then a receipt: it arrived. */
  { "ade", D },
  { "are", R },
  { "aed", D },
  { "aer", R },
  { "aedae", D },
  { "dede", D },
  { "eee", F },
};

static void
add_event (LinnetStoreBatch *batch, char event)
{
  switch (event)
    {
    case 'd':
      linnet_store_batch_add_receipt (batch, MIRA, "1");
      break;
    case 'r':
      linnet_store_batch_add_displayed (batch, MIRA, "1");
      break;
    case 'e':
      linnet_store_batch_add_error (batch, MIRA, "1", "service-unavailable", "Mira is away");
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
happen (StoreFixture *fixture, gint64 outbox, char event)
{
  if (event == 'a')
    linnet_test_assert_resolves (linnet_store_outbox_ack (fixture->store, &outbox, 1));
  else
    {
      LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);

      add_event (batch, event);
      linnet_store_changes_unref (store_fixture_commit (fixture, batch));
    }
}

static void
check (StoreFixture *fixture, gint64 id, LinnetStoreState state)
{
  g_autoptr (LinnetStoreMessage) message = store_fixture_get (fixture, id);

  g_assert_cmpint (message->state, ==, state);
  g_assert_cmpstr (message->error_condition, ==, state == F ? "service-unavailable" : NULL);
  g_assert_cmpstr (message->error_text, ==, state == F ? "Mira is away" : NULL);
}

static void
test_story (gconstpointer data)
{
  const Story *story = data;
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) sent = store_fixture_send (fixture, MIRA, "1", "Hello");

  for (const char *event = story->events; *event != '\0'; event++)
    happen (fixture, sent->outbox, *event);
  check (fixture, store_new_message (sent, 0)->id, story->state);

  /* Nothing is sent again that the server has had. */
  if (*story->events != '\0')
    g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM outbox"), ==, 0);
}

/* Several events of one transaction end as they would one by one, and are told once. */
static void
test_story_at_once (gconstpointer data)
{
  const Story *story = data;
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) sent = store_fixture_send (fixture, MIRA, "1", "Hello");
  g_autoptr (LinnetStoreChanges) changes = NULL;
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);
  const char *event = story->events;

  for (; *event == 'a'; event++)
    happen (fixture, sent->outbox, 'a');
  for (; *event != '\0' && *event != 'a'; event++)
    add_event (batch, *event);
  changes = store_fixture_commit (fixture, batch);

  g_assert_cmpuint (changes->states->len, ==, event == story->events || event[-1] == 'a' ? 0 : 1);
  if (changes->states->len == 1)
    {
      const LinnetStoreStateChange *change = store_state_change (changes, 0);

      g_assert_cmpint (change->message, ==, store_new_message (sent, 0)->id);
      check (fixture, change->message, change->state);
      g_assert_cmpstr (change->error_text, ==, change->state == F ? "Mira is away" : NULL);
      g_assert_cmpint (store_conversation (changes, 0)->last_state, ==, change->state);
    }
}

static void
test_may_change (gconstpointer data)
{
  /* Rows: from; columns: to. */
  static const gboolean table[6][6] = {
    [Q] = { [S] = TRUE, [D] = TRUE, [R] = TRUE, [F] = TRUE },
    [S] = { [D] = TRUE, [R] = TRUE, [F] = TRUE },
    [D] = { [R] = TRUE },
    [F] = { [D] = TRUE, [R] = TRUE },
  };

  for (guint from = 0; from < 6; from++)
    for (guint to = 0; to < 6; to++)
      g_assert_cmpint (linnet_store_state_may_change (from, to), ==, table[from][to]);
}

static LinnetStoreState
state_of (StoreFixture *fixture, const char *id)
{
  g_autofree char *sql = g_strdup_printf ("SELECT state FROM messages WHERE stanza_id = '%s'", id);

  return store_fixture_number (fixture, sql);
}

/* XEP-0333: who read one has read what stood before it; what failed or was not sent they have not. */
static void
test_earlier_read (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) changes = NULL;
  LinnetStoreBatch *bounced = linnet_store_batch_new (fixture->account);
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);
  gint64 outbox[6];

  for (int i = 0; i < 6; i++)
    {
      g_autofree char *id = g_strdup_printf ("%d", i);
      g_autoptr (LinnetStoreChanges) sent = store_fixture_send (fixture, MIRA, id, id);

      outbox[i] = sent->outbox;
    }
  linnet_test_assert_resolves (linnet_store_outbox_ack (fixture->store, outbox, 3));
  linnet_test_assert_resolves (linnet_store_outbox_ack (fixture->store, outbox + 4, 2));
  linnet_store_batch_add_error (bounced, MIRA, "1", "gone", NULL);
  linnet_store_changes_unref (store_fixture_commit (fixture, bounced));

  linnet_store_batch_add_receipt (batch, MIRA, "2");
  linnet_store_batch_add_displayed (batch, MIRA, "4");
  linnet_store_batch_add_displayed (batch, MIRA, "2");
  changes = store_fixture_commit (fixture, batch);

  g_assert_cmpuint (changes->states->len, ==, 3);
  g_assert_cmpint (state_of (fixture, "0"), ==, R);
  g_assert_cmpint (state_of (fixture, "1"), ==, F);
  g_assert_cmpint (state_of (fixture, "2"), ==, R);
  g_assert_cmpint (state_of (fixture, "3"), ==, Q);
  g_assert_cmpint (state_of (fixture, "4"), ==, R);
  g_assert_cmpint (state_of (fixture, "5"), ==, S);
  g_assert_cmpint (store_outcome (changes, 2)->kind, ==, LINNET_STORE_OUTCOME_IGNORED);
  for (guint i = 1; i < changes->states->len; i++)
    g_assert_cmpint (
        store_state_change (changes, i)->message, >, store_state_change (changes, i - 1)->message);
}

/* security.md I11: only about what this account wrote, in that very conversation. */
static void
test_foreign (gconstpointer data)
{
  static const char *const others[] = { "tom@lark.test", "eve@lark.test" };
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) sent = store_fixture_send (fixture, MIRA, "1", "Hello");
  g_autoptr (LinnetStoreChanges) theirs =
      store_fixture_receive (fixture, MIRA, store_message_in ("2", "Hello"));
  g_autoptr (LinnetStoreChanges) changes = NULL;
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);
  LinnetStoreMessage *phone;

  linnet_store_changes_unref (
      store_fixture_receive (fixture, "tom@lark.test", store_message_in ("3", "I am Tom")));
  /* Known by two ids. */
  phone = store_message_out ("4", "From the phone");
  g_set_str (&phone->origin_id, "4o");
  linnet_store_changes_unref (store_fixture_receive (fixture, "sofia@lark.test", phone));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      linnet_store_batch_add_receipt (batch, others[i], "1");
      linnet_store_batch_add_displayed (batch, others[i], "1");
      linnet_store_batch_add_error (batch, others[i], "1", "gone", NULL);
      linnet_store_batch_add_receipt (batch, others[i], "4o");
      linnet_store_batch_add_displayed (batch, others[i], "4o");
    }
  linnet_store_batch_add_receipt (batch, MIRA, "2");
  linnet_store_batch_add_displayed (batch, MIRA, "2");
  linnet_store_batch_add_error (batch, MIRA, "2", "gone", NULL);
  linnet_store_batch_add_read_here (batch, MIRA, "1");
  changes = store_fixture_commit (fixture, batch);

  g_assert_cmpuint (changes->states->len, ==, 0);
  g_assert_cmpint (state_of (fixture, "1"), ==, Q);
  g_assert_cmpint (state_of (fixture, "2"), ==, LINNET_STORE_STATE_RECEIVED);
  g_assert_cmpint (
      store_fixture_number (fixture, "SELECT unread FROM conversations WHERE jid = '" MIRA "'"), ==, 1);
}

/* security.md I11: who writes with an id of ours does not draw to himself what is about ours. */
static void
test_same_id (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) sent = store_fixture_send (fixture, MIRA, "1", "Hello");
  g_autoptr (LinnetStoreChanges) theirs =
      store_fixture_receive (fixture, MIRA, store_message_in ("1", "Hello, too"));
  g_autoptr (LinnetStoreChanges) changes = NULL;
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);

  linnet_store_batch_add_receipt (batch, MIRA, "1");
  changes = store_fixture_commit (fixture, batch);

  g_assert_cmpuint (changes->states->len, ==, 1);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT state FROM messages WHERE outgoing"), ==, D);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT state FROM messages WHERE NOT outgoing"),
                   ==,
                   LINNET_STORE_STATE_RECEIVED);
}

/* Read on the phone is read here. */
static void
test_read_here (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  static const struct
  {
    const char *target;
    guint unread;
    LinnetStoreOutcomeKind outcome;
  } steps[] = {
    { "1", 2, LINNET_STORE_OUTCOME_DONE },
    { "0", 2, LINNET_STORE_OUTCOME_IGNORED },
    { "3", 0, LINNET_STORE_OUTCOME_DONE },
    { "3", 0, LINNET_STORE_OUTCOME_IGNORED },
  };

  for (int i = 0; i < 4; i++)
    {
      g_autofree char *id = g_strdup_printf ("%d", i);

      linnet_store_changes_unref (store_fixture_receive (fixture, MIRA, store_message_in (id, id)));
    }
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);
      g_autoptr (LinnetStoreChanges) changes = NULL;

      linnet_store_batch_add_read_here (batch, MIRA, steps[i].target);
      changes = store_fixture_commit (fixture, batch);
      g_assert_cmpint (store_outcome (changes, 0)->kind, ==, steps[i].outcome);
      g_assert_cmpint (
          store_fixture_number (fixture, "SELECT unread FROM conversations"), ==, steps[i].unread);
      g_assert_cmpuint (changes->conversations->len, ==, steps[i].outcome == LINNET_STORE_OUTCOME_DONE);
      if (changes->conversations->len == 1)
        g_assert_cmpuint (store_conversation (changes, 0)->unread, ==, steps[i].unread);
    }
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (stories); i++)
    {
      g_autofree char *path = g_strdup_printf ("/store/states/story-%s", stories[i].events);
      g_autofree char *at_once = g_strdup_printf ("/store/states/at-once-%s", stories[i].events);

      linnet_test_add (path, test_story, &stories[i]);
      linnet_test_add (at_once, test_story_at_once, &stories[i]);
    }
  linnet_test_add ("/store/states/may-change", test_may_change, NULL);
  linnet_test_add ("/store/states/earlier-read", test_earlier_read, NULL);
  linnet_test_add ("/store/states/foreign", test_foreign, NULL);
  linnet_test_add ("/store/states/same-id", test_same_id, NULL);
  linnet_test_add ("/store/states/read-here", test_read_here, NULL);

  return g_test_run ();
}
