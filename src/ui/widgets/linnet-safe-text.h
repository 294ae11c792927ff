/* Text of others that a wrapping label can show
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

char *linnet_safe_text_dup (GtkWidget *widget, const char *text);

G_END_DECLS
