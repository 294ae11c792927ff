/* The disk cache of XEP-0115: what a hash stands for
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-caps.h"
#include "linnet-store-db-private.h"

#define MAX_ENTRIES 2000

typedef struct
{
  char *hash;
  char *ver;
  char *info;
} Entry;

static Entry *
entry_new (const char *hash, const char *ver, const char *info)
{
  Entry *self = g_new0 (Entry, 1);

  self->hash = g_strdup (hash);
  self->ver = g_strdup (ver);
  self->info = g_strdup (info);

  return self;
}

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_free (self->hash);
  g_free (self->ver);
  g_free (self->info);
  g_free (self);
}

static gboolean
load_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Entry *entry = data;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *info = NULL;
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db, "SELECT info FROM caps WHERE hash = ?1 AND ver = ?2", error);

  if (query == NULL)
    return FALSE;
  linnet_store_bind_text (query, 1, entry->hash);
  linnet_store_bind_text (query, 2, entry->ver);
  if (linnet_store_db_next (db, query, &local_error))
    info = linnet_store_column_text (query, 0);
  if (linnet_store_had_error (error, &local_error))
    return FALSE;

  g_value_init (result, G_TYPE_STRING);
  g_value_take_string (result, g_steal_pointer (&info));

  return TRUE;
}

static gboolean
save_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Entry *entry = data;
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db, "INSERT OR REPLACE INTO caps (hash, ver, info) VALUES (?1, ?2, ?3)", error);
  g_autoptr (LinnetStoreQuery) trim =
      linnet_store_db_query (db, "DELETE FROM caps WHERE id <= (SELECT max(id) FROM caps) - ?1", error);

  if (query == NULL || trim == NULL)
    return FALSE;
  linnet_store_bind_text (query, 1, entry->hash);
  linnet_store_bind_text (query, 2, entry->ver);
  linnet_store_bind_text (query, 3, entry->info);
  sqlite3_bind_int (trim, 1, MAX_ENTRIES);

  return linnet_store_db_execute (db, query, error) && linnet_store_db_execute (db, trim, error);
}

DexFuture *
linnet_store_caps_load (LinnetStore *store, const char *hash, const char *ver)
{
  return linnet_store_run_read (store, load_job, entry_new (hash, ver, NULL), entry_free);
}

DexFuture *
linnet_store_caps_save (LinnetStore *store, const char *hash, const char *ver, const char *info)
{
  return linnet_store_run (store, save_job, entry_new (hash, ver, info), entry_free);
}
