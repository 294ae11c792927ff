/* The connection and its statements, on the store's thread
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <sqlite3.h>

#include "linnet-store.h"

G_BEGIN_DECLS

struct _LinnetStoreDb
{
  sqlite3 *handle;
  GHashTable *statements; /* the SQL literal's address -> sqlite3_stmt */
  GHashTable *senders;    /* "CONVERSATION RESOURCE" -> id, see linnet-store-insert.c */
  gint64 next_id;         /* of messages and outbox: never given twice while the program runs */
  guint signed_in : 1;    /* there is an account more: to be copied soon */
  guint signed_out : 1;   /* an account went: copies of it have to go, too */
  guint erased : 1;       /* the job erased something that must not stay in the log either (L3) */
};

/* Opens or makes @path, mode 0600, with every safety on, and brings its schema up to date. */
LinnetStoreDb *linnet_store_db_open (const char *path, GError **error);
void linnet_store_db_free (LinnetStoreDb *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetStoreDb, linnet_store_db_free)

/* A job with its transaction around it; after FALSE nothing of it is left. */
gboolean linnet_store_db_run (LinnetStoreDb *self,
                              gboolean read_only,
                              LinnetStoreJob job,
                              gpointer data,
                              GValue *result,
                              GError **error);

/* A statement under way. Leaving the scope resets it. */
typedef sqlite3_stmt LinnetStoreQuery;
void linnet_store_query_end (LinnetStoreQuery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetStoreQuery, linnet_store_query_end)

/* @sql: a literal: its address is the key under which the prepared statement is kept. What is bound must stay
   until the query ends. NULL on error. */
LinnetStoreQuery *linnet_store_db_query (LinnetStoreDb *self, const char *sql, GError **error);
/* TRUE: there is a row. FALSE without @error: no (more) rows. */
gboolean linnet_store_db_next (LinnetStoreDb *self, LinnetStoreQuery *query, GError **error);
/* For statements without rows, which may run again after new bindings. */
gboolean linnet_store_db_execute (LinnetStoreDb *self, LinnetStoreQuery *query, GError **error);
/* Several statements without parameters. */
gboolean linnet_store_db_execute_sql (LinnetStoreDb *self, const char *sql, GError **error);
/* TRUE and @value when there is a row; its first column. FALSE otherwise: on error @error is set. */
gboolean linnet_store_db_next_int64 (LinnetStoreDb *self,
                                     LinnetStoreQuery *query,
                                     gint64 *value,
                                     GError **error);
/* After a loop over linnet_store_db_next(): TRUE, and @error set, when @local_error is. */
gboolean linnet_store_had_error (GError **error, GError **local_error);
/* FALSE, with @what and what errno says. */
gboolean linnet_store_fail_by_errno (GError **error, const char *what);
/* Fails with NOT_FOUND when the last statement changed no row. */
gboolean linnet_store_db_expect_change (LinnetStoreDb *self, GError **error);
/* What the connection failed with. */
void linnet_store_db_set_error (LinnetStoreDb *self, GError **error);

#define linnet_store_bind_text(query, index, text) \
  sqlite3_bind_text ((query), (index), (text), -1, SQLITE_STATIC)
/* Ids from the network: a UUID in its usual form takes 16 bytes instead of 36. @buffer: gchar[16], stays
   until the query ends. */
void linnet_store_bind_id (LinnetStoreQuery *query, int index, const char *id, guchar buffer[16]);
char *linnet_store_column_id (LinnetStoreQuery *query, int column);
char *linnet_store_column_text (LinnetStoreQuery *query, int column);

G_END_DECLS
