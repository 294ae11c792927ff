/* Tests of the list of chats
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-account-private.h"
#include "linnet-conversation-private.h"
#include "linnet-store-batch.h"
#include "linnet-test-mirror.h"
#include "linnet-test-model.h"
#include "linnet-test.h"

#define ME "ana@lark.chat"
#define N_CONTACTS 6

static const LinnetTestMessage old_messages[] = {
  { .body = "old", .time = 1000, .state = LINNET_MESSAGE_RECEIVED }
};
static const LinnetTestMessage new_messages[] = {
  { .body = "new", .time = 2000, .state = LINNET_MESSAGE_SENT }
};

static const LinnetTestContact contacts[N_CONTACTS] = {
  { .address = "a@lark.chat", .messages = old_messages, .n_messages = 1 },
  { .address = "b@lark.chat", .messages = new_messages, .n_messages = 1 },
  { .address = "c@lark.chat", .messages = old_messages, .n_messages = 1, .pinned = TRUE },
  { .address = "d@lark.chat" },                   /* no conversation */
  { .address = "e@lark.chat", .draft = "Hello" }, /* created now: newer than all messages */
  { .address = "f@lark.chat", .request = TRUE, .stranger = TRUE },
};

static const LinnetTestAccount account_row = { .address = ME,
                                               .contacts = contacts,
                                               .n_contacts = N_CONTACTS };

static char *
dup_order (LinnetAccountManager *manager)
{
  GListModel *model = G_LIST_MODEL (linnet_account_manager_get_conversations (manager));
  GString *order = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (LinnetConversation) conversation = g_list_model_get_item (model, i);

      g_string_append_c (order, linnet_conversation_get_address (conversation)[0]);
    }

  return g_string_free_and_steal (order);
}

static void
assert_order (LinnetAccountManager *manager,
              const char *expected)
{
  g_autofree char *order = dup_order (manager);

  g_assert_cmpstr (order, ==, expected);
}

static void
receive (LinnetAccountManager *manager,
         const char *address,
         gint64 time)
{
  LinnetAccount *account = linnet_account_manager_find_account (manager, ME);
  g_autoptr (LinnetStoreBatch) batch = linnet_store_batch_new (linnet_account_get_id (account));
  g_autoptr (LinnetStoreChanges) changes = NULL;
  LinnetStoreMessage *row = linnet_store_message_new ();

  row->body = g_strdup ("text");
  row->stanza_id = g_uuid_string_random ();
  row->time = time;
  row->state = LINNET_STORE_STATE_RECEIVED;
  linnet_store_batch_add_message (batch, address, row);
  changes = dex_await_boxed (linnet_store_batch_commit (account->store, batch), NULL);
  g_assert_nonnull (changes);
  linnet_account_apply (account, changes);
}

static void
test_order (gconstpointer data)
{
  LinnetAccountManager *manager = linnet_test_manager_new (&account_row, 1);
  GListModel *model = G_LIST_MODEL (linnet_account_manager_get_conversations (manager));
  g_autoptr (LinnetTestMirror) mirror = linnet_test_mirror_new (model);
  LinnetConversation *a = linnet_account_manager_find_conversation (manager, ME, "a@lark.chat");
  gint64 now = g_get_real_time () + G_TIME_SPAN_HOUR;

  assert_order (manager, "cfeba");
  g_assert_null (linnet_account_manager_find_conversation (manager, ME, "d@lark.chat"));

  /* To the top, then a second one that finds it there already. */
  receive (manager, "a@lark.chat", now);
  assert_order (manager, "cafeb");
  g_assert_cmpuint (mirror->announcements, ==, 1);
  receive (manager, "a@lark.chat", now + 1);
  g_assert_cmpuint (mirror->announcements, ==, 1);

  /* A new conversation. */
  receive (manager, "d@lark.chat", now + 2);
  assert_order (manager, "cdafeb");

  linnet_test_assert_resolves (linnet_conversation_set_pinned (a, TRUE));
  assert_order (manager, "acdfeb");
  linnet_test_assert_resolves (linnet_conversation_set_pinned (a, FALSE));
  assert_order (manager, "cdafeb");

  g_clear_pointer (&mirror, linnet_test_mirror_free);
  linnet_test_manager_free (manager);
}

/* Empty conversations are not shown, unless a person opened them. */
static void
test_listed (gconstpointer data)
{
  LinnetAccountManager *manager = linnet_test_manager_new (&account_row, 1);
  LinnetAccount *account = linnet_account_manager_find_account (manager, ME);
  GListModel *model = G_LIST_MODEL (linnet_account_manager_get_conversations (manager));
  g_autoptr (LinnetTestMirror) mirror = linnet_test_mirror_new (model);
  LinnetConversation *e = linnet_account_manager_find_conversation (manager, ME, "e@lark.chat");
  g_autoptr (LinnetConversation) g = NULL;

  assert_order (manager, "cfeba");
  linnet_conversation_set_draft (e, NULL);
  assert_order (manager, "cfba");
  linnet_conversation_set_draft (e, "Hi");
  assert_order (manager, "cfeba");

  g = dex_await_object (linnet_account_open_conversation (account, "g@lark.chat"), NULL);
  g_assert_nonnull (g);
  assert_order (manager, "cgfeba");

  g_clear_object (&g);
  g_clear_pointer (&mirror, linnet_test_mirror_free);
  linnet_test_manager_free (manager);
}

static void
test_account_gone (gconstpointer data)
{
  static const LinnetTestContact other_contacts[] = {
    { .address = "x@wren.example", .messages = new_messages, .n_messages = 1 },
    { .address = "y@wren.example", .messages = old_messages, .n_messages = 1 },
  };
  const LinnetTestAccount accounts[] = {
    account_row,
    { .address = "me@wren.example", .contacts = other_contacts, .n_contacts = G_N_ELEMENTS (other_contacts) },
  };
  LinnetAccountManager *manager = linnet_test_manager_new (accounts, G_N_ELEMENTS (accounts));
  GListModel *model = G_LIST_MODEL (linnet_account_manager_get_conversations (manager));
  g_autoptr (LinnetTestMirror) mirror = linnet_test_mirror_new (model);
  LinnetAccount *account = linnet_account_manager_find_account (manager, ME);

  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 7);
  linnet_test_assert_resolves (linnet_account_manager_remove (manager, account));
  assert_order (manager, "xy");
  g_assert_null (linnet_account_manager_find_account (manager, ME));

  g_clear_pointer (&mirror, linnet_test_mirror_free);
  linnet_test_manager_free (manager);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/conversation-list/order", test_order, NULL);
  linnet_test_add ("/model/conversation-list/listed", test_listed, NULL);
  linnet_test_add ("/model/conversation-list/account-gone", test_account_gone, NULL);

  return g_test_run ();
}
