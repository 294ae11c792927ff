/* The check of the database after an unclean exit (R27)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include <sqlite3.h>

#include "linnet-store-check-private.h"

struct _LinnetStoreCheck
{
  GThread *thread;
  char *path;
  LinnetStoreDamaged damaged;
  gpointer user_data;
  gint stopped; /* atomic */
  gboolean fine;
};

static int
is_stopped (gpointer user_data)
{
  LinnetStoreCheck *self = user_data;

  return g_atomic_int_get (&self->stopped);
}

static gboolean
is_damage (int code)
{
  return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

/* SQLITE_OK when all is well, SQLITE_CORRUPT when not, anything else when that could not be found out. */
static int
check (LinnetStoreCheck *self, sqlite3 *handle)
{
  sqlite3_stmt *statement = NULL;
  int code;

  sqlite3_progress_handler (handle, 10000, is_stopped, self);
  sqlite3_busy_timeout (handle, 2000);

  code = sqlite3_prepare_v2 (handle, "PRAGMA quick_check(1)", -1, &statement, NULL);
  if (code == SQLITE_OK)
    {
      code = sqlite3_step (statement);
      if (code == SQLITE_ROW)
        code = g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") == 0 ? SQLITE_OK
                                                                                        : SQLITE_CORRUPT;
    }
  sqlite3_finalize (statement);

  return code;
}

static gpointer
check_thread (gpointer data)
{
  LinnetStoreCheck *self = data;
  sqlite3 *handle = NULL;
  int code = sqlite3_open_v2 (self->path, &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);

  if (code == SQLITE_OK)
    code = check (self, handle);
  sqlite3_close (handle);

  self->fine = code == SQLITE_OK;
  if (is_damage (code))
    self->damaged (self->user_data);

  return NULL;
}

LinnetStoreCheck *
linnet_store_check_start (const char *path, LinnetStoreDamaged damaged, gpointer user_data)
{
  LinnetStoreCheck *self = g_new0 (LinnetStoreCheck, 1);

  self->path = g_strdup (path);
  self->damaged = damaged;
  self->user_data = user_data;
  self->thread = g_thread_new ("linnet-check", check_thread, self);

  return self;
}

gboolean
linnet_store_check_stop (LinnetStoreCheck *self)
{
  gboolean fine;

  g_atomic_int_set (&self->stopped, TRUE);
  g_thread_join (self->thread);
  fine = self->fine;
  g_free (self->path);
  g_free (self);

  return fine;
}
