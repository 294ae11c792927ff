/* Tests of events that come before the message they are about (R15)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store-fixture.h"

#define UUID "6f1b2a3c-0d4e-4f50-8a6b-7c8d9e0f1a2b"

static LinnetStoreOutcomeKind
commit_one (StoreFixture *fixture, LinnetStoreBatch *batch)
{
  g_autoptr (LinnetStoreChanges) changes = store_fixture_commit (fixture, batch);

  return store_outcome (changes, 0)->kind;
}

static LinnetStoreOutcomeKind
receipt (StoreFixture *fixture, const char *jid, const char *target)
{
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);

  linnet_store_batch_add_receipt (batch, jid, target);

  return commit_one (fixture, batch);
}

static gint64
count (StoreFixture *fixture)
{
  return store_fixture_number (fixture, "SELECT count(*) FROM pending");
}

/* The carbon of what the phone sent comes after the answer to it. */
static void
test_receipt (gconstpointer data)
{
  static const char *const ids[] = { "1", UUID };
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (LinnetStoreChanges) changes = NULL;

      g_assert_cmpint (receipt (fixture, MIRA, ids[i]), ==, LINNET_STORE_OUTCOME_PENDING);
      store_fixture_close (fixture);
      store_fixture_open (fixture);
      changes = store_fixture_receive (fixture, MIRA, store_message_out (ids[i], "Hello"));

      g_assert_cmpint (store_new_message (changes, 0)->state, ==, LINNET_STORE_STATE_DELIVERED);
      g_assert_cmpuint (changes->states->len, ==, 0);
      g_assert_cmpint (store_conversation (changes, 0)->last_state, ==, LINNET_STORE_STATE_DELIVERED);
      g_assert_cmpint (count (fixture), ==, 0);
    }
}

static void
test_other_kinds (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) first = NULL, second = NULL, third = NULL, fourth = NULL;
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);

  linnet_store_batch_add_error (batch, MIRA, "1", "gone", "She left, for good");
  linnet_store_batch_add_error (batch, MIRA, "2", "gone", NULL);
  linnet_store_batch_add_displayed (batch, MIRA, "3");
  linnet_store_batch_add_read_here (batch, MIRA, "4");
  linnet_store_changes_unref (store_fixture_commit (fixture, batch));
  g_assert_cmpint (count (fixture), ==, 4);

  first = store_fixture_receive (fixture, MIRA, store_message_out ("1", "One"));
  second = store_fixture_receive (fixture, MIRA, store_message_out ("2", "Two"));
  third = store_fixture_receive (fixture, MIRA, store_message_out ("3", "Three"));
  fourth = store_fixture_receive (fixture, MIRA, store_message_in ("4", "Four"));

  g_assert_cmpint (store_new_message (first, 0)->state, ==, LINNET_STORE_STATE_FAILED);
  g_assert_cmpstr (store_new_message (first, 0)->error_condition, ==, "gone");
  g_assert_cmpstr (store_new_message (first, 0)->error_text, ==, "She left, for good");
  g_assert_cmpint (store_new_message (second, 0)->state, ==, LINNET_STORE_STATE_FAILED);
  g_assert_null (store_new_message (second, 0)->error_text);
  g_assert_cmpint (store_new_message (third, 0)->state, ==, LINNET_STORE_STATE_READ);
  g_assert_cmpuint (store_conversation (fourth, 0)->unread, ==, 0);
  g_assert_cmpint (count (fixture), ==, 0);
}

/* By origin id, too; and all in one transaction. */
static void
test_same_batch (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) changes = NULL;
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);
  LinnetStoreMessage *message = store_message_out ("1", "Hello");

  g_set_str (&message->origin_id, "origin");
  linnet_store_batch_add_receipt (batch, MIRA, "origin");
  linnet_store_batch_add_message (batch, MIRA, message);
  linnet_store_batch_add_displayed (batch, MIRA, "1");
  changes = store_fixture_commit (fixture, batch);

  g_assert_cmpint (store_outcome (changes, 0)->kind, ==, LINNET_STORE_OUTCOME_PENDING);
  g_assert_cmpint (store_outcome (changes, 2)->kind, ==, LINNET_STORE_OUTCOME_DONE);
  g_assert_cmpint (store_new_message (changes, 0)->state, ==, LINNET_STORE_STATE_READ);
  g_assert_cmpuint (changes->states->len, ==, 0);
  g_assert_cmpint (count (fixture), ==, 0);
}

/* What waits in one conversation does not touch another, nor the other direction. */
static void
test_foreign (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) sent = NULL, received = NULL;

  receipt (fixture, "eve@lark.test", "1");
  receipt (fixture, MIRA, "2");
  sent = store_fixture_receive (fixture, MIRA, store_message_out ("1", "One"));
  received = store_fixture_receive (fixture, MIRA, store_message_in ("2", "Two"));

  g_assert_cmpint (store_new_message (sent, 0)->state, ==, LINNET_STORE_STATE_SENT);
  g_assert_cmpint (store_new_message (received, 0)->state, ==, LINNET_STORE_STATE_RECEIVED);
  g_assert_cmpint (count (fixture), ==, 2);
}

static void
test_limits (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) changes = NULL;
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);

  for (guint i = 0; i < 400; i++)
    {
      g_autofree char *target = g_strdup_printf ("%u", i);

      linnet_store_batch_add_receipt (batch, MIRA, target);
    }
  changes = store_fixture_commit (fixture, batch);
  g_assert_cmpint (store_outcome (changes, 255)->kind, ==, LINNET_STORE_OUTCOME_PENDING);
  g_assert_cmpint (store_outcome (changes, 256)->kind, ==, LINNET_STORE_OUTCOME_IGNORED);
  g_assert_cmpint (count (fixture), ==, 256);

  /* Others still have room, until the account as a whole has none. */
  g_assert_cmpint (receipt (fixture, "tom@lark.test", "1"), ==, LINNET_STORE_OUTCOME_PENDING);
  store_fixture_execute (fixture,
                         "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 8000)"
                         " INSERT INTO pending (account, jid, target, kind, received)"
                         " SELECT account, i, i, 0, received FROM n, pending WHERE jid = 'tom@lark.test'");
  g_assert_cmpint (receipt (fixture, "sofia@lark.test", "1"), ==, LINNET_STORE_OUTCOME_IGNORED);
}

static void
test_old (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  receipt (fixture, MIRA, "1");
  receipt (fixture, MIRA, "2");
  store_fixture_execute (fixture,
                         "UPDATE pending SET received = received - CASE target WHEN '1' THEN 31 ELSE 29 END"
                         " * 86400000000");
  receipt (fixture, MIRA, "3");

  g_assert_cmpint (count (fixture), ==, 2);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM pending WHERE target = '1'"), ==, 0);
}

typedef struct
{
  char what; /* m message, d receipt, e error */
  const char *id;
} Step;

static void
shuffle (GRand *rand, Step *steps, guint n_steps)
{
  for (guint i = n_steps - 1; i > 0; i--)
    {
      guint j = g_rand_int_range (rand, 0, i + 1);
      Step other = steps[i];

      steps[i] = steps[j];
      steps[j] = other;
    }
}

static void
add_step (LinnetStoreBatch *batch, const char *jid, const Step *step)
{
  if (step->what == 'm')
    linnet_store_batch_add_message (batch, jid, store_message_out (step->id, step->id));
  else if (step->what == 'd')
    linnet_store_batch_add_receipt (batch, jid, step->id);
  else
    linnet_store_batch_add_error (batch, jid, step->id, "gone", NULL);
}

/* R15's gate: whatever the order, and wherever a transaction ends, the same state in the end. */
static void
test_shuffled (gconstpointer data)
{
  Step steps[] = {
    { 'm', "1" },
    { 'm', "2" },
    { 'd', "2" },
    { 'm', "3" },
    { 'e', "3" },
    { 'm', "4" },
    { 'd', "4" },
    { 'e', "4" },
    { 'd', "2" },
    { 'm', "2" },
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (15);
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  LinnetStoreBatch *batch = NULL;

  for (guint round = 0; round < 1000; round++)
    {
      g_autofree char *jid = g_strdup_printf ("peer%u@lark.test", round);

      shuffle (rand, steps, G_N_ELEMENTS (steps));
      for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
        {
          if (batch == NULL)
            batch = linnet_store_batch_new (fixture->account);
          add_step (batch, jid, &steps[i]);
          if (g_rand_int_range (rand, 0, 40) == 0)
            linnet_store_changes_unref (store_fixture_commit (fixture, g_steal_pointer (&batch)));
        }
    }
  if (batch != NULL)
    linnet_store_changes_unref (store_fixture_commit (fixture, g_steal_pointer (&batch)));

  g_assert_cmpint (count (fixture), ==, 0);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM messages"), ==, 4000);
  g_assert_cmpint (store_fixture_number (fixture,
                                         "SELECT count(*) FROM messages WHERE state <>"
                                         " CASE stanza_id WHEN '1' THEN 1 WHEN '3' THEN 4 ELSE 2 END"),
                   ==,
                   0);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/store/pending/receipt", test_receipt, NULL);
  linnet_test_add ("/store/pending/other-kinds", test_other_kinds, NULL);
  linnet_test_add ("/store/pending/same-batch", test_same_batch, NULL);
  linnet_test_add ("/store/pending/foreign", test_foreign, NULL);
  linnet_test_add ("/store/pending/limits", test_limits, NULL);
  linnet_test_add ("/store/pending/old", test_old, NULL);
  linnet_test_add ("/store/pending/shuffled", test_shuffled, NULL);

  return g_test_run ();
}
