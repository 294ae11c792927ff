/* A menu for the rows of a list
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LinnetContextMenuFunc:
 * @row: what the menu is for
 * @point: (nullable): where in @row it was asked for; %NULL by keyboard
 * @anchor: (inout): by keyboard, the widget to point to: @row, unless replaced
 *
 * Returns: (transfer full) (nullable): the items; %NULL for no menu
 */
typedef GMenuModel *(*LinnetContextMenuFunc) (GtkWidget *row,
                                              const graphene_point_t *point,
                                              GtkWidget **anchor,
                                              gpointer user_data);

/**
 * LinnetContextMenu:
 *
 * Opens by the right button, a long press, the Menu key or Shift+F10 on a row inside the widget that it was
 * made for. Neither the row nor its list sees what opened it.
 *
 * Signals: `closed`.
 */
#define LINNET_TYPE_CONTEXT_MENU (linnet_context_menu_get_type ())
G_DECLARE_FINAL_TYPE (LinnetContextMenu, linnet_context_menu, LINNET, CONTEXT_MENU, GObject)

LinnetContextMenu *linnet_context_menu_new (GtkWidget *widget,
                                            GType row_type,
                                            LinnetContextMenuFunc func,
                                            gpointer user_data);
void linnet_context_menu_detach (LinnetContextMenu *self);

G_END_DECLS
