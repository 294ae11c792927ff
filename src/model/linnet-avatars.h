/* Pictures of contacts, as files
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store-profiles.h"
#include "linnet-types.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

/**
 * LinnetAvatars:
 *
 * Fetches the pictures of contacts and of the account itself, never those of strangers, and keeps each once,
 * under its hash, undecoded, in the profile's folder `avatars`.
 */
#define LINNET_TYPE_AVATARS (linnet_avatars_get_type ())
G_DECLARE_FINAL_TYPE (LinnetAvatars, linnet_avatars, LINNET, AVATARS, GObject)

/* @account is not owned. */
LinnetAvatars *linnet_avatars_new (LinnetAccount *account, XmppSession *session);
/* What the store remembers of @address: shows it. */
void linnet_avatars_restore (LinnetAvatars *self,
                             const char *address,
                             const char *hash,
                             LinnetStoreAvatarSource source);
/* Shows what is known of @address, for an object that has just been made. */
void linnet_avatars_show (LinnetAvatars *self, const char *address);
/* Nothing is fetched or stored any more. */
void linnet_avatars_close (LinnetAvatars *self);

/* Keeps a picture of one's own before it is published: it need not be fetched then. Resolves to true, rejects
 * with G_IO_ERROR. Should it not be published, linnet_avatars_erase() it. */
DexFuture *linnet_avatars_keep (LinnetStore *store, GBytes *picture) G_GNUC_WARN_UNUSED_RESULT;

/* The file of a picture in a profile; NULL when @hash is no SHA-1 in hexadecimal digits. Transfer full. */
GFile *linnet_avatars_get_file (const char *profile, const char *hash);
/* Erases the pictures among @hashes (nullable) that nobody has any more. Resolves to true. */
DexFuture *linnet_avatars_erase (LinnetStore *store, const char *const *hashes) G_GNUC_WARN_UNUSED_RESULT;
/* Erases the pictures that nobody has, and what erased rows left in the database. Resolves to true. */
DexFuture *linnet_avatars_erase_unused (LinnetStore *store) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
