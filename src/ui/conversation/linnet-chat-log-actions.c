/* What can be done with a message
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-chat-log"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-alert.h"
#include "linnet-chat-log-private.h"
#include "linnet-message.h"
#include "linnet-spawn.h"
#include "linnet-text-spans.h"
#include "linnet-web-link.h"

/* The message that an action's target names; @link: the index behind the slash. Borrowed: the timeline holds
 * it. */
static LinnetMessage *
find_message (LinnetChatLog *self,
              GVariant *target,
              guint *link)
{
  GListModel *timeline = G_LIST_MODEL (self->timeline);
  guint n = g_list_model_get_n_items (timeline);
  char *rest;
  gint64 id = g_ascii_strtoll (g_variant_get_string (target, NULL), &rest, 10);

  if (link != NULL)
    *link = *rest == '/' ? g_ascii_strtoull (rest + 1, NULL, 10) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (LinnetMessage) message = g_list_model_get_item (timeline, i);

      if (linnet_message_get_id (message) == id)
        return message;
    }

  return NULL;
}

static char *
dup_uri (LinnetChatLog *self,
         GVariant *target)
{
  guint index;
  LinnetMessage *message = find_message (self, target, &index);
  g_autoptr (GArray) links =
      message != NULL ? linnet_text_spans_find_links (linnet_message_get_body (message)) : NULL;

  return links != NULL && index < links->len ? g_strdup (g_array_index (links, LinnetTextLink, index).uri)
                                             : NULL;
}

/* What is selected in the message, else all of it. */
static void
copy_action (GSimpleAction *action,
             GVariant *parameter,
             gpointer user_data)
{
  LinnetChatLog *self = user_data;
  LinnetMessage *message = find_message (self, parameter, NULL);
  LinnetMessageRow *row = message != NULL ? linnet_chat_log_find_row (self, message) : NULL;
  g_autofree char *selection = row != NULL ? linnet_message_row_dup_selection (row) : NULL;

  if (message != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                            selection != NULL ? selection : linnet_message_get_body (message));
}

static void
copy_link_action (GSimpleAction *action,
                  GVariant *parameter,
                  gpointer user_data)
{
  LinnetChatLog *self = user_data;
  g_autofree char *uri = dup_uri (self, parameter);

  if (uri != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), uri);
}

static void
open_link_action (GSimpleAction *action,
                  GVariant *parameter,
                  gpointer user_data)
{
  LinnetChatLog *self = user_data;
  g_autofree char *uri = dup_uri (self, parameter);

  if (uri != NULL)
    linnet_chat_log_open_uri (self, uri);
}

typedef struct
{
  LinnetChatLog *log;
  LinnetConversation *conversation;
  LinnetMessage *message;
} Retry;

static void
retry_free (gpointer data)
{
  Retry *retry = data;

  g_clear_object (&retry->log);
  g_clear_object (&retry->conversation);
  g_clear_object (&retry->message);
  g_free (retry);
}

static DexFuture *
retry_fiber (gpointer data)
{
  Retry *retry = data;
  LinnetAccount *account = linnet_conversation_get_account (retry->conversation);
  g_autoptr (GError) error = NULL;

  if (!dex_await (linnet_conversation_retry (retry->conversation, retry->message), &error))
    linnet_alert_show_error (GTK_WIDGET (retry->log),
                             _ ("Message Not Sent"),
                             error,
                             account != NULL ? linnet_account_get_domain (account) : NULL);

  return NULL;
}

static void
retry_action (GSimpleAction *action,
              GVariant *parameter,
              gpointer user_data)
{
  LinnetChatLog *self = user_data;
  LinnetMessage *message = find_message (self, parameter, NULL);
  Retry *retry;

  if (message == NULL || linnet_message_get_state (message) != LINNET_MESSAGE_FAILED)
    return;

  retry = g_new0 (Retry, 1);
  retry->log = g_object_ref (self);
  retry->conversation = g_object_ref (self->conversation);
  retry->message = g_object_ref (message);
  linnet_spawn_detached ("retry", retry_fiber, retry, retry_free);
}

static const GActionEntry entries[] = {
  { .name = "message-copy", .activate = copy_action, .parameter_type = "s" },
  { .name = "message-copy-link", .activate = copy_link_action, .parameter_type = "s" },
  { .name = "message-open-link", .activate = open_link_action, .parameter_type = "s" },
  { .name = "message-retry", .activate = retry_action, .parameter_type = "s" },
};

static GActionMap *
get_window (LinnetChatLog *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return G_IS_ACTION_MAP (root) ? G_ACTION_MAP (root) : NULL;
}

/**
 * linnet_chat_log_add_actions:
 *
 * Makes the window's message actions work on this log. On the window, as it is their group that is seen on
 * the bus.
 */
void
linnet_chat_log_add_actions (LinnetChatLog *self)
{
  GActionMap *window = get_window (self);

  if (window == NULL)
    return;

  if (self->actions == NULL)
    {
      self->actions = g_simple_action_group_new ();
      g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
    }

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    g_action_map_add_action (window,
                             g_action_map_lookup_action (G_ACTION_MAP (self->actions), entries[i].name));
}

/**
 * linnet_chat_log_remove_actions:
 *
 * Takes the message actions from the window, unless another log has replaced them already.
 */
void
linnet_chat_log_remove_actions (LinnetChatLog *self)
{
  GActionMap *window = get_window (self);

  if (window == NULL || self->actions == NULL)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (g_action_map_lookup_action (window, entries[i].name) ==
        g_action_map_lookup_action (G_ACTION_MAP (self->actions), entries[i].name))
      g_action_map_remove_action (window, entries[i].name);
}

/**
 * linnet_chat_log_open_uri:
 * @uri: a link of a message
 *
 * Lets the desktop open @uri, if it is of a kind that may be opened. Linnet itself fetches nothing.
 */
void
linnet_chat_log_open_uri (LinnetChatLog *self,
                          const char *uri)
{
  if (linnet_text_spans_is_safe_uri (uri))
    linnet_web_link_launch (uri, GTK_WIDGET (self));
}
