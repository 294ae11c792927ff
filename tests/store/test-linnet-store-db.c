/* Tests of the connection: how ids are kept, what errors become
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-store-db-private.h"
#include "store-fixture.h"

typedef struct
{
  const char *id;
  int type;
} Id;

static const Id ids[] = {
  { "6f1b2a3c-0d4e-4f50-8a6b-7c8d9e0f1a2b", SQLITE_BLOB },
  { "00000000-0000-0000-0000-000000000000", SQLITE_BLOB },
  { "ffffffff-ffff-ffff-ffff-ffffffffffff", SQLITE_BLOB },
  /* What would not come back as the same text stays text. */
  { "6F1b2a3c-0d4e-4f50-8a6b-7c8d9e0f1a2b", SQLITE_TEXT },
  { "6f1b2a3c-0d4e-4f50-8a6b-7c8d9e0f1a2b ", SQLITE_TEXT },
  { "6f1b2a3c-0d4e-4f50-8a6b-7c8d9e0f1a2", SQLITE_TEXT },
  { "6f1b2a3c-0d4e-4f50-8a6b-7c8d9e0f1a2g", SQLITE_TEXT },
  { "6f1b2a3c00d4e-4f50-8a6b-7c8d9e0f1a2b", SQLITE_TEXT },
  { "6f1b2a3c-0d4e-4f50-8a6b-7c8d9e0f1a-b", SQLITE_TEXT },
  { "6f1b2a3c0d4e4f508a6b7c8d9e0f1a2b", SQLITE_TEXT },
  { "{6f1b2a3c-0d4e-4f50-8a6b-7c8d9e0f1a2b}", SQLITE_TEXT },
  { "", SQLITE_TEXT },
  { "1", SQLITE_TEXT },
  { "0123456789012345", SQLITE_TEXT },
  { "ü", SQLITE_TEXT },
  { NULL, SQLITE_NULL },
};

static gboolean
ids_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Id *id = data;
  guchar buffer[16];
  g_autofree char *read = NULL;
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (db, "SELECT ?1", error);

  g_assert_nonnull (query);
  linnet_store_bind_id (query, 1, id->id, buffer);
  g_assert_true (linnet_store_db_next (db, query, error));
  g_assert_cmpint (sqlite3_column_type (query, 0), ==, id->type);
  read = linnet_store_column_id (query, 0);
  g_assert_cmpstr (read, ==, id->id);

  return TRUE;
}

static void
test_ids (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    linnet_test_assert_resolves (linnet_store_run_read (fixture->store, ids_job, (gpointer) &ids[i], NULL));
}

static gboolean
sql_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  return linnet_store_db_execute_sql (db, data, error);
}

static void
test_errors (gconstpointer data)
{
  static const struct
  {
    const char *sql;
    LinnetStoreError code;
  } rows[] = {
    { "SELECT nonsense", LINNET_STORE_ERROR_FAILED },
    { "INSERT INTO blocks (account, jid) VALUES (4711, 'x')", LINNET_STORE_ERROR_NOT_FOUND },
    { "INSERT INTO blocks (account, jid) SELECT id, 'x' FROM accounts;"
      "INSERT INTO blocks (account, jid) SELECT id, 'x' FROM accounts",
      LINNET_STORE_ERROR_EXISTS },
    { "INSERT INTO accounts SELECT * FROM accounts", LINNET_STORE_ERROR_EXISTS },
    { "INSERT INTO caps (id, hash, ver, info) VALUES (1, 'a', 'a', ''), (1, 'b', 'b', '')",
      LINNET_STORE_ERROR_EXISTS },
    { "INSERT INTO caps (hash) VALUES ('x')", LINNET_STORE_ERROR_FAILED },
    { "INSERT INTO blocks (account, jid) VALUES ('text', 'x')", LINNET_STORE_ERROR_FAILED },
    /* A header that allows no more pages than there are is like a full disk. */
    { "PRAGMA max_page_count = 1; CREATE TABLE more (x TEXT) STRICT", LINNET_STORE_ERROR_FULL },
  };
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].sql);
      linnet_test_assert_rejects (linnet_store_run (fixture->store, sql_job, (gpointer) rows[i].sql, NULL),
                                  LINNET_STORE_ERROR,
                                  rows[i].code);
    }
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM blocks"), ==, 0);
}

/* L4: neither a trigger nor a view in the file runs anything. */
static void
test_hostile_schema (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  store_fixture_execute (fixture,
                         "CREATE TRIGGER evil AFTER INSERT ON blocks BEGIN DELETE FROM accounts; END;"
                         "CREATE VIEW caps_view AS SELECT * FROM caps;");
  store_fixture_close (fixture);
  store_fixture_open (fixture);

  store_fixture_execute (fixture, "INSERT INTO blocks (account, jid) SELECT id, 'x' FROM accounts");
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM accounts"), ==, 1);
  linnet_test_assert_rejects (
      linnet_store_run (fixture->store, sql_job, (char *) "SELECT * FROM caps_view", NULL),
      LINNET_STORE_ERROR,
      LINNET_STORE_ERROR_FAILED);
}

static gboolean
locked_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  return TRUE;
}

/* Another program in the middle of a change, for example one that copies the database. */
static void
test_busy (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autofree char *path = store_fixture_get_path (fixture, "linnet.db");
  sqlite3 *other;

  g_assert_cmpint (sqlite3_open (path, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  linnet_test_assert_rejects (linnet_store_run (fixture->store, locked_job, NULL, NULL),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_BUSY);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM accounts"), ==, 1);
  g_assert_cmpint (sqlite3_close (other), ==, SQLITE_OK);
  linnet_test_assert_resolves (linnet_store_run (fixture->store, locked_job, NULL, NULL));
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/store/db/ids", test_ids, NULL);
  linnet_test_add ("/store/db/errors", test_errors, NULL);
  linnet_test_add ("/store/db/hostile-schema", test_hostile_schema, NULL);
  linnet_test_add ("/store/db/busy", test_busy, NULL);

  return g_test_run ();
}
