/* Making pictures smaller, and PNGs of them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>
#include <libdex.h>

G_BEGIN_DECLS

/**
 * LinnetChosenPicture:
 * @png: made of pixels alone: nothing in it tells of camera, place or program
 * @size: width and height in pixels
 * @texture: the same to show
 *
 * A square picture that is ready to be published. Boxed, reference-counted, never changed.
 */
typedef struct
{
  GBytes *png;
  guint size;
  GdkTexture *texture;
} LinnetChosenPicture;

#define LINNET_TYPE_CHOSEN_PICTURE (linnet_chosen_picture_get_type ())
GType linnet_chosen_picture_get_type (void) G_GNUC_CONST;
LinnetChosenPicture *linnet_chosen_picture_ref (LinnetChosenPicture *self);
void linnet_chosen_picture_unref (LinnetChosenPicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetChosenPicture, linnet_chosen_picture_unref)

/* Pixels: four bytes each, blue, green, red and alpha, premultiplied. */
typedef struct
{
  const guint8 *data; /* the first pixel of what is meant */
  gsize stride;
  guint width;
  guint height;
} LinnetPixels;

/* Each pixel of the result, @width × @height (at most what @source has), is the mean of what it covers. Pure.
 * Transfer full: 4 * @width bytes a row. */
guint8 *linnet_picture_scale (const LinnetPixels *source, guint width, guint height);
/* The side to try next when @side gave too many bytes. Pure. */
guint linnet_picture_next_side (guint side, gsize bytes, gsize max_bytes);

/**
 * linnet_picture_shrink:
 * @max_side: in pixels
 *
 * Makes @texture fit, in another thread.
 *
 * Returns: (transfer full): a future that resolves to a [class@Gdk.Texture]; @texture itself when it fits
 */
DexFuture *linnet_picture_shrink (GdkTexture *texture, guint max_side) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_picture_encode_square:
 * @x: where the square begins in @texture
 * @max_side: the largest side that the result may have, in pixels
 * @max_bytes: the most that it may have in all; the side gets smaller until it fits
 *
 * Makes a PNG of a part of @texture, in another thread.
 *
 * Returns: (transfer full): a future that resolves to a boxed [struct@Linnet.ChosenPicture], or rejects with
 *   G_IO_ERROR_NO_SPACE when not even the smallest fits
 */
DexFuture *linnet_picture_encode_square (GdkTexture *texture,
                                         guint x,
                                         guint y,
                                         guint side,
                                         guint max_side,
                                         gsize max_bytes) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
