/* Accessible names for the items of popover menus
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void linnet_menu_names_attach (GtkPopover *menu);

G_END_DECLS
