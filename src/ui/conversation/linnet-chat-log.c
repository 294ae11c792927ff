/* The messages of a conversation
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-chat-log"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-avatar.h"
#include "linnet-chat-log-private.h"
#include "linnet-contact.h"
#include "linnet-log-view.h"
#include "linnet-message.h"
#include "linnet-safe-text.h"
#include "linnet-spawn.h"
#include "linnet-text-shape.h"

/* In a flood there may be no frame for long, and with more rows the timeline would stop to follow. */
#define TRIM_AT_ONCE_ABOVE 1000
#define TRIM_HIDDEN_TO 40
/* More rows at once are history or a flood: they do not rise one by one. */
#define MAX_APPEARING 3

G_DEFINE_FINAL_TYPE (LinnetChatLog, linnet_chat_log, GTK_TYPE_WIDGET)

static void
update_empty (LinnetChatLog *self)
{
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->timeline)) == 0;
  g_autofree char *name = NULL;
  g_autofree char *greeting = NULL;
  g_autofree char *safe_name = NULL;
  g_autofree char *safe_greeting = NULL;

  if (self->view == NULL)
    return;

  if (empty)
    {
      name = linnet_text_shape_dup_isolated (linnet_conversation_get_title (self->conversation));
      /* Of a stranger who asks to be a contact the address matters. */
      if (linnet_conversation_get_is_request (self->conversation))
        greeting = g_strdup (linnet_conversation_get_address (self->conversation));
      else
        /* Translators: %s is the name of the other person, in a chat without messages */
        greeting = g_strdup_printf (_ ("Say hello to %s"), name);
      safe_name = linnet_safe_text_dup (GTK_WIDGET (self->empty_name), name);
      safe_greeting = linnet_safe_text_dup (GTK_WIDGET (self->empty_greeting), greeting);
      gtk_label_set_text (self->empty_name, safe_name);
      gtk_label_set_text (self->empty_greeting, safe_greeting);
    }

  gtk_stack_set_visible_child_name (self->stack, empty ? "empty" : "log");
}

/* The end is followed or not, or another number of messages is unread. */
static void
attention_changed_cb (LinnetChatLog *self)
{
  g_assert (LINNET_IS_CHAT_LOG (self));

  if (self->paced != NULL)
    linnet_paced_list_set_skipping (self->paced, linnet_chat_log_follows_end (self));
  linnet_chat_log_update_read (self);
  linnet_chat_log_update_jump (self);
}

static void
title_changed_cb (LinnetChatLog *self)
{
  g_assert (LINNET_IS_CHAT_LOG (self));

  update_empty (self);
}

static void
typing_changed_cb (LinnetChatLog *self)
{
  gboolean typing = linnet_conversation_get_typing (self->conversation);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->typing));

  g_assert (LINNET_IS_CHAT_LOG (self));

  /* The row needs no data of its own: any object that is no message stands for it. */
  if (typing && n == 0)
    g_list_store_append (self->typing, self->conversation);
  else if (!typing && n > 0)
    g_list_store_remove_all (self->typing);
}

static void
announce (LinnetChatLog *self,
          LinnetMessage *message)
{
  gboolean cut;
  g_autofree char *text = linnet_text_shape_dup_excerpt (linnet_message_get_body (message), 10, 1024, &cut);
  g_autofree char *line = g_strdup_printf ("%s: %s", linnet_message_get_sender_name (message), text);

  gtk_accessible_announce (GTK_ACCESSIBLE (self), line, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

/* Runs before the list sees the change. */
static void
timeline_changed_cb (LinnetChatLog *self,
                     guint position,
                     guint removed,
                     guint added)
{
  GListModel *timeline = G_LIST_MODEL (self->timeline);

  g_assert (LINNET_IS_CHAT_LOG (self));

  g_ptr_array_set_size (self->appearing, 0);

  if (added == 0 || removed > 0 || added > MAX_APPEARING || !gtk_widget_get_mapped (GTK_WIDGET (self)) ||
      !linnet_chat_log_follows_end (self) || position + added != g_list_model_get_n_items (timeline))
    return;

  for (guint i = 0; i < added; i++)
    {
      LinnetMessage *message = g_list_model_get_item (timeline, position + i);

      if (self->watched && !linnet_message_get_outgoing (message))
        announce (self, message);
      g_ptr_array_add (self->appearing, message);
    }
}

/* Runs after the list has seen the change. */
static void
timeline_changed_after_cb (LinnetChatLog *self)
{
  g_assert (LINNET_IS_CHAT_LOG (self));

  g_ptr_array_set_size (self->appearing, 0);
  linnet_chat_log_trim (self, TRIM_AT_ONCE_ABOVE);

  update_empty (self);
  linnet_chat_log_update_read (self);
  linnet_chat_log_update_jump (self);
}

typedef DexFuture *(*PageFunc) (LinnetTimeline *timeline);

typedef struct
{
  LinnetChatLog *log;
  LinnetTimeline *timeline;
  PageFunc load;
} Page;

static void
page_free (gpointer data)
{
  Page *page = data;

  g_clear_object (&page->log);
  g_clear_object (&page->timeline);
  g_free (page);
}

static DexFuture *
page_fiber (gpointer data)
{
  Page *page = data;
  LinnetChatLog *self = page->log;

  /* A page that cannot be read leaves what is there; the next movement tries again. */
  dex_await (page->load (page->timeline), NULL);
  self->loading = FALSE;
  if (self->view != NULL)
    linnet_log_view_check_edges (LINNET_LOG_VIEW (self->view));

  return NULL;
}

static Page *
page_new (LinnetChatLog *self,
          PageFunc load)
{
  Page *page = g_new0 (Page, 1);

  page->log = g_object_ref (self);
  page->timeline = g_object_ref (self->timeline);
  page->load = load;

  return page;
}

static void
load_page (LinnetChatLog *self,
           PageFunc load)
{
  if (self->loading)
    return;

  self->loading = TRUE;
  linnet_spawn_detached ("log-page", page_fiber, page_new (self, load), page_free);
}

static void
older_wanted_cb (LinnetChatLog *self)
{
  g_assert (LINNET_IS_CHAT_LOG (self));

  if (!linnet_paced_list_reveal_older (self->paced) && !linnet_timeline_get_at_start (self->timeline))
    load_page (self, linnet_timeline_load_older);
}

static void
newer_wanted_cb (LinnetChatLog *self)
{
  g_assert (LINNET_IS_CHAT_LOG (self));

  if (!linnet_timeline_get_at_end (self->timeline))
    load_page (self, linnet_timeline_load_newer);
}

/* Only now: a list with a model of the wrong rows would be built twice. */
static void
create_view (LinnetChatLog *self)
{
  g_autoptr (GListStore) models = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr (GListModel) rows = NULL;
  g_autoptr (GtkListItemFactory) factory = linnet_chat_log_create_factory (self);

  g_signal_connect_object (
      self->timeline, "items-changed", G_CALLBACK (timeline_changed_cb), self, G_CONNECT_SWAPPED);
  self->paced = linnet_paced_list_new (G_LIST_MODEL (self->timeline));
  g_list_store_append (models, self->paced);
  g_list_store_append (models, self->typing);
  rows = G_LIST_MODEL (gtk_flatten_list_model_new (g_object_ref (G_LIST_MODEL (models))));

  self->view = linnet_log_view_new (rows, factory);
  g_object_bind_property (self->timeline, "at-end", self->view, "has-end", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (
      self->view, "notify::sticky", G_CALLBACK (attention_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "older-wanted", G_CALLBACK (older_wanted_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "newer-wanted", G_CALLBACK (newer_wanted_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
      self->view, "settled", G_CALLBACK (linnet_chat_log_settle), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
      self->timeline, "items-changed", G_CALLBACK (timeline_changed_after_cb), self, G_CONNECT_SWAPPED);

  gtk_stack_add_named (self->stack, self->view, "log");
  linnet_paced_list_set_skipping (self->paced, linnet_chat_log_follows_end (self));
}

static DexFuture *
load_fiber (gpointer data)
{
  Page *page = data;
  LinnetChatLog *self = page->log;
  g_autoptr (GError) error = NULL;

  if (!dex_await (page->load (page->timeline), &error))
    g_warning ("The messages could not be read: %s", error->message);

  /* The log may have been thrown away meanwhile. */
  if (self->stack == NULL)
    return NULL;

  create_view (self);
  linnet_chat_log_begin_placing (self);
  update_empty (self);
  linnet_chat_log_update_read (self);
  linnet_chat_log_update_jump (self);

  return NULL;
}

static void
linnet_chat_log_map (GtkWidget *widget)
{
  LinnetChatLog *self = LINNET_CHAT_LOG (widget);

  GTK_WIDGET_CLASS (linnet_chat_log_parent_class)->map (widget);

  linnet_chat_log_add_actions (self);
  if (self->left)
    linnet_chat_log_begin_placing (self);
  self->left = FALSE;
}

static void
linnet_chat_log_unmap (GtkWidget *widget)
{
  linnet_chat_log_remove_actions (LINNET_CHAT_LOG (widget));

  GTK_WIDGET_CLASS (linnet_chat_log_parent_class)->unmap (widget);
}

static void
linnet_chat_log_dispose (GObject *object)
{
  LinnetChatLog *self = LINNET_CHAT_LOG (object);

  if (self->menu != NULL)
    linnet_context_menu_detach (self->menu);
  g_clear_object (&self->menu);
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_CHAT_LOG);
  self->view = NULL;
  g_clear_object (&self->actions);
  g_clear_object (&self->typing);
  g_clear_object (&self->paced);
  g_clear_object (&self->timeline);
  g_clear_object (&self->conversation);
  g_clear_pointer (&self->appearing, g_ptr_array_unref);

  G_OBJECT_CLASS (linnet_chat_log_parent_class)->dispose (object);
}

static void
linnet_chat_log_class_init (LinnetChatLogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = linnet_chat_log_dispose;
  widget_class->map = linnet_chat_log_map;
  widget_class->unmap = linnet_chat_log_unmap;

  g_type_ensure (LINNET_TYPE_AVATAR);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-chat-log.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetChatLog, overlay);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatLog, stack);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatLog, empty_avatar);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatLog, empty_name);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatLog, empty_greeting);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatLog, jump_revealer);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatLog, jump_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatLog, jump_badge);
  gtk_widget_class_bind_template_callback (widget_class, linnet_chat_log_jump_to_latest);
}

static void
linnet_chat_log_init (LinnetChatLog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->typing = g_list_store_new (G_TYPE_OBJECT);
  self->appearing = g_ptr_array_new_with_free_func (g_object_unref);
  self->menu = linnet_message_menu_new (GTK_WIDGET (self));
}

GtkWidget *
linnet_chat_log_new (void)
{
  return g_object_new (LINNET_TYPE_CHAT_LOG, NULL);
}

/**
 * linnet_chat_log_set_conversation:
 * @conversation: whose messages to show; it stays so
 */
void
linnet_chat_log_set_conversation (LinnetChatLog *self,
                                  LinnetConversation *conversation)
{
  g_return_if_fail (LINNET_IS_CHAT_LOG (self));
  g_return_if_fail (LINNET_IS_CONVERSATION (conversation));
  g_return_if_fail (self->conversation == NULL);

  self->conversation = g_object_ref (conversation);
  self->timeline = linnet_conversation_dup_timeline (conversation);
  linnet_avatar_set_contact (LINNET_AVATAR (self->empty_avatar),
                             linnet_conversation_get_contact (conversation));

  g_signal_connect_object (
      conversation, "notify::typing", G_CALLBACK (typing_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
      conversation, "notify::title", G_CALLBACK (title_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
      conversation, "notify::is-request", G_CALLBACK (title_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
      conversation, "notify::unread-count", G_CALLBACK (attention_changed_cb), self, G_CONNECT_SWAPPED);
  typing_changed_cb (self);

  linnet_spawn_detached ("log-load", load_fiber, page_new (self, linnet_timeline_load), page_free);
}

/**
 * linnet_chat_log_get_conversation:
 *
 * Returns: (transfer none) (nullable): whose messages are shown
 */
LinnetConversation *
linnet_chat_log_get_conversation (LinnetChatLog *self)
{
  g_return_val_if_fail (LINNET_IS_CHAT_LOG (self), NULL);

  return self->conversation;
}

/**
 * linnet_chat_log_set_watched:
 * @watched: whether a person can see the log
 */
void
linnet_chat_log_set_watched (LinnetChatLog *self,
                             gboolean watched)
{
  g_return_if_fail (LINNET_IS_CHAT_LOG (self));

  self->watched = watched;
  linnet_chat_log_update_read (self);
}

static DexFuture *
jump_fiber (gpointer data)
{
  Page *page = data;

  dex_await (page->load (page->timeline), NULL);
  if (page->log->view != NULL)
    linnet_log_view_stick (LINNET_LOG_VIEW (page->log->view));

  return NULL;
}

void
linnet_chat_log_update_days (LinnetChatLog *self)
{
  guint n;

  g_return_if_fail (LINNET_IS_CHAT_LOG (self));

  n = self->timeline != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->timeline)) : 0;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (LinnetMessage) message = g_list_model_get_item (G_LIST_MODEL (self->timeline), i);

      if (linnet_message_get_starts_day (message))
        g_object_notify (G_OBJECT (message), "starts-day");
    }
}

/**
 * linnet_chat_log_jump_to_latest:
 *
 * Goes to the newest message and follows what comes.
 */
void
linnet_chat_log_jump_to_latest (LinnetChatLog *self)
{
  g_return_if_fail (LINNET_IS_CHAT_LOG (self));

  if (self->view == NULL)
    return;

  if (linnet_timeline_get_at_end (self->timeline))
    {
      linnet_log_view_glide_to_end (LINNET_LOG_VIEW (self->view));
      return;
    }

  linnet_spawn_detached ("log-jump", jump_fiber, page_new (self, linnet_timeline_jump_to_latest), page_free);
}

/**
 * linnet_chat_log_leave:
 *
 * The reader went to another conversation: the unread line goes, and so do rows that nobody is going to look
 * at.
 */
void
linnet_chat_log_leave (LinnetChatLog *self)
{
  g_return_if_fail (LINNET_IS_CHAT_LOG (self));

  self->left = TRUE;
  self->watched = FALSE;

  if (self->timeline == NULL)
    return;

  linnet_timeline_reset_unread (self->timeline);
  if (linnet_chat_log_follows_end (self))
    linnet_timeline_trim (self->timeline, TRIM_HIDDEN_TO);
}
