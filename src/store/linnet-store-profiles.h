/* Rows of what people say of themselves: name and picture
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store.h"

G_BEGIN_DECLS

/* Stored as these numbers: only ever append. */
typedef enum
{
  LINNET_STORE_AVATAR_PEP,   /* XEP-0084 */
  LINNET_STORE_AVATAR_VCARD, /* XEP-0153 */
} LinnetStoreAvatarSource;

/* Boxed; copied deeply. */
typedef struct
{
  char *jid;          /* bare */
  char *nickname;     /* nullable: XEP-0172 */
  char *avatar_hash;  /* nullable: names the file */
  char *avatar_mime;  /* nullable: as announced */
  gint64 avatar_size; /* bytes */
  LinnetStoreAvatarSource avatar_source;
} LinnetStoreProfile;

#define LINNET_TYPE_STORE_PROFILE (linnet_store_profile_get_type ())
GType linnet_store_profile_get_type (void) G_GNUC_CONST;
LinnetStoreProfile *linnet_store_profile_copy (const LinnetStoreProfile *self);
void linnet_store_profile_free (LinnetStoreProfile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetStoreProfile, linnet_store_profile_free)

/* Resolves to a boxed GPtrArray of LinnetStoreProfile: contacts, strangers, the account itself. */
DexFuture *linnet_store_profiles_list (LinnetStore *store, gint64 account) G_GNUC_WARN_UNUSED_RESULT;
/* @hash NULL: no picture any more. Call once the file is written, and see that it still is there afterwards:
   from then on nobody erases it. Resolves to a string: the hash of the picture that no row of any account
   names any more, to be given to linnet_store_profiles_erase_avatars(); NULL: none. */
DexFuture *linnet_store_profiles_set_avatar (LinnetStore *store,
                                             gint64 account,
                                             const char *jid,
                                             const char *hash,
                                             const char *mime,
                                             gint64 size,
                                             LinnetStoreAvatarSource source) G_GNUC_WARN_UNUSED_RESULT;
/* Erases from @directory the files of those @hashes that no row names: another row may do so by now. Resolves
   to true. */
DexFuture *linnet_store_profiles_erase_avatars (LinnetStore *store,
                                                const char *directory,
                                                const char *const *hashes) G_GNUC_WARN_UNUSED_RESULT;
/* @nickname NULL: none. Resolves to true. */
DexFuture *linnet_store_profiles_set_nickname (LinnetStore *store,
                                               gint64 account,
                                               const char *jid,
                                               const char *nickname) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
