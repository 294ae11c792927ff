/* Where the reader is in the log: what is shown first, what counts as read, the way back to the end
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-chat-log"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-chat-log-private.h"
#include "linnet-log-view.h"
#include "linnet-message.h"

/* Rows at the end that are kept once a log that follows it has grown far beyond what a person sees. */
#define TRIM_ABOVE 200
#define TRIM_TO 120

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

gboolean
linnet_chat_log_follows_end (LinnetChatLog *self)
{
  return self->view != NULL && linnet_log_view_get_sticky (LINNET_LOG_VIEW (self->view)) &&
         linnet_timeline_get_at_end (self->timeline);
}

/* What a person sees at the end is read. */
void
linnet_chat_log_update_read (LinnetChatLog *self)
{
  if (self->watched && self->place == LINNET_PLACE_DONE && linnet_chat_log_follows_end (self) &&
      linnet_conversation_get_unread_count (self->conversation) > 0)
    linnet_conversation_mark_read (self->conversation);
}

void
linnet_chat_log_update_jump (LinnetChatLog *self)
{
  guint unread = linnet_conversation_get_unread_count (self->conversation);
  gboolean reveal = self->view != NULL && !linnet_chat_log_follows_end (self) &&
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

/**
 * linnet_chat_log_trim:
 * @above: how many rows there may be
 *
 * Drops the oldest of more rows than that from a log that follows its end.
 */
void
linnet_chat_log_trim (LinnetChatLog *self,
                      guint above)
{
  if (self->place == LINNET_PLACE_DONE && linnet_chat_log_follows_end (self) &&
      g_list_model_get_n_items (G_LIST_MODEL (self->timeline)) > above)
    linnet_timeline_trim (self->timeline, TRIM_TO);
}

/* Unread messages are read from the first one on, unless all of them can be seen from the end. Which of the
 * two it is is known after the first layout: the rows stay invisible till then, or they would be seen to
 * jump. */
void
linnet_chat_log_begin_placing (LinnetChatLog *self)
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

void
linnet_chat_log_settle (LinnetChatLog *self)
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

  linnet_chat_log_trim (self, TRIM_ABOVE);
  linnet_chat_log_update_read (self);
  linnet_chat_log_update_jump (self);
}
