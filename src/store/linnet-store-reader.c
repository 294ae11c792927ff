/* Reading all messages of a profile in their order, beside the store
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-backup.h"
#include "linnet-store-db-private.h"
#include "linnet-store-reader.h"

struct _LinnetStoreReader
{
  sqlite3 *handle;
};

static gboolean
fail (LinnetStoreReader *self, GError **error)
{
  g_set_error_literal (error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_FAILED, sqlite3_errmsg (self->handle));

  return FALSE;
}

LinnetStoreReader *
linnet_store_reader_open (const char *directory, GError **error)
{
  static const char pragmas[] = "PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0;"
                                "PRAGMA query_only = ON; BEGIN";
  g_autofree char *path = g_build_filename (directory, LINNET_STORE_DATABASE, NULL);
  g_autoptr (LinnetStoreReader) self = g_new0 (LinnetStoreReader, 1);

  if (sqlite3_open_v2 (path, &self->handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
      sqlite3_busy_timeout (self->handle, 2000) != SQLITE_OK ||
      sqlite3_exec (self->handle, pragmas, NULL, NULL, NULL) != SQLITE_OK)
    {
      fail (self, error);
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
linnet_store_reader_free (LinnetStoreReader *self)
{
  sqlite3_close (self->handle);
  g_free (self);
}

guint64
linnet_store_reader_count (LinnetStoreReader *self, gint64 account)
{
  static const char sql[] = "SELECT count(*) FROM messages WHERE conversation IN"
                            " (SELECT id FROM conversations WHERE account = ?1)";
  sqlite3_stmt *statement = NULL;
  guint64 n = 0;

  g_return_val_if_fail (self != NULL, 0);

  if (sqlite3_prepare_v2 (self->handle, sql, -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_bind_int64 (statement, 1, account) == SQLITE_OK && sqlite3_step (statement) == SQLITE_ROW)
    n = (guint64) sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);

  return n;
}

static gboolean
tell (sqlite3_stmt *statement, LinnetStoreReaderFunc func, gpointer user_data, GError **error)
{
  g_autofree char *stanza_id = linnet_store_column_id (statement, 3);
  const LinnetStoreReaderMessage message = {
    .time = sqlite3_column_int64 (statement, 0),
    .outgoing = sqlite3_column_int (statement, 1) != 0,
    .state = sqlite3_column_int (statement, 2),
    .stanza_id = stanza_id,
    .body = (const char *) sqlite3_column_text (statement, 4),
  };

  return message.body == NULL || func (&message, user_data, error);
}

gboolean
linnet_store_reader_each (LinnetStoreReader *self,
                          gint64 conversation,
                          LinnetStoreReaderFunc func,
                          gpointer user_data,
                          GError **error)
{
  static const char sql[] = "SELECT ifnull(time, position), outgoing, state, stanza_id, body FROM messages"
                            " WHERE conversation = ?1 AND body IS NOT NULL ORDER BY position";
  sqlite3_stmt *statement = NULL;
  gboolean told = TRUE;
  int code;

  g_return_val_if_fail (self != NULL, FALSE);

  code = sqlite3_prepare_v2 (self->handle, sql, -1, &statement, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_bind_int64 (statement, 1, conversation);
  if (code == SQLITE_OK)
    while (told && (code = sqlite3_step (statement)) == SQLITE_ROW)
      told = tell (statement, func, user_data, error);
  if (told && code != SQLITE_DONE)
    told = fail (self, error);
  sqlite3_finalize (statement);

  return told;
}
