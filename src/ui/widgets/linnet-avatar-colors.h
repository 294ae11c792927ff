/* The colours behind initials, by XEP-0392
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * linnet_avatar_colors_set:
 * @widget: has an [class@Adw.Avatar] in it
 * @address: (nullable): the bare address of whom it shows; NULL: the colour that AdwAvatar chooses
 *
 * Gives the avatar the colour that other programs give the same person, whatever they call them.
 */
void linnet_avatar_colors_set (GtkWidget *widget, const char *address);

/* For tests. The style class of @address, to be freed. */
char *linnet_avatar_colors_get_class (const char *address);
/* The style sheet with all of them, to be freed. */
char *linnet_avatar_colors_to_css (gboolean high_contrast);

G_END_DECLS
