/* Tests of copies of a profile's rows, out of files of whoever
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "linnet-store-accounts.h"
#include "linnet-store-backup.h"
#include "linnet-store-profiles.h"
#include "linnet-store-reader.h"
#include "linnet-test.h"

#define HASH "0e66b49d04a43c19bcb2e13a53aff5d174f610fc"

typedef struct
{
  char *directory;
  char *source;
  char *target;
} Fixture;

static void
execute (const char *path, const char *sql)
{
  sqlite3 *handle = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
}

static gint64
count (const char *path, const char *sql)
{
  sqlite3 *handle = NULL;
  sqlite3_stmt *statement = NULL;
  gint64 n;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  n = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (handle);

  return n;
}

static void
fixture_init (Fixture *self)
{
  g_autoptr (LinnetStoreAccount) account = linnet_store_account_new ("ana@example.org");
  g_autoptr (LinnetStore) store = NULL;
  gint64 id;

  self->directory = g_dir_make_tmp ("linnet-backup-XXXXXX", NULL);
  self->source = g_build_filename (self->directory, LINNET_STORE_DATABASE, NULL);
  self->target = g_build_filename (self->directory, LINNET_STORE_COPY, NULL);
  store = dex_await_object (linnet_store_open (self->directory), NULL);
  account->user_agent_id = g_strdup ("old");
  id = dex_await_int64 (linnet_store_accounts_add (store, account), NULL);
  linnet_test_assert_resolves (linnet_store_profiles_set_avatar (
      store, id, "mira@example.org", HASH, "image/png", 6, LINNET_STORE_AVATAR_PEP));
  linnet_test_assert_resolves (linnet_store_close (store));
  execute (self->source,
           "INSERT INTO conversations (id, account, jid, created) VALUES (5, 1, 'mira@example.org', 1);"
           "INSERT INTO messages (id, conversation, position, outgoing, state, type, kind, encryption,"
           " markable, has_origin, body) VALUES (1, 5, 20, 1, 0, 0, 0, 0, 0, 0, 'second'),"
           " (2, 5, 10, 0, 5, 0, 0, 0, 0, 0, 'first'), (3, 5, 30, 0, 5, 0, 0, 0, 0, 0, NULL);"
           "INSERT INTO invitations VALUES (1, 0, 'a key', 99);"
           "INSERT INTO outbox VALUES (9, 1, 1, 1, '<message/>');"
           "INSERT OR REPLACE INTO streams (account, resource, sm_id, sm_h) VALUES (1, 'r', 's', 1);");
}

static void
fixture_clear (Fixture *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (self->directory);
  g_free (self->directory);
  g_free (self->source);
  g_free (self->target);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
test_copy (gconstpointer data)
{
  g_auto (Fixture) self = {};
  g_auto (GStrv) accounts = NULL;
  g_auto (GStrv) pictures = NULL;
  g_autoptr (GError) error = NULL;

  fixture_init (&self);
  g_assert_true (linnet_store_backup_copy (self.source, self.target, TRUE, NULL, &error));
  g_assert_no_error (error);
  accounts = linnet_store_backup_list_accounts (self.target, &error);
  g_assert_cmpuint (g_strv_length (accounts), ==, 1);
  g_assert_cmpstr (accounts[0], ==, "ana@example.org");
  pictures = linnet_store_backup_list_pictures (self.target, &error);
  g_assert_cmpuint (g_strv_length (pictures), ==, 1);
  g_assert_cmpstr (pictures[0], ==, HASH);

  g_assert_cmpint (count (self.target, "SELECT count(*) FROM messages"), ==, 3);
  g_assert_cmpint (count (self.target, "SELECT expires FROM invitations"), ==, 99);
  g_assert_cmpint (count (self.target, "SELECT state FROM messages WHERE id = 1"), ==, 4);
  g_assert_cmpint (count (self.target, "SELECT count(*) FROM outbox"), ==, 0);
  g_assert_cmpint (count (self.target, "SELECT count(*) FROM streams"), ==, 0);
  g_assert_cmpint (
      count (self.target, "SELECT count(*) FROM accounts WHERE length(user_agent_id) = 36"), ==, 1);
  g_assert_cmpint (count (self.source, "SELECT count(*) FROM outbox"), ==, 1);
}

static const struct
{
  const char *name;
  const char *sql; /* what somebody did to the file */
  LinnetStoreError expect;
} cases[] = {
  { "newer", "PRAGMA user_version = 9999", LINNET_STORE_ERROR_NEWER_SCHEMA },
  { "no-version", "PRAGMA user_version = 0", LINNET_STORE_ERROR_CORRUPT },
  { "other-program", "PRAGMA application_id = 7", LINNET_STORE_ERROR_CORRUPT },
  { "rows-that-cannot-be",
    "PRAGMA foreign_keys = OFF; DROP TABLE conversations;"
    "CREATE TABLE conversations (id INTEGER PRIMARY KEY, account, jid, created);"
    "INSERT INTO conversations VALUES (5, 1, NULL, 1)",
    LINNET_STORE_ERROR_CORRUPT },
  { "a-view-for-a-table",
    "PRAGMA foreign_keys = OFF; DROP TABLE blocks; CREATE VIEW blocks AS SELECT 1 AS account, 'x' AS jid",
    LINNET_STORE_ERROR_FAILED }, /* nothing of it is taken, and nothing is missing */
};

static void
test_hostile (gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Fixture) self = {};
      g_autoptr (GError) error = NULL;
      gboolean ok;

      g_test_message ("%s", cases[i].name);
      fixture_init (&self);
      execute (self.source, cases[i].sql);
      ok = linnet_store_backup_copy (self.source, self.target, TRUE, NULL, &error);
      if (cases[i].expect != LINNET_STORE_ERROR_FAILED)
        g_assert_error (error, LINNET_STORE_ERROR, (int) cases[i].expect);
      else
        {
          g_assert_true (ok);
          g_assert_cmpint (count (self.target, "SELECT count(*) FROM blocks"), ==, 0);
        }
    }
}

static void
test_cancelled (gconstpointer data)
{
  g_auto (Fixture) self = {};
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  fixture_init (&self);
  g_cancellable_cancel (cancellable);
  g_assert_false (linnet_store_backup_copy (self.source, self.target, FALSE, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gboolean
collect_cb (const LinnetStoreReaderMessage *message, gpointer user_data, GError **error)
{
  g_string_append_printf (user_data, "%s%d ", message->body, message->state);

  return TRUE;
}

static gboolean
refuse_cb (const LinnetStoreReaderMessage *message, gpointer user_data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "Full");

  return FALSE;
}

/* In the order of the conversation, without what has no text. */
static void
test_reader (gconstpointer data)
{
  g_auto (Fixture) self = {};
  g_autoptr (GString) found = g_string_new (NULL);
  g_autoptr (LinnetStoreReader) reader = NULL;
  g_autoptr (GError) error = NULL;

  fixture_init (&self);
  reader = linnet_store_reader_open (self.directory, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (linnet_store_reader_count (reader, 1), ==, 3);
  g_assert_cmpuint (linnet_store_reader_count (reader, 2), ==, 0);
  g_assert_true (linnet_store_reader_each (reader, 5, collect_cb, found, &error));
  g_assert_cmpstr (found->str, ==, "first5 second0 ");
  g_assert_true (linnet_store_reader_each (reader, 6, collect_cb, found, &error));
  g_assert_false (linnet_store_reader_each (reader, 5, refuse_cb, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/store/backup/copy", test_copy, NULL);
  linnet_test_add ("/store/backup/hostile", test_hostile, NULL);
  linnet_test_add ("/store/backup/cancelled", test_cancelled, NULL);
  linnet_test_add ("/store/backup/reader", test_reader, NULL);

  return g_test_run ();
}
