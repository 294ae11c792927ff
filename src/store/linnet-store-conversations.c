/* Rows of conversations: all that a list of chats shows
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-writer-private.h"

/* One query for whatever a row of the list shows: the last message is found by its key. */
#define SELECT                                                                                   \
  "SELECT c.id, c.account, c.jid, c.created, c.draft, c.unread, c.read_position, c.muted_until," \
  " c.pinned, c.archived, c.request, m.id, m.position, m.time, substr(m.body, 1, 160), m.state," \
  " m.kind, m.outgoing, s.resource FROM conversations c"                                         \
  " LEFT JOIN messages m ON m.id = c.last_message LEFT JOIN senders s ON s.id = m.sender"

typedef struct
{
  gint64 id; /* conversation; of open: account */
  LinnetStoreConversationField field;
  gint64 value;
  char *text;
} Change;

G_DEFINE_BOXED_TYPE (LinnetStoreConversation,
                     linnet_store_conversation,
                     linnet_store_conversation_ref,
                     linnet_store_conversation_unref)

static void
change_free (gpointer data)
{
  Change *self = data;

  g_free (self->text);
  g_free (self);
}

static Change *
change_new (gint64 id, const char *text)
{
  Change *self = g_new0 (Change, 1);

  self->id = id;
  self->text = g_strdup (text);

  return self;
}

static LinnetStoreConversation *
read_row (LinnetStoreQuery *query)
{
  LinnetStoreConversation *row = g_new0 (LinnetStoreConversation, 1);

  g_atomic_ref_count_init (&row->ref_count);
  row->id = sqlite3_column_int64 (query, 0);
  row->account = sqlite3_column_int64 (query, 1);
  row->jid = linnet_store_column_text (query, 2);
  row->created = sqlite3_column_int64 (query, 3);
  row->draft = linnet_store_column_text (query, 4);
  row->unread = sqlite3_column_int64 (query, 5);
  row->read_position = sqlite3_column_int64 (query, 6);
  row->muted_until = sqlite3_column_int64 (query, 7);
  row->pinned = sqlite3_column_int (query, 8) != 0;
  row->archived = sqlite3_column_int (query, 9) != 0;
  row->request = (sqlite3_column_int (query, 10) & LINNET_STORE_REQUEST_PRESENCE) != 0;
  row->stranger = (sqlite3_column_int (query, 10) & LINNET_STORE_REQUEST_STRANGER) != 0;
  row->last_id = sqlite3_column_int64 (query, 11);
  row->last_position = sqlite3_column_int64 (query, 12);
  row->last_time =
      sqlite3_column_type (query, 13) == SQLITE_NULL ? row->last_position : sqlite3_column_int64 (query, 13);
  row->last_body = linnet_store_column_text (query, 14);
  row->last_state = sqlite3_column_int (query, 15);
  row->last_kind = sqlite3_column_int (query, 16);
  row->last_outgoing = sqlite3_column_int (query, 17) != 0;
  row->last_resource = linnet_store_column_text (query, 18);

  return row;
}

LinnetStoreConversation *
linnet_store_conversation_read (LinnetStoreDb *db, gint64 conversation, GError **error)
{
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (db, SELECT " WHERE c.id = ?1", error);
  g_autoptr (GError) local_error = NULL;

  if (query == NULL)
    return NULL;
  sqlite3_bind_int64 (query, 1, conversation);
  if (linnet_store_db_next (db, query, &local_error))
    return read_row (query);

  if (local_error == NULL)
    g_set_error_literal (&local_error,
                         LINNET_STORE_ERROR,
                         LINNET_STORE_ERROR_NOT_FOUND,
                         "There is no such conversation");
  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

static gboolean
take_result (GValue *result, LinnetStoreConversation *conversation)
{
  if (conversation == NULL)
    return FALSE;

  g_value_init (result, LINNET_TYPE_STORE_CONVERSATION);
  g_value_take_boxed (result, conversation);

  return TRUE;
}

static gboolean
list_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_store_conversation_unref);
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (db, SELECT, error);
  g_autoptr (GError) local_error = NULL;

  if (query == NULL)
    return FALSE;
  while (linnet_store_db_next (db, query, &local_error))
    g_ptr_array_add (rows, read_row (query));
  if (linnet_store_had_error (error, &local_error))
    return FALSE;

  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&rows));

  return TRUE;
}

static gboolean
open_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Change *change = data;
  g_autoptr (LinnetStoreWriter) writer = linnet_store_writer_new (db, change->id);
  LinnetStoreCursor *cursor = linnet_store_writer_get_jid (writer, change->text, TRUE, error);

  return cursor != NULL && take_result (result, linnet_store_conversation_read (db, cursor->id, error));
}

/* At once, or a message that comes between would find a conversation that somebody opened. */
static gboolean
open_request_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Change *change = data;
  g_autoptr (LinnetStoreWriter) writer = linnet_store_writer_new (db, change->id);
  LinnetStoreCursor *cursor = linnet_store_writer_get_jid (writer, change->text, TRUE, error);
  GValue changes = G_VALUE_INIT;

  if (cursor == NULL)
    return FALSE;
  cursor->request |= LINNET_STORE_REQUEST_PRESENCE;
  cursor->changed = TRUE;
  if (!linnet_store_writer_finish (writer, &changes, error))
    return FALSE;
  g_value_unset (&changes);

  return take_result (result, linnet_store_conversation_read (db, cursor->id, error));
}

static const char *
field_sql (LinnetStoreConversationField field)
{
  switch (field)
    {
    case LINNET_STORE_CONVERSATION_PINNED:
      return "UPDATE conversations SET pinned = ?2 WHERE id = ?1";
    case LINNET_STORE_CONVERSATION_ARCHIVED:
      return "UPDATE conversations SET archived = ?2 WHERE id = ?1";
    case LINNET_STORE_CONVERSATION_REQUEST:
      return "UPDATE conversations SET request = (request & ~1) | (?2 <> 0) WHERE id = ?1";
    case LINNET_STORE_CONVERSATION_STRANGER:
      return "UPDATE conversations SET request = (request & ~2) | (?2 <> 0) * 2 WHERE id = ?1";
    case LINNET_STORE_CONVERSATION_MUTED_UNTIL:
      return "UPDATE conversations SET muted_until = ?2 WHERE id = ?1";
    default:
      g_assert_not_reached ();
    }
}

static gboolean
set_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Change *change = data;
  g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (db, field_sql (change->field), error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, change->id);
  sqlite3_bind_int64 (query, 2, change->value);

  return linnet_store_db_execute (db, query, error) &&
         take_result (result, linnet_store_conversation_read (db, change->id, error));
}

static gboolean
set_draft_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Change *change = data;
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db, "UPDATE conversations SET draft = ?2 WHERE id = ?1", error);

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, change->id);
  linnet_store_bind_text (query, 2, change->text);

  return linnet_store_db_execute (db, query, error) &&
         take_result (result, linnet_store_conversation_read (db, change->id, error));
}

static gboolean
remove_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  /* What hangs on the row goes with it; these are found by their address. */
  static const char *const statements[] = {
    "DELETE FROM pending WHERE (account, jid) = (SELECT account, jid FROM conversations WHERE id = ?1)",
    "DELETE FROM profiles WHERE (account, jid) = (SELECT account, jid FROM conversations WHERE id = ?1)"
    " AND (account, jid) NOT IN (SELECT account, jid FROM roster)",
    /* What was removed does not come back from the archive by itself. */
    "INSERT OR REPLACE INTO archive_pasts (archive, jid, before_id)"
    " SELECT a.id, c.jid, NULL FROM conversations c JOIN archives a ON a.account = c.account WHERE c.id = ?1",
    "DELETE FROM conversations WHERE id = ?1",
  };
  const Change *change = data;

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_autoptr (LinnetStoreQuery) query = linnet_store_db_query (db, statements[i], error);

      if (query == NULL)
        return FALSE;
      sqlite3_bind_int64 (query, 1, change->id);
      if (!linnet_store_db_execute (db, query, error))
        return FALSE;
    }

  /* It knows the senders of conversations by their ids. */
  g_hash_table_remove_all (db->senders);
  g_value_init (result, G_TYPE_BOOLEAN);
  g_value_set_boolean (result, TRUE);

  return TRUE;
}

/* Only a message of that very conversation says how far it was read. */
static gboolean
find_position (LinnetStoreDb *db, const Change *change, gint64 *position, GError **error)
{
  g_autoptr (LinnetStoreQuery) query =
      linnet_store_db_query (db, "SELECT position FROM messages WHERE id = ?1 AND conversation = ?2", error);
  g_autoptr (GError) local_error = NULL;

  if (query == NULL)
    return FALSE;
  sqlite3_bind_int64 (query, 1, change->value);
  sqlite3_bind_int64 (query, 2, change->id);
  if (linnet_store_db_next_int64 (db, query, position, &local_error))
    return TRUE;

  if (local_error == NULL)
    g_set_error_literal (&local_error,
                         LINNET_STORE_ERROR,
                         LINNET_STORE_ERROR_NOT_FOUND,
                         "There is no such message");
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
mark_read_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  const Change *change = data;
  g_autoptr (LinnetStoreWriter) writer = linnet_store_writer_new (db, 0);
  LinnetStoreCursor *cursor = linnet_store_writer_get (writer, change->id, error);
  GValue changes = G_VALUE_INIT;
  gint64 position;

  if (cursor == NULL || !find_position (db, change, &position, error) ||
      !linnet_store_writer_mark_read (writer, cursor, position, error) ||
      !linnet_store_writer_finish (writer, &changes, error))
    return FALSE;
  g_value_unset (&changes);

  return take_result (result, linnet_store_conversation_read (db, change->id, error));
}

LinnetStoreConversation *
linnet_store_conversation_ref (LinnetStoreConversation *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
linnet_store_conversation_unref (LinnetStoreConversation *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->jid);
  g_free (self->draft);
  g_free (self->last_body);
  g_free (self->last_resource);
  g_free (self);
}

DexFuture *
linnet_store_conversations_list (LinnetStore *store)
{
  return linnet_store_run_read (store, list_job, NULL, NULL);
}

DexFuture *
linnet_store_conversations_open (LinnetStore *store, gint64 account, const char *jid)
{
  return linnet_store_run (store, open_job, change_new (account, jid), change_free);
}

DexFuture *
linnet_store_conversations_open_request (LinnetStore *store, gint64 account, const char *jid)
{
  return linnet_store_run (store, open_request_job, change_new (account, jid), change_free);
}

DexFuture *
linnet_store_conversations_set (LinnetStore *store,
                                gint64 conversation,
                                LinnetStoreConversationField field,
                                gint64 value)
{
  Change *change = change_new (conversation, NULL);

  change->field = field;
  change->value = value;

  return linnet_store_run (store, set_job, change, change_free);
}

DexFuture *
linnet_store_conversations_set_draft (LinnetStore *store, gint64 conversation, const char *draft)
{
  return linnet_store_run (store, set_draft_job, change_new (conversation, draft), change_free);
}

DexFuture *
linnet_store_conversations_mark_read (LinnetStore *store, gint64 conversation, gint64 message)
{
  Change *change = change_new (conversation, NULL);

  change->value = message;

  return linnet_store_run (store, mark_read_job, change, change_free);
}

DexFuture *
linnet_store_conversations_remove (LinnetStore *store, gint64 conversation)
{
  return linnet_store_run (store, remove_job, change_new (conversation, NULL), change_free);
}
