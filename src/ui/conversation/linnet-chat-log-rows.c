/* The rows of the log: messages, and "typing…"
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-chat-log"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-chat-log-private.h"
#include "linnet-log-view.h"
#include "linnet-message.h"
#include "linnet-typing-row.h"

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

/**
 * linnet_chat_log_create_factory:
 *
 * Returns: (transfer full): makes a row for each message, and one for any other object
 */
GtkListItemFactory *
linnet_chat_log_create_factory (LinnetChatLog *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, G_CONNECT_SWAPPED);

  return factory;
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
