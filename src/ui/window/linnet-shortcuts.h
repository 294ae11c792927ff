/* Keyboard shortcuts: one table for what they do and for the page about them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void linnet_shortcuts_register (GtkApplication *application);
AdwDialog *linnet_shortcuts_dialog_new (void);

G_END_DECLS
