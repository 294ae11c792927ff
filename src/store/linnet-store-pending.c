/* Events that came before the message they are about (R15)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include <string.h>

#include "linnet-store-writer-private.h"

#define KEEP_FOR (30 * G_TIME_SPAN_DAY)

/* Somebody who invents events costs at most so many rows. */
#define MAX_PER_CONVERSATION 256
#define MAX_PER_ACCOUNT 8192

typedef struct
{
  LinnetStoreEventKind kind;
  char *condition;
  char *text;
} Waiting;

static void
waiting_clear (gpointer data)
{
  Waiting *self = data;

  g_free (self->condition);
  g_free (self->text);
}

static gboolean
drop_old (LinnetStoreWriter *self, GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (self->db, "DELETE FROM pending WHERE received < ?1", error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, g_get_real_time () - KEEP_FOR);

  return linnet_store_db_execute (self->db, query, error);
}

static gboolean
has_room (LinnetStoreWriter *self, const char *jid, gboolean *room, GError **error)
{
  gint64 value;
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (self->db,
                             "SELECT (SELECT count(*) FROM pending WHERE account = ?1 AND jid = ?2) < ?3"
                             " AND (SELECT count(*) FROM pending WHERE account = ?1) < ?4",
                             error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, self->account);
  linnet_store_bind_text (query, 2, jid);
  sqlite3_bind_int (query, 3, MAX_PER_CONVERSATION);
  sqlite3_bind_int (query, 4, MAX_PER_ACCOUNT);
  if (!linnet_store_db_next_int64 (self->db, query, &value, error))
    return FALSE;
  *room = value != 0;

  return TRUE;
}

gboolean
linnet_store_writer_keep_event (LinnetStoreWriter *self,
                                const char *jid,
                                const LinnetStoreEvent *event,
                                gboolean *kept,
                                GError **error)
{
  guchar id[16];
  g_autofree char *payload = NULL;
  g_autoptr (LinnetStoreQuery) query = NULL;

  if (!drop_old (self, error) || !has_room (self, jid, kept, error))
    return FALSE;
  if (!*kept)
    return TRUE;

  query = linnet_store_db_query (self->db,
                                 "INSERT INTO pending (account, jid, target, kind, payload, received)"
                                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                                 error);
  if (query == NULL)
    return FALSE;
  /* A condition is one word, the text is whatever they wrote. */
  if (event->condition != NULL)
    payload = g_strconcat (event->condition, event->text != NULL ? " " : NULL, event->text, NULL);
  sqlite3_bind_int64 (query, 1, self->account);
  linnet_store_bind_text (query, 2, jid);
  linnet_store_bind_id (query, 3, event->target, id);
  sqlite3_bind_int (query, 4, event->kind);
  linnet_store_bind_text (query, 5, payload);
  sqlite3_bind_int64 (query, 6, g_get_real_time ());
  self->pending_known = self->has_pending = TRUE;

  return linnet_store_db_execute (self->db, query, error);
}

/* Nearly always nothing waits for anything: then no message pays for the look. */
static gboolean
anything_waits (LinnetStoreWriter *self, gboolean *waits, GError **error)
{
  if (!self->pending_known)
    {
      gint64 value;
      g_autoptr (LinnetStoreQuery) query =
          linnet_store_db_query (self->db, "SELECT EXISTS (SELECT 1 FROM pending)", error);

      if (query == NULL || !linnet_store_db_next_int64 (self->db, query, &value, error))
        return FALSE;
      self->has_pending = value != 0;
      self->pending_known = TRUE;
    }
  *waits = self->has_pending;

  return TRUE;
}

static void
add_row (GArray *waiting, LinnetStoreQuery *query)
{
  g_autofree char *payload = linnet_store_column_text (query, 1);
  Waiting row = { .kind = sqlite3_column_int (query, 0) };

  if (payload != NULL)
    {
      char *space = strchr (payload, ' ');

      row.text = space != NULL ? g_strdup (space + 1) : NULL;
      row.condition = space != NULL ? g_strndup (payload, space - payload) : g_strdup (payload);
    }
  g_array_append_val (waiting, row);
}

/* Takes out what waits for @target, in the order it came. */
static gboolean
collect (LinnetStoreWriter *self,
         LinnetStoreCursor *cursor,
         const LinnetStoreMessage *message,
         const char *target,
         GArray *waiting,
         GError **error)
{
  guchar id[16];
  g_autoptr (GError) local_error = NULL;
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      self->db,
      "SELECT kind, payload FROM pending WHERE account = ?1 AND jid = ?2 AND target = ?3"
      " AND (kind = 3) <> ?4 ORDER BY id",
      error);
  g_autoptr (LinnetStoreQuery) removal =
      linnet_store_db_query (self->db,
                             "DELETE FROM pending WHERE account = ?1 AND jid = ?2 AND target = ?3"
                             " AND (kind = 3) <> ?4",
                             error);
  LinnetStoreQuery *queries[] = { query, removal };

  if (query == NULL || removal == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      sqlite3_bind_int64 (queries[i], 1, cursor->account);
      linnet_store_bind_text (queries[i], 2, cursor->jid);
      linnet_store_bind_id (queries[i], 3, target, id);
      sqlite3_bind_int (queries[i], 4, message->outgoing);
    }

  while (linnet_store_db_next (self->db, query, &local_error))
    add_row (waiting, query);
  if (linnet_store_had_error (error, &local_error))
    return FALSE;

  return waiting->len == 0 || linnet_store_db_execute (self->db, removal, error);
}

gboolean
linnet_store_writer_apply_pending (LinnetStoreWriter *self,
                                   LinnetStoreCursor *cursor,
                                   LinnetStoreMessage *message,
                                   GError **error)
{
  g_autoptr (GArray) waiting = NULL;
  gboolean waits;

  if (!anything_waits (self, &waits, error))
    return FALSE;
  if (!waits)
    return TRUE;

  waiting = g_array_new (FALSE, FALSE, sizeof (Waiting));
  g_array_set_clear_func (waiting, waiting_clear);
  if (message->stanza_id != NULL && !collect (self, cursor, message, message->stanza_id, waiting, error))
    return FALSE;
  if (message->origin_id != NULL && g_strcmp0 (message->origin_id, message->stanza_id) != 0 &&
      !collect (self, cursor, message, message->origin_id, waiting, error))
    return FALSE;

  for (guint i = 0; i < waiting->len; i++)
    {
      const Waiting *row = &g_array_index (waiting, Waiting, i);
      LinnetStoreEvent event = { .kind = row->kind, .condition = row->condition, .text = row->text };
      LinnetStoreTarget target = { message->id, message->position, message->state };
      gboolean changed;

      if (!linnet_store_writer_apply_event (self, cursor, &target, &event, &changed, error))
        return FALSE;
    }

  return TRUE;
}
