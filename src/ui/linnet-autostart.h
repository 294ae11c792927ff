/* What the desktop runs when the person logs in
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean linnet_autostart_set (const char *id, const char *const *command, GError **error);
gboolean linnet_autostart_get (const char *id);

G_END_DECLS
