/* A new database out of what is left of a damaged one (R27)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "linnet-store-copy-private.h"
#include "linnet-store-salvage-private.h"

/* Names beside the database's own. */
#define SETTINGS ".settings"      /* a database with the settings only */
#define NEW_SETTINGS ".settings-" /* the same, not finished */
#define DAMAGED ".damaged-"       /* what was put aside */
#define SOURCE ".source"          /* a copy of the damaged one, to work on */
#define GROWING ".salvaging"      /* the new one, not finished */
#define FINISHED ".salvaged"      /* the new one, to be put in place */

#define PAGE_SIZE 4096
#define HEADER_SIZE 100

static void
remove_database (const char *path)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

      if (g_unlink (name) != 0 && errno != ENOENT)
        g_debug ("Cannot remove %s: %s", name, g_strerror (errno));
    }
}

static gboolean
sync_directory (const char *path, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);
  int fd = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean ok = fd >= 0 && fsync (fd) == 0;

  if (!ok)
    linnet_store_fail_by_errno (error, "Cannot write the data directory");
  if (fd >= 0)
    close (fd);

  return ok;
}

/* ---- the damaged one ---- */

static gboolean
copy_file (const char *from, const char *to, GError **error)
{
  const GFileCopyFlags flags = G_FILE_COPY_OVERWRITE | G_FILE_COPY_NOFOLLOW_SYMLINKS;
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  g_autoptr (GError) local_error = NULL;
  int code = LINNET_STORE_ERROR_IO;

  if (g_file_copy (source, target, flags, NULL, NULL, NULL, &local_error) ||
      g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return TRUE;

  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    code = LINNET_STORE_ERROR_FULL;
  g_set_error_literal (error, LINNET_STORE_ERROR, code, local_error->message);

  return FALSE;
}

/* Every database of ours begins with the same bytes, but for a few counts: a header that cannot be right
 * gives way to that of @model. The number of pages is that of the file, also where that was cut off. */
static void
mend_header (const char *path, const char *model)
{
  guchar header[HEADER_SIZE];
  guchar right[HEADER_SIZE];
  int fd = open (path, O_RDWR | O_CLOEXEC);
  int model_fd = open (model, O_RDONLY | O_CLOEXEC);

  if (fd >= 0 && model_fd >= 0 && pread (fd, header, sizeof header, 0) == sizeof header &&
      pread (model_fd, right, sizeof right, 0) == sizeof right)
    {
      guint32 pages = GUINT32_TO_BE ((guint32) (lseek (fd, 0, SEEK_END) / PAGE_SIZE));

      /* What never changes: up to 24 how the file is built, from 44 on how its text is. */
      if (memcmp (header, right, 24) != 0 || memcmp (header + 44, right + 44, 16) != 0)
        memcpy (header, right, sizeof header);
      /* The number of pages counts only when what stands at 92 equals what stands at 24. */
      memcpy (header + 28, &pages, 4);
      memcpy (header + 92, header + 24, 4);
      if (pwrite (fd, header, sizeof header, 0) != sizeof header)
        g_debug ("Cannot mend the header: %s", g_strerror (errno));
    }

  if (fd >= 0)
    close (fd);
  if (model_fd >= 0)
    close (model_fd);
}

/* A copy of @path that may be written to, e.g. by playing back its log. NULL without @error: nothing of it is
 * a database. */
static sqlite3 *
open_source (const char *path, const char *model, GError **error)
{
  g_autofree char *source = g_strconcat (path, SOURCE, NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autofree char *source_log = g_strconcat (source, "-wal", NULL);
  sqlite3 *handle = NULL;

  remove_database (source);
  if (!copy_file (path, source, error) || !copy_file (log, source_log, error))
    return NULL;
  mend_header (source, model);

  if (sqlite3_open_v2 (source, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
      /* With this a schema of which only a part can be read is used as far as that goes. */
      sqlite3_exec (handle,
                    "PRAGMA writable_schema = ON; PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF;"
                    "PRAGMA mmap_size = 0;",
                    NULL,
                    NULL,
                    NULL) != SQLITE_OK)
    {
      g_debug ("Nothing to be read at all: %s", sqlite3_errmsg (handle));
      sqlite3_close (handle);
      return NULL;
    }

  return handle;
}

/* ---- the new one ---- */

static gboolean
fill (LinnetStoreDb *to, const char *path, const char *model, GError **error)
{
  g_autofree char *settings = g_strconcat (path, SETTINGS, NULL);
  gboolean wanted[LINNET_STORE_N_TABLES];
  g_autoptr (GError) local_error = NULL;
  sqlite3 *from;
  gboolean ok = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    wanted[i] = TRUE;

  from = open_source (path, model, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (from != NULL)
    ok = linnet_store_copy (from, to, FALSE, wanted, error);
  sqlite3_close (from);
  if (!ok)
    return FALSE;

  /* Tables that came over whole are newer than the copy, whatever they lack was erased. Of an account that
   * was, there is no copy any more; but a page of which a bit is wrong can look empty. */
  wanted[LINNET_STORE_COPY_ACCOUNTS] = TRUE;
  from = NULL;
  if (sqlite3_open_v2 (settings, &from, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
    ok = linnet_store_copy (from, to, TRUE, wanted, error);
  sqlite3_close (from);

  return ok && linnet_store_copy_mend (to, error);
}

static gboolean
grow (const char *path, const char *growing, GError **error)
{
  g_autoptr (LinnetStoreDb) to = NULL;

  remove_database (growing);
  to = linnet_store_db_open (growing, error);
  if (to == NULL)
    return FALSE;

  /* What follows takes its header from the file, so it must be there, not only in the log. */
  return linnet_store_db_execute_sql (to, "PRAGMA wal_checkpoint(TRUNCATE)", error) &&
         fill (to, path, growing, error);
}

static gboolean
move (const char *from, const char *to, GError **error)
{
  if (g_rename (from, to) == 0 || errno == ENOENT)
    return TRUE;

  return linnet_store_fail_by_errno (error, "Cannot rename the database");
}

/* A name that nothing has: what is put aside stays. Transfer full. */
static char *
choose_name (const char *path)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S");
  char *name = g_strconcat (path, DAMAGED, time, NULL);

  for (guint i = 2; g_file_test (name, G_FILE_TEST_EXISTS); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s" DAMAGED "%s-%u", path, time, i);
    }

  return name;
}

gboolean
linnet_store_salvage_finish (const char *path, gboolean *salvaged, GError **error)
{
  g_autofree char *finished = g_strconcat (path, FINISHED, NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autofree char *memory = g_strconcat (path, "-shm", NULL);
  g_autofree char *kept = NULL;
  g_autofree char *kept_log = NULL;

  if (!g_file_test (finished, G_FILE_TEST_EXISTS))
    return TRUE;

  kept = choose_name (path);
  kept_log = g_strconcat (kept, "-wal", NULL);

  /* The log goes first: it must never lie beside another database. */
  if (!move (log, kept_log, error))
    return FALSE;
  if (g_unlink (memory) != 0 && errno != ENOENT)
    return linnet_store_fail_by_errno (error, "Cannot remove the index of the log");
  if (!move (path, kept, error) || !move (finished, path, error) || !sync_directory (path, error))
    return FALSE;
  g_message ("The database was damaged: what could be read is in a new one, the old one is %s", kept);
  *salvaged = TRUE;

  return TRUE;
}

gboolean
linnet_store_salvage (const char *path, gboolean *salvaged, GError **error)
{
  g_autofree char *growing = g_strconcat (path, GROWING, NULL);
  g_autofree char *finished = g_strconcat (path, FINISHED, NULL);
  g_autofree char *source = g_strconcat (path, SOURCE, NULL);
  gboolean ok = grow (path, growing, error);

  remove_database (source);
  if (!ok)
    {
      remove_database (growing);
      return FALSE;
    }

  return move (growing, finished, error) && sync_directory (path, error) &&
         linnet_store_salvage_finish (path, salvaged, error);
}

gboolean
linnet_store_salvage_is_lost (const char *path)
{
  g_autofree char *settings = g_strconcat (path, SETTINGS, NULL);
  GStatBuf info;

  return (g_stat (path, &info) != 0 ? errno == ENOENT : info.st_size == 0) &&
         g_file_test (settings, G_FILE_TEST_EXISTS);
}

/* ---- the copy of the settings ---- */

gint64
linnet_store_salvage_get_age (const char *path)
{
  g_autofree char *settings = g_strconcat (path, SETTINGS, NULL);
  GStatBuf info;
  gint64 age;

  if (g_stat (settings, &info) != 0)
    return LINNET_STORE_SETTINGS_AGE;

  /* From the future: a clock was wrong. */
  age = g_get_real_time () - info.st_mtime * G_TIME_SPAN_SECOND;

  return age >= 0 ? MIN (age, LINNET_STORE_SETTINGS_AGE) : LINNET_STORE_SETTINGS_AGE;
}

/* Nothing to be copied is no reason to make one believe that there was a profile. */
static gboolean
has_accounts (LinnetStoreDb *db)
{
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (db, "SELECT count(*) FROM accounts", NULL);
  gint64 n = 0;

  return query != NULL && linnet_store_db_next_int64 (db, query, &n, NULL) && n > 0;
}

gboolean
linnet_store_salvage_copy_settings (const char *path, GError **error)
{
  g_autofree char *growing = g_strconcat (path, NEW_SETTINGS, NULL);
  g_autofree char *settings = g_strconcat (path, SETTINGS, NULL);
  gboolean wanted[LINNET_STORE_N_TABLES];
  LinnetStoreDb *to;
  sqlite3 *from = NULL;
  gboolean useful, ok;

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    wanted[i] = TRUE;

  remove_database (growing);
  to = linnet_store_db_open (growing, error);
  if (to == NULL)
    return FALSE;

  ok = sqlite3_open_v2 (path, &from, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
       sqlite3_exec (from, "BEGIN", NULL, NULL, NULL) == SQLITE_OK;
  if (!ok)
    g_set_error_literal (error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_IO, sqlite3_errmsg (from));
  ok = ok && linnet_store_copy (from, to, TRUE, wanted, error) && linnet_store_copy_mend (to, error);
  sqlite3_close (from);
  useful = ok && has_accounts (to);
  linnet_store_db_free (to);
  for (guint i = 0; ok && i < G_N_ELEMENTS (wanted); i++)
    if (wanted[i] && linnet_store_copy_is_settings (i))
      {
        /* The copy from before is better than this one. */
        g_set_error_literal (error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_CORRUPT, "Something is missing");
        ok = FALSE;
      }
  if (ok && useful)
    return move (growing, settings, error) && sync_directory (path, error);

  remove_database (growing);

  return ok;
}

void
linnet_store_salvage_drop_copies (const char *path)
{
  static const char *const endings[] = { SETTINGS, DAMAGED, SOURCE, GROWING, ".backup", ".v" };
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
        {
          g_autofree char *prefix = g_strconcat (base, endings[i], NULL);
          g_autofree char *file = g_build_filename (directory, name, NULL);

          if (g_str_has_prefix (name, prefix) && g_unlink (file) != 0)
            g_message ("Cannot remove %s: %s", name, g_strerror (errno));
        }
    }
}
