/* Stanzas that must reach the server: their final bytes, until it has acknowledged them (R3, R7)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-outbox.h"
#include "linnet-store-writer-private.h"

typedef struct
{
  gint64 id; /* conversation, message, account or outbox row */
  GArray *ids;
  LinnetStoreMessage *message;
  char *stanza;
} Request;

/* What an outbox row is about. */
typedef struct
{
  gint64 message;
  gint64 conversation;
  LinnetStoreState state;
} Entry;

G_DEFINE_BOXED_TYPE (LinnetStoreOutboxItem,
                     linnet_store_outbox_item,
                     linnet_store_outbox_item_copy,
                     linnet_store_outbox_item_free)

static Request *
request_new (gint64 id, const char *stanza)
{
  Request *self = g_new0 (Request, 1);

  self->id = id;
  self->stanza = g_strdup (stanza);

  return self;
}

static void
request_free (gpointer data)
{
  Request *self = data;

  g_clear_pointer (&self->ids, g_array_unref);
  g_clear_pointer (&self->message, linnet_store_message_unref);
  g_free (self->stanza);
  g_free (self);
}

static gboolean
write_row (LinnetStoreWriter *writer, gint64 account, gint64 message, const char *stanza, GError **error)
{
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      writer->db,
      "INSERT INTO outbox (id, account, message, created, stanza) VALUES (?1, ?2, ?3, ?4, ?5)",
      error);

  if (query == NULL)
    return FALSE;
  writer->changes->outbox = writer->db->next_id++;
  sqlite3_bind_int64 (query, 1, writer->changes->outbox);
  sqlite3_bind_int64 (query, 2, account);
  sqlite3_bind_int64 (query, 3, message);
  sqlite3_bind_int64 (query, 4, g_get_real_time ());
  linnet_store_bind_text (query, 5, stanza);

  return linnet_store_db_execute (writer->db, query, error);
}

static gboolean
clear_draft (LinnetStoreDb *db, gint64 conversation, GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db,
                             "UPDATE conversations SET draft = NULL WHERE id = ?1 AND draft IS NOT NULL",
                             error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, conversation);

  return linnet_store_db_execute (db, query, error);
}

static gboolean
send_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  Request *request = data;
  g_autoptr (LinnetStoreWriter) writer = linnet_store_writer_new (db, 0);
  LinnetStoreCursor *cursor = linnet_store_writer_get (writer, request->id, error);
  LinnetStoreOutcome outcome = { 0 };

  if (cursor == NULL || !linnet_store_writer_insert (writer, cursor, request->message, &outcome, error))
    return FALSE;
  if (outcome.kind == LINNET_STORE_OUTCOME_DUPLICATE)
    {
      g_set_error_literal (error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_EXISTS, "This id was used before");
      return FALSE;
    }

  return write_row (writer, cursor->account, outcome.message, request->stanza, error) &&
         clear_draft (db, cursor->id, error) && linnet_store_writer_finish (writer, result, error);
}

/* FALSE without an error: there is none. */
static gboolean
find_entry (LinnetStoreDb *db, const char *sql, gint64 id, Entry *entry, GError **error)
{
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (db, sql, error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, id);
  if (!linnet_store_db_next (db, query, error))
    return FALSE;
  entry->message = sqlite3_column_int64 (query, 0);
  entry->conversation = sqlite3_column_int64 (query, 1);
  entry->state = sqlite3_column_int (query, 2);

  return TRUE;
}

static gboolean
find_row (LinnetStoreDb *db, gint64 id, Entry *entry, GError **error)
{
  return find_entry (db,
                     "SELECT m.id, m.conversation, m.state FROM outbox o JOIN messages m ON m.id = o.message"
                     " WHERE o.id = ?1",
                     id,
                     entry,
                     error);
}

static gboolean
retry_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Request *request = data;
  g_autoptr (LinnetStoreWriter) writer = linnet_store_writer_new (db, 0);
  g_autoptr (GError) local_error = NULL;
  LinnetStoreCursor *cursor;
  Entry entry;

  if (!find_entry (db,
                   "SELECT id, conversation, state FROM messages WHERE id = ?1 AND state = 4",
                   request->id,
                   &entry,
                   &local_error))
    {
      if (local_error == NULL)
        g_set_error_literal (&local_error,
                             LINNET_STORE_ERROR,
                             LINNET_STORE_ERROR_NOT_FOUND,
                             "There is no such message that failed");
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  cursor = linnet_store_writer_get (writer, entry.conversation, error);

  return cursor != NULL &&
         linnet_store_writer_set_state (
             writer, cursor, entry.message, LINNET_STORE_STATE_QUEUED, NULL, NULL, error) &&
         write_row (writer, cursor->account, entry.message, request->stanza, error) &&
         linnet_store_writer_finish (writer, result, error);
}

/* Takes the row out; its message comes to @state if it still may. */
static gboolean
settle (LinnetStoreWriter *writer,
        const Entry *entry,
        LinnetStoreState state,
        const char *condition,
        const char *text,
        GError **error)
{
  LinnetStoreCursor *cursor;

  if (!linnet_store_writer_drop_from_outbox (writer, entry->message, error))
    return FALSE;
  if (!linnet_store_state_may_change (entry->state, state))
    return TRUE;

  cursor = linnet_store_writer_get (writer, entry->conversation, error);

  return cursor != NULL &&
         linnet_store_writer_set_state (writer, cursor, entry->message, state, condition, text, error);
}

static gboolean
ack_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Request *request = data;
  g_autoptr (LinnetStoreWriter) writer = linnet_store_writer_new (db, 0);
  g_autoptr (GError) local_error = NULL;
  Entry entry;

  for (guint i = 0; i < request->ids->len; i++)
    {
      if (find_row (db, g_array_index (request->ids, gint64, i), &entry, &local_error))
        settle (writer, &entry, LINNET_STORE_STATE_SENT, NULL, NULL, &local_error);
      if (linnet_store_had_error (error, &local_error))
        return FALSE;
    }

  return linnet_store_writer_finish (writer, result, error);
}

static gboolean
list_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Request *request = data;
  g_autoptr (GPtrArray) items =
      g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_store_outbox_item_free);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db,
                             "SELECT id, message, created, stanza FROM outbox WHERE account = ?1 ORDER BY id",
                             error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, request->id);
  while (linnet_store_db_next (db, query, &local_error))
    {
      LinnetStoreOutboxItem *item = g_new0 (LinnetStoreOutboxItem, 1);

      item->id = sqlite3_column_int64 (query, 0);
      item->message = sqlite3_column_int64 (query, 1);
      item->created = sqlite3_column_int64 (query, 2);
      item->stanza = linnet_store_column_text (query, 3);
      g_ptr_array_add (items, item);
    }
  if (linnet_store_had_error (error, &local_error))
    return FALSE;

  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&items));

  return TRUE;
}

LinnetStoreOutboxItem *
linnet_store_outbox_item_copy (const LinnetStoreOutboxItem *self)
{
  LinnetStoreOutboxItem *copy = g_memdup2 (self, sizeof *self);

  copy->stanza = g_strdup (self->stanza);

  return copy;
}

void
linnet_store_outbox_item_free (LinnetStoreOutboxItem *self)
{
  g_free (self->stanza);
  g_free (self);
}

DexFuture *
linnet_store_outbox_send (LinnetStore *store,
                          gint64 conversation,
                          LinnetStoreMessage *message,
                          const char *stanza)
{
  Request *request = request_new (conversation, stanza);

  request->message = message;
  message->outgoing = TRUE;
  message->state = LINNET_STORE_STATE_QUEUED;

  return linnet_store_run (store, send_job, request, request_free);
}

DexFuture *
linnet_store_outbox_retry (LinnetStore *store, gint64 message, const char *stanza)
{
  return linnet_store_run (store, retry_job, request_new (message, stanza), request_free);
}

DexFuture *
linnet_store_outbox_list (LinnetStore *store, gint64 account)
{
  return linnet_store_run_read (store, list_job, request_new (account, NULL), request_free);
}

DexFuture *
linnet_store_outbox_ack (LinnetStore *store, const gint64 *ids, guint n_ids)
{
  Request *request = request_new (0, NULL);

  request->ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n_ids);
  g_array_append_vals (request->ids, ids, n_ids);

  return linnet_store_run (store, ack_job, request, request_free);
}
