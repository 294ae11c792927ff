/* Choosing a square of a picture
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LinnetCropView:
 *
 * Shows a picture behind a round window. It is moved by dragging and by the arrow keys, made larger and
 * smaller by pinching, scrolling, plus and minus. Its accessible role is GROUP; whoever uses it gives it a
 * name and has a scale that follows `zoom`.
 *
 * Properties: `zoom` (double, from 1 to `max-zoom`), `max-zoom` (double).
 */
#define LINNET_TYPE_CROP_VIEW (linnet_crop_view_get_type ())
G_DECLARE_FINAL_TYPE (LinnetCropView, linnet_crop_view, LINNET, CROP_VIEW, GtkWidget)

/* @texture: (nullable): what to show; @width, @height: of the picture that it is a smaller copy of. */
void
linnet_crop_view_set_picture (LinnetCropView *self, GdkTexture *texture, guint width, guint height);
/* In pixels of the picture. */
void linnet_crop_view_get_square (LinnetCropView *self, guint *x, guint *y, guint *side);

G_END_DECLS
