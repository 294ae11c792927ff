/* Tests of the store: opening, running jobs, closing
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "linnet-spawn.h"
#include "linnet-store-db-private.h"
#include "store-fixture.h"

static void
assert_mode (StoreFixture *fixture, const char *name, mode_t mode)
{
  g_autofree char *path = store_fixture_get_path (fixture, name);
  struct stat info;

  g_assert_no_errno (stat (path, &info));
  g_assert_cmpuint (info.st_mode & 0777, ==, mode);
}

static void
test_modes (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  g_assert_cmpstr (linnet_store_get_directory (fixture->store), ==, fixture->directory);
  assert_mode (fixture, "", 0700);
  assert_mode (fixture, "linnet.db", 0600);
  assert_mode (fixture, "linnet.db-wal", 0600);
  assert_mode (fixture, "linnet.db-shm", 0600);
  assert_mode (fixture, "lock", 0600);
}

/* What others left open is closed to them. */
static void
test_modes_repaired (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autofree char *path = store_fixture_get_path (fixture, "linnet.db");

  store_fixture_close (fixture);
  g_assert_no_errno (g_chmod (fixture->directory, 0755));
  g_assert_no_errno (g_chmod (path, 0644));
  store_fixture_open (fixture);

  assert_mode (fixture, "", 0700);
  assert_mode (fixture, "linnet.db", 0600);
}

static void
test_defences (gconstpointer data)
{
  static const struct
  {
    const char *pragma;
    gint64 value;
  } rows[] = {
    { "PRAGMA synchronous", 2 },
    { "PRAGMA foreign_keys", 1 },
    { "PRAGMA secure_delete", 1 },
    { "PRAGMA trusted_schema", 0 },
    { "PRAGMA cell_size_check", 1 },
    { "PRAGMA mmap_size", -1 }, /* no row: SQLite here is built without, or with 0 */
    { "PRAGMA user_version", 6 },
    { "PRAGMA application_id", 0x4c6e6e74 },
    { "SELECT journal_mode = 'wal' FROM pragma_journal_mode", 1 },
    { "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict"
      " AND name NOT LIKE 'sqlite_%'",
      0 },
  };
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 value = store_fixture_number (fixture, rows[i].pragma);

      g_test_message ("%s", rows[i].pragma);
      if (rows[i].value >= 0)
        g_assert_cmpint (value, ==, rows[i].value);
      else
        g_assert_cmpint (value, <=, 0);
    }

  /* DEFENSIVE: the schema cannot be written. */
  store_fixture_execute (fixture, "PRAGMA writable_schema = ON");
  g_assert_cmpint (store_fixture_number (fixture, "PRAGMA writable_schema"), ==, 0);
}

static void
test_second_process (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  /* A lock belongs to an open file, so a second opening in this process is as good as another one. */
  for (guint i = 0; i < 100; i++)
    linnet_test_assert_rejects (linnet_store_open (fixture->directory),
                                LINNET_STORE_ERROR,
                                LINNET_STORE_ERROR_LOCKED_BY_OTHER);

  store_fixture_close (fixture);
  store_fixture_open (fixture);
}

static void
test_newer (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autofree char *path = store_fixture_get_path (fixture, "linnet.db");
  g_autofree char *before = NULL, *after = NULL;
  gsize before_length, after_length;

  store_fixture_execute (fixture, "PRAGMA user_version = 4711");
  store_fixture_close (fixture);
  g_assert_true (g_file_get_contents (path, &before, &before_length, NULL));

  linnet_test_assert_rejects (linnet_store_open (fixture->directory),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_NEWER_SCHEMA);

  g_assert_true (g_file_get_contents (path, &after, &after_length, NULL));
  g_assert_cmpmem (before, before_length, after, after_length);
}

static void
test_no_directory (gconstpointer data)
{
  linnet_test_assert_rejects (linnet_store_open ("/proc/linnet"), LINNET_STORE_ERROR, LINNET_STORE_ERROR_IO);
}

static gboolean
fail_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  if (!linnet_store_db_execute_sql (db, "DELETE FROM accounts", error))
    return FALSE;
  g_value_init (result, G_TYPE_INT);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "No");

  return FALSE;
}

static void
test_roll_back (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  linnet_test_assert_rejects (linnet_store_run (fixture->store, fail_job, NULL, NULL),
                              G_IO_ERROR,
                              G_IO_ERROR_CANCELLED);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM accounts"), ==, 1);
}

static gboolean
thread_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  g_assert_true (g_thread_self () != data);
  g_value_init (result, G_TYPE_POINTER);
  g_value_set_pointer (result, g_thread_self ());

  return TRUE;
}

static DexFuture *
on_main_cb (DexFuture *future, gpointer user_data)
{
  g_assert_true (g_thread_self () == user_data);

  return dex_ref (future);
}

static void
test_threads (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  gpointer first, second;

  first = dex_await_pointer (
      dex_future_then (linnet_store_run (fixture->store, thread_job, g_thread_self (), NULL),
                       on_main_cb,
                       g_thread_self (),
                       NULL),
      NULL);
  second =
      dex_await_pointer (linnet_store_run_read (fixture->store, thread_job, g_thread_self (), NULL), NULL);

  g_assert_nonnull (first);
  g_assert_true (first == second);
}

static gboolean
append_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("INSERT INTO caps (hash, ver, info) VALUES ('x', '%d', '')",
                                          GPOINTER_TO_INT (data));

  return linnet_store_db_execute_sql (db, sql, error);
}

/* Everything given before closing is done, in its order. */
static void
test_close_drains (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  DexFuture *closed;

  for (int i = 0; i < 100; i++)
    dex_future_disown (linnet_store_run (fixture->store, append_job, GINT_TO_POINTER (i), NULL));
  closed = linnet_store_close (fixture->store);
  linnet_test_assert_rejects (linnet_store_run (fixture->store, append_job, NULL, NULL),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_CLOSED);
  linnet_test_assert_resolves (closed);
  linnet_test_assert_resolves (linnet_store_close (fixture->store));
  g_clear_object (&fixture->store);

  store_fixture_open (fixture);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM caps"), ==, 100);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT sum(id <> ver + 1) FROM caps"), ==, 0);
}

static void
wait_for_mark (const char *path, char mark)
{
  g_autofree char *contents = NULL;

  while (!g_file_get_contents (path, &contents, NULL, NULL) || contents[0] != mark)
    {
      g_clear_pointer (&contents, g_free);
      /* Closing takes a turn of the loop, opening must not get one before it was seen. */
      if (mark == '-')
        g_main_context_iteration (NULL, FALSE);
    }
}

/* It is closed as soon as whoever opened it lost interest. */
static void
test_dropped (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autofree char *path = store_fixture_get_path (fixture, "lock");

  g_clear_object (&fixture->store);
  wait_for_mark (path, '-');
  dex_unref (linnet_store_open (fixture->directory));
  wait_for_mark (path, '+');
  wait_for_mark (path, '-');
}

static gboolean
contains (const char *path, const char *needle)
{
  g_autofree char *contents = NULL;
  gsize length;

  return g_file_get_contents (path, &contents, &length, NULL) &&
         memmem (contents, length, needle, strlen (needle)) != NULL;
}

/* L3: what was erased is in no file. */
static void
test_erased (gconstpointer data)
{
  static const char secret[] = "The treasure lies under the third birch";
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autofree char *db = store_fixture_get_path (fixture, "linnet.db");
  g_autofree char *wal = store_fixture_get_path (fixture, "linnet.db-wal");

  linnet_store_changes_unref (store_fixture_receive (fixture, MIRA, store_message_in ("1", secret)));
  g_assert_true (contains (wal, secret));
  store_fixture_close (fixture);
  g_assert_true (contains (db, secret));

  store_fixture_open (fixture);
  linnet_test_assert_resolves (linnet_store_accounts_remove (fixture->store, fixture->account));
  g_assert_false (contains (wal, secret));
  g_assert_false (contains (db, secret));
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/store/modes", test_modes, NULL);
  linnet_test_add ("/store/modes-repaired", test_modes_repaired, NULL);
  linnet_test_add ("/store/defences", test_defences, NULL);
  linnet_test_add ("/store/second-process", test_second_process, NULL);
  linnet_test_add ("/store/newer", test_newer, NULL);
  linnet_test_add ("/store/no-directory", test_no_directory, NULL);
  linnet_test_add ("/store/roll-back", test_roll_back, NULL);
  linnet_test_add ("/store/threads", test_threads, NULL);
  linnet_test_add ("/store/close-drains", test_close_drains, NULL);
  linnet_test_add ("/store/dropped", test_dropped, NULL);
  linnet_test_add ("/store/erased", test_erased, NULL);

  return g_test_run ();
}
