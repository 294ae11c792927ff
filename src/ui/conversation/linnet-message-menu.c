/* The menu of a message
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-message-menu"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-message-menu.h"
#include "linnet-message-row.h"

static void
append_item (GMenu *menu,
             const char *label,
             const char *action,
             const char *id)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", id);
  g_menu_append_item (menu, item);
}

static GMenuModel *
create_model (GtkWidget *widget,
              const graphene_point_t *point,
              GtkWidget **anchor,
              gpointer user_data)
{
  LinnetMessageRow *row = LINNET_MESSAGE_ROW (widget);
  LinnetMessage *message = linnet_message_row_get_message (row);
  g_autofree char *id = NULL;
  g_autofree char *link_id = NULL;
  g_autoptr (GMenu) menu = NULL;
  int link;

  if (message == NULL)
    return NULL;

  *anchor = linnet_message_row_get_bubble (row);
  link = point != NULL ? linnet_message_row_get_link_at (row, point->x, point->y) : -1;
  id = g_strdup_printf ("%" G_GINT64_FORMAT, linnet_message_get_id (message));
  link_id = g_strdup_printf ("%s/%d", id, MAX (link, 0));
  menu = g_menu_new ();

  if (linnet_message_get_state (message) == LINNET_MESSAGE_FAILED)
    append_item (menu, _ ("Try Again"), "win.message-retry", id);

  append_item (menu, _ ("Copy Text"), "win.message-copy", id);

  if (linnet_message_row_get_n_links (row) > 0)
    {
      append_item (menu, _ ("Copy Link"), "win.message-copy-link", link_id);
      append_item (menu, _ ("Open Link"), "win.message-open-link", link_id);
    }

  return G_MENU_MODEL (g_steal_pointer (&menu));
}

/**
 * linnet_message_menu_new:
 * @widget: what holds the rows; it calls [method@Linnet.ContextMenu.detach] when it is disposed of
 *
 * Returns: (transfer full): the menu for the messages inside @widget
 */
LinnetContextMenu *
linnet_message_menu_new (GtkWidget *widget)
{
  return linnet_context_menu_new (widget, LINNET_TYPE_MESSAGE_ROW, create_model, NULL);
}
