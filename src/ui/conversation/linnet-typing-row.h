/* "Somebody is typing", as the last row of a log
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *linnet_typing_row_new (void);

G_END_DECLS
