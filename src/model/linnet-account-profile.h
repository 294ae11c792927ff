/* What people show of themselves: profiles and pictures
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-profile.h"
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

/**
 * linnet_account_load_profile:
 *
 * Asks the server for what the account publishes of itself, by any program.
 *
 * Returns: (transfer full): a future that resolves to a boxed [struct@Linnet.Profile], an empty one when
 *   there is none, or rejects with LINNET_ERROR
 */
DexFuture *linnet_account_load_profile (LinnetAccount *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_account_load_visibility:
 *
 * Returns: (transfer full): a future that resolves to an unsigned integer, the #LinnetVisibility of what is
 *   published, or of what will be; rejects with LINNET_ERROR
 */
DexFuture *linnet_account_load_visibility (LinnetAccount *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_account_save_profile:
 * @profile: all of it; what other programs wrote beyond that stays
 * @visibility: who may see it, and also nickname and picture
 *
 * Publishes the profile and the nickname in it. Where the server keeps a second card that everybody may read
 * (XEP-0054), it says the same, or nothing when only contacts may see it.
 *
 * Returns: (transfer full): a future that resolves to true, or rejects with LINNET_ERROR; some of it may have
 *   reached the server then, and it can be done again
 */
DexFuture *linnet_account_save_profile (LinnetAccount *self,
                                        const LinnetProfile *profile,
                                        LinnetVisibility visibility) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_contact_load_profile:
 *
 * Asks for what a contact publishes. Strangers are not asked: it would tell them that we are here, and when.
 *
 * Returns: (transfer full): a future that resolves to a boxed [struct@Linnet.Profile], an empty one when
 *   there is nothing to see, or rejects with LINNET_ERROR, _NOT_ALLOWED for who is not in the roster
 */
DexFuture *linnet_contact_load_profile (LinnetContact *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
