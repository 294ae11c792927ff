/* New messages: known ones are found by their ids, the others get their place
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-writer-private.h"

/* Resources change with every sign-in; the number of those in use is small. */
#define MAX_KEPT_SENDERS 4096

typedef struct
{
  gint64 id;
  gint64 position;
  LinnetStoreState state;
  gboolean lacks_archive_id;
} Known;

/* FALSE without an error: there is none. */
static gboolean
read_known (LinnetStoreWriter *self, LinnetStoreQuery *query, Known *known, GError **error)
{
  if (!linnet_store_db_next (self->db, query, error))
    return FALSE;

  known->id = sqlite3_column_int64 (query, 0);
  known->state = sqlite3_column_int (query, 1);
  known->lacks_archive_id = sqlite3_column_int (query, 2);
  known->position = sqlite3_column_int64 (query, 3);

  return TRUE;
}

static gboolean
find_by_archive_id (LinnetStoreWriter *self,
                    LinnetStoreCursor *cursor,
                    LinnetStoreMessage *message,
                    Known *known,
                    GError **error)
{
  guchar id[16];
  g_autoptr (LinnetStoreQuery) query = NULL;

  if (message->archive_id == NULL)
    return FALSE;

  query = linnet_store_db_query (
      self->db,
      "SELECT id, state, FALSE, position FROM messages WHERE conversation = ?1 AND archive_id = ?2",
      error);
  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, cursor->id);
  linnet_store_bind_id (query, 2, message->archive_id, id);

  return read_known (self, query, known, error);
}

/* An origin id is chosen by the sender, so it counts for messages of that sender only: in a one-to-one
   conversation the direction tells who it is. What this account sent may come back without its origin id
   (carbons, archives). */
static gboolean
find_by_origin_id (LinnetStoreWriter *self,
                   LinnetStoreCursor *cursor,
                   LinnetStoreMessage *message,
                   Known *known,
                   GError **error)
{
  const char *key = message->origin_id;
  guchar id[16];
  g_autoptr (LinnetStoreQuery) query = NULL;

  if (key == NULL && message->outgoing)
    key = message->stanza_id;
  if (key == NULL)
    return FALSE;

  query =
      linnet_store_db_query (self->db,
                             "SELECT id, state, archive_id IS NULL, position FROM messages"
                             " WHERE conversation = ?1 AND stanza_id = ?2 AND has_origin AND outgoing = ?3"
                             " UNION ALL "
                             "SELECT id, state, archive_id IS NULL, position FROM messages"
                             " WHERE conversation = ?1 AND origin_id = ?2 AND outgoing = ?3"
                             " LIMIT 1",
                             error);
  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, cursor->id);
  linnet_store_bind_id (query, 2, key, id);
  sqlite3_bind_int (query, 3, message->outgoing);

  return read_known (self, query, known, error);
}

static gboolean
set_archive_id (LinnetStoreWriter *self, gint64 message, const char *archive_id, GError **error)
{
  guchar id[16];
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (self->db, "UPDATE messages SET archive_id = ?2 WHERE id = ?1", error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, message);
  linnet_store_bind_id (query, 2, archive_id, id);

  return linnet_store_db_execute (self->db, query, error);
}

static gboolean
meet_again (LinnetStoreWriter *self,
            LinnetStoreCursor *cursor,
            const Known *known,
            LinnetStoreMessage *message,
            LinnetStoreOutcome *outcome,
            GError **error)
{
  outcome->kind = LINNET_STORE_OUTCOME_DUPLICATE;
  outcome->message = known->id;

  if (message->archive_id != NULL && known->lacks_archive_id &&
      !set_archive_id (self, known->id, message->archive_id, error))
    return FALSE;

  if (!message->outgoing || !linnet_store_state_may_change (known->state, LINNET_STORE_STATE_SENT))
    return TRUE;

  /* The server tells us what we told it: it has it. */
  return linnet_store_writer_drop_from_outbox (self, known->id, error) &&
         linnet_store_writer_set_state (self, cursor, known->id, LINNET_STORE_STATE_SENT, NULL, NULL, error);
}

/* FALSE without an error: there is none. */
static gboolean
find_sender (LinnetStoreDb *db, gint64 conversation, const char *resource, gint64 *id, GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db, "SELECT id FROM senders WHERE conversation = ?1 AND resource = ?2", error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, conversation);
  linnet_store_bind_text (query, 2, resource);

  return linnet_store_db_next_int64 (db, query, id, error);
}

static gboolean
add_sender (LinnetStoreDb *db, gint64 conversation, const char *resource, gint64 *id, GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db, "INSERT INTO senders (conversation, resource) VALUES (?1, ?2)", error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, conversation);
  linnet_store_bind_text (query, 2, resource);
  if (!linnet_store_db_execute (db, query, error))
    return FALSE;
  *id = sqlite3_last_insert_rowid (db->handle);

  return TRUE;
}

static gboolean
get_sender (LinnetStoreDb *db, gint64 conversation, const char *resource, gint64 *id, GError **error)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT " %s", conversation, resource);
  g_autoptr (GError) local_error = NULL;

  *id = GPOINTER_TO_SIZE (g_hash_table_lookup (db->senders, key));
  if (*id != 0)
    return TRUE;

  if (!find_sender (db, conversation, resource, id, &local_error) &&
      (local_error != NULL || !add_sender (db, conversation, resource, id, &local_error)))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (g_hash_table_size (db->senders) >= MAX_KEPT_SENDERS)
    g_hash_table_remove_all (db->senders);
  g_hash_table_insert (db->senders, g_steal_pointer (&key), GSIZE_TO_POINTER (*id));

  return TRUE;
}

/* R18: what comes later stands later, whatever the clocks say; see linnet-store-schema.c. What an archive
 * had has its place already. */
static void
place (LinnetStoreWriter *self, LinnetStoreCursor *cursor, LinnetStoreMessage *message)
{
  gint64 now = g_get_real_time ();

  message->id = self->db->next_id++;
  message->conversation = cursor->id;
  if (message->time <= 0)
    message->time = now;
  message->time = MIN (message->time, now + G_TIME_SPAN_DAY);
  if (message->received <= 0)
    message->received = message->time;
  if (self->backlog == LINNET_STORE_BACKLOG_NONE)
    message->position = MAX (cursor->last_position + 1, message->time);
}

static void
bind_time (LinnetStoreQuery *query, int index, gint64 time, gint64 usual)
{
  if (time != usual)
    sqlite3_bind_int64 (query, index, time);
  else
    sqlite3_bind_null (query, index);
}

static gboolean
write_row (LinnetStoreWriter *self, const LinnetStoreMessage *message, GError **error)
{
  gboolean same_ids = message->origin_id != NULL && g_strcmp0 (message->origin_id, message->stanza_id) == 0;
  guchar stanza_id[16], origin_id[16], archive_id[16];
  gint64 sender;
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      self->db,
      "INSERT INTO messages (id, conversation, position, outgoing, state, type, kind,"
      " encryption, markable, has_origin, sender, time, received, stanza_id, origin_id,"
      " archive_id, error_condition, error_text, body)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,"
      " ?18, ?19)",
      error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, message->id);
  sqlite3_bind_int64 (query, 2, message->conversation);
  sqlite3_bind_int64 (query, 3, message->position);
  sqlite3_bind_int (query, 4, message->outgoing);
  sqlite3_bind_int (query, 5, message->state);
  sqlite3_bind_int (query, 6, message->type);
  sqlite3_bind_int (query, 7, message->kind);
  sqlite3_bind_int (query, 8, message->encryption);
  sqlite3_bind_int (query, 9, message->markable);
  sqlite3_bind_int (query, 10, message->origin_id != NULL);
  if (message->resource != NULL)
    {
      if (!get_sender (self->db, message->conversation, message->resource, &sender, error))
        return FALSE;
      sqlite3_bind_int64 (query, 11, sender);
    }
  bind_time (query, 12, message->time, message->position);
  bind_time (query, 13, message->received, message->time);
  linnet_store_bind_id (query, 14, message->stanza_id, stanza_id);
  linnet_store_bind_id (query, 15, same_ids ? NULL : message->origin_id, origin_id);
  linnet_store_bind_id (query, 16, message->archive_id, archive_id);
  linnet_store_bind_text (query, 17, message->error_condition);
  linnet_store_bind_text (query, 18, message->error_text);
  linnet_store_bind_text (query, 19, message->body);

  return linnet_store_db_execute (self->db, query, error);
}

static void
count (LinnetStoreCursor *cursor, const LinnetStoreMessage *message)
{
  cursor->last_message = message->id;
  cursor->last_position = message->position;
  cursor->changed = TRUE;

  if (message->outgoing)
    {
      /* Whoever writes to somebody knows them. */
      cursor->request &= ~LINNET_STORE_REQUEST_STRANGER;
      /* Who answers has read what was there, on whichever device. */
      cursor->unread = 0;
      cursor->read_position = message->position;
    }
  else if (message->kind != LINNET_STORE_KIND_EVENT)
    cursor->unread++;
}

/* What is older than this device was read elsewhere, or long ago; what came live since was not. */
static gboolean
read_up_to (LinnetStoreWriter *self, LinnetStoreCursor *cursor, gint64 position, GError **error)
{
  gint64 first_unread = G_MAXINT64;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (LinnetStoreQuery) query = NULL;

  if (cursor->unread > 0)
    {
      query = linnet_store_db_query (self->db,
                                     "SELECT position FROM messages WHERE conversation = ?1 AND position > ?2"
                                     " AND NOT outgoing AND kind <> 1"
                                     " ORDER BY position DESC LIMIT 1 OFFSET ?3",
                                     error);
      if (query == NULL)
        return FALSE;
      sqlite3_bind_int64 (query, 1, cursor->id);
      sqlite3_bind_int64 (query, 2, cursor->read_position);
      sqlite3_bind_int64 (query, 3, cursor->unread - 1);
      if (!linnet_store_db_next_int64 (self->db, query, &first_unread, &local_error) &&
          linnet_store_had_error (error, &local_error))
        return FALSE;
    }
  if (position > cursor->read_position && position < first_unread)
    cursor->read_position = position;

  return TRUE;
}

/* The same for what an archive had: it may stand anywhere. */
static gboolean
count_backlog (LinnetStoreWriter *self,
               LinnetStoreCursor *cursor,
               const LinnetStoreMessage *message,
               GError **error)
{
  cursor->changed = TRUE;
  if (message->position > cursor->last_position)
    {
      cursor->last_message = message->id;
      cursor->last_position = message->position;
    }

  if (message->outgoing)
    {
      cursor->request &= ~LINNET_STORE_REQUEST_STRANGER;
      return linnet_store_writer_mark_read (self, cursor, message->position, error);
    }
  if (self->backlog == LINNET_STORE_BACKLOG_HISTORY)
    return read_up_to (self, cursor, message->position, error);
  if (message->kind != LINNET_STORE_KIND_EVENT && message->position > cursor->read_position)
    cursor->unread++;

  return TRUE;
}

gboolean
linnet_store_writer_find_known (LinnetStoreWriter *self,
                                LinnetStoreCursor *cursor,
                                LinnetStoreMessage *message,
                                gint64 *position,
                                GError **error)
{
  g_autoptr (GError) local_error = NULL;
  Known known;

  *position = 0;
  if (find_by_archive_id (self, cursor, message, &known, &local_error) ||
      (local_error == NULL && find_by_origin_id (self, cursor, message, &known, &local_error)))
    *position = known.position;

  return !linnet_store_had_error (error, &local_error);
}

gboolean
linnet_store_writer_insert (LinnetStoreWriter *self,
                            LinnetStoreCursor *cursor,
                            LinnetStoreMessage *message,
                            LinnetStoreOutcome *outcome,
                            GError **error)
{
  g_autoptr (GError) local_error = NULL;
  Known known;

  if (find_by_archive_id (self, cursor, message, &known, &local_error) ||
      (local_error == NULL && find_by_origin_id (self, cursor, message, &known, &local_error)))
    return meet_again (self, cursor, &known, message, outcome, error);
  if (linnet_store_had_error (error, &local_error))
    return FALSE;

  place (self, cursor, message);
  if (!write_row (self, message, error))
    return FALSE;
  if (self->backlog == LINNET_STORE_BACKLOG_NONE)
    count (cursor, message);
  else if (!count_backlog (self, cursor, message, error))
    return FALSE;
  g_ptr_array_add (self->changes->messages, linnet_store_message_ref (message));
  outcome->kind = LINNET_STORE_OUTCOME_DONE;
  outcome->message = message->id;

  return linnet_store_writer_apply_pending (self, cursor, message, error);
}
