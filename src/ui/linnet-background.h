/* Going on without a window, and starting without one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "linnet-account-manager.h"

G_BEGIN_DECLS

#define LINNET_TYPE_BACKGROUND (linnet_background_get_type ())
G_DECLARE_FINAL_TYPE (LinnetBackground, linnet_background, LINNET, BACKGROUND, GObject)

LinnetBackground *linnet_background_new (GtkApplication *application,
                                         LinnetAccountManager *manager,
                                         GSettings *settings,
                                         const char *const *command);
void linnet_background_start (LinnetBackground *self);
gboolean linnet_background_close_request (LinnetBackground *self, GtkWindow *window);
void linnet_background_quit (LinnetBackground *self);

G_END_DECLS
