/* A copy of a profile's rows that may go elsewhere, and a profile made of one (R35)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-backup.h"
#include "linnet-store-copy-private.h"
#include "linnet-store-schema-private.h"

/* How many steps of SQLite's machine between two looks whether somebody cancelled. */
#define PATIENCE 10000

/* Of these there must be one only. Features of others are asked for again. */
static const char *const left_out[] = { "outbox", "pending", "caps", NULL };

static int
is_cancelled (gpointer cancellable)
{
  return g_cancellable_is_cancelled (cancellable);
}

static sqlite3 *
open_source (const char *path, GError **error)
{
  static const char pragmas[] = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
                                "PRAGMA mmap_size = 0; PRAGMA query_only = ON; BEGIN";
  sqlite3 *handle = NULL;

  if (sqlite3_open_v2 (path, &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
      sqlite3_db_config (handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) == SQLITE_OK &&
      sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL) == SQLITE_OK &&
      sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL) == SQLITE_OK &&
      sqlite3_busy_timeout (handle, 2000) == SQLITE_OK &&
      sqlite3_exec (handle, pragmas, NULL, NULL, NULL) == SQLITE_OK)
    return handle;

  g_set_error_literal (error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_CORRUPT, sqlite3_errmsg (handle));
  sqlite3_close (handle);

  return NULL;
}

/* -1 when there is none. */
static gint64
get_number (sqlite3 *handle, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  gint64 number = -1;

  if (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step (statement) == SQLITE_ROW)
    number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);

  return number;
}

static gboolean
check_version (sqlite3 *source, GError **error)
{
  gint64 version = get_number (source, "PRAGMA user_version");

  if (version > linnet_store_backup_get_version ())
    {
      g_set_error_literal (
          error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_NEWER_SCHEMA, "A newer program wrote it");
      return FALSE;
    }
  if (version < 1 || get_number (source, "PRAGMA application_id") != LINNET_STORE_APPLICATION_ID)
    {
      g_set_error_literal (
          error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_CORRUPT, "This is no database of Linnet");
      return FALSE;
    }

  return TRUE;
}

/* In an older version there may have been no such table yet. */
static gboolean
has_table (sqlite3 *handle, const char *name)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '%s'", name);

  return get_number (handle, sql) > 0;
}

static gboolean
copy_rows (sqlite3 *source, LinnetStoreDb *to, GError **error)
{
  gboolean wanted[LINNET_STORE_N_TABLES];

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    wanted[i] = !g_strv_contains (left_out, linnet_store_copy_get_name (i));

  if (!linnet_store_copy (source, to, FALSE, wanted, error) || !linnet_store_copy_mend (to, error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (wanted[i] && has_table (source, linnet_store_copy_get_name (i)) &&
        !g_strv_contains (left_out, linnet_store_copy_get_name (i)))
      {
        g_set_error (error,
                     LINNET_STORE_ERROR,
                     LINNET_STORE_ERROR_CORRUPT,
                     "Rows of %s are missing",
                     linnet_store_copy_get_name (i));
        return FALSE;
      }

  return TRUE;
}

static void
make_id (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  sqlite3_result_text (context, g_uuid_string_random (), -1, (void (*) (void *)) g_free);
}

/* What servers know an installation by, and what only one can use. */
static gboolean
make_new (LinnetStoreDb *to, gboolean fresh, GError **error)
{
  if (sqlite3_create_function (to->handle, "new_id", 0, SQLITE_UTF8, NULL, make_id, NULL, NULL) != SQLITE_OK)
    {
      linnet_store_db_set_error (to, error);
      return FALSE;
    }

  return linnet_store_db_execute_sql (
             to,
             "UPDATE accounts SET user_agent_id = NULL, fast_mechanism = NULL, fast_expiry = 0,"
             " fast_count = 0, roster_version = NULL",
             error) &&
         (!fresh ||
          linnet_store_db_execute_sql (to, "UPDATE accounts SET user_agent_id = new_id ()", error)) &&
         linnet_store_db_execute_sql (to, "PRAGMA wal_checkpoint(TRUNCATE)", error);
}

gboolean
linnet_store_backup_copy (
    const char *source, const char *target, gboolean fresh, GCancellable *cancellable, GError **error)
{
  sqlite3 *from = open_source (source, error);
  LinnetStoreDb *to = NULL;
  gboolean ok;

  ok = from != NULL && check_version (from, error) && (to = linnet_store_db_open (target, error)) != NULL;
  if (ok)
    {
      sqlite3_progress_handler (from, PATIENCE, is_cancelled, cancellable);
      ok = copy_rows (from, to, error) && make_new (to, fresh, error);
      /* What was interrupted looks like damage. */
      if (g_cancellable_is_cancelled (cancellable))
        {
          g_clear_error (error);
          ok = !g_cancellable_set_error_if_cancelled (cancellable, error);
        }
    }
  sqlite3_close (from);
  g_clear_pointer (&to, linnet_store_db_free);

  return ok;
}

static char **
list_texts (const char *path, const char *sql, GError **error)
{
  sqlite3 *handle = open_source (path, error);
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();
  sqlite3_stmt *statement = NULL;
  int code;

  if (handle == NULL)
    return NULL;

  code = sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL);
  while (code == SQLITE_OK && (code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      g_strv_builder_take (texts, linnet_store_column_text (statement, 0));
      code = SQLITE_OK;
    }
  if (code != SQLITE_DONE)
    g_set_error_literal (error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_CORRUPT, sqlite3_errmsg (handle));
  sqlite3_finalize (statement);
  sqlite3_close (handle);

  return code == SQLITE_DONE ? g_strv_builder_end (texts) : NULL;
}

char **
linnet_store_backup_list_accounts (const char *path, GError **error)
{
  return list_texts (path, "SELECT address FROM accounts ORDER BY position, id", error);
}

char **
linnet_store_backup_list_pictures (const char *path, GError **error)
{
  return list_texts (
      path, "SELECT DISTINCT avatar_hash FROM profiles WHERE avatar_hash IS NOT NULL ORDER BY 1", error);
}

int
linnet_store_backup_get_version (void)
{
  guint n_migrations;
  const LinnetStoreMigration *migrations = linnet_store_schema_get_migrations (&n_migrations);

  return migrations[n_migrations - 1].version;
}
