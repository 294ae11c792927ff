/* The connection and its statements, on the store's thread
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "linnet-store-schema-private.h"

/* How long another program, for example a backup, may hold the database. */
#define BUSY_TIMEOUT 2000

/* Network file systems without the shared memory that a write-ahead log needs (R30). */
#define NFS_MAGIC 0x6969
#define SMB_MAGIC 0x517b
#define SMB2_MAGIC 0xfe534d42
#define CIFS_MAGIC 0xff534d42

static void
statement_free (gpointer data)
{
  sqlite3_finalize (data);
}

static int
error_code (sqlite3 *handle)
{
  switch (sqlite3_errcode (handle) & 0xff)
    {
    case SQLITE_FULL:
      return LINNET_STORE_ERROR_FULL;
    case SQLITE_IOERR:
      /* A quota that is used up is a full disk, too; SQLite knows only one of the two. */
      return sqlite3_system_errno (handle) == EDQUOT ? LINNET_STORE_ERROR_FULL : LINNET_STORE_ERROR_IO;
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return LINNET_STORE_ERROR_IO;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return LINNET_STORE_ERROR_CORRUPT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return LINNET_STORE_ERROR_BUSY;
    case SQLITE_CONSTRAINT:
      break;
    default:
      return LINNET_STORE_ERROR_FAILED;
    }

  switch (sqlite3_extended_errcode (handle))
    {
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return LINNET_STORE_ERROR_NOT_FOUND;
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return LINNET_STORE_ERROR_EXISTS;
    default:
      return LINNET_STORE_ERROR_FAILED;
    }
}

void
linnet_store_db_set_error (LinnetStoreDb *self, GError **error)
{
  g_set_error_literal (error, LINNET_STORE_ERROR, error_code (self->handle), sqlite3_errmsg (self->handle));
}

void
linnet_store_query_end (LinnetStoreQuery *self)
{
  if (self == NULL)
    return;

  sqlite3_reset (self);
  sqlite3_clear_bindings (self);
}

LinnetStoreQuery *
linnet_store_db_query (LinnetStoreDb *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement != NULL)
    return statement;

  if (sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
    {
      linnet_store_db_set_error (self, error);
      return NULL;
    }
  g_hash_table_insert (self->statements, (gpointer) sql, statement);

  return statement;
}

gboolean
linnet_store_db_next (LinnetStoreDb *self, LinnetStoreQuery *query, GError **error)
{
  switch (sqlite3_step (query))
    {
    case SQLITE_ROW:
      return TRUE;
    case SQLITE_DONE:
      break;
    default:
      linnet_store_db_set_error (self, error);
      break;
    }
  sqlite3_reset (query);

  return FALSE;
}

gboolean
linnet_store_db_execute (LinnetStoreDb *self, LinnetStoreQuery *query, GError **error)
{
  int code = sqlite3_step (query);

  if (code != SQLITE_DONE && code != SQLITE_ROW)
    linnet_store_db_set_error (self, error);
  sqlite3_reset (query);

  return code == SQLITE_DONE || code == SQLITE_ROW;
}

gboolean
linnet_store_db_execute_sql (LinnetStoreDb *self, const char *sql, GError **error)
{
  if (sqlite3_exec (self->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  linnet_store_db_set_error (self, error);

  return FALSE;
}

gboolean
linnet_store_db_next_int64 (LinnetStoreDb *self, LinnetStoreQuery *query, gint64 *value, GError **error)
{
  if (!linnet_store_db_next (self, query, error))
    return FALSE;

  *value = sqlite3_column_int64 (query, 0);
  sqlite3_reset (query);

  return TRUE;
}

gboolean
linnet_store_had_error (GError **error, GError **local_error)
{
  if (*local_error == NULL)
    return FALSE;

  g_propagate_error (error, g_steal_pointer (local_error));

  return TRUE;
}

gboolean
linnet_store_fail_by_errno (GError **error, const char *what)
{
  int saved = errno;

  g_set_error (error,
               LINNET_STORE_ERROR,
               saved == ENOSPC || saved == EDQUOT ? LINNET_STORE_ERROR_FULL : LINNET_STORE_ERROR_IO,
               "%s: %s",
               what,
               g_strerror (saved));

  return FALSE;
}

gboolean
linnet_store_db_expect_change (LinnetStoreDb *self, GError **error)
{
  if (sqlite3_changes (self->handle) > 0)
    return TRUE;

  g_set_error_literal (error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_NOT_FOUND, "There is no such row");

  return FALSE;
}

/* Only what prints back as the very same text. */
static gboolean
parse_uuid (const char *text, guchar uuid[16])
{
  gsize n = 0;

  for (gsize i = 0; i < 36; i++)
    {
      int high, low;

      if (i == 8 || i == 13 || i == 18 || i == 23)
        {
          if (text[i] != '-')
            return FALSE;
          continue;
        }
      if (g_ascii_isupper (text[i]) || (high = g_ascii_xdigit_value (text[i])) < 0 ||
          g_ascii_isupper (text[i + 1]) || (low = g_ascii_xdigit_value (text[i + 1])) < 0)
        return FALSE;
      uuid[n++] = high << 4 | low;
      i++;
    }

  return text[36] == '\0';
}

void
linnet_store_bind_id (LinnetStoreQuery *query, int index, const char *id, guchar buffer[16])
{
  if (id != NULL && parse_uuid (id, buffer))
    sqlite3_bind_blob (query, index, buffer, 16, SQLITE_STATIC);
  else
    linnet_store_bind_text (query, index, id);
}

char *
linnet_store_column_id (LinnetStoreQuery *query, int column)
{
  const guchar *u;

  if (sqlite3_column_type (query, column) != SQLITE_BLOB)
    return linnet_store_column_text (query, column);
  if (sqlite3_column_bytes (query, column) != 16)
    return NULL;

  u = sqlite3_column_blob (query, column);

  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                          u[0],
                          u[1],
                          u[2],
                          u[3],
                          u[4],
                          u[5],
                          u[6],
                          u[7],
                          u[8],
                          u[9],
                          u[10],
                          u[11],
                          u[12],
                          u[13],
                          u[14],
                          u[15]);
}

char *
linnet_store_column_text (LinnetStoreQuery *query, int column)
{
  const char *text = (const char *) sqlite3_column_text (query, column);

  return text == NULL ? NULL : g_strndup (text, sqlite3_column_bytes (query, column));
}

/* SQLite makes the log and its index with the mode of the database. */
static gboolean
make_file (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0 || fchmod (fd, 0600) != 0)
    {
      g_set_error (error,
                   LINNET_STORE_ERROR,
                   LINNET_STORE_ERROR_IO,
                   "Cannot open the database: %s",
                   g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return FALSE;
    }
  close (fd);

  return TRUE;
}

static gboolean
can_share_memory (const char *path)
{
  struct statfs info;

  if (statfs (path, &info) != 0)
    return TRUE;

  switch ((guint32) info.f_type)
    {
    case NFS_MAGIC:
    case SMB_MAGIC:
    case SMB2_MAGIC:
    case CIFS_MAGIC:
      return FALSE;
    default:
      return TRUE;
    }
}

/* L4: whatever is in the file, it is data. */
static gboolean
set_defences (LinnetStoreDb *self, GError **error)
{
  static const struct
  {
    int option;
    int value;
  } options[] = {
    { SQLITE_DBCONFIG_DEFENSIVE, 1 },
    { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
    { SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
    { SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
    { SQLITE_DBCONFIG_DQS_DML, 0 },
    { SQLITE_DBCONFIG_DQS_DDL, 0 },
    { SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (sqlite3_db_config (self->handle, options[i].option, options[i].value, NULL) != SQLITE_OK)
      {
        linnet_store_db_set_error (self, error);
        return FALSE;
      }

  return linnet_store_db_execute_sql (self, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;", error);
}

static gboolean
set_up (LinnetStoreDb *self, const char *path, GError **error)
{
  const LinnetStoreMigration *migrations;
  guint n_migrations;

  migrations = linnet_store_schema_get_migrations (&n_migrations);

  if (!set_defences (self, error) ||
      !linnet_store_schema_check (self, migrations[n_migrations - 1].version, error))
    return FALSE;

  if (!linnet_store_db_execute_sql (self,
                                    can_share_memory (path) ? "PRAGMA journal_mode = WAL;"
                                                            : "PRAGMA journal_mode = TRUNCATE;",
                                    error))
    return FALSE;

  /* FULL also in the log: a message told to be stored survives the loss of power (R25). */
  return linnet_store_db_execute_sql (self,
                                      "PRAGMA synchronous = FULL;"
                                      "PRAGMA secure_delete = ON;"
                                      "PRAGMA temp_store = MEMORY;"
                                      "PRAGMA journal_size_limit = 8388608;",
                                      error) &&
         linnet_store_schema_migrate (self, path, migrations, n_migrations, error);
}

static gboolean
read_next_id (LinnetStoreDb *self, GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (self,
                             "SELECT max((SELECT ifnull(max(id), 0) FROM messages),"
                             "           (SELECT ifnull(max(id), 0) FROM outbox)) + 1",
                             error);

  return query != NULL && linnet_store_db_next_int64 (self, query, &self->next_id, error);
}

LinnetStoreDb *
linnet_store_db_open (const char *path, GError **error)
{
  g_autoptr (LinnetStoreDb) self = g_new0 (LinnetStoreDb, 1);

  self->statements = g_hash_table_new_full (NULL, NULL, NULL, statement_free);
  self->senders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (!make_file (path, error))
    return NULL;

  if (sqlite3_open_v2 (path,
                       &self->handle,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                       NULL) != SQLITE_OK)
    {
      linnet_store_db_set_error (self, error);
      return NULL;
    }
  sqlite3_busy_timeout (self->handle, BUSY_TIMEOUT);

  if (!set_up (self, path, error) || !read_next_id (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
linnet_store_db_free (LinnetStoreDb *self)
{
  g_hash_table_unref (self->statements);
  g_hash_table_unref (self->senders);
  sqlite3_close (self->handle);
  g_free (self);
}

static void
roll_back (LinnetStoreDb *self)
{
  g_autoptr (GError) error = NULL;

  /* Ids of rows that are gone. */
  g_hash_table_remove_all (self->senders);
  self->erased = FALSE;

  /* Some errors have already done it. */
  if (!sqlite3_get_autocommit (self->handle) && !linnet_store_db_execute_sql (self, "ROLLBACK", &error))
    g_warning ("Cannot roll back: %s", error->message);
}

static gboolean
execute_literal (LinnetStoreDb *self, const char *sql, GError **error)
{
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (self, sql, error);

  return query != NULL && linnet_store_db_execute (self, query, error);
}

gboolean
linnet_store_db_run (LinnetStoreDb *self,
                     gboolean read_only,
                     LinnetStoreJob job,
                     gpointer data,
                     GValue *result,
                     GError **error)
{
  if (read_only)
    return job (self, data, result, error);

  if (!execute_literal (self, "BEGIN IMMEDIATE", error))
    return FALSE;

  if (!job (self, data, result, error) || !execute_literal (self, "COMMIT", error))
    {
      roll_back (self);
      return FALSE;
    }

  if (self->erased)
    {
      g_autoptr (GError) checkpoint_error = NULL;

      /* The change itself is durable; what was erased may stay in the log until the next time. */
      self->erased = FALSE;
      if (!execute_literal (self, "PRAGMA wal_checkpoint(TRUNCATE)", &checkpoint_error))
        g_debug ("Cannot empty the log: %s", checkpoint_error->message);
    }

  return TRUE;
}
