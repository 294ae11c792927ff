/* Rows of what people say of themselves: name and picture
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include <errno.h>

#include <glib/gstdio.h>

#include "linnet-store-profiles.h"
#include "linnet-store-writer-private.h"

typedef struct
{
  gint64 account;
  LinnetStoreProfile profile;
} Change;

G_DEFINE_BOXED_TYPE (LinnetStoreProfile,
                     linnet_store_profile,
                     linnet_store_profile_copy,
                     linnet_store_profile_free)

typedef struct
{
  char *directory;
  GStrv hashes;
} Erasure;

static void
erasure_free (gpointer data)
{
  Erasure *self = data;

  g_free (self->directory);
  g_strfreev (self->hashes);
  g_free (self);
}

static void
profile_clear (LinnetStoreProfile *self)
{
  g_free (self->jid);
  g_free (self->nickname);
  g_free (self->avatar_hash);
  g_free (self->avatar_mime);
}

static void
change_free (gpointer data)
{
  Change *self = data;

  profile_clear (&self->profile);
  g_free (self);
}

static Change *
change_new (gint64 account, const char *jid)
{
  Change *self = g_new0 (Change, 1);

  self->account = account;
  self->profile.jid = g_strdup (jid);

  return self;
}

static gboolean
list_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  g_autoptr (GPtrArray) profiles =
      g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_store_profile_free);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db,
                             "SELECT jid, nickname, avatar_hash, avatar_mime, avatar_size, avatar_source"
                             " FROM profiles WHERE account = ?1 ORDER BY jid",
                             error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, *(gint64 *) data);
  while (linnet_store_db_next (db, query, &local_error))
    {
      LinnetStoreProfile *profile = g_new0 (LinnetStoreProfile, 1);

      profile->jid = linnet_store_column_text (query, 0);
      profile->nickname = linnet_store_column_text (query, 1);
      profile->avatar_hash = linnet_store_column_text (query, 2);
      profile->avatar_mime = linnet_store_column_text (query, 3);
      profile->avatar_size = sqlite3_column_int64 (query, 4);
      profile->avatar_source = sqlite3_column_int (query, 5);
      g_ptr_array_add (profiles, profile);
    }
  if (linnet_store_had_error (error, &local_error))
    return FALSE;

  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&profiles));

  return TRUE;
}

/* NULL without an error: there is none. */
static char *
find_hash (LinnetStoreDb *db, const Change *change, GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db, "SELECT avatar_hash FROM profiles WHERE account = ?1 AND jid = ?2", error);

  if (query == NULL)
    return NULL;
  sqlite3_bind_int64 (query, 1, change->account);
  linnet_store_bind_text (query, 2, change->profile.jid);

  return linnet_store_db_next (db, query, error) ? linnet_store_column_text (query, 0) : NULL;
}

static gboolean
is_used (LinnetStoreDb *db, const char *hash, gboolean *used, GError **error)
{
  gint64 value;
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db, "SELECT EXISTS (SELECT 1 FROM profiles WHERE avatar_hash = ?1)", error);

  if (query == NULL)
    return FALSE;
  linnet_store_bind_text (query, 1, hash);
  if (!linnet_store_db_next_int64 (db, query, &value, error))
    return FALSE;
  *used = value != 0;

  return TRUE;
}

static gboolean
write_avatar (LinnetStoreDb *db, const Change *change, GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db,
                             "INSERT INTO profiles (account, jid, avatar_hash, avatar_mime, avatar_size,"
                             " avatar_source) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                             " ON CONFLICT (account, jid) DO UPDATE SET avatar_hash = excluded.avatar_hash,"
                             " avatar_mime = excluded.avatar_mime, avatar_size = excluded.avatar_size,"
                             " avatar_source = excluded.avatar_source",
                             error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, change->account);
  linnet_store_bind_text (query, 2, change->profile.jid);
  linnet_store_bind_text (query, 3, change->profile.avatar_hash);
  linnet_store_bind_text (query, 4, change->profile.avatar_mime);
  sqlite3_bind_int64 (query, 5, change->profile.avatar_size);
  sqlite3_bind_int (query, 6, change->profile.avatar_source);

  return linnet_store_db_execute (db, query, error);
}

static gboolean
set_avatar_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Change *change = data;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *old = find_hash (db, change, &local_error);
  gboolean used = TRUE;

  if (linnet_store_had_error (error, &local_error))
    return FALSE;
  if (!write_avatar (db, change, error) || (old != NULL && !is_used (db, old, &used, error)))
    return FALSE;

  g_value_init (result, G_TYPE_STRING);
  g_value_take_string (result, used ? NULL : g_steal_pointer (&old));

  return TRUE;
}

/* Between the question and the erasing nothing is written, as everything is written on this thread. */
static gboolean
erase_avatars_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Erasure *erasure = data;

  for (guint i = 0; erasure->hashes[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (erasure->directory, erasure->hashes[i], NULL);
      gboolean used;

      if (!is_used (db, erasure->hashes[i], &used, error))
        return FALSE;
      if (!used && g_unlink (path) != 0 && errno != ENOENT)
        g_info ("%s is left: %s", path, g_strerror (errno));
    }

  return TRUE;
}

static gboolean
set_nickname_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Change *change = data;

  return linnet_store_profiles_write_nickname (db,
                                               change->account,
                                               change->profile.jid,
                                               change->profile.nickname,
                                               error);
}

gboolean
linnet_store_profiles_write_nickname (LinnetStoreDb *db,
                                      gint64 account,
                                      const char *jid,
                                      const char *nickname,
                                      GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db,
                             "INSERT INTO profiles (account, jid, nickname) VALUES (?1, ?2, ?3)"
                             " ON CONFLICT (account, jid) DO UPDATE SET nickname = excluded.nickname",
                             error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, account);
  linnet_store_bind_text (query, 2, jid);
  linnet_store_bind_text (query, 3, nickname);

  return linnet_store_db_execute (db, query, error);
}

LinnetStoreProfile *
linnet_store_profile_copy (const LinnetStoreProfile *self)
{
  LinnetStoreProfile *copy = g_memdup2 (self, sizeof *self);

  copy->jid = g_strdup (self->jid);
  copy->nickname = g_strdup (self->nickname);
  copy->avatar_hash = g_strdup (self->avatar_hash);
  copy->avatar_mime = g_strdup (self->avatar_mime);

  return copy;
}

void
linnet_store_profile_free (LinnetStoreProfile *self)
{
  profile_clear (self);
  g_free (self);
}

DexFuture *
linnet_store_profiles_list (LinnetStore *store, gint64 account)
{
  return linnet_store_run_read (store, list_job, g_memdup2 (&account, sizeof account), g_free);
}

DexFuture *
linnet_store_profiles_set_avatar (LinnetStore *store,
                                  gint64 account,
                                  const char *jid,
                                  const char *hash,
                                  const char *mime,
                                  gint64 size,
                                  LinnetStoreAvatarSource source)
{
  Change *change = change_new (account, jid);

  change->profile.avatar_hash = g_strdup (hash);
  change->profile.avatar_mime = g_strdup (mime);
  change->profile.avatar_size = size;
  change->profile.avatar_source = source;

  return linnet_store_run (store, set_avatar_job, change, change_free);
}

DexFuture *
linnet_store_profiles_erase_avatars (LinnetStore *store, const char *directory, const char *const *hashes)
{
  Erasure *erasure = g_new0 (Erasure, 1);

  erasure->directory = g_strdup (directory);
  erasure->hashes = g_strdupv ((GStrv) hashes);

  return linnet_store_run (store, erase_avatars_job, erasure, erasure_free);
}

DexFuture *
linnet_store_profiles_set_nickname (LinnetStore *store, gint64 account, const char *jid, const char *nickname)
{
  Change *change = change_new (account, jid);

  change->profile.nickname = g_strdup (nickname);

  return linnet_store_run (store, set_nickname_job, change, change_free);
}
