/* Pictures that are dropped or pasted
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>
#include <libdex.h>

G_BEGIN_DECLS

/* @future: (transfer full): what [func@Linnet.picture_chooser_choose_part] gives. */
typedef void (*LinnetPictureDropFunc) (gpointer user_data, DexFuture *future);

/**
 * linnet_picture_drop_accept:
 * @widget: where a file may be dropped, or a file or picture pasted while it has the focus
 * @func: called with @user_data, which must live as long as @widget, each time that happens
 *
 * Lets a person give a picture without looking for its file. The toolkit's own way to paste pictures decodes
 * them in this process, so it is not used (security.md F6).
 */
void linnet_picture_drop_accept (GtkWidget *widget, LinnetPictureDropFunc func, gpointer user_data);

G_END_DECLS
