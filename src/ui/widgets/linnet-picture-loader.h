/* Decoding pictures that came from the network
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>
#include <libdex.h>

G_BEGIN_DECLS

#define LINNET_PICTURE_ERROR (linnet_picture_error_quark ())
GQuark linnet_picture_error_quark (void);

typedef enum
{
  LINNET_PICTURE_ERROR_FORMAT, /* none of PNG, JPEG, WebP, GIF, AVIF */
  LINNET_PICTURE_ERROR_SIZE,   /* too many bytes or pixels */
  LINNET_PICTURE_ERROR_BROKEN,
} LinnetPictureError;

/* What a picture starts with says what it is; its name and declared type say nothing. Pure, for tests. */
gboolean linnet_picture_is_allowed (const guint8 *data, gsize length);

/**
 * LinnetPictureLoader:
 *
 * The only place in Linnet that turns bytes of others into pixels, and it does so in glycin's sandbox: a
 * process of its own without network and files, at most four at a time, 10 s, 20 MiB, and as many pixels as
 * the caller allows. The last pictures are kept, by file: files are named by their content and never change.
 */
#define LINNET_TYPE_PICTURE_LOADER (linnet_picture_loader_get_type ())
G_DECLARE_FINAL_TYPE (LinnetPictureLoader, linnet_picture_loader, LINNET, PICTURE_LOADER, GObject)

LinnetPictureLoader *linnet_picture_loader_get_for_display (GdkDisplay *display);
GdkTexture *linnet_picture_loader_lookup (LinnetPictureLoader *self, GFile *file);
DexFuture *linnet_picture_loader_load (LinnetPictureLoader *self,
                                       GFile *file,
                                       guint64 max_pixels) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *linnet_picture_loader_load_once (LinnetPictureLoader *self,
                                            GFile *file,
                                            guint64 max_pixels) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
