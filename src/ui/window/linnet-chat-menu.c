/* The menu of a chat in the list
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-chat-menu"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-block-contact.h"
#include "linnet-chat-menu.h"
#include "linnet-chat-row.h"
#include "linnet-contact.h"

static void
append_item (GMenu *menu, const char *label, const char *action, GVariant *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, target);
  g_menu_append_item (menu, item);
}

/* The targets name account and address: what the list shows may be another object a moment later. */
static GMenuModel *
create_model (LinnetConversation *conversation)
{
  LinnetContact *contact = linnet_conversation_get_contact (conversation);
  const char *account = linnet_account_get_address (linnet_conversation_get_account (conversation));
  const char *address = linnet_conversation_get_address (conversation);
  gboolean pinned = linnet_conversation_get_pinned (conversation);
  g_autoptr (GVariant) chat = g_variant_ref_sink (g_variant_new ("(ss)", account, address));
  g_autoptr (GMenu) menu = g_menu_new ();

  if (linnet_conversation_get_unread_count (conversation) > 0)
    append_item (menu, _ ("Mark as Read"), "app.mark-read", chat);

  append_item (menu,
               pinned ? _ ("Unpin") : _ ("Pin"),
               "win.pin-chat",
               g_variant_new ("(ssb)", account, address, !pinned));
  append_item (menu, _ ("Details"), "win.details", chat);

  if (linnet_block_contact_is_possible (contact))
    {
      if (linnet_contact_get_blocked (contact))
        append_item (menu, _ ("Unblock"), "win.unblock-contact", chat);
      else
        append_item (menu, _ ("Block…"), "win.block-contact", chat);
    }

  return G_MENU_MODEL (g_steal_pointer (&menu));
}

static GMenuModel *
open_cb (GtkWidget *row, const graphene_point_t *point, GtkWidget **anchor, gpointer user_data)
{
  LinnetConversation *conversation = linnet_chat_row_get_conversation (LINNET_CHAT_ROW (row));

  if (conversation == NULL)
    return NULL;

  /* The focus, which comes back to where it was, and not the selection, tells which row the menu is for. */
  gtk_widget_grab_focus (gtk_widget_get_parent (row));

  return create_model (conversation);
}

/**
 * linnet_chat_menu_new:
 * @widget: what holds the rows; it calls [method@Linnet.ContextMenu.detach] when it is disposed of
 *
 * Returns: (transfer full): the menu for the chats inside @widget
 */
LinnetContextMenu *
linnet_chat_menu_new (GtkWidget *widget)
{
  return linnet_context_menu_new (widget, LINNET_TYPE_CHAT_ROW, open_cb, NULL);
}
