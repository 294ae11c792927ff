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
  gboolean blocked;
  char **jids;
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

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

/* Runs @sql with account and address for each address. */
static gboolean
for_each (LinnetStoreDb *db, const char *sql, const Change *change, GError **error)
{
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (db, sql, error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, change->account);
  for (guint i = 0; change->jids[i] != NULL; i++)
    {
      linnet_store_bind_text (query, 2, change->jids[i]);
      if (!linnet_store_db_execute (db, query, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
set_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Change *change = data;

  return for_each (db,
                   change->blocked
                       ? "INSERT INTO blocks (account, jid) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
                       : "DELETE FROM blocks WHERE account = ?1 AND jid = ?2",
                   change,
                   error);
}

static gboolean
replace_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Change *change = data;
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db, "DELETE FROM blocks WHERE account = ?1", error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, change->account);

  return linnet_store_db_execute (db, query, error) && set_job (db, data, result, error);
}

static Change *
change_new (gint64 account, const char *const *jids, gboolean blocked)
{
  Change *self = g_new0 (Change, 1);

  self->account = account;
  self->jids = g_strdupv ((char **) jids);
  self->blocked = blocked;

  return self;
}

DexFuture *
linnet_store_blocks_list (LinnetStore *store, gint64 account)
{
  return linnet_store_run_read (store, list_job, g_memdup2 (&account, sizeof account), g_free);
}

DexFuture *
linnet_store_blocks_replace (LinnetStore *store, gint64 account, const char *const *jids)
{
  return linnet_store_run (store, replace_job, change_new (account, jids, TRUE), change_free);
}

DexFuture *
linnet_store_blocks_set (LinnetStore *store, gint64 account, const char *jid, gboolean blocked)
{
  const char *const jids[] = { jid, NULL };

  return linnet_store_run (store, set_job, change_new (account, jids, blocked), change_free);
}
