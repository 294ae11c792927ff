/* Having the desktop open what others link to
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

gboolean linnet_web_link_is_web (const char *uri);
void linnet_web_link_launch (const char *uri, GtkWidget *parent);
void linnet_web_link_open (const char *uri, GtkWidget *parent);

G_END_DECLS
