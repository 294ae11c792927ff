/* What a person shows of themselves
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"

G_BEGIN_DECLS

/* Larger pictures do not reach the server. */
#define LINNET_PICTURE_MAX_BYTES (144 * 1024)

/**
 * linnet_account_set_picture:
 * @png: (nullable): a PNG of at most %LINNET_PICTURE_MAX_BYTES, without anything in it that tells of the
 *   person (made anew from pixels); %NULL for no picture any more
 * @width: its width in pixels
 * @height: its height in pixels
 *
 * Publishes the account's picture. Who sees it stays as it was; at first these are the contacts. When it
 * worked [property@Linnet.Account:avatar-file] follows at once.
 *
 * Returns: (transfer full): a future that resolves to true, or rejects with LINNET_ERROR, _NO_PROFILES when
 *   the server keeps none; nothing has changed then
 */
DexFuture *linnet_account_set_picture (LinnetAccount *self,
                                       GBytes *png,
                                       guint width,
                                       guint height) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
