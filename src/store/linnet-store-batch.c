/* What came in by a stream, made durable in one transaction (R2)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include "linnet-store-batch.h"
#include "linnet-store-writer-private.h"

typedef enum
{
  OPERATION_MESSAGE,
  OPERATION_EVENT,
  OPERATION_NICKNAME,
  OPERATION_ROSTER,
} OperationKind;

typedef struct
{
  OperationKind kind;
  LinnetStoreEventKind event;
  gboolean full;
  char *jid;
  char *target;                /* EVENT */
  char *condition;             /* EVENT */
  char *text;                  /* EVENT: of the error; NICKNAME; ROSTER: version */
  LinnetStoreMessage *message; /* MESSAGE */
  GPtrArray *contacts;         /* ROSTER */
} Operation;

struct _LinnetStoreBatch
{
  gatomicrefcount ref_count;
  gint64 account;
  GArray *operations;
  guint32 sm_h;
  gboolean has_sm_h;
  LinnetStorePage *page; /* nullable; its strings are owned */
  char *follow;          /* nullable */
  gboolean contacts_only;
};

static void
operation_clear (gpointer data)
{
  Operation *self = data;

  g_free (self->jid);
  g_free (self->target);
  g_free (self->condition);
  g_free (self->text);
  g_clear_pointer (&self->message, linnet_store_message_unref);
  g_clear_pointer (&self->contacts, g_ptr_array_unref);
}

static void
page_free (LinnetStorePage *page)
{
  g_free ((char *) page->archive);
  g_free ((char *) page->with);
  g_free ((char *) page->first);
  g_free ((char *) page->last);
  g_free (page);
}

static void
add_event (LinnetStoreBatch *self,
           LinnetStoreEventKind event,
           const char *jid,
           const char *target,
           const char *condition,
           const char *text)
{
  Operation operation = { .kind = OPERATION_EVENT, .event = event };

  operation.jid = g_strdup (jid);
  operation.target = g_strdup (target);
  operation.condition = g_strdup (condition);
  operation.text = g_strdup (text);
  g_array_append_val (self->operations, operation);
}

/* The conversation that a message belongs to. NULL without an error: the message is not wanted. */
static LinnetStoreCursor *
find_conversation (LinnetStoreBatch *self, LinnetStoreWriter *writer, Operation *operation, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  LinnetStoreCursor *cursor = linnet_store_writer_get_jid (writer, operation->jid, FALSE, &local_error);
  gboolean stranger = cursor != NULL && (cursor->request & LINNET_STORE_REQUEST_STRANGER) != 0;
  /* Of somebody who asked to be a contact there may be a conversation already, without a message. */
  gboolean is_new = cursor == NULL || (cursor->last_message == 0 && cursor->request != 0);

  if (local_error == NULL && is_new && !operation->message->outgoing)
    linnet_store_writer_is_stranger (writer, operation->jid, &stranger, &local_error);

  if (local_error == NULL && stranger && self->contacts_only && !operation->message->outgoing)
    return NULL;

  if (local_error == NULL && cursor == NULL)
    cursor = linnet_store_writer_get_jid (writer, operation->jid, TRUE, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (stranger)
    cursor->request |= LINNET_STORE_REQUEST_STRANGER;

  return cursor;
}

static gboolean
insert (LinnetStoreBatch *self,
        LinnetStoreWriter *writer,
        Operation *operation,
        LinnetStoreOutcome *outcome,
        GError **error)
{
  LinnetStoreMessage *message = operation->message;
  g_autoptr (GError) local_error = NULL;
  LinnetStoreCursor *cursor = find_conversation (self, writer, operation, &local_error);

  if (cursor == NULL && local_error == NULL)
    {
      outcome->kind = LINNET_STORE_OUTCOME_IGNORED;
      return TRUE;
    }
  if (cursor == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (!message->outgoing)
    message->state = LINNET_STORE_STATE_RECEIVED;
  else if (message->state == LINNET_STORE_STATE_QUEUED)
    message->state = LINNET_STORE_STATE_SENT; /* it came from the server */

  return linnet_store_writer_insert (writer, cursor, message, outcome, error);
}

static gboolean
write_nickname (LinnetStoreBatch *self, LinnetStoreWriter *writer, Operation *operation, GError **error)
{
  gboolean stranger = FALSE;

  /* Of whom no message is kept, no name is kept either. */
  if (self->contacts_only &&
      !linnet_store_writer_is_stranger (writer, operation->jid, &stranger, error))
    return FALSE;

  return stranger || linnet_store_profiles_write_nickname (
                         writer->db, writer->account, operation->jid, operation->text, error);
}

/* The whole page first: each message stands between its neighbours. */
static gboolean
place_page (LinnetStoreBatch *self, LinnetStoreWriter *writer, GError **error)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (LinnetStorePlace));
  g_autoptr (GError) local_error = NULL;

  for (guint i = 0; i < self->operations->len && local_error == NULL; i++)
    {
      Operation *operation = &g_array_index (self->operations, Operation, i);
      LinnetStorePlace place = { .message = operation->message };

      if (operation->kind != OPERATION_MESSAGE)
        continue;
      place.cursor = find_conversation (self, writer, operation, &local_error);
      if (place.cursor == NULL || !linnet_store_writer_find_known (
                                      writer, place.cursor, place.message, &place.known, &local_error))
        continue;
      g_array_append_val (places, place);
    }

  return !linnet_store_had_error (error, &local_error) &&
         linnet_store_writer_place (writer, self->page, places, error);
}

/* R12: the pointer never gets ahead of the messages. */
static gboolean
follow (LinnetStoreBatch *self, LinnetStoreWriter *writer, GError **error)
{
  for (guint i = self->operations->len; i > 0; i--)
    {
      Operation *operation = &g_array_index (self->operations, Operation, i - 1);
      LinnetStoreOutcome *outcome = &g_array_index (writer->changes->outcomes, LinnetStoreOutcome, i - 1);

      if (operation->kind == OPERATION_MESSAGE && operation->message->archive_id != NULL &&
          outcome->kind != LINNET_STORE_OUTCOME_IGNORED)
        return linnet_store_writer_follow (writer, self->follow, operation->message->archive_id, error);
    }

  return TRUE;
}

static gboolean
carry_out (LinnetStoreBatch *self,
           LinnetStoreWriter *writer,
           Operation *operation,
           LinnetStoreOutcome *outcome,
           GError **error)
{
  LinnetStoreEvent event;

  switch (operation->kind)
    {
    case OPERATION_MESSAGE:
      return insert (self, writer, operation, outcome, error);
    case OPERATION_EVENT:
      event.kind = operation->event;
      event.target = operation->target;
      event.condition = operation->condition;
      event.text = operation->text;
      return linnet_store_writer_event (writer, operation->jid, &event, outcome, error);
    case OPERATION_NICKNAME:
      return write_nickname (self, writer, operation, error);
    case OPERATION_ROSTER:
      return linnet_store_roster_write (writer->db,
                                        writer->account,
                                        operation->contacts,
                                        operation->full,
                                        operation->text,
                                        error) &&
             linnet_store_writer_meet_strangers (writer, error);
    default:
      g_assert_not_reached ();
    }
}

static gboolean
commit_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  LinnetStoreBatch *self = data;
  g_autoptr (LinnetStoreWriter) writer = linnet_store_writer_new (db, self->account);

  if (self->page != NULL && (!linnet_store_writer_begin_page (writer, self->page, error) ||
                             !place_page (self, writer, error)))
    return FALSE;

  for (guint i = 0; i < self->operations->len; i++)
    {
      LinnetStoreOutcome outcome = { 0 };

      if (!carry_out (self, writer, &g_array_index (self->operations, Operation, i), &outcome, error))
        return FALSE;
      g_array_append_val (writer->changes->outcomes, outcome);
    }

  if (self->page != NULL && !linnet_store_writer_end_page (writer, self->page, error))
    return FALSE;
  if (self->follow != NULL && !follow (self, writer, error))
    return FALSE;
  if (self->has_sm_h && !linnet_store_accounts_write_sm_h (db, self->account, self->sm_h, error))
    return FALSE;

  return linnet_store_writer_finish (writer, result, error);
}

LinnetStoreBatch *
linnet_store_batch_new (gint64 account)
{
  LinnetStoreBatch *self = g_new0 (LinnetStoreBatch, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->account = account;
  self->operations = g_array_new (FALSE, FALSE, sizeof (Operation));
  g_array_set_clear_func (self->operations, operation_clear);

  return self;
}

LinnetStoreBatch *
linnet_store_batch_ref (LinnetStoreBatch *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
linnet_store_batch_unref (LinnetStoreBatch *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_array_unref (self->operations);
  g_clear_pointer (&self->page, page_free);
  g_free (self->follow);
  g_free (self);
}

guint
linnet_store_batch_get_length (LinnetStoreBatch *self)
{
  return self->operations->len;
}

void
linnet_store_batch_add_message (LinnetStoreBatch *self, const char *jid, LinnetStoreMessage *message)
{
  Operation operation = { .kind = OPERATION_MESSAGE };

  g_return_if_fail (jid != NULL);
  g_return_if_fail (message != NULL);

  operation.jid = g_strdup (jid);
  operation.message = message;
  g_array_append_val (self->operations, operation);
}

void
linnet_store_batch_add_receipt (LinnetStoreBatch *self, const char *jid, const char *target)
{
  g_return_if_fail (jid != NULL && target != NULL);

  add_event (self, LINNET_STORE_EVENT_RECEIPT, jid, target, NULL, NULL);
}

void
linnet_store_batch_add_displayed (LinnetStoreBatch *self, const char *jid, const char *target)
{
  g_return_if_fail (jid != NULL && target != NULL);

  add_event (self, LINNET_STORE_EVENT_DISPLAYED, jid, target, NULL, NULL);
}

void
linnet_store_batch_add_error (LinnetStoreBatch *self,
                              const char *jid,
                              const char *target,
                              const char *condition,
                              const char *text)
{
  g_return_if_fail (jid != NULL && target != NULL && condition != NULL);

  add_event (self, LINNET_STORE_EVENT_ERROR, jid, target, condition, text);
}

void
linnet_store_batch_add_read_here (LinnetStoreBatch *self, const char *jid, const char *target)
{
  g_return_if_fail (jid != NULL && target != NULL);

  add_event (self, LINNET_STORE_EVENT_READ_HERE, jid, target, NULL, NULL);
}

void
linnet_store_batch_add_nickname (LinnetStoreBatch *self, const char *jid, const char *nickname)
{
  Operation operation = { .kind = OPERATION_NICKNAME };

  g_return_if_fail (jid != NULL);

  operation.jid = g_strdup (jid);
  operation.text = g_strdup (nickname);
  g_array_append_val (self->operations, operation);
}

void
linnet_store_batch_add_roster (LinnetStoreBatch *self,
                               GPtrArray *contacts,
                               gboolean full,
                               const char *version)
{
  Operation operation = { .kind = OPERATION_ROSTER, .full = full };

  g_return_if_fail (contacts != NULL);

  operation.contacts = contacts;
  operation.text = g_strdup (version);
  g_array_append_val (self->operations, operation);
}

void
linnet_store_batch_set_contacts_only (LinnetStoreBatch *self, gboolean contacts_only)
{
  self->contacts_only = contacts_only;
}

void
linnet_store_batch_set_sm_h (LinnetStoreBatch *self, guint32 sm_h)
{
  self->sm_h = sm_h;
  self->has_sm_h = TRUE;
}

void
linnet_store_batch_set_page (LinnetStoreBatch *self, const LinnetStorePage *page)
{
  g_return_if_fail (self->page == NULL);
  g_return_if_fail (page->archive != NULL);
  g_return_if_fail (page->kind != LINNET_STORE_PAGE_PAST || page->with != NULL);

  self->page = g_memdup2 (page, sizeof *page);
  self->page->archive = g_strdup (page->archive);
  self->page->with = g_strdup (page->with);
  self->page->first = g_strdup (page->first);
  self->page->last = g_strdup (page->last);
}

void
linnet_store_batch_set_follow (LinnetStoreBatch *self, const char *archive)
{
  g_set_str (&self->follow, archive);
}

DexFuture *
linnet_store_batch_commit (LinnetStore *store, LinnetStoreBatch *batch)
{
  return linnet_store_run (store,
                           commit_job,
                           linnet_store_batch_ref (batch),
                           (GDestroyNotify) linnet_store_batch_unref);
}
