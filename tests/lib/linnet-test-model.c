/* Profiles with people and messages in them, for tests of the model and of the window
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-test-model"

#include "config.h"

#include <glib/gstdio.h>

#include "linnet-store-accounts.h"
#include "linnet-store-batch.h"
#include "linnet-store-conversations.h"
#include "linnet-store-profiles.h"
#include "linnet-test-model.h"
#include "linnet-test.h"

#define DIRECTORY_KEY "linnet-test-directory"
#define PATIENCE_S 30

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }

  g_remove (path);
}

char *
linnet_test_profile_new (void)
{
  g_autoptr (GError) error = NULL;
  char *directory = g_dir_make_tmp ("linnet-test-XXXXXX", &error);

  g_assert_no_error (error);

  return directory;
}

void
linnet_test_profile_free (char *directory)
{
  remove_tree (directory);
  g_free (directory);
}

static LinnetStoreState
state_to_store (LinnetMessageState state)
{
  switch (state)
    {
    case LINNET_MESSAGE_DELIVERED:
      return LINNET_STORE_STATE_DELIVERED;
    case LINNET_MESSAGE_READ:
      return LINNET_STORE_STATE_READ;
    case LINNET_MESSAGE_FAILED:
      return LINNET_STORE_STATE_FAILED;
    case LINNET_MESSAGE_RECEIVED:
      return LINNET_STORE_STATE_RECEIVED;
    case LINNET_MESSAGE_QUEUED:
    case LINNET_MESSAGE_SENT:
    default:
      return LINNET_STORE_STATE_SENT;
    }
}

static void
add_messages (LinnetStoreBatch *batch,
              const LinnetTestContact *contact)
{
  gint64 time = g_get_real_time () - contact->n_messages * G_TIME_SPAN_MINUTE;

  for (guint i = 0; i < contact->n_messages; i++)
    {
      const LinnetTestMessage *source = &contact->messages[i];
      LinnetStoreMessage *row = linnet_store_message_new ();

      time = source->time != 0 ? source->time : time + G_TIME_SPAN_MINUTE;
      row->stanza_id = source->id != NULL ? g_strdup (source->id) : g_uuid_string_random ();
      row->body = g_strdup (source->body);
      row->time = time;
      row->state = state_to_store (source->state);
      row->outgoing = source->state != LINNET_MESSAGE_RECEIVED;
      row->error_condition = g_strdup (source->condition);
      row->markable = source->markable;
      linnet_store_batch_add_message (batch, contact->address, row);
    }
}

static void
add_roster (LinnetStoreBatch *batch,
            const LinnetTestAccount *account)
{
  GPtrArray *contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_store_contact_free);

  for (guint i = 0; i < account->n_contacts; i++)
    {
      const LinnetTestContact *source = &account->contacts[i];
      LinnetStoreContact *contact;

      if (source->stranger)
        continue;

      contact = linnet_store_contact_new (source->address);
      contact->name = g_strdup (source->name);
      g_strfreev (contact->groups);
      contact->groups = g_strdupv ((char **) source->groups);
      contact->subscription = source->subscription & LINNET_SUBSCRIPTION_BOTH;
      contact->ask = (source->subscription & LINNET_SUBSCRIPTION_ASKED) != 0;
      g_ptr_array_add (contacts, contact);
    }

  linnet_store_batch_add_roster (batch, contacts, TRUE, NULL);
}

/* The messages as ids, oldest first. */
static gint64
find_message (LinnetStore *store,
              gint64 conversation,
              guint n_messages,
              guint n_read)
{
  g_autoptr (GPtrArray) rows =
      dex_await_boxed (linnet_store_messages_latest (store, conversation, n_messages), NULL);

  g_assert_cmpuint (rows->len, ==, n_messages);

  return ((LinnetStoreMessage *) g_ptr_array_index (rows, n_read - 1))->id;
}

static void
fill_contact (LinnetStore *store,
              gint64 account,
              const LinnetTestContact *contact)
{
  g_autoptr (LinnetStoreConversation) row = NULL;

  if (contact->n_messages == 0 && contact->draft == NULL && !contact->pinned && !contact->request)
    return;

  row = dex_await_boxed (linnet_store_conversations_open (store, account, contact->address), NULL);
  g_assert_nonnull (row);

  if (contact->n_read > 0)
    linnet_test_assert_resolves (linnet_store_conversations_mark_read (
        store, row->id, find_message (store, row->id, contact->n_messages, contact->n_read)));
  if (contact->draft != NULL)
    linnet_test_assert_resolves (linnet_store_conversations_set_draft (store, row->id, contact->draft));
  if (contact->pinned)
    linnet_test_assert_resolves (
        linnet_store_conversations_set (store, row->id, LINNET_STORE_CONVERSATION_PINNED, TRUE));
  if (contact->request)
    linnet_test_assert_resolves (
        linnet_store_conversations_set (store, row->id, LINNET_STORE_CONVERSATION_REQUEST, TRUE));
}

static void
fill_account (LinnetStore *store,
              const LinnetTestAccount *account)
{
  g_autoptr (LinnetStoreAccount) row = linnet_store_account_new (account->address);
  g_autoptr (LinnetStoreBatch) batch = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  row->enabled = account->enabled;
  row->host = g_strdup (account->host);
  row->port = account->port;
  row->user_agent_id = g_uuid_string_random ();
  row->show = LINNET_SHOW_ONLINE;

  id = dex_await_int64 (linnet_store_accounts_add (store, row), &error);
  g_assert_no_error (error);

  if (account->nickname != NULL)
    linnet_test_assert_resolves (
        linnet_store_profiles_set_nickname (store, id, account->address, account->nickname));

  batch = linnet_store_batch_new (id);
  add_roster (batch, account);
  for (guint i = 0; i < account->n_contacts; i++)
    add_messages (batch, &account->contacts[i]);
  linnet_test_assert_resolves (linnet_store_batch_commit (store, batch));

  for (guint i = 0; i < account->n_contacts; i++)
    fill_contact (store, id, &account->contacts[i]);
}

void
linnet_test_profile_fill (const char *directory,
                          const LinnetTestAccount *accounts,
                          guint n_accounts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LinnetStore) store = dex_await_object (linnet_store_open (directory), &error);

  g_assert_no_error (error);

  for (guint i = 0; i < n_accounts; i++)
    fill_account (store, &accounts[i]);

  linnet_test_assert_resolves (linnet_store_close (store));
}

static LinnetAccountManager *
load_manager (char *directory)
{
  LinnetAccountManager *manager = linnet_account_manager_new (directory);

  g_object_set_data (G_OBJECT (manager), DIRECTORY_KEY, directory);
  linnet_test_assert_resolves (linnet_account_manager_load (manager));

  return manager;
}

static char *
unload_manager (LinnetAccountManager *manager)
{
  char *directory = g_object_get_data (G_OBJECT (manager), DIRECTORY_KEY);

  linnet_test_assert_resolves (linnet_account_manager_shutdown (manager));
  linnet_test_settle ();
  g_assert_finalize_object (manager);

  return directory;
}

LinnetAccountManager *
linnet_test_manager_new (const LinnetTestAccount *accounts,
                         guint n_accounts)
{
  char *directory = linnet_test_profile_new ();

  linnet_test_profile_fill (directory, accounts, n_accounts);

  return load_manager (directory);
}

void
linnet_test_manager_free (LinnetAccountManager *manager)
{
  linnet_test_profile_free (unload_manager (manager));
}

LinnetAccountManager *
linnet_test_manager_restart (LinnetAccountManager *manager)
{
  return load_manager (unload_manager (manager));
}

static void
resolve_cb (DexPromise *promise)
{
  if (dex_future_is_pending (DEX_FUTURE (promise)))
    dex_promise_resolve_boolean (promise, TRUE);
}

void
linnet_test_wait_for (gpointer object,
                      const char *signal,
                      LinnetTestPredicate predicate,
                      gpointer data)
{
  while (!predicate (object, data))
    {
      g_autoptr (DexPromise) promise = dex_promise_new ();
      g_autoptr (GError) error = NULL;
      gulong handler = g_signal_connect_swapped (object, signal, G_CALLBACK (resolve_cb), promise);

      dex_await (
          dex_future_first (dex_ref (DEX_FUTURE (promise)), dex_timeout_new_seconds (PATIENCE_S), NULL),
          &error);
      g_signal_handler_disconnect (object, handler);
      if (error != NULL)
        g_error ("Waited too long for %s of a %s", signal, G_OBJECT_TYPE_NAME (object));
    }
}

static gboolean
account_has_state (gpointer account,
                   gpointer state)
{
  return linnet_account_get_state (account) == (LinnetConnectionState) GPOINTER_TO_INT (state);
}

void
linnet_test_wait_state (LinnetAccount *account,
                        LinnetConnectionState state)
{
  linnet_test_wait_for (account, "notify::state", account_has_state, GINT_TO_POINTER (state));
}

static gboolean
message_has_state (gpointer message,
                   gpointer state)
{
  return linnet_message_get_state (message) == (LinnetMessageState) GPOINTER_TO_INT (state);
}

void
linnet_test_wait_message_state (LinnetMessage *message,
                                LinnetMessageState state)
{
  linnet_test_wait_for (message, "notify::state", message_has_state, GINT_TO_POINTER (state));
}
