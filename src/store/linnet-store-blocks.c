/* The cached list of blocked addresses (XEP-0191)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-blocks.h"
#include "linnet-store-db-private.h"

typedef struct
{
  gint64 account;
  char **jids;
} Replacement;

static void
replacement_free (gpointer data)
{
  Replacement *self = data;

  g_strfreev (self->jids);
  g_free (self);
}

static gboolean
list_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  g_autoptr (GStrvBuilder) jids = g_strv_builder_new ();
  g_autoptr (GError) local_error = NULL;
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db, "SELECT jid FROM blocks WHERE account = ?1 ORDER BY jid", error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, *(gint64 *) data);
  while (linnet_store_db_next (db, query, &local_error))
    g_strv_builder_take (jids, linnet_store_column_text (query, 0));
  if (linnet_store_had_error (error, &local_error))
    return FALSE;

  g_value_init (result, G_TYPE_STRV);
  g_value_take_boxed (result, g_strv_builder_end (jids));

  return TRUE;
}

static gboolean
insert (LinnetStoreDb *db, const Replacement *replacement, GError **error)
{
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      db, "INSERT INTO blocks (account, jid) VALUES (?1, ?2) ON CONFLICT DO NOTHING", error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, replacement->account);
  for (guint i = 0; replacement->jids[i] != NULL; i++)
    {
      linnet_store_bind_text (query, 2, replacement->jids[i]);
      if (!linnet_store_db_execute (db, query, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
replace_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Replacement *replacement = data;
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db, "DELETE FROM blocks WHERE account = ?1", error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, replacement->account);

  return linnet_store_db_execute (db, query, error) && insert (db, replacement, error);
}

DexFuture *
linnet_store_blocks_list (LinnetStore *store, gint64 account)
{
  return linnet_store_run_read (store, list_job, g_memdup2 (&account, sizeof account), g_free);
}

DexFuture *
linnet_store_blocks_replace (LinnetStore *store, gint64 account, const char *const *jids)
{
  Replacement *replacement = g_new0 (Replacement, 1);

  replacement->account = account;
  replacement->jids = g_strdupv ((char **) jids);

  return linnet_store_run (store, replace_job, replacement, replacement_free);
}
