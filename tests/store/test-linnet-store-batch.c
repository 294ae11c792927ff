/* Tests of what came in, made durable in one transaction (R2)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-store-profiles.h"
#include "store-fixture.h"

static LinnetStoreBatch *
everything_new (StoreFixture *fixture)
{
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);
  GPtrArray *contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_store_contact_free);

  g_ptr_array_add (contacts, linnet_store_contact_new (MIRA));
  linnet_store_batch_add_roster (batch, contacts, TRUE, "v1");
  linnet_store_batch_add_message (batch, MIRA, store_message_in ("1", "One"));
  linnet_store_batch_add_nickname (batch, MIRA, "Mirabelle");
  linnet_store_batch_add_message (batch, "tom@lark.test", store_message_in ("1", "Two"));
  linnet_store_batch_add_message (batch, MIRA, store_message_in ("1", "One again"));
  linnet_store_batch_add_receipt (batch, MIRA, "elsewhere");
  linnet_store_batch_add_message (batch, MIRA, store_message_in ("3", "Three"));
  linnet_store_batch_set_sm_h (batch, 7);
  linnet_store_batch_set_sm_h (batch, 4294967295u);

  return batch;
}

static void
test_everything (gconstpointer data)
{
  static const LinnetStoreOutcomeKind expected[] = {
    LINNET_STORE_OUTCOME_DONE,
    LINNET_STORE_OUTCOME_DONE,
    LINNET_STORE_OUTCOME_DONE,
    LINNET_STORE_OUTCOME_DONE,
    LINNET_STORE_OUTCOME_DUPLICATE,
    LINNET_STORE_OUTCOME_PENDING,
    LINNET_STORE_OUTCOME_DONE,
  };
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) changes = NULL;
  LinnetStoreBatch *batch = everything_new (fixture);

  g_assert_cmpuint (linnet_store_batch_get_length (batch), ==, G_N_ELEMENTS (expected));
  changes = store_fixture_commit (fixture, batch);

  g_assert_cmpuint (changes->outcomes->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpint (store_outcome (changes, i)->kind, ==, expected[i]);

  g_assert_cmpuint (changes->messages->len, ==, 3);
  g_assert_cmpstr (store_new_message (changes, 0)->body, ==, "One");
  g_assert_cmpstr (store_new_message (changes, 1)->body, ==, "Two");
  g_assert_cmpstr (store_new_message (changes, 2)->body, ==, "Three");
  g_assert_cmpint (store_outcome (changes, 4)->message, ==, store_new_message (changes, 0)->id);
  g_assert_cmpint (store_outcome (changes, 6)->message, ==, store_new_message (changes, 2)->id);
  g_assert_cmpint (changes->outbox, ==, 0);

  g_assert_cmpint (store_fixture_number (fixture, "SELECT sm_h FROM streams"), ==, 4294967295);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM roster"), ==, 1);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT roster_version = 'v1' FROM accounts"), ==, 1);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT nickname = 'Mirabelle' FROM profiles"), ==, 1);
}

/* Each conversation that changed is told once, as it is afterwards. */
static void
test_conversations (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) changes = store_fixture_commit (fixture, everything_new (fixture));
  guint n_mira = 0;

  g_assert_cmpuint (changes->conversations->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const LinnetStoreConversation *conversation = store_conversation (changes, i);

      g_assert_cmpint (conversation->account, ==, fixture->account);
      if (g_str_equal (conversation->jid, MIRA))
        {
          n_mira++;
          g_assert_cmpuint (conversation->unread, ==, 2);
          g_assert_cmpstr (conversation->last_body, ==, "Three");
          g_assert_cmpint (conversation->last_id, ==, store_new_message (changes, 2)->id);
          g_assert_cmpint (conversation->last_state, ==, LINNET_STORE_STATE_RECEIVED);
        }
    }
  g_assert_cmpuint (n_mira, ==, 1);
}

/* All or nothing; and what failed for a while may be tried again with the same batch. */
static void
test_again (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) changes = NULL;
  LinnetStoreBatch *batch = everything_new (fixture);

  store_fixture_execute (fixture, "ALTER TABLE streams RENAME TO away");
  for (guint i = 0; i < 3; i++)
    linnet_test_assert_rejects (linnet_store_batch_commit (fixture->store, batch),
                                LINNET_STORE_ERROR,
                                LINNET_STORE_ERROR_FAILED);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM messages"), ==, 0);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM conversations"), ==, 0);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM roster"), ==, 0);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM pending"), ==, 0);

  store_fixture_execute (fixture, "ALTER TABLE away RENAME TO streams");
  changes = store_fixture_commit (fixture, batch);
  g_assert_cmpuint (changes->messages->len, ==, 3);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM messages"), ==, 3);
}

/* R39: the account went while something was on its way. */
static void
test_account_gone (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreBatch) message = linnet_store_batch_new (fixture->account);
  g_autoptr (LinnetStoreBatch) event = linnet_store_batch_new (fixture->account);
  g_autoptr (LinnetStoreBatch) counter = linnet_store_batch_new (fixture->account);
  LinnetStoreBatch *batches[] = { message, event, counter };

  linnet_store_batch_add_message (message, MIRA, store_message_in ("1", "One"));
  linnet_store_batch_add_receipt (event, MIRA, "1");
  linnet_store_batch_set_sm_h (counter, 1);

  linnet_test_assert_resolves (linnet_store_accounts_remove (fixture->store, fixture->account));
  for (guint i = 0; i < G_N_ELEMENTS (batches); i++)
    linnet_test_assert_rejects (linnet_store_batch_commit (fixture->store, batches[i]),
                                LINNET_STORE_ERROR,
                                LINNET_STORE_ERROR_NOT_FOUND);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM messages"), ==, 0);
}

/* What this account wrote elsewhere; and that it answered there. */
static void
test_carbon (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) received =
      store_fixture_receive (fixture, MIRA, store_message_in ("1", "Tea?"));
  g_autoptr (LinnetStoreChanges) sent =
      store_fixture_receive (fixture, MIRA, store_message_out ("2", "Yes!"));
  g_autoptr (LinnetStoreChanges) later =
      store_fixture_receive (fixture, MIRA, store_message_in ("3", "Fine"));

  g_assert_cmpuint (store_conversation (received, 0)->unread, ==, 1);
  g_assert_cmpint (store_new_message (sent, 0)->state, ==, LINNET_STORE_STATE_SENT);
  g_assert_true (store_conversation (sent, 0)->last_outgoing);
  g_assert_cmpuint (store_conversation (sent, 0)->unread, ==, 0);
  g_assert_cmpint (store_conversation (sent, 0)->read_position, ==, store_new_message (sent, 0)->position);
  g_assert_cmpuint (store_conversation (later, 0)->unread, ==, 1);
}

typedef struct
{
  const char *name;
  const char *jid;
  gboolean in_roster;
  gboolean asked;         /* to see our presence, before */
  gboolean answered;      /* from here or elsewhere */
  gboolean added;         /* to the roster, afterwards */
  gboolean contacts_only; /* for the second message */
  guint n_messages;
  gboolean stranger;
} Stranger;

static const Stranger strangers[] = {
  { .name = "unknown", .jid = MIRA, .n_messages = 2, .stranger = TRUE },
  { .name = "contact", .jid = MIRA, .in_roster = TRUE, .n_messages = 2 },
  { .name = "own-account", .jid = ANA, .n_messages = 2 },
  { .name = "own-server", .jid = "lark.test", .n_messages = 2 },
  { .name = "other-server", .jid = "owl.test", .n_messages = 2, .stranger = TRUE },
  { .name = "asked", .jid = MIRA, .asked = TRUE, .n_messages = 2, .stranger = TRUE },
  { .name = "answered", .jid = MIRA, .answered = TRUE, .n_messages = 3 },
  { .name = "added", .jid = MIRA, .added = TRUE, .n_messages = 2 },
  { .name = "kept-out", .jid = MIRA, .contacts_only = TRUE, .n_messages = 1, .stranger = TRUE },
  { .name = "known-is-let-in", .jid = MIRA, .answered = TRUE, .contacts_only = TRUE, .n_messages = 3 },
  { .name = "contact-is-let-in", .jid = MIRA, .in_roster = TRUE, .contacts_only = TRUE, .n_messages = 2 },
};

static void
commit_roster (StoreFixture *fixture, const char *jid)
{
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);
  GPtrArray *contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_store_contact_free);

  g_ptr_array_add (contacts, linnet_store_contact_new (jid));
  linnet_store_batch_add_roster (batch, contacts, FALSE, NULL);
  linnet_store_changes_unref (store_fixture_commit (fixture, batch));
}

/* Whether a conversation is one with a stranger, after two messages came. */
static void
test_stranger (gconstpointer data)
{
  const Stranger *row = data;
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  LinnetStoreBatch *second = linnet_store_batch_new (fixture->account);

  if (row->in_roster)
    commit_roster (fixture, row->jid);
  if (row->asked)
    linnet_test_assert_resolves (
        linnet_store_conversations_open_request (fixture->store, fixture->account, row->jid));
  linnet_store_changes_unref (store_fixture_receive (fixture, row->jid, store_message_in ("1", "One")));
  if (row->answered)
    linnet_store_changes_unref (store_fixture_send (fixture, row->jid, "2", "Yes?"));
  if (row->added)
    commit_roster (fixture, row->jid);

  linnet_store_batch_set_contacts_only (second, row->contacts_only);
  linnet_store_batch_add_message (second, row->jid, store_message_in ("3", "Three"));
  linnet_store_changes_unref (store_fixture_commit (fixture, second));

  g_assert_cmpint (
      store_fixture_number (fixture, "SELECT request & 2 FROM conversations"), ==, row->stranger ? 2 : 0);
  g_assert_cmpint (
      store_fixture_number (fixture, "SELECT request & 1 FROM conversations"), ==, row->asked ? 1 : 0);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM messages"), ==, row->n_messages);
}

/* Nothing at all is kept of a stranger who is not wanted. */
static void
test_kept_out (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);
  g_autoptr (LinnetStoreChanges) changes = NULL;

  linnet_store_batch_set_contacts_only (batch, TRUE);
  linnet_store_batch_add_message (batch, MIRA, store_message_in ("1", "One"));
  linnet_store_batch_add_nickname (batch, MIRA, "Mirabelle");
  changes = store_fixture_commit (fixture, batch);

  g_assert_cmpint (store_outcome (changes, 0)->kind, ==, LINNET_STORE_OUTCOME_IGNORED);
  g_assert_cmpuint (changes->conversations->len, ==, 0);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM conversations"), ==, 0);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM profiles"), ==, 0);
}

static void
test_empty (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (LinnetStoreChanges) changes =
      store_fixture_commit (fixture, linnet_store_batch_new (fixture->account));

  g_assert_cmpuint (changes->outcomes->len, ==, 0);
  g_assert_cmpuint (changes->conversations->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/store/batch/everything", test_everything, NULL);
  linnet_test_add ("/store/batch/conversations", test_conversations, NULL);
  linnet_test_add ("/store/batch/again", test_again, NULL);
  linnet_test_add ("/store/batch/account-gone", test_account_gone, NULL);
  linnet_test_add ("/store/batch/carbon", test_carbon, NULL);
  linnet_test_add ("/store/batch/empty", test_empty, NULL);
  linnet_test_add ("/store/batch/kept-out", test_kept_out, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_autofree char *path = g_strdup_printf ("/store/batch/stranger/%s", strangers[i].name);

      linnet_test_add (path, test_stranger, &strangers[i]);
    }

  return g_test_run ();
}
