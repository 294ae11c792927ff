/* Choosing a picture of oneself
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-picture-encoder.h"

G_BEGIN_DECLS

/**
 * LinnetPictureChooser:
 *
 * A dialog that reads a picture (in a sandbox, see linnet-picture-loader.h), lets a person choose a square of
 * it and makes a PNG of that. A picture that cannot be used is told about right there, with the way to
 * another one.
 */
#define LINNET_TYPE_PICTURE_CHOOSER (linnet_picture_chooser_get_type ())
G_DECLARE_FINAL_TYPE (LinnetPictureChooser, linnet_picture_chooser, LINNET, PICTURE_CHOOSER, AdwDialog)

/**
 * linnet_picture_chooser_choose:
 * @parent: a widget in the window to ask in
 *
 * Asks for a file, then for the part of it.
 *
 * Returns: (transfer full): a future that resolves to a boxed [struct@Linnet.ChosenPicture], at most
 *   %LINNET_PICTURE_MAX_BYTES, or rejects with G_IO_ERROR_CANCELLED
 */
DexFuture *linnet_picture_chooser_choose (GtkWidget *parent) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a file that is known already: dropped, say. */
DexFuture *linnet_picture_chooser_choose_part (GtkWidget *parent, GFile *file) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
