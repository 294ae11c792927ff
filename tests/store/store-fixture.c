/* A store in a directory of its own, for one test
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "store-fixture"

#include "config.h"

#include <glib/gstdio.h>

#include "linnet-spawn.h"
#include "linnet-store-db-private.h"
#include "store-fixture.h"

static gboolean
number_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  sqlite3_stmt *statement;
  gint64 number = -1;

  g_assert_cmpint (sqlite3_prepare_v2 (db->handle, data, -1, &statement, NULL), ==, SQLITE_OK);
  if (sqlite3_step (statement) == SQLITE_ROW)
    number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  g_value_init (result, G_TYPE_INT64);
  g_value_set_int64 (result, number);

  return TRUE;
}

typedef struct
{
  char *sql;
  int column;
} TextsQuery;

static gboolean
texts_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const TextsQuery *query = data;
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();
  sqlite3_stmt *statement;

  g_assert_cmpint (sqlite3_prepare_v2 (db->handle, query->sql, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_strv_builder_add (texts, (const char *) sqlite3_column_text (statement, query->column));
  sqlite3_finalize (statement);
  g_value_init (result, G_TYPE_STRV);
  g_value_take_boxed (result, g_strv_builder_end (texts));

  return TRUE;
}

static void
texts_query_free (gpointer data)
{
  g_free (((TextsQuery *) data)->sql);
  g_free (data);
}

static gboolean
execute_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  return linnet_store_db_execute_sql (db, data, error);
}

void
store_fixture_open (StoreFixture *self)
{
  g_autoptr (GError) error = NULL;

  self->store = dex_await_object (linnet_store_open (self->directory), &error);
  g_assert_no_error (error);
}

void
store_fixture_close (StoreFixture *self)
{
  linnet_test_assert_resolves (linnet_store_close (self->store));
  g_assert_finalize_object (g_steal_pointer (&self->store));
}

StoreFixture *
store_fixture_new (void)
{
  StoreFixture *self = g_new0 (StoreFixture, 1);
  g_autoptr (LinnetStoreAccount) account = linnet_store_account_new (ANA);
  g_autoptr (GError) error = NULL;

  self->directory = g_dir_make_tmp ("linnet-store-XXXXXX", &error);
  g_assert_no_error (error);
  store_fixture_open (self);
  self->account = dex_await_int64 (linnet_store_accounts_add (self->store, account), &error);
  g_assert_no_error (error);

  return self;
}

void
store_fixture_free (StoreFixture *self)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (self->store != NULL)
    store_fixture_close (self);

  dir = g_dir_open (self->directory, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = store_fixture_get_path (self, name);

      g_test_message ("%s", name);
      g_assert_no_errno (g_unlink (path));
    }
  g_assert_no_errno (g_rmdir (self->directory));
  g_free (self->directory);
  g_free (self);
}

char *
store_fixture_get_path (StoreFixture *self, const char *name)
{
  return g_build_filename (self->directory, name, NULL);
}

gint64
store_fixture_number (StoreFixture *self, const char *sql)
{
  g_autoptr (GError) error = NULL;
  gint64 number =
      dex_await_int64 (linnet_store_run_read (self->store, number_job, g_strdup (sql), g_free), &error);

  g_assert_no_error (error);

  return number;
}

char **
store_fixture_texts (StoreFixture *self, const char *sql, int column)
{
  TextsQuery *query = g_new0 (TextsQuery, 1);
  g_autoptr (GError) error = NULL;
  char **texts;

  query->sql = g_strdup (sql);
  query->column = column;
  texts = dex_await_boxed (linnet_store_run_read (self->store, texts_job, query, texts_query_free), &error);
  g_assert_no_error (error);

  return texts;
}

void
store_fixture_execute (StoreFixture *self, const char *sql)
{
  linnet_test_assert_resolves (linnet_store_run (self->store, execute_job, g_strdup (sql), g_free));
}

static LinnetStoreMessage *
message_new (const char *id, const char *body, gboolean outgoing)
{
  LinnetStoreMessage *message = linnet_store_message_new ();

  message->stanza_id = g_strdup (id);
  message->origin_id = g_strdup (id);
  message->body = g_strdup (body);
  message->outgoing = outgoing;

  return message;
}

LinnetStoreMessage *
store_message_in (const char *id, const char *body)
{
  return message_new (id, body, FALSE);
}

LinnetStoreMessage *
store_message_out (const char *id, const char *body)
{
  return message_new (id, body, TRUE);
}

gint64
store_fixture_conversation (StoreFixture *self, const char *jid)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LinnetStoreConversation) conversation =
      dex_await_boxed (linnet_store_conversations_open (self->store, self->account, jid), &error);

  g_assert_no_error (error);

  return conversation->id;
}

LinnetStoreChanges *
store_fixture_send (StoreFixture *self, const char *jid, const char *id, const char *body)
{
  g_autofree char *stanza = g_strdup_printf ("<message id='%s'/>", id);
  g_autoptr (GError) error = NULL;
  LinnetStoreChanges *changes =
      dex_await_boxed (linnet_store_outbox_send (self->store,
                                                 store_fixture_conversation (self, jid),
                                                 store_message_out (id, body),
                                                 stanza),
                       &error);

  g_assert_no_error (error);

  return changes;
}

LinnetStoreChanges *
store_fixture_commit (StoreFixture *self, LinnetStoreBatch *batch)
{
  g_autoptr (GError) error = NULL;
  LinnetStoreChanges *changes = dex_await_boxed (linnet_store_batch_commit (self->store, batch), &error);

  g_assert_no_error (error);
  linnet_store_batch_unref (batch);

  return changes;
}

LinnetStoreChanges *
store_fixture_receive (StoreFixture *self, const char *jid, LinnetStoreMessage *message)
{
  LinnetStoreBatch *batch = linnet_store_batch_new (self->account);

  linnet_store_batch_add_message (batch, jid, message);

  return store_fixture_commit (self, batch);
}

LinnetStoreMessage *
store_fixture_get (StoreFixture *self, gint64 message)
{
  g_autoptr (GError) error = NULL;
  LinnetStoreMessage *row = dex_await_boxed (linnet_store_messages_get (self->store, message), &error);

  g_assert_no_error (error);

  return row;
}

char *
store_fixture_bodies (StoreFixture *self, const char *jid)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) bodies = g_string_new (NULL);
  g_autoptr (GPtrArray) messages = dex_await_boxed (
      linnet_store_messages_latest (self->store, store_fixture_conversation (self, jid), 10000), &error);

  g_assert_no_error (error);
  for (guint i = 0; i < messages->len; i++)
    g_string_append_printf (bodies,
                            "%s%s",
                            i == 0 ? "" : ",",
                            ((LinnetStoreMessage *) messages->pdata[i])->body);

  return g_string_free_and_steal (g_steal_pointer (&bodies));
}
