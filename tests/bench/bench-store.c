/* How fast messages are stored, beside SQLite alone
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: bench-store [ROWS]
 *
 * Prints a JSON object: rows per second one by one and in batches of 100, of Linnet and of a bare table with
 * the same settings on the same disk, bytes per message, and how long a list of chats and a page take. Both
 * take turns, three times, and the best counts: what else the machine does only ever slows.
 */
#define G_LOG_DOMAIN "bench-store"

#include "config.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "linnet-spawn.h"
#include "linnet-store-accounts.h"
#include "linnet-store-batch.h"

#define CONVERSATIONS 50
#define ROUNDS 3
#define BODY "I looked at the photos again, the one by the lake is the best of them."

typedef struct
{
  LinnetStore *store;
  char *directory;
  gint64 account;
  guint n_rows;
  guint next;
} Bench;

static void
run (sqlite3 *handle, const char *sql)
{
  if (sqlite3_exec (handle, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (handle));
}

static char *
make_id (guint number)
{
  return g_strdup_printf ("6f1b2a3c-0d4e-4f50-8a6b-%012x", number * 2654435761u);
}

/* A row and the index that any list of messages needs, nothing else. */
static double
time_bare (const char *directory, guint n_rows, guint batch)
{
  g_autofree char *path = g_build_filename (directory, "bare.db", NULL);
  sqlite3_stmt *insert;
  sqlite3 *handle;
  gint64 start;

  if (sqlite3_open (path, &handle) != SQLITE_OK)
    g_error ("Cannot open %s", path);
  run (handle,
       "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; DROP TABLE IF EXISTS messages;"
       "CREATE TABLE messages (id INTEGER PRIMARY KEY, conversation INTEGER, time INTEGER, stanza TEXT,"
       " body TEXT);"
       "CREATE INDEX messages_time ON messages (conversation, time)");
  sqlite3_prepare_v2 (handle,
                      "INSERT INTO messages (conversation, time, stanza, body) VALUES (?1, ?2, ?3, ?4)",
                      -1,
                      &insert,
                      NULL);

  start = g_get_monotonic_time ();
  for (guint i = 0; i < n_rows; i += batch)
    {
      run (handle, "BEGIN IMMEDIATE");
      for (guint j = i; j < MIN (i + batch, n_rows); j++)
        {
          g_autofree char *id = make_id (j);

          sqlite3_bind_int (insert, 1, j % CONVERSATIONS);
          sqlite3_bind_int64 (insert, 2, g_get_real_time ());
          sqlite3_bind_text (insert, 3, id, -1, SQLITE_STATIC);
          sqlite3_bind_text (insert, 4, BODY, -1, SQLITE_STATIC);
          if (sqlite3_step (insert) != SQLITE_DONE)
            g_error ("%s", sqlite3_errmsg (handle));
          sqlite3_reset (insert);
        }
      run (handle, "COMMIT");
    }
  start = g_get_monotonic_time () - start;
  sqlite3_finalize (insert);
  sqlite3_close (handle);

  return n_rows / (start / (double) G_USEC_PER_SEC);
}

static LinnetStoreBatch *
make_batch (Bench *self, guint n_rows)
{
  LinnetStoreBatch *batch = linnet_store_batch_new (self->account);

  for (guint i = 0; i < n_rows; i++)
    {
      LinnetStoreMessage *message = linnet_store_message_new ();
      g_autofree char *jid = g_strdup_printf ("contact%u@lark.test", self->next % CONVERSATIONS);

      message->stanza_id = make_id (self->next);
      message->origin_id = g_strdup (message->stanza_id);
      message->archive_id = make_id (~self->next);
      message->resource = g_strdup ("phone");
      message->body = g_strdup (BODY);
      linnet_store_batch_add_message (batch, jid, message);
      self->next++;
    }
  linnet_store_batch_set_sm_h (batch, self->next);

  return batch;
}

/* Making rows, handing them over and coming back is what it costs, so it counts. */
static double
time_linnet (Bench *self, guint n_rows, guint batch)
{
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < n_rows; i += batch)
    {
      g_autoptr (LinnetStoreBatch) rows = make_batch (self, MIN (batch, n_rows - i));
      g_autoptr (GError) error = NULL;

      if (!dex_await (linnet_store_batch_commit (self->store, rows), &error))
        g_error ("%s", error->message);
    }

  return n_rows / ((g_get_monotonic_time () - start) / (double) G_USEC_PER_SEC);
}

static double
time_reading (DexFuture *future)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = dex_await_boxed (future, &error);

  if (rows == NULL)
    g_error ("%s", error->message);

  return (g_get_monotonic_time () - start) / 1000.0;
}

static void
open_store (Bench *self)
{
  g_autoptr (LinnetStoreAccount) account = linnet_store_account_new ("ana@lark.test");
  g_autoptr (GError) error = NULL;

  self->store = dex_await_object (linnet_store_open (self->directory), &error);
  if (self->store == NULL)
    g_error ("%s", error->message);
  self->account = dex_await_int64 (linnet_store_accounts_add (self->store, account), &error);
  if (error != NULL)
    g_error ("%s", error->message);
}

static gint64
close_store (Bench *self)
{
  g_autofree char *path = g_build_filename (self->directory, "linnet.db", NULL);
  GStatBuf info;

  dex_await (linnet_store_close (self->store), NULL);
  g_clear_object (&self->store);
  if (g_stat (path, &info) != 0)
    g_error ("Cannot look at %s", path);

  return info.st_size;
}

static DexFuture *
bench_fiber (gpointer user_data)
{
  Bench *self = user_data;
  static const guint batches[] = { 1, 100 };
  double bare[2] = { 0 }, linnet[2] = { 0 }, list, page;
  gint64 size;

  open_store (self);
  for (guint round = 0; round < ROUNDS; round++)
    for (guint i = 0; i < G_N_ELEMENTS (batches); i++)
      {
        /* One by one takes long and says the same with fewer. */
        guint n_rows = batches[i] == 1 ? self->n_rows / 10 : self->n_rows;

        double bare_rate = time_bare (self->directory, n_rows, batches[i]);
        double linnet_rate = time_linnet (self, n_rows, batches[i]);

        bare[i] = MAX (bare[i], bare_rate);
        linnet[i] = MAX (linnet[i], linnet_rate);
      }
  list = time_reading (linnet_store_conversations_list (self->store));
  page = time_reading (linnet_store_messages_latest (self->store, 1, 40));
  size = close_store (self);

  g_print ("{\"rows\": %u, \"bare_1\": %.0f, \"linnet_1\": %.0f, \"bare_100\": %.0f, \"linnet_100\": %.0f,"
           " \"bytes_per_message\": %.0f, \"list_ms\": %.3f, \"page_ms\": %.3f}\n",
           self->next,
           bare[0],
           linnet[0],
           bare[1],
           linnet[1],
           (double) size / self->next,
           list,
           page);

  return dex_future_new_true ();
}

static void
remove_directory (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (directory);
}

int
main (int argc, char *argv[])
{
  Bench bench = { .n_rows = 20000 };
  g_autoptr (GError) error = NULL;
  g_autoptr (DexFuture) fiber = NULL;
  guint64 n_rows;

  if (argc > 1)
    {
      if (!g_ascii_string_to_unsigned (argv[1], 10, 1000, 10000000, &n_rows, &error))
        g_error ("%s", error->message);
      bench.n_rows = n_rows;
    }
  bench.directory = g_dir_make_tmp ("linnet-bench-XXXXXX", &error);
  if (bench.directory == NULL)
    g_error ("%s", error->message);

  dex_init ();
  fiber = linnet_spawn ("bench", bench_fiber, &bench, NULL);
  while (dex_future_is_pending (fiber))
    g_main_context_iteration (NULL, TRUE);

  remove_directory (bench.directory);
  g_free (bench.directory);

  return 0;
}
