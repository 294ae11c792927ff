/* Tests of the tables, and of how older ones become them (R28)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "linnet-spawn.h"
#include "linnet-store-profiles.h"
#include "linnet-store-schema-private.h"
#include "store-fixture.h"

#define SCHEMA "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name"

/* Each release's database as it wrote it; see fixtures/README.md. */
static const char *const fixtures[] = {
  "version-1.sql",
  "version-2.sql",
  "version-3.sql",
  "version-4.sql",
  "version-5.sql",
  "version-6.sql",
};

static StoreFixture *
fixture_from_file (const char *name)
{
  StoreFixture *fixture = store_fixture_new ();
  g_autofree char *source = g_test_build_filename (G_TEST_DIST, "store", "fixtures", name, NULL);
  g_autofree char *path = store_fixture_get_path (fixture, "linnet.db");
  g_autofree char *sql = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *handle;

  store_fixture_close (fixture);
  g_assert_no_errno (g_unlink (path));
  g_file_get_contents (source, &sql, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
  store_fixture_open (fixture);

  return fixture;
}

static void
assert_rows (StoreFixture *fixture)
{
  g_autoptr (GPtrArray) accounts = dex_await_boxed (linnet_store_accounts_list (fixture->store), NULL);
  g_autoptr (GPtrArray) contacts = NULL, profiles = NULL, outbox = NULL;
  g_autofree char *bodies = NULL;

  g_assert_cmpuint (accounts->len, ==, 1);
  fixture->account = ((LinnetStoreAccount *) accounts->pdata[0])->id;
  g_assert_cmpstr (((LinnetStoreAccount *) accounts->pdata[0])->address, ==, ANA);
  g_assert_cmpstr (((LinnetStoreAccount *) accounts->pdata[0])->mechanism, ==, "SCRAM-SHA-256-PLUS");

  contacts = dex_await_boxed (linnet_store_roster_list (fixture->store, fixture->account), NULL);
  g_assert_cmpuint (contacts->len, ==, 2);
  g_assert_cmpstr (((LinnetStoreContact *) contacts->pdata[0])->groups[0], ==, "Friends");
  profiles = dex_await_boxed (linnet_store_profiles_list (fixture->store, fixture->account), NULL);
  g_assert_cmpuint (profiles->len, ==, 1);
  outbox = dex_await_boxed (linnet_store_outbox_list (fixture->store, fixture->account), NULL);
  g_assert_cmpuint (outbox->len, ==, 1);
  bodies = store_fixture_bodies (fixture, MIRA);
  g_assert_cmpstr (bodies, ==, "Hello Ana,Hello Mira,Tea at five?");
}

/* Old tables become the ones a new database has, and nothing in them is lost. */
static void
test_fixture (gconstpointer data)
{
  g_autoptr (StoreFixture) fresh = store_fixture_new ();
  g_autoptr (StoreFixture) fixture = fixture_from_file (data);
  g_auto (GStrv) expected = store_fixture_texts (fresh, SCHEMA, 0);
  g_auto (GStrv) schema = store_fixture_texts (fixture, SCHEMA, 0);

  g_assert_cmpstrv (schema, expected);
  g_assert_cmpint (store_fixture_number (fixture, "PRAGMA user_version"),
                   ==,
                   store_fixture_number (fresh, "PRAGMA user_version"));
  g_assert_cmpint (
      store_fixture_number (fixture, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), ==, 1);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM pragma_foreign_key_check"), ==, 0);
  assert_rows (fixture);
}

static const LinnetStoreMigration good[] = {
  { 1, "" },
  { 2, "" },
  { 3, "" },
  { 4, "" },
  { 5, "" },
  { 6, "" },
  { 7, "CREATE TABLE two (x INTEGER) STRICT; INSERT INTO two VALUES (2);" },
  { 8, "INSERT INTO two VALUES (3);" },
};

static const LinnetStoreMigration bad[] = {
  { 1, "" },
  { 2, "" },
  { 3, "" },
  { 4, "" },
  { 5, "" },
  { 6, "" },
  { 7, "CREATE TABLE two (x INTEGER) STRICT; INSERT INTO two VALUES (2);" },
  { 8, "INSERT INTO two VALUES (3); INSERT INTO three VALUES (3);" },
};

typedef struct
{
  const LinnetStoreMigration *migrations;
  guint n_migrations;
  const char *path;
} Run;

/* Migrations bring their own transactions, so this one reads in the store's eyes. */
static gboolean
migrate_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Run *run = data;

  return linnet_store_schema_migrate (db, run->path, run->migrations, run->n_migrations, error);
}

static void
assert_copy (const char *path, const char *ending, gint64 version)
{
  g_autofree char *copy = g_strconcat (path, ending, NULL);
  sqlite3 *handle;
  sqlite3_stmt *statement;
  struct stat info;

  if (version == 0)
    {
      g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
      return;
    }

  g_assert_no_errno (stat (copy, &info));
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (sqlite3_open (copy, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, "PRAGMA user_version", -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  g_assert_cmpint (sqlite3_column_int (statement, 0), ==, version);
  sqlite3_finalize (statement);
  sqlite3_close (handle);
}

static void
test_migrate (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autofree char *path = store_fixture_get_path (fixture, "linnet.db");
  Run seventh = { good, 7, path }, eighth = { good, 8, path };

  /* Nothing to do: no copy either. */
  assert_copy (path, ".v6", 0);
  linnet_test_assert_resolves (linnet_store_run_read (fixture->store, migrate_job, &seventh, NULL));
  g_assert_cmpint (store_fixture_number (fixture, "PRAGMA user_version"), ==, 7);
  assert_copy (path, ".v6", 6);

  linnet_test_assert_resolves (linnet_store_run_read (fixture->store, migrate_job, &eighth, NULL));
  linnet_test_assert_resolves (linnet_store_run_read (fixture->store, migrate_job, &eighth, NULL));
  g_assert_cmpint (store_fixture_number (fixture, "PRAGMA user_version"), ==, 8);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT sum(x) FROM two"), ==, 5);
  assert_copy (path, ".v6", 0);
  assert_copy (path, ".v7", 7);
}

/* A step that fails leaves what was before it, and may be tried again. */
static void
test_failed (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autofree char *path = store_fixture_get_path (fixture, "linnet.db");
  Run broken = { bad, 8, path }, whole = { good, 8, path };

  for (guint i = 0; i < 2; i++)
    {
      linnet_test_assert_rejects (linnet_store_run_read (fixture->store, migrate_job, &broken, NULL),
                                  LINNET_STORE_ERROR,
                                  LINNET_STORE_ERROR_FAILED);
      g_assert_cmpint (store_fixture_number (fixture, "PRAGMA user_version"), ==, 7);
      g_assert_cmpint (store_fixture_number (fixture, "SELECT sum(x) FROM two"), ==, 2);
    }
  linnet_test_assert_resolves (linnet_store_run_read (fixture->store, migrate_job, &whole, NULL));
  g_assert_cmpint (store_fixture_number (fixture, "SELECT sum(x) FROM two"), ==, 5);
}

/* A killed first start. */
static void
test_empty_file (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autofree char *path = store_fixture_get_path (fixture, "linnet.db");

  store_fixture_close (fixture);
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  store_fixture_open (fixture);
  g_assert_cmpint (store_fixture_number (fixture, "PRAGMA user_version"),
                   ==,
                   G_N_ELEMENTS (fixtures));
}

static void
test_versions (gconstpointer data)
{
  guint n_migrations;
  const LinnetStoreMigration *migrations = linnet_store_schema_get_migrations (&n_migrations);

  /* There is a fixture of every version. */
  g_assert_cmpuint (n_migrations, ==, G_N_ELEMENTS (fixtures));
  for (guint i = 0; i < n_migrations; i++)
    g_assert_cmpint (migrations[i].version, ==, i + 1);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (fixtures); i++)
    {
      g_autofree char *path = g_strdup_printf ("/store/schema/fixture/%s", fixtures[i]);

      linnet_test_add (path, test_fixture, fixtures[i]);
    }
  linnet_test_add ("/store/schema/migrate", test_migrate, NULL);
  linnet_test_add ("/store/schema/failed", test_failed, NULL);
  linnet_test_add ("/store/schema/empty-file", test_empty_file, NULL);
  linnet_test_add ("/store/schema/versions", test_versions, NULL);

  return g_test_run ();
}
