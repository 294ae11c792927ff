/* The menu of a message
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LinnetMessageMenu:
 *
 * Opens by the right button, a long press, the Menu key or Shift+F10 on a [class@Linnet.MessageRow] inside
 * the widget that it was made for, and holds what can be done with that message.
 */
#define LINNET_TYPE_MESSAGE_MENU (linnet_message_menu_get_type ())
G_DECLARE_FINAL_TYPE (LinnetMessageMenu, linnet_message_menu, LINNET, MESSAGE_MENU, GObject)

LinnetMessageMenu *linnet_message_menu_new (GtkWidget *widget);
/* The parent is going away. */
void linnet_message_menu_detach (LinnetMessageMenu *self);

G_END_DECLS
