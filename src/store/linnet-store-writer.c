/* A transaction on messages and conversations: what it touches and what it changed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-writer-private.h"

#define COLUMNS                                                                                \
  "id, account, jid, last_message, last_position, unread, read_position, peer_read_position, " \
  "request FROM conversations"

static void
cursor_free (LinnetStoreCursor *self)
{
  g_free (self->jid);
  g_free (self);
}

LinnetStoreWriter *
linnet_store_writer_new (LinnetStoreDb *db, gint64 account)
{
  LinnetStoreWriter *self = g_new0 (LinnetStoreWriter, 1);

  self->db = db;
  self->account = account;
  self->changes = linnet_store_changes_new ();
  self->cursors = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, (GDestroyNotify) cursor_free);
  self->by_jid = g_hash_table_new (g_str_hash, g_str_equal);
  self->states = g_hash_table_new (g_int64_hash, g_int64_equal);

  return self;
}

void
linnet_store_writer_free (LinnetStoreWriter *self)
{
  g_clear_pointer (&self->changes, linnet_store_changes_unref);
  g_hash_table_unref (self->states);
  g_hash_table_unref (self->by_jid);
  g_hash_table_unref (self->cursors);
  g_free (self);
}

static LinnetStoreCursor *
take_row (LinnetStoreWriter *self, LinnetStoreQuery *query)
{
  LinnetStoreCursor *cursor = g_new0 (LinnetStoreCursor, 1);

  cursor->id = sqlite3_column_int64 (query, 0);
  cursor->account = sqlite3_column_int64 (query, 1);
  cursor->jid = linnet_store_column_text (query, 2);
  cursor->last_message = sqlite3_column_int64 (query, 3);
  cursor->last_position = sqlite3_column_int64 (query, 4);
  cursor->unread = sqlite3_column_int64 (query, 5);
  cursor->read_position = sqlite3_column_int64 (query, 6);
  cursor->peer_read_position = sqlite3_column_int64 (query, 7);
  cursor->request = sqlite3_column_int (query, 8);

  g_hash_table_insert (self->cursors, &cursor->id, cursor);
  if (cursor->account == self->account)
    g_hash_table_insert (self->by_jid, cursor->jid, cursor);

  return cursor;
}

LinnetStoreCursor *
linnet_store_writer_get (LinnetStoreWriter *self, gint64 conversation, GError **error)
{
  LinnetStoreCursor *cursor = g_hash_table_lookup (self->cursors, &conversation);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (LinnetStoreQuery) query = NULL;

  if (cursor != NULL)
    return cursor;

  query = linnet_store_db_query (self->db, "SELECT " COLUMNS " WHERE id = ?1", error);
  if (query == NULL)
    return NULL;
  sqlite3_bind_int64 (query, 1, conversation);
  if (linnet_store_db_next (self->db, query, &local_error))
    return take_row (self, query);

  if (local_error == NULL)
    g_set_error_literal (&local_error,
                         LINNET_STORE_ERROR,
                         LINNET_STORE_ERROR_NOT_FOUND,
                         "There is no such conversation");
  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

static LinnetStoreCursor *
find_jid (LinnetStoreWriter *self, const char *jid, GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (self->db, "SELECT " COLUMNS " WHERE account = ?1 AND jid = ?2", error);

  if (query == NULL)
    return NULL;
  sqlite3_bind_int64 (query, 1, self->account);
  linnet_store_bind_text (query, 2, jid);

  return linnet_store_db_next (self->db, query, error) ? take_row (self, query) : NULL;
}

static gboolean
create (LinnetStoreWriter *self, const char *jid, GError **error)
{
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      self->db, "INSERT INTO conversations (account, jid, created) VALUES (?1, ?2, ?3)", error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, self->account);
  linnet_store_bind_text (query, 2, jid);
  sqlite3_bind_int64 (query, 3, g_get_real_time ());

  return linnet_store_db_execute (self->db, query, error);
}

LinnetStoreCursor *
linnet_store_writer_get_jid (LinnetStoreWriter *self, const char *jid, gboolean make, GError **error)
{
  LinnetStoreCursor *cursor = g_hash_table_lookup (self->by_jid, jid);
  g_autoptr (GError) local_error = NULL;

  if (cursor != NULL)
    return cursor;

  cursor = find_jid (self, jid, &local_error);
  if (cursor == NULL && local_error == NULL && make && create (self, jid, &local_error))
    {
      cursor = find_jid (self, jid, &local_error);
      if (cursor != NULL)
        cursor->changed = TRUE;
    }
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return cursor;
}

gboolean
linnet_store_writer_is_stranger (LinnetStoreWriter *self,
                                 const char *jid,
                                 gboolean *stranger,
                                 GError **error)
{
  gint64 known;
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (
      self->db,
      "SELECT EXISTS (SELECT 1 FROM roster WHERE account = ?1 AND jid = ?2) OR"
      " EXISTS (SELECT 1 FROM accounts WHERE id = ?1 AND"
      "         ?2 IN (address, substr (address, instr (address, '@') + 1)))",
      error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, self->account);
  linnet_store_bind_text (query, 2, jid);
  if (!linnet_store_db_next_int64 (self->db, query, &known, error))
    return FALSE;
  *stranger = !known;

  return TRUE;
}

gboolean
linnet_store_writer_meet_strangers (LinnetStoreWriter *self, GError **error)
{
  g_autoptr (GArray) met = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) local_error = NULL;
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (self->db,
                             "SELECT c.id FROM conversations c JOIN roster r USING (account, jid)"
                             " WHERE c.account = ?1 AND c.request & 2",
                             error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, self->account);
  while (linnet_store_db_next (self->db, query, &local_error))
    {
      gint64 id = sqlite3_column_int64 (query, 0);

      g_array_append_val (met, id);
    }

  for (guint i = 0; i < met->len && local_error == NULL; i++)
    {
      LinnetStoreCursor *cursor =
          linnet_store_writer_get (self, g_array_index (met, gint64, i), &local_error);

      if (cursor == NULL)
        break;
      cursor->request &= ~LINNET_STORE_REQUEST_STRANGER;
      cursor->changed = TRUE;
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

gboolean
linnet_store_writer_mark_read (LinnetStoreWriter *self,
                               LinnetStoreCursor *cursor,
                               gint64 position,
                               GError **error)
{
  if (position <= cursor->read_position)
    return TRUE;

  if (position >= cursor->last_position)
    cursor->unread = 0;
  else
    {
      g_autoptr (LinnetStoreQuery) query =
          linnet_store_db_query (self->db,
                                 "SELECT count(*) FROM messages WHERE conversation = ?1 AND position > ?2"
                                 " AND NOT outgoing AND kind <> 1",
                                 error);

      if (query == NULL)
        return FALSE;
      sqlite3_bind_int64 (query, 1, cursor->id);
      sqlite3_bind_int64 (query, 2, position);
      if (!linnet_store_db_next_int64 (self->db, query, &cursor->unread, error))
        return FALSE;
    }
  cursor->read_position = position;
  cursor->changed = TRUE;

  return TRUE;
}

static gboolean
write_back (LinnetStoreWriter *self, LinnetStoreCursor *cursor, GError **error)
{
  LinnetStoreConversation *conversation;
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (self->db,
                             "UPDATE conversations SET last_message = ?2, last_position = ?3, unread = ?4,"
                             " read_position = ?5, peer_read_position = ?6, request = ?7 WHERE id = ?1",
                             error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, cursor->id);
  sqlite3_bind_int64 (query, 2, cursor->last_message);
  sqlite3_bind_int64 (query, 3, cursor->last_position);
  sqlite3_bind_int64 (query, 4, cursor->unread);
  sqlite3_bind_int64 (query, 5, cursor->read_position);
  sqlite3_bind_int64 (query, 6, cursor->peer_read_position);
  sqlite3_bind_int (query, 7, cursor->request);
  if (!linnet_store_db_execute (self->db, query, error))
    return FALSE;

  conversation = linnet_store_conversation_read (self->db, cursor->id, error);
  if (conversation == NULL)
    return FALSE;
  g_ptr_array_add (self->changes->conversations, conversation);

  return TRUE;
}

static int
compare_messages (gconstpointer a, gconstpointer b)
{
  const LinnetStoreStateChange *left = *(LinnetStoreStateChange *const *) a;
  const LinnetStoreStateChange *right = *(LinnetStoreStateChange *const *) b;

  return (left->message > right->message) - (left->message < right->message);
}

gboolean
linnet_store_writer_finish (LinnetStoreWriter *self, GValue *result, GError **error)
{
  GHashTableIter iter;
  LinnetStoreCursor *cursor;

  g_hash_table_iter_init (&iter, self->cursors);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &cursor))
    if (cursor->changed && !write_back (self, cursor, error))
      return FALSE;

  g_ptr_array_sort (self->changes->states, compare_messages);

  g_value_init (result, LINNET_TYPE_STORE_CHANGES);
  g_value_take_boxed (result, g_steal_pointer (&self->changes));

  return TRUE;
}
