/* What has to be finished after an account went, whatever interrupts it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "linnet-store-db-private.h"
#include "linnet-store-removals.h"

/* A database of more bytes is not written anew in memory. */
#define MAX_MEMORY (64 * 1024 * 1024)

static const char *const prefixes[] = {
  [LINNET_STORE_REMOVAL_ACCOUNT] = "removing-",
  [LINNET_STORE_REMOVAL_TRACES] = "erasing-",
  [LINNET_STORE_REMOVAL_SECRETS] = "forgetting-",
  [LINNET_STORE_REMOVAL_SIGN_OUT] = "signing-out-",
};

typedef struct
{
  char *directory;
  char *from; /* nullable: a path that is to go */
  char *to;   /* nullable: a path that is to come */
} Note;

static void
note_free (gpointer data)
{
  Note *note = data;

  g_free (note->directory);
  g_free (note->from);
  g_free (note->to);
  g_free (note);
}

static char *
make_path (const char *directory, LinnetStoreRemovalKind kind, gint64 account)
{
  g_autofree char *name = g_strdup_printf ("%s%" G_GINT64_FORMAT, prefixes[kind], account);

  return g_build_filename (directory, name, NULL);
}

static Note *
note_new (LinnetStore *store)
{
  Note *note = g_new0 (Note, 1);

  note->directory = g_strdup (linnet_store_get_directory (store));

  return note;
}

/* ---- on the store's thread ---- */

static gboolean
sync_path (const char *path, int flags, GError **error)
{
  int fd = open (path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
  gboolean ok = fd >= 0 && fsync (fd) == 0;

  if (!ok)
    linnet_store_fail_by_errno (error, "Cannot note what is being removed");
  if (fd >= 0)
    close (fd);

  return ok;
}

static gboolean
note_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Note *note = data;

  if (note->from != NULL && note->to != NULL)
    {
      if (g_rename (note->from, note->to) != 0 && errno != ENOENT)
        return linnet_store_fail_by_errno (error, "Cannot note what was removed");
    }
  else if (note->from != NULL)
    {
      if (g_unlink (note->from) != 0 && errno != ENOENT)
        return linnet_store_fail_by_errno (error, "Cannot note what was removed");
    }
  else if (!sync_path (note->to, O_WRONLY | O_CREAT, error))
    return FALSE;

  return sync_path (note->directory, O_RDONLY | O_DIRECTORY, error);
}

static gboolean
list_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Note *note = data;
  g_autoptr (GArray) removals = g_array_new (FALSE, FALSE, sizeof (LinnetStoreRemoval));
  g_autoptr (GDir) dir = g_dir_open (note->directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    for (guint kind = 0; kind < G_N_ELEMENTS (prefixes); kind++)
      {
        LinnetStoreRemoval removal = { .kind = kind };

        if (g_str_has_prefix (name, prefixes[kind]) &&
            g_ascii_string_to_signed (
                name + strlen (prefixes[kind]), 10, 1, G_MAXINT64, &removal.account, NULL))
          g_array_append_val (removals, removal);
      }

  g_value_init (result, G_TYPE_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&removals));

  return TRUE;
}

/* Pictures come from many sides; whatever no row names was one of somebody who is gone. */
static gboolean
erase_pictures (LinnetStoreDb *db, const char *directory, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      g_autoptr (LinnetStoreQuery) query =
          linnet_store_db_query (db, "SELECT count(*) FROM profiles WHERE avatar_hash = ?1", error);
      gint64 n = 0;

      if (query == NULL)
        return FALSE;
      linnet_store_bind_text (query, 1, name);
      if (!linnet_store_db_next_int64 (db, query, &n, error))
        return FALSE;
      if (n == 0 && g_unlink (path) != 0)
        g_info ("%s is left: %s", path, g_strerror (errno));
    }

  return TRUE;
}

static gboolean
get_int64 (LinnetStoreDb *db, const char *sql, gint64 *value, GError **error)
{
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (db, sql, error);

  return query != NULL && linnet_store_db_next_int64 (db, query, value, error);
}

static gboolean
erase_traces_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Note *note = data;
  gint64 n_pages = 0, page_size = 0, busy = 0;
  gboolean ok;

  if (!erase_pictures (db, note->from, error) ||
      !get_int64 (db, "PRAGMA page_count", &n_pages, error) ||
      !get_int64 (db, "PRAGMA page_size", &page_size, error))
    return FALSE;

  if (n_pages * page_size > MAX_MEMORY &&
      !linnet_store_db_execute_sql (db, "PRAGMA temp_store = FILE", error))
    return FALSE;
  ok = linnet_store_db_execute_sql (db, "VACUUM", error);
  if (!linnet_store_db_execute_sql (db, "PRAGMA temp_store = MEMORY", ok ? error : NULL) || !ok)
    return FALSE;

  if (!get_int64 (db, "PRAGMA wal_checkpoint(TRUNCATE)", &busy, error))
    return FALSE;
  if (busy != 0)
    g_set_error_literal (error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_BUSY, "The log is being read");

  return busy == 0;
}

/* ---- on the main context ---- */

DexFuture *
linnet_store_removals_list (LinnetStore *store)
{
  return linnet_store_run_read (store, list_job, note_new (store), note_free);
}

DexFuture *
linnet_store_removals_begin (LinnetStore *store, LinnetStoreRemovalKind kind, gint64 account)
{
  Note *note = note_new (store);

  note->to = make_path (note->directory, kind, account);

  return linnet_store_run_read (store, note_job, note, note_free);
}

DexFuture *
linnet_store_removals_advance (LinnetStore *store,
                               LinnetStoreRemovalKind from,
                               LinnetStoreRemovalKind to,
                               gint64 account)
{
  Note *note = note_new (store);

  note->from = make_path (note->directory, from, account);
  note->to = make_path (note->directory, to, account);

  return linnet_store_run_read (store, note_job, note, note_free);
}

DexFuture *
linnet_store_removals_end (LinnetStore *store, LinnetStoreRemovalKind kind, gint64 account)
{
  Note *note = note_new (store);

  note->from = make_path (note->directory, kind, account);

  return linnet_store_run_read (store, note_job, note, note_free);
}

DexFuture *
linnet_store_erase_traces (LinnetStore *store, const char *directory)
{
  Note *note = note_new (store);

  note->from = g_strdup (directory);

  return linnet_store_run_read (store, erase_traces_job, note, note_free);
}
