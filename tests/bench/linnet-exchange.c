/* One side of the exactly-once exchange
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Signs in through the model, as the window does, and sends numbered messages to one contact, never more
 * than a few ahead of what the server has acknowledged and of what the contact has written: when one side has
 * bad luck the other must not fill its queue at the server, which drops a session with over 500 stanzas. It
 * ends by SIGTERM (orderly) or SIGKILL; whoever started it compares what the two databases hold. Started
 * again on the same folder it goes on where --first and --received say.
 */
#define G_LOG_DOMAIN "linnet-exchange"

#include <stdlib.h>

#include <glib-unix.h>
#include <libdex.h>

#include "linnet-account-manager.h"
#include "linnet-account.h"
#include "linnet-conversation.h"
#include "linnet-error.h"
#include "linnet-message.h"
#include "linnet-spawn.h"

/* How many messages may wait for the server's acknowledgement. */
#define WINDOW 20
/* How many messages one side may be ahead of the other. */
#define AHEAD 100

typedef struct
{
  char *directory;
  char *address;
  char *password;
  char *to;
  char *prefix;
  int port;
  int first;
  int received;
  int count;
  GMainLoop *loop;
  LinnetAccountManager *manager;
  DexPromise *room;
  guint queued;
} Exchange;

static void
make_room (Exchange *self)
{
  if (self->room == NULL)
    return;

  dex_promise_resolve_boolean (self->room, TRUE);
  dex_clear (&self->room);
}

static void
message_received_cb (Exchange *self)
{
  self->received++;
  make_room (self);
}

static void
message_state_changed_cb (Exchange *self,
                          GParamSpec *pspec,
                          LinnetMessage *message)
{
  if (linnet_message_get_state (message) == LINNET_MESSAGE_QUEUED)
    return;

  g_signal_handlers_disconnect_by_func (message, message_state_changed_cb, self);
  g_object_unref (message);
  self->queued--;
  make_room (self);
}

static void
watch_message (Exchange *self,
               LinnetMessage *message)
{
  if (linnet_message_get_state (message) != LINNET_MESSAGE_QUEUED)
    return;

  self->queued++;
  g_signal_connect_swapped (g_object_ref (message),
                            "notify::state",
                            G_CALLBACK (message_state_changed_cb),
                            self);
}

/* A person who is asked for the password again, and who always presses "Reconnect now". */
static void
account_state_changed_cb (Exchange *self,
                          GParamSpec *pspec,
                          LinnetAccount *account)
{
  switch (linnet_account_get_state (account))
    {
    case LINNET_CONNECTION_FAILED:
      g_message ("%s: %s", self->address, linnet_account_get_error (account)->message);
      dex_future_disown (linnet_account_sign_in_again (account, self->password, FALSE));
      break;

    case LINNET_CONNECTION_RECONNECTING:
      if (linnet_account_get_retry_in (account) > 0)
        linnet_account_reconnect_now (account);
      break;

    default:
      break;
    }
}

static LinnetAccount *
get_account (Exchange *self,
             GError **error)
{
  LinnetAccount *account = linnet_account_manager_find_account (self->manager, self->address);
  LinnetSignIn sign_in = {
    .address = self->address,
    .password = self->password,
    .host = "127.0.0.1",
    .port = self->port,
  };

  if (account != NULL)
    return g_object_ref (account);

  /* The connection may be cut on any of the first attempts. */
  for (guint attempt = 0; attempt < 100; attempt++)
    {
      g_clear_error (error);
      account = dex_await_object (linnet_account_manager_sign_in (self->manager, &sign_in), error);
      if (account != NULL)
        return account;
      g_message ("%s: %s", self->address, (*error)->message);
    }

  return NULL;
}

static gboolean
exchange (Exchange *self,
          GError **error)
{
  g_autoptr (LinnetAccount) account = NULL;
  g_autoptr (LinnetConversation) conversation = NULL;

  if (!dex_await (linnet_account_manager_load (self->manager), error))
    return FALSE;
  account = get_account (self, error);
  if (account == NULL)
    return FALSE;

  g_signal_connect_swapped (account, "notify::state", G_CALLBACK (account_state_changed_cb), self);
  g_signal_connect_swapped (account, "notify::retry-in", G_CALLBACK (account_state_changed_cb), self);
  account_state_changed_cb (self, NULL, account);

  conversation = dex_await_object (linnet_account_open_conversation (account, self->to), error);
  if (conversation == NULL)
    return FALSE;

  for (int number = self->first; number < self->count; number++)
    {
      g_autofree char *text = g_strdup_printf ("%s %d", self->prefix, number);
      g_autoptr (LinnetMessage) message = NULL;

      message = dex_await_object (linnet_conversation_send_text (conversation, text), error);
      if (message == NULL)
        return FALSE;
      watch_message (self, message);
      while (self->queued >= WINDOW || number >= self->received + AHEAD)
        {
          self->room = dex_promise_new ();
          if (!dex_await (dex_ref (DEX_FUTURE (self->room)), error))
            return FALSE;
        }
    }

  return TRUE;
}

static DexFuture *
exchange_fiber (gpointer data)
{
  Exchange *self = data;
  g_autoptr (GError) error = NULL;

  if (!exchange (self, &error))
    {
      g_printerr ("%s: %s\n", self->address, error->message);
      exit (EXIT_FAILURE);
    }

  return dex_future_new_true ();
}

static gboolean
terminate_cb (gpointer data)
{
  Exchange *self = data;

  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

static void
shut_down (Exchange *self)
{
  g_autoptr (DexFuture) closed = linnet_account_manager_shutdown (self->manager);

  while (dex_future_is_pending (closed))
    g_main_context_iteration (NULL, TRUE);
}

static void
exchange_clear (Exchange *self)
{
  g_clear_object (&self->manager);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_free (self->directory);
  g_free (self->address);
  g_free (self->password);
  g_free (self->to);
  g_free (self->prefix);
}

int
main (int argc,
      char *argv[])
{
  Exchange self = { 0 };
  const GOptionEntry entries[] = {
    { "directory", 0, 0, G_OPTION_ARG_FILENAME, &self.directory, "The profile", "FOLDER" },
    { "address", 0, 0, G_OPTION_ARG_STRING, &self.address, "The account", "ADDRESS" },
    { "password", 0, 0, G_OPTION_ARG_STRING, &self.password, "Its password", "TEXT" },
    { "port", 0, 0, G_OPTION_ARG_INT, &self.port, "The server's port on 127.0.0.1", "PORT" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &self.to, "The contact to write to", "ADDRESS" },
    { "prefix", 0, 0, G_OPTION_ARG_STRING, &self.prefix, "What stands before each number", "TEXT" },
    { "first", 0, 0, G_OPTION_ARG_INT, &self.first, "The number to begin with", "NUMBER" },
    { "received", 0, 0, G_OPTION_ARG_INT, &self.received, "How many came before", "NUMBER" },
    { "count", 0, 0, G_OPTION_ARG_INT, &self.count, "The number to end before", "NUMBER" },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  dex_init ();
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }

  self.loop = g_main_loop_new (NULL, FALSE);
  self.manager = linnet_account_manager_new (self.directory);
  g_signal_connect_swapped (self.manager, "message-received", G_CALLBACK (message_received_cb), &self);
  g_unix_signal_add (SIGTERM, terminate_cb, &self);
  linnet_spawn_detached ("exchange", exchange_fiber, &self, NULL);
  g_main_loop_run (self.loop);
  shut_down (&self);
  exchange_clear (&self);

  return EXIT_SUCCESS;
}
