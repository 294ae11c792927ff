/* Fuzz target: whatever is in a backup, it is refused with a reason, or becomes a sound profile
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The first byte of an input tells what the rest is: a whole file (f), what is encrypted in one (c), or only
 * the database in it (d).
 */
#include <string.h>

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "linnet-account-manager.h"
#include "linnet-backup-private.h"
#include "linnet-error.h"
#include "linnet-store-backup.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define PASSPHRASE "correct horse battery staple"
#define HASH_LENGTH 40
/* Where the header says what the key costs. */
#define COST_OFFSET 16

/* As little as there may be. */
static const LinnetBackupCost cost = { .opslimit = 1, .memlimit = 8192 };

static void
put_entry (GByteArray *content,
           const char *name,
           gconstpointer bytes,
           gsize length)
{
  guint32 name_length = GUINT32_TO_BE ((guint32) strlen (name));
  guint64 content_length = GUINT64_TO_BE ((guint64) length);

  g_byte_array_append (content, (const guint8 *) &name_length, sizeof name_length);
  g_byte_array_append (content, (const guint8 *) name, (guint) strlen (name));
  g_byte_array_append (content, (const guint8 *) &content_length, sizeof content_length);
  g_byte_array_append (content, bytes, (guint) length);
}

static GByteArray *
wrap_database (const guint8 *data,
               gsize size)
{
  static const char manifest[] = "{\"format\": 1, \"schema\": 1}";
  GByteArray *content = g_byte_array_new ();

  put_entry (content, LINNET_BACKUP_MANIFEST, manifest, strlen (manifest));
  put_entry (content, LINNET_STORE_DATABASE, data, size);
  g_byte_array_append (content, (const guint8 *) "\0\0\0\0", 4);

  return content;
}

static GBytes *
encrypt (const guint8 *data,
         gsize size)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (LinnetBackupWriter) writer = linnet_backup_writer_new (stream, PASSPHRASE, &cost, NULL, NULL);

  g_assert (writer != NULL);
  g_assert (linnet_backup_writer_write (writer, data, size, NULL, NULL));
  g_assert (linnet_backup_writer_finish (writer, NULL, NULL));
  g_output_stream_close (stream, NULL, NULL);

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
}

/* NULL for what is not worth the time. */
static GBytes *
make_file (const guint8 *data,
           gsize size)
{
  g_autoptr (GByteArray) content = NULL;
  guint64 asked[2];

  switch (data[0])
    {
    case 'f':
      if (size <= COST_OFFSET + sizeof asked)
        return g_bytes_new (data + 1, size - 1);
      memcpy (asked, data + 1 + COST_OFFSET, MIN (sizeof asked, size - 1 - COST_OFFSET));
      if (GUINT64_FROM_BE (asked[0]) * GUINT64_FROM_BE (asked[1]) > cost.opslimit * cost.memlimit &&
          GUINT64_FROM_BE (asked[0]) <= LINNET_BACKUP_MAX_OPSLIMIT &&
          GUINT64_FROM_BE (asked[1]) <= LINNET_BACKUP_MAX_MEMLIMIT)
        return NULL;
      return g_bytes_new (data + 1, size - 1);
    case 'c':
      return encrypt (data + 1, size - 1);
    case 'd':
      content = wrap_database (data + 1, size - 1);
      return encrypt (content->data, content->len);
    default:
      return NULL;
    }
}

/* ---- what comes of it ---- */

static void
assert_one (sqlite3 *handle,
            const char *sql,
            const char *expected)
{
  sqlite3_stmt *statement = NULL;

  g_assert (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL) == SQLITE_OK);
  g_assert (sqlite3_step (statement) == (expected != NULL ? SQLITE_ROW : SQLITE_DONE));
  if (expected != NULL)
    g_assert_cmpstr ((const char *) sqlite3_column_text (statement, 0), ==, expected);
  sqlite3_finalize (statement);
}

/* The tables are this program's, the rows fit each other, and what there may be but once is not there. */
static void
check_database (const char *path)
{
  g_autofree char *version = g_strdup_printf ("%d", linnet_store_backup_get_version ());
  sqlite3 *handle = NULL;

  g_assert (sqlite3_open_v2 (path, &handle, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
  assert_one (handle, "PRAGMA integrity_check", "ok");
  assert_one (handle, "PRAGMA foreign_key_check", NULL);
  assert_one (handle, "PRAGMA user_version", version);
  assert_one (handle, "SELECT count(*) FROM sqlite_schema WHERE type IN ('trigger', 'view')", "0");
  assert_one (handle, "SELECT count(*) FROM streams", "0");
  assert_one (handle, "SELECT count(*) FROM outbox", "0");
  assert_one (handle, "SELECT count(*) FROM pending", "0");
  assert_one (handle,
              "SELECT count(*) FROM accounts WHERE fast_mechanism IS NOT NULL OR user_agent_id IS NULL",
              "0");
  sqlite3_close (handle);
}

static void
check_profile (const char *staging)
{
  g_autofree char *database = g_build_filename (staging, LINNET_STORE_DATABASE, NULL);
  g_autofree char *pictures = g_build_filename (staging, LINNET_BACKUP_PICTURES, NULL);
  g_auto (GStrv) accounts = NULL;
  g_autoptr (GDir) dir = g_dir_open (pictures, 0, NULL);
  const char *name;

  check_database (database);
  accounts = linnet_store_backup_list_accounts (database, NULL);
  g_assert (accounts != NULL);
  for (guint i = 0; accounts[i] != NULL; i++)
    {
      g_autofree char *address = linnet_address_normalize (accounts[i], NULL);

      g_assert_cmpstr (address, ==, accounts[i]);
    }

  g_assert (dir != NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert (strlen (name) == HASH_LENGTH && strspn (name, "0123456789abcdef") == HASH_LENGTH);
}

static void
check_refusal (const GError *error,
               const char *staging)
{
  g_autoptr (GError) told = linnet_backup_translate (error, FALSE);

  g_assert (g_error_matches (told, LINNET_ERROR, LINNET_ERROR_NO_BACKUP) ||
            g_error_matches (told, LINNET_ERROR, LINNET_ERROR_BACKUP_NEWER) ||
            g_error_matches (told, LINNET_ERROR, LINNET_ERROR_BACKUP_PASSPHRASE) ||
            g_error_matches (told, LINNET_ERROR, LINNET_ERROR_BACKUP_DAMAGED));
  g_assert (!g_file_test (staging, G_FILE_TEST_EXISTS));
}

static void
check (GBytes *bytes,
       const char *directory)
{
  g_autofree char *path = g_build_filename (directory, "file", NULL);
  g_autofree char *staging = g_build_filename (directory, "staging", NULL);
  g_autofree char *settings = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (LinnetWork) work = linnet_work_new ();
  g_autoptr (GError) error = NULL;

  g_assert (
      g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL));
  if (!linnet_backup_read (file, PASSPHRASE, staging, &settings, work, &error))
    {
      check_refusal (error, staging);
      return;
    }

  g_assert (settings == NULL || g_utf8_validate (settings, -1, NULL));
  check_profile (staging);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  /* In memory where that is possible: nobody waits for a disk. */
  g_autofree char *directory =
      g_build_filename (g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir (),
                        "linnet-fuzz-XXXXXX",
                        NULL);
  g_autoptr (GBytes) file = NULL;

  if (size < 2 || (file = make_file (data, size)) == NULL)
    return -1;

  g_assert (g_mkdtemp (directory) != NULL);
  check (file, directory);
  linnet_backup_remove_tree (directory);
  while (g_main_context_iteration (NULL, FALSE))
    continue;

  return 0;
}
