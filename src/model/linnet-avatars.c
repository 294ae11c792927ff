/* Pictures of contacts, as files
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-avatars"

#include "config.h"

#include <errno.h>
#include <string.h>

#include <glib/gstdio.h>

#include "linnet-account-private.h"
#include "linnet-avatars.h"
#include "linnet-contact-private.h"
#include "linnet-future.h"
#include "linnet-spawn.h"
#include "linnet-store-profiles.h"
#include "linnet-store-removals.h"
#include "xmpp-avatar.h"
#include "xmpp-roster.h"

#define DIRECTORY "avatars"
#define HASH_LENGTH 40
/* No picture of this size fits a stanza; whatever brings it here, it is not kept. */
#define MAX_BYTES (20 * 1024 * 1024)

struct _LinnetAvatars
{
  GObject parent_instance;

  LinnetAccount *account; /* weak */
  XmppAvatar *feature;
  XmppRoster *roster;
  GHashTable *current; /* address -> hash: what is shown, or being fetched to be */
  GHashTable *vcards;  /* set of addresses: those whose current one is only in their vCard */
  GHashTable *ready;   /* address -> hash: what is shown: its file is there */
  guint closed : 1;
};

G_DEFINE_FINAL_TYPE (LinnetAvatars, linnet_avatars, G_TYPE_OBJECT)

typedef struct
{
  LinnetAvatars *avatars;
  LinnetAccount *account;
  XmppJid *jid;
  XmppAvatarMetadata *metadata; /* nullable */
} Change;

static void
change_free (Change *change)
{
  g_object_unref (change->avatars);
  g_object_unref (change->account);
  xmpp_jid_unref (change->jid);
  g_clear_pointer (&change->metadata, xmpp_avatar_metadata_unref);
  g_free (change);
}

/* The hash comes from the network and becomes a file's name. */
static gboolean
is_hash (const char *text)
{
  return strlen (text) == HASH_LENGTH && strspn (text, "0123456789abcdef") == HASH_LENGTH;
}

static gboolean
is_own (LinnetAccount *account,
        const char *address)
{
  return g_str_equal (linnet_account_get_address (account), address);
}

static DexFuture *
write_picture (const char *profile,
               GFile *file,
               GBytes *picture)
{
  g_autofree char *directory = g_build_filename (profile, DIRECTORY, NULL);

  if (g_mkdir_with_parents (directory, 0700) != 0)
    return dex_future_new_reject (
        G_IO_ERROR, g_io_error_from_errno (errno), "Cannot make the folder of pictures");

  return dex_file_replace_contents_bytes (
      file, picture, NULL, FALSE, G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION);
}

/* On a fiber. */
static gboolean
fetch (LinnetAvatars *self,
       Change *change,
       gsize *size,
       GError **error)
{
  const char *profile = linnet_store_get_directory (change->account->store);
  g_autoptr (GFile) file = linnet_avatars_get_file (profile, change->metadata->id);
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *digest = NULL;

  info = dex_await_object (
      dex_file_query_info (
          file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, G_PRIORITY_DEFAULT),
      NULL);
  if (info != NULL)
    {
      *size = g_file_info_get_size (info);
      return TRUE;
    }

  if (!(bytes = dex_await_boxed (xmpp_avatar_fetch (self->feature, change->jid, change->metadata), error)))
    return FALSE;

  digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, bytes);
  *size = g_bytes_get_size (bytes);
  if (*size == 0 || *size > MAX_BYTES || !g_str_equal (digest, change->metadata->id))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Not the picture that was announced");
      return FALSE;
    }

  return dex_await (write_picture (profile, file, bytes), error);
}

/* @hash: nullable */
static void
set_current (LinnetAvatars *self,
             const char *address,
             const char *hash,
             gboolean vcard)
{
  if (hash != NULL)
    g_hash_table_insert (self->current, g_strdup (address), g_strdup (hash));
  else
    g_hash_table_remove (self->current, address);

  if (hash != NULL && vcard)
    g_hash_table_add (self->vcards, g_strdup (address));
  else
    g_hash_table_remove (self->vcards, address);
}

/* Whether it tells anything new. */
static gboolean
is_news (LinnetAvatars *self,
         const char *address,
         const char *hash,
         gboolean vcard)
{
  const char *current = g_hash_table_lookup (self->current, address);
  gboolean by_vcard = g_hash_table_contains (self->vcards, address);

  if (g_strcmp0 (current, hash) == 0)
    return current != NULL && by_vcard && !vcard;

  /* Their vCard has no picture, and never had: XEP-0084 has, and says so a moment later. */
  return hash != NULL || !vcard || by_vcard;
}

/* @hash: nullable; its file is there. */
static void
linnet_avatars_take (LinnetAvatars *self,
                     const char *address,
                     const char *hash)
{
  g_assert (LINNET_IS_AVATARS (self));

  if (hash != NULL)
    g_hash_table_insert (self->ready, g_strdup (address), g_strdup (hash));
  else
    g_hash_table_remove (self->ready, address);

  linnet_avatars_show (self, address);
}

static DexFuture *
set_avatar (Change *change,
            gsize size)
{
  XmppAvatarMetadata *metadata = change->metadata;
  gboolean vcard = metadata != NULL && metadata->source == XMPP_AVATAR_VCARD;

  return linnet_store_profiles_set_avatar (change->account->store,
                                           linnet_account_get_id (change->account),
                                           xmpp_jid_get_string (change->jid),
                                           metadata != NULL ? metadata->id : NULL,
                                           metadata != NULL ? metadata->type : NULL,
                                           size,
                                           vcard ? LINNET_STORE_AVATAR_VCARD : LINNET_STORE_AVATAR_PEP);
}

static DexFuture *
linnet_avatars_change_fiber (gpointer data)
{
  Change *change = data;
  LinnetAvatars *self = change->avatars;
  const char *address = xmpp_jid_get_string (change->jid);
  const char *hash = change->metadata != NULL ? change->metadata->id : NULL;
  const char *own[] = { hash, NULL };
  const char *orphans[] = { NULL, NULL };
  g_autofree char *orphan = NULL;
  g_autoptr (GError) error = NULL;
  gsize size = 0;

  if (hash != NULL && !fetch (self, change, &size, &error))
    {
      /* The same announcement will be tried again with the next stream. */
      if (g_strcmp0 (g_hash_table_lookup (self->current, address), hash) == 0)
        set_current (self, address, NULL, FALSE);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  /* Another picture may have been announced meanwhile, and the account may be gone. */
  if (self->closed || g_strcmp0 (g_hash_table_lookup (self->current, address), hash) != 0)
    return linnet_avatars_erase (change->account->store, own);

  orphan = dex_await_string (set_avatar (change, size), &error);
  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  /* Whose picture this was before may have let go of it just before the row named it. */
  if (hash != NULL && !fetch (self, change, &size, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (!self->closed && g_strcmp0 (g_hash_table_lookup (self->current, address), hash) == 0)
    linnet_avatars_take (self, address, hash);

  orphans[0] = orphan;

  return linnet_avatars_erase (change->account->store, orphans);
}

static void
changed_cb (LinnetAvatars *self,
            XmppJid *jid,
            XmppAvatarMetadata *metadata,
            guint source,
            XmppAvatar *feature)
{
  const char *address = xmpp_jid_get_string (jid);
  const char *hash = metadata != NULL ? metadata->id : NULL;
  Change *change;

  g_assert (LINNET_IS_AVATARS (self));

  if (self->closed || self->account == NULL)
    return;

  /* Nobody else's: a fetch would tell a stranger that we are here, and when. */
  if (!is_own (self->account, address) && xmpp_roster_lookup (self->roster, jid) == NULL)
    return;

  if ((hash != NULL && !is_hash (hash)) || !is_news (self, address, hash, source == XMPP_AVATAR_VCARD))
    return;

  set_current (self, address, hash, source == XMPP_AVATAR_VCARD);
  change = g_new0 (Change, 1);
  change->avatars = g_object_ref (self);
  change->account = g_object_ref (self->account);
  change->jid = xmpp_jid_ref (jid);
  change->metadata = metadata != NULL ? xmpp_avatar_metadata_ref (metadata) : NULL;
  linnet_spawn_detached ("avatar", linnet_avatars_change_fiber, change, (GDestroyNotify) change_free);
}

static void
linnet_avatars_finalize (GObject *object)
{
  LinnetAvatars *self = LINNET_AVATARS (object);

  g_clear_weak_pointer (&self->account);
  g_clear_object (&self->feature);
  g_clear_object (&self->roster);
  g_clear_pointer (&self->current, g_hash_table_unref);
  g_clear_pointer (&self->vcards, g_hash_table_unref);
  g_clear_pointer (&self->ready, g_hash_table_unref);

  G_OBJECT_CLASS (linnet_avatars_parent_class)->finalize (object);
}

static void
linnet_avatars_class_init (LinnetAvatarsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_avatars_finalize;
}

static void
linnet_avatars_init (LinnetAvatars *self)
{
  self->current = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->vcards = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->ready = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

LinnetAvatars *
linnet_avatars_new (LinnetAccount *account,
                    XmppSession *session)
{
  LinnetAvatars *self = g_object_new (LINNET_TYPE_AVATARS, NULL);

  g_set_weak_pointer (&self->account, account);
  self->feature = g_object_ref (xmpp_session_get_feature (session, XMPP_TYPE_AVATAR));
  self->roster = g_object_ref (xmpp_session_get_feature (session, XMPP_TYPE_ROSTER));
  g_signal_connect_object (self->feature, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

void
linnet_avatars_restore (LinnetAvatars *self,
                        const char *address,
                        const char *hash,
                        LinnetStoreAvatarSource source)
{
  g_return_if_fail (LINNET_IS_AVATARS (self));

  if (self->account == NULL || !is_hash (hash))
    return;

  set_current (self, address, hash, source == LINNET_STORE_AVATAR_VCARD);
  linnet_avatars_take (self, address, hash);
}

void
linnet_avatars_show (LinnetAvatars *self,
                     const char *address)
{
  const char *hash;
  g_autoptr (GFile) file = NULL;
  LinnetContact *contact;

  g_return_if_fail (LINNET_IS_AVATARS (self));

  if (self->account == NULL)
    return;

  hash = g_hash_table_lookup (self->ready, address);
  if (hash != NULL)
    file = linnet_avatars_get_file (linnet_store_get_directory (self->account->store), hash);

  if (is_own (self->account, address))
    linnet_account_set_avatar_file (self->account, file);
  else if ((contact = linnet_account_lookup_contact (self->account, address)) != NULL)
    linnet_contact_set_avatar_file (contact, file);
}

void
linnet_avatars_close (LinnetAvatars *self)
{
  g_return_if_fail (LINNET_IS_AVATARS (self));

  self->closed = TRUE;
}

GFile *
linnet_avatars_get_file (const char *profile,
                         const char *hash)
{
  g_autofree char *path = NULL;

  if (!is_hash (hash))
    return NULL;

  path = g_build_filename (profile, DIRECTORY, hash, NULL);

  return g_file_new_for_path (path);
}

DexFuture *
linnet_avatars_keep (LinnetStore *store,
                     GBytes *picture)
{
  const char *profile = linnet_store_get_directory (store);
  g_autofree char *hash = NULL;
  g_autoptr (GFile) file = NULL;

  linnet_return_error_if_fail (picture != NULL);

  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, picture);
  file = linnet_avatars_get_file (profile, hash);

  return write_picture (profile, file, picture);
}

/**
 * linnet_avatars_erase:
 * @hashes: (nullable): of pictures that some row does not name any more
 *
 * Returns: (transfer full): a future that resolves to true when the files that no row names are gone
 */
DexFuture *
linnet_avatars_erase (LinnetStore *store,
                      const char *const *hashes)
{
  g_autofree char *directory = g_build_filename (linnet_store_get_directory (store), DIRECTORY, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_null_terminated (0, NULL, TRUE);

  for (guint i = 0; hashes != NULL && hashes[i] != NULL; i++)
    {
      if (is_hash (hashes[i]))
        g_ptr_array_add (names, (gpointer) hashes[i]);
    }

  if (names->len == 0)
    return dex_future_new_true ();

  return linnet_store_profiles_erase_avatars (store, directory, (const char *const *) names->pdata);
}

DexFuture *
linnet_avatars_erase_unused (LinnetStore *store)
{
  g_autofree char *directory = g_build_filename (linnet_store_get_directory (store), DIRECTORY, NULL);

  return linnet_store_erase_traces (store, directory);
}
