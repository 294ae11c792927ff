/* What happens to a message after it was written: acknowledged, delivered, read, failed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-writer-private.h"

gboolean
linnet_store_state_may_change (LinnetStoreState from, LinnetStoreState to)
{
  switch (to)
    {
    case LINNET_STORE_STATE_SENT:
      return from == LINNET_STORE_STATE_QUEUED;
    case LINNET_STORE_STATE_DELIVERED:
    case LINNET_STORE_STATE_READ:
      /* R16: who has it, has it, whatever error came before. */
      return from < to || from == LINNET_STORE_STATE_FAILED;
    case LINNET_STORE_STATE_FAILED:
      return from == LINNET_STORE_STATE_QUEUED || from == LINNET_STORE_STATE_SENT;
    case LINNET_STORE_STATE_QUEUED:
    case LINNET_STORE_STATE_RECEIVED:
    default:
      return FALSE;
    }
}

/* A row that this transaction inserted: the caller has not seen it yet. */
static LinnetStoreMessage *
find_inserted (LinnetStoreWriter *self, gint64 id)
{
  GPtrArray *messages = self->changes->messages;

  for (guint i = messages->len; i > 0; i--)
    {
      LinnetStoreMessage *message = messages->pdata[i - 1];

      if (message->id == id)
        return message;
      if (message->id < id)
        return NULL;
    }

  return NULL;
}

static void
note_state (LinnetStoreWriter *self,
            LinnetStoreCursor *cursor,
            gint64 id,
            LinnetStoreState state,
            const char *condition,
            const char *text)
{
  LinnetStoreMessage *message = find_inserted (self, id);
  LinnetStoreStateChange *change;

  cursor->changed = TRUE;
  if (message != NULL)
    {
      message->state = state;
      g_set_str (&message->error_condition, condition);
      g_set_str (&message->error_text, text);
      return;
    }

  change = g_hash_table_lookup (self->states, &id);
  if (change == NULL)
    {
      change = g_new0 (LinnetStoreStateChange, 1);
      change->conversation = cursor->id;
      change->message = id;
      g_ptr_array_add (self->changes->states, change);
      g_hash_table_insert (self->states, &change->message, change);
    }
  change->state = state;
  g_set_str (&change->error_condition, condition);
  g_set_str (&change->error_text, text);
}

gboolean
linnet_store_writer_set_state (LinnetStoreWriter *self,
                               LinnetStoreCursor *cursor,
                               gint64 message,
                               LinnetStoreState state,
                               const char *condition,
                               const char *text,
                               GError **error)
{
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      self->db, "UPDATE messages SET state = ?2, error_condition = ?3, error_text = ?4 WHERE id = ?1", error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, message);
  sqlite3_bind_int (query, 2, state);
  linnet_store_bind_text (query, 3, condition);
  linnet_store_bind_text (query, 4, text);
  if (!linnet_store_db_execute (self->db, query, error))
    return FALSE;

  note_state (self, cursor, message, state, condition, text);

  return TRUE;
}

/* They read @position: what stands before it they have read, too (XEP-0333). Each row is looked at once, as
 * peer_read_position only grows. */
static gboolean
mark_earlier_read (LinnetStoreWriter *self, LinnetStoreCursor *cursor, gint64 position, GError **error)
{
  g_autoptr (LinnetStoreQuery) query = NULL;
  g_autoptr (GError) local_error = NULL;

  if (position <= cursor->peer_read_position)
    return TRUE;

  query = linnet_store_db_query (self->db,
                                 "UPDATE messages SET state = 3 WHERE conversation = ?1 AND position > ?2"
                                 " AND position < ?3 AND outgoing AND state IN (1, 2) RETURNING id",
                                 error);
  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, cursor->id);
  sqlite3_bind_int64 (query, 2, cursor->peer_read_position);
  sqlite3_bind_int64 (query, 3, position);
  while (linnet_store_db_next (self->db, query, &local_error))
    note_state (self, cursor, sqlite3_column_int64 (query, 0), LINNET_STORE_STATE_READ, NULL, NULL);
  if (linnet_store_had_error (error, &local_error))
    return FALSE;
  cursor->peer_read_position = position;
  cursor->changed = TRUE;

  return TRUE;
}

gboolean
linnet_store_writer_drop_from_outbox (LinnetStoreWriter *self, gint64 message, GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (self->db, "DELETE FROM outbox WHERE message = ?1", error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, message);

  return linnet_store_db_execute (self->db, query, error);
}

static LinnetStoreState
event_state (LinnetStoreEventKind kind)
{
  switch (kind)
    {
    case LINNET_STORE_EVENT_RECEIPT:
      return LINNET_STORE_STATE_DELIVERED;
    case LINNET_STORE_EVENT_DISPLAYED:
      return LINNET_STORE_STATE_READ;
    case LINNET_STORE_EVENT_ERROR:
      return LINNET_STORE_STATE_FAILED;
    case LINNET_STORE_EVENT_READ_HERE:
    default:
      g_assert_not_reached ();
    }
}

gboolean
linnet_store_writer_apply_event (LinnetStoreWriter *self,
                                 LinnetStoreCursor *cursor,
                                 const LinnetStoreTarget *target,
                                 const LinnetStoreEvent *event,
                                 gboolean *changed,
                                 GError **error)
{
  LinnetStoreState state;

  if (event->kind == LINNET_STORE_EVENT_READ_HERE)
    {
      *changed = target->position > cursor->read_position;
      return linnet_store_writer_mark_read (self, cursor, target->position, error);
    }

  state = event_state (event->kind);
  *changed = linnet_store_state_may_change (target->state, state);
  if (*changed &&
      !linnet_store_writer_set_state (self, cursor, target->id, state, event->condition, event->text, error))
    return FALSE;

  /* Whatever they say about it, the server has had it: it must not be sent again by itself. */
  if (*changed && !linnet_store_writer_drop_from_outbox (self, target->id, error))
    return FALSE;

  return event->kind != LINNET_STORE_EVENT_DISPLAYED ||
         mark_earlier_read (self, cursor, target->position, error);
}

/* I11: receipts, markers and errors are only about what this account wrote, in that very conversation. FALSE
   without an error: not found. The newest counts where ids were used twice. */
static gboolean
find_target (LinnetStoreWriter *self,
             LinnetStoreCursor *cursor,
             const LinnetStoreEvent *event,
             LinnetStoreTarget *target,
             GError **error)
{
  guchar id[16];
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (self->db,
                             "SELECT id, position, state FROM messages"
                             " WHERE conversation = ?1 AND stanza_id = ?2 AND outgoing = ?3"
                             " UNION ALL "
                             "SELECT id, position, state FROM messages"
                             " WHERE conversation = ?1 AND origin_id = ?2 AND outgoing = ?3"
                             " ORDER BY 2 DESC LIMIT 1",
                             error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, cursor->id);
  linnet_store_bind_id (query, 2, event->target, id);
  sqlite3_bind_int (query, 3, event->kind != LINNET_STORE_EVENT_READ_HERE);
  if (!linnet_store_db_next (self->db, query, error))
    return FALSE;

  target->id = sqlite3_column_int64 (query, 0);
  target->position = sqlite3_column_int64 (query, 1);
  target->state = sqlite3_column_int (query, 2);

  return TRUE;
}

gboolean
linnet_store_writer_event (LinnetStoreWriter *self,
                           const char *jid,
                           const LinnetStoreEvent *event,
                           LinnetStoreOutcome *outcome,
                           GError **error)
{
  g_autoptr (GError) local_error = NULL;
  LinnetStoreCursor *cursor = linnet_store_writer_get_jid (self, jid, FALSE, &local_error);
  LinnetStoreTarget target;
  gboolean found = cursor != NULL && find_target (self, cursor, event, &target, &local_error);
  gboolean changed = FALSE;

  if (linnet_store_had_error (error, &local_error))
    return FALSE;

  if (!found)
    {
      if (!linnet_store_writer_keep_event (self, jid, event, &changed, error))
        return FALSE;
      outcome->kind = changed ? LINNET_STORE_OUTCOME_PENDING : LINNET_STORE_OUTCOME_IGNORED;
      return TRUE;
    }

  outcome->message = target.id;
  if (!linnet_store_writer_apply_event (self, cursor, &target, event, &changed, error))
    return FALSE;
  outcome->kind = changed ? LINNET_STORE_OUTCOME_DONE : LINNET_STORE_OUTCOME_IGNORED;

  return TRUE;
}
