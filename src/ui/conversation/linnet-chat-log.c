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
#include "linnet-typing-row.h"

/* Rows at the end that are kept once a log that follows it has grown far beyond what a person sees. */
#define TRIM_ABOVE 200
#define TRIM_TO 120
/* In a flood there may be no frame for long, and with more rows the timeline would stop to follow. */
#define TRIM_AT_ONCE_ABOVE 1000
#define TRIM_HIDDEN_TO 40
/* More rows at once are history or a flood: they do not rise one by one. */
#define MAX_APPEARING 3

G_DEFINE_FINAL_TYPE (LinnetChatLog, linnet_chat_log, GTK_TYPE_WIDGET)

static gboolean
follows_end (LinnetChatLog *self)
{
  return self->view != NULL && linnet_log_view_get_sticky (LINNET_LOG_VIEW (self->view)) &&
         linnet_timeline_get_at_end (self->timeline);
}

/* What a person sees at the end is read. */
static void
update_read (LinnetChatLog *self)
{
  if (self->watched && self->place == LINNET_PLACE_DONE && follows_end (self) &&
      linnet_conversation_get_unread_count (self->conversation) > 0)
    linnet_conversation_mark_read (self->conversation);
}

static void
update_jump (LinnetChatLog *self)
{
  guint unread = linnet_conversation_get_unread_count (self->conversation);
  gboolean reveal = self->view != NULL && !follows_end (self) &&
                    g_list_model_get_n_items (G_LIST_MODEL (self->timeline)) > 0;
  g_autofree char *count = g_strdup_printf (unread > 999 ? "999+" : "%u", unread);
  g_autofree char *description =
      g_strdup_printf (ngettext ("%u new message", "%u new messages", unread), unread);

  /* It hides itself once it has faded: a button that is not seen must not be found by Tab or by tools. */
  if (reveal)
    gtk_widget_set_visible (GTK_WIDGET (self->jump_revealer), TRUE);
  gtk_revealer_set_reveal_child (self->jump_revealer, reveal);
  gtk_label_set_text (self->jump_badge, count);
  gtk_widget_set_visible (GTK_WIDGET (self->jump_badge), unread > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->jump_button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  unread > 0 ? description : "",
                                  -1);
}

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
    linnet_paced_list_set_skipping (self->paced, follows_end (self));
  update_read (self);
  update_jump (self);
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
      !follows_end (self) || position + added != g_list_model_get_n_items (timeline))
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
  if (self->place == LINNET_PLACE_DONE && follows_end (self) &&
      g_list_model_get_n_items (G_LIST_MODEL (self->timeline)) > TRIM_AT_ONCE_ABOVE)
    linnet_timeline_trim (self->timeline, TRIM_TO);

  update_empty (self);
  update_read (self);
  update_jump (self);
}

/* The position of the first unread message; FALSE when there is none. */
static gboolean
find_first_unread (LinnetChatLog *self,
                   guint *position,
                   LinnetMessage **message)
{
  GListModel *timeline = G_LIST_MODEL (self->timeline);
  g_autoptr (LinnetMessage) first = NULL;
  guint n = g_list_model_get_n_items (timeline);

  g_object_get (timeline, "first-unread", &first, NULL);

  for (guint i = 0; first != NULL && i < n; i++)
    {
      g_autoptr (LinnetMessage) candidate = g_list_model_get_item (timeline, i);

      if (candidate == first)
        {
          *position = i;
          *message = candidate; /* the timeline holds it */
          return TRUE;
        }
    }

  return FALSE;
}

/* Unread messages are read from the first one on, unless all of them can be seen from the end. Which of the
 * two it is is known after the first layout: the rows stay invisible till then, or they would be seen to
 * jump. */
static void
begin_placing (LinnetChatLog *self)
{
  LinnetMessage *message;
  guint position;

  if (self->view == NULL || !find_first_unread (self, &position, &message))
    return;

  linnet_paced_list_show_all (self->paced);
  gtk_widget_set_opacity (self->view, 0.);

  if (linnet_timeline_get_at_end (self->timeline))
    {
      self->place = LINNET_PLACE_AT_END;
      linnet_log_view_stick (LINNET_LOG_VIEW (self->view));
    }
  else
    {
      self->place = LINNET_PLACE_AT_ROW;
      linnet_log_view_show_row (LINNET_LOG_VIEW (self->view), position);
    }
}

/* Whether the top of the message, which may be taller than the view, is on the screen. */
static gboolean
is_visible (LinnetChatLog *self,
            LinnetMessage *message)
{
  LinnetMessageRow *row = linnet_chat_log_find_row (self, message);
  graphene_rect_t bounds;

  /* A row far away from the view has a widget, but no place. */
  return row != NULL && gtk_widget_get_child_visible (gtk_widget_get_parent (GTK_WIDGET (row))) &&
         gtk_widget_compute_bounds (GTK_WIDGET (row), self->view, &bounds) && bounds.origin.y >= 0;
}

static void
settled_cb (LinnetChatLog *self)
{
  LinnetMessage *message;
  guint position;

  g_assert (LINNET_IS_CHAT_LOG (self));

  if (self->place == LINNET_PLACE_AT_END && find_first_unread (self, &position, &message) &&
      !is_visible (self, message))
    {
      self->place = LINNET_PLACE_AT_ROW;
      linnet_log_view_show_row (LINNET_LOG_VIEW (self->view), position);
      return;
    }

  self->place = LINNET_PLACE_DONE;
  gtk_widget_set_opacity (self->view, 1.);

  if (follows_end (self) && g_list_model_get_n_items (G_LIST_MODEL (self->timeline)) > TRIM_ABOVE)
    linnet_timeline_trim (self->timeline, TRIM_TO);

  update_read (self);
  update_jump (self);
}

static void
described_cb (GtkListItem *item,
              LinnetMessageRow *row)
{
  g_autofree char *name = linnet_message_row_dup_name (row);
  g_autofree char *description = linnet_message_row_dup_description (row);

  gtk_list_item_set_accessible_label (item, name);
  gtk_list_item_set_accessible_description (item, description);
}

static void
activate_link_cb (LinnetChatLog *self,
                  const char *uri)
{
  g_assert (LINNET_IS_CHAT_LOG (self));

  linnet_chat_log_open_uri (self, uri);
}

static GtkWidget *
ensure_message_row (LinnetChatLog *self,
                    GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);

  if (row != NULL && LINNET_IS_MESSAGE_ROW (row))
    return row;

  row = linnet_message_row_new ();
  g_signal_connect_object (row, "described", G_CALLBACK (described_cb), item, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "activate-link", G_CALLBACK (activate_link_cb), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (item, row);

  return row;
}

static void
bind_cb (LinnetChatLog *self,
         GtkListItem *item)
{
  gpointer object = gtk_list_item_get_item (item);
  GtkWidget *row;

  g_assert (LINNET_IS_CHAT_LOG (self));

  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_selectable (item, FALSE);

  if (!LINNET_IS_MESSAGE (object))
    {
      gtk_list_item_set_focusable (item, FALSE);
      gtk_list_item_set_child (item, linnet_typing_row_new ());
      gtk_list_item_set_accessible_label (item, _ ("typing…"));
      gtk_list_item_set_accessible_description (item, "");
      return;
    }

  gtk_list_item_set_focusable (item, TRUE);
  row = ensure_message_row (self, item);
  linnet_message_row_set_message (LINNET_MESSAGE_ROW (row), object);

  if (g_ptr_array_find (self->appearing, object, NULL))
    linnet_message_row_appear (LINNET_MESSAGE_ROW (row));
}

static void
unbind_cb (LinnetChatLog *self,
           GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);

  if (row != NULL && LINNET_IS_MESSAGE_ROW (row))
    linnet_message_row_set_message (LINNET_MESSAGE_ROW (row), NULL);
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
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, G_CONNECT_SWAPPED);

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
  g_signal_connect_object (self->view, "settled", G_CALLBACK (settled_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
      self->timeline, "items-changed", G_CALLBACK (timeline_changed_after_cb), self, G_CONNECT_SWAPPED);

  gtk_stack_add_named (self->stack, self->view, "log");
  linnet_paced_list_set_skipping (self->paced, follows_end (self));
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
  begin_placing (self);
  update_empty (self);
  update_read (self);
  update_jump (self);

  return NULL;
}

static void
linnet_chat_log_map (GtkWidget *widget)
{
  LinnetChatLog *self = LINNET_CHAT_LOG (widget);

  GTK_WIDGET_CLASS (linnet_chat_log_parent_class)->map (widget);

  linnet_chat_log_add_actions (self);
  if (self->left)
    begin_placing (self);
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
    linnet_message_menu_detach (self->menu);
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
  update_read (self);
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
  if (follows_end (self))
    linnet_timeline_trim (self->timeline, TRIM_HIDDEN_TO);
}

/**
 * linnet_chat_log_find_row:
 *
 * Returns: (transfer none) (nullable): the row that shows @message, if the list has one
 */
LinnetMessageRow *
linnet_chat_log_find_row (LinnetChatLog *self,
                          LinnetMessage *message)
{
  GtkWidget *list;

  if (self->view == NULL)
    return NULL;

  list = GTK_WIDGET (linnet_log_view_get_list (LINNET_LOG_VIEW (self->view)));
  for (GtkWidget *item = gtk_widget_get_first_child (list); item != NULL;
       item = gtk_widget_get_next_sibling (item))
    {
      GtkWidget *row = gtk_widget_get_first_child (item);

      if (row != NULL && LINNET_IS_MESSAGE_ROW (row) &&
          linnet_message_row_get_message (LINNET_MESSAGE_ROW (row)) == message)
        return LINNET_MESSAGE_ROW (row);
    }

  return NULL;
}
