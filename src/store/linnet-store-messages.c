/* Rows of messages, and pages of them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-db-private.h"
#include "linnet-store-messages.h"

#define SELECT                                                                                  \
  "SELECT m.id, m.conversation, m.position, m.outgoing, m.state, m.type, m.kind, m.encryption," \
  " m.markable, m.has_origin, m.time, m.received, m.stanza_id, m.origin_id, m.archive_id,"      \
  " m.error_condition, m.error_text, m.body, s.resource"                                        \
  " FROM messages m LEFT JOIN senders s ON s.id = m.sender "

typedef struct
{
  gint64 id; /* a message; of latest: a conversation */
  guint before;
  guint after;
  guint with_anchor : 1;
} Page;

G_DEFINE_BOXED_TYPE (LinnetStoreMessage,
                     linnet_store_message,
                     linnet_store_message_ref,
                     linnet_store_message_unref)

static LinnetStoreMessage *
read_row (LinnetStoreQuery *query)
{
  LinnetStoreMessage *message = linnet_store_message_new ();

  message->id = sqlite3_column_int64 (query, 0);
  message->conversation = sqlite3_column_int64 (query, 1);
  message->position = sqlite3_column_int64 (query, 2);
  message->outgoing = sqlite3_column_int (query, 3) != 0;
  message->state = sqlite3_column_int (query, 4);
  message->type = sqlite3_column_int (query, 5);
  message->kind = sqlite3_column_int (query, 6);
  message->encryption = sqlite3_column_int (query, 7);
  message->markable = sqlite3_column_int (query, 8) != 0;
  message->time =
      sqlite3_column_type (query, 10) == SQLITE_NULL ? message->position : sqlite3_column_int64 (query, 10);
  message->received =
      sqlite3_column_type (query, 11) == SQLITE_NULL ? message->time : sqlite3_column_int64 (query, 11);
  message->stanza_id = linnet_store_column_id (query, 12);
  message->origin_id = linnet_store_column_id (query, 13);
  if (message->origin_id == NULL && sqlite3_column_int (query, 9) != 0)
    message->origin_id = g_strdup (message->stanza_id);
  message->archive_id = linnet_store_column_id (query, 14);
  message->error_condition = linnet_store_column_text (query, 15);
  message->error_text = linnet_store_column_text (query, 16);
  message->body = linnet_store_column_text (query, 17);
  message->resource = linnet_store_column_text (query, 18);

  return message;
}

static void
reverse (GPtrArray *array)
{
  for (guint i = 0, j = array->len; i + 1 < j; i++)
    {
      gpointer other = array->pdata[--j];

      array->pdata[j] = array->pdata[i];
      array->pdata[i] = other;
    }
}

static gboolean
read_rows (LinnetStoreDb *db, LinnetStoreQuery *query, GPtrArray *messages, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  while (linnet_store_db_next (db, query, &local_error))
    g_ptr_array_add (messages, read_row (query));

  return !linnet_store_had_error (error, &local_error);
}

/* Appends up to @limit messages before @position, oldest first. */
static gboolean
read_before (LinnetStoreDb *db,
             gint64 conversation,
             gint64 position,
             guint limit,
             GPtrArray *messages,
             GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db,
                             SELECT "WHERE m.conversation = ?1 AND m.position < ?2"
                                    " ORDER BY m.position DESC LIMIT ?3",
                             error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, conversation);
  sqlite3_bind_int64 (query, 2, position);
  sqlite3_bind_int64 (query, 3, limit);
  if (!read_rows (db, query, messages, error))
    return FALSE;
  reverse (messages);

  return TRUE;
}

static gboolean
read_from (LinnetStoreDb *db,
           gint64 conversation,
           gint64 position,
           guint limit,
           GPtrArray *messages,
           GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db,
                             SELECT "WHERE m.conversation = ?1 AND m.position >= ?2"
                                    " ORDER BY m.position LIMIT ?3",
                             error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, conversation);
  sqlite3_bind_int64 (query, 2, position);
  sqlite3_bind_int64 (query, 3, limit);

  return read_rows (db, query, messages, error);
}

/* FALSE without an error: there is no such message. */
static gboolean
find_anchor (LinnetStoreDb *db, gint64 message, gint64 *conversation, gint64 *position, GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db, "SELECT conversation, position FROM messages WHERE id = ?1", error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, message);
  if (!linnet_store_db_next (db, query, error))
    return FALSE;
  *conversation = sqlite3_column_int64 (query, 0);
  *position = sqlite3_column_int64 (query, 1);

  return TRUE;
}

static gboolean
page_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Page *page = data;
  g_autoptr (GPtrArray) messages =
      g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_store_message_unref);
  g_autoptr (GError) local_error = NULL;
  gint64 conversation, position;

  if (find_anchor (db, page->id, &conversation, &position, &local_error))
    {
      guint after = page->after + page->with_anchor;

      if (page->before == 0 || read_before (db, conversation, position, page->before, messages, &local_error))
        if (after > 0)
          read_from (db, conversation, position + !page->with_anchor, after, messages, &local_error);
    }
  if (linnet_store_had_error (error, &local_error))
    return FALSE;

  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&messages));

  return TRUE;
}

static gboolean
latest_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Page *page = data;
  g_autoptr (GPtrArray) messages =
      g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_store_message_unref);

  if (!read_before (db, page->id, G_MAXINT64, page->before, messages, error))
    return FALSE;

  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&messages));

  return TRUE;
}

static DexFuture *
run_page (LinnetStore *store, LinnetStoreJob job, Page page)
{
  return linnet_store_run_read (store, job, g_memdup2 (&page, sizeof page), g_free);
}

/* The first column of the first row; 0 when there is none. */
static gboolean
number_job (LinnetStoreDb *db, const char *sql, gint64 id, GValue *result, GError **error)
{
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (db, sql, error);
  g_autoptr (GError) local_error = NULL;
  gint64 number = 0;

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, id);
  if (!linnet_store_db_next_int64 (db, query, &number, &local_error) && local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  g_value_init (result, G_TYPE_INT64);
  g_value_set_int64 (result, number);

  return TRUE;
}

static gboolean
first_unread_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  return number_job (db,
                     "SELECT id FROM messages WHERE conversation = ?1"
                     " AND position > (SELECT read_position FROM conversations WHERE id = ?1)"
                     " AND NOT outgoing AND kind <> 1 ORDER BY position LIMIT 1",
                     *(gint64 *) data,
                     result,
                     error);
}

static gboolean
get_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (db, SELECT "WHERE m.id = ?1", error);
  g_autoptr (GError) local_error = NULL;

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, *(gint64 *) data);
  if (!linnet_store_db_next (db, query, &local_error))
    {
      if (local_error == NULL)
        g_set_error_literal (&local_error,
                             LINNET_STORE_ERROR,
                             LINNET_STORE_ERROR_NOT_FOUND,
                             "There is no such message");
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  g_value_init (result, LINNET_TYPE_STORE_MESSAGE);
  g_value_take_boxed (result, read_row (query));

  return TRUE;
}

LinnetStoreMessage *
linnet_store_message_new (void)
{
  LinnetStoreMessage *self = g_new0 (LinnetStoreMessage, 1);

  g_atomic_ref_count_init (&self->ref_count);

  return self;
}

LinnetStoreMessage *
linnet_store_message_ref (LinnetStoreMessage *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
linnet_store_message_unref (LinnetStoreMessage *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->stanza_id);
  g_free (self->origin_id);
  g_free (self->archive_id);
  g_free (self->resource);
  g_free (self->body);
  g_free (self->error_condition);
  g_free (self->error_text);
  g_free (self);
}

DexFuture *
linnet_store_messages_latest (LinnetStore *store, gint64 conversation, guint limit)
{
  return run_page (store, latest_job, (Page) { .id = conversation, .before = limit });
}

DexFuture *
linnet_store_messages_before (LinnetStore *store, gint64 anchor, guint limit)
{
  return run_page (store, page_job, (Page) { .id = anchor, .before = limit });
}

DexFuture *
linnet_store_messages_after (LinnetStore *store, gint64 anchor, guint limit)
{
  return run_page (store, page_job, (Page) { .id = anchor, .after = limit });
}

DexFuture *
linnet_store_messages_around (LinnetStore *store, gint64 anchor, guint before, guint after)
{
  return run_page (store,
                   page_job,
                   (Page) { .id = anchor, .before = before, .after = after, .with_anchor = TRUE });
}

DexFuture *
linnet_store_messages_first_unread (LinnetStore *store, gint64 conversation)
{
  return linnet_store_run_read (
      store, first_unread_job, g_memdup2 (&conversation, sizeof conversation), g_free);
}

DexFuture *
linnet_store_messages_get (LinnetStore *store, gint64 message)
{
  return linnet_store_run_read (store, get_job, g_memdup2 (&message, sizeof message), g_free);
}
