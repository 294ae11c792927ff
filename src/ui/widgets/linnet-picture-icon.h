/* A decoded picture as an icon for other programs
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * linnet_picture_icon_new:
 * @texture: what came out of the sandbox
 * @size: how many pixels it is wide and high at most
 *
 * What another program is to show, such as the desktop's notifications, is never the file that came from the
 * network: it would be decoded there, without a sandbox (security.md F6). This is a small PNG written here.
 *
 * Returns: (transfer full): a [class@Gio.BytesIcon]
 */
GIcon *linnet_picture_icon_new (GdkTexture *texture, int size);

G_END_DECLS
