/* A contact's or an account's picture, with presence
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account.h"
#include "linnet-contact.h"

G_BEGIN_DECLS

/**
 * LinnetAvatar:
 *
 * An [class@Adw.Avatar] that follows a contact or an account: picture (decoded in a sandbox, see
 * linnet-picture-loader.h), initials and colour by address, and, when `show-presence` is set, a dot in the
 * corner. It is decoration: its accessible role is PRESENTATION.
 *
 * Properties: `size` (int, pixels), `show-presence` (gboolean, default TRUE for contacts).
 */
#define LINNET_TYPE_AVATAR (linnet_avatar_get_type ())
G_DECLARE_FINAL_TYPE (LinnetAvatar, linnet_avatar, LINNET, AVATAR, GtkWidget)

GtkWidget *linnet_avatar_new (int size);
void linnet_avatar_set_contact (LinnetAvatar *self, LinnetContact *contact); /* nullable */
void linnet_avatar_set_account (LinnetAvatar *self, LinnetAccount *account); /* nullable */

/* The picture of @contact, where it is decoded already; where it is not it will be, for the next time, and
 * this gives NULL. Transfer full. */
GdkTexture *linnet_avatar_dup_picture (LinnetContact *contact);

G_END_DECLS
