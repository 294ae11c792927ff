/* What a person does in a conversation
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-conversation"

#include "config.h"

#include <string.h>

#include "linnet-account-private.h"
#include "linnet-contact-private.h"
#include "linnet-conversation-private.h"
#include "linnet-error.h"
#include "linnet-future.h"
#include "linnet-message-private.h"
#include "linnet-spawn.h"
#include "linnet-store-outbox.h"
#include "linnet-verb.h"
#include "xmpp-chat-states.h"
#include "xmpp-compose.h"
#include "xmpp-markers.h"

/* Servers take stanzas of 256 KiB and more; what is close to that is no message that somebody typed. */
#define MAX_STANZA (200 * 1024)
#define DRAFT_DELAY_MS 500
/* XEP-0085 section 5.1 suggests 5 seconds without a key before it is called a pause. */
#define PAUSE_S 5
/* How far back the newest message with a wish for a marker is looked for. */
#define MARKER_LOOK_BACK 25

/* ---- sending ---- */

typedef struct
{
  LinnetConversation *conversation;
  LinnetMessage *message; /* for a retry */
  char *text;
} Sending;

static void
sending_free (Sending *sending)
{
  g_object_unref (sending->conversation);
  g_clear_object (&sending->message);
  g_free (sending->text);
  g_free (sending);
}

static char *
compose (LinnetConversation *self,
         const char *id,
         const char *text)
{
  LinnetAccountManager *manager = linnet_account_get_manager (self->account);
  XmppComposeFlags flags = XMPP_COMPOSE_RECEIPT | XMPP_COMPOSE_MARKABLE;
  g_autoptr (XmppJid) to = xmpp_jid_new (self->row->jid, NULL);
  g_autoptr (XmppNode) node = NULL;

  if (manager != NULL && linnet_account_manager_get_send_typing (manager) &&
      linnet_contact_is_mutual (self->contact))
    flags |= XMPP_COMPOSE_CHAT_STATE;

  node = xmpp_compose_chat (to, id, text, flags);

  return xmpp_node_to_string (node, XMPP_NS_CLIENT);
}

/* @message: (transfer full). Shows it, and hands its bytes on: they are on the disk (R3). */
static DexFuture *
linnet_conversation_finish_sending (LinnetConversation *self,
                                    LinnetStoreChanges *changes,
                                    const char *stanza,
                                    LinnetMessage *message)
{
  linnet_account_apply (self->account, changes);
  if (self->account->outbox != NULL)
    linnet_outbox_push (self->account->outbox, changes->outbox, stanza);

  return dex_future_new_take_object (message);
}

static DexFuture *
linnet_conversation_send_fiber (gpointer data)
{
  Sending *sending = data;
  LinnetConversation *self = sending->conversation;
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *stanza = compose (self, id, sending->text);
  g_autoptr (LinnetStoreMessage) message = linnet_store_message_new ();
  g_autoptr (LinnetStoreChanges) changes = NULL;
  g_autoptr (GError) error = NULL;

  if (strlen (stanza) > MAX_STANZA)
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_TOO_LONG, "The stanza is too long");

  message->stanza_id = g_strdup (id);
  message->origin_id = g_strdup (id);
  message->body = g_strdup (sending->text);
  message->time = g_get_real_time ();
  message->outgoing = TRUE;

  changes = dex_await_boxed (
      linnet_store_outbox_send (
          linnet_account_get_store (self->account), self->row->id, g_steal_pointer (&message), stanza),
      &error);
  if (changes == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  return linnet_conversation_finish_sending (
      self,
      changes,
      stanza,
      linnet_account_ensure_message (self->account, self, g_ptr_array_index (changes->messages, 0)));
}

/**
 * linnet_conversation_send_text:
 * @text: what the person wrote
 *
 * Returns: (transfer full): a future that resolves to the [class@Linnet.Message] when it is on the disk
 */
DexFuture *
linnet_conversation_send_text (LinnetConversation *self,
                               const char *text)
{
  Sending *sending;

  linnet_return_error_if_fail (LINNET_IS_CONVERSATION (self));
  linnet_return_error_if_fail (text != NULL && *text != '\0');

  if (self->closed)
    return linnet_verb_offline ();
  if (linnet_contact_get_blocked (self->contact))
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_BLOCKED, "The contact is blocked");

  /* The message itself says that nobody is composing any more, and its storing drops the draft. */
  g_clear_handle_id (&self->paused_source, g_source_remove);
  if (g_strcmp0 (self->draft, text) == 0)
    g_clear_handle_id (&self->draft_source, g_source_remove);

  sending = g_new0 (Sending, 1);
  sending->conversation = g_object_ref (self);
  sending->text = g_strdup (text);

  return linnet_verb (
      linnet_spawn ("send-text", linnet_conversation_send_fiber, sending, (GDestroyNotify) sending_free));
}

static DexFuture *
linnet_conversation_retry_fiber (gpointer data)
{
  Sending *sending = data;
  LinnetConversation *self = sending->conversation;
  LinnetStore *store = linnet_account_get_store (self->account);
  gint64 id = linnet_message_get_id (sending->message);
  g_autoptr (LinnetStoreMessage) row = NULL;
  g_autoptr (LinnetStoreChanges) changes = NULL;
  g_autofree char *stanza = NULL;
  g_autoptr (GError) error = NULL;

  if (!(row = dex_await_boxed (linnet_store_messages_get (store, id), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  /* The same id: whoever got the first try after all will know that this is no other message (R14). */
  stanza = compose (self, row->origin_id != NULL ? row->origin_id : row->stanza_id, row->body);

  if (!(changes = dex_await_boxed (linnet_store_outbox_retry (store, id, stanza), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return linnet_conversation_finish_sending (self, changes, stanza, g_object_ref (sending->message));
}

/**
 * linnet_conversation_retry:
 * @message: one that FAILED
 *
 * Returns: (transfer full): a future that resolves to the [class@Linnet.Message] when it is queued again
 */
DexFuture *
linnet_conversation_retry (LinnetConversation *self,
                           LinnetMessage *message)
{
  Sending *sending;

  linnet_return_error_if_fail (LINNET_IS_CONVERSATION (self));
  linnet_return_error_if_fail (LINNET_IS_MESSAGE (message));

  if (self->closed)
    return linnet_verb_offline ();

  sending = g_new0 (Sending, 1);
  sending->conversation = g_object_ref (self);
  sending->message = g_object_ref (message);

  return linnet_verb (
      linnet_spawn ("retry", linnet_conversation_retry_fiber, sending, (GDestroyNotify) sending_free));
}

/* ---- drafts ---- */

static DexFuture *
row_changed_cb (DexFuture *future,
                gpointer user_data)
{
  LinnetConversation *self = user_data;
  LinnetAccountManager *manager = linnet_account_get_manager (self->account);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value != NULL)
    linnet_conversation_update (self, g_value_get_boxed (value));
  else if (manager != NULL && !self->closed)
    linnet_account_manager_report (manager, error);

  return dex_ref (future);
}

static DexFuture *
linnet_conversation_write_draft (LinnetConversation *self)
{
  g_clear_handle_id (&self->draft_source, g_source_remove);

  return dex_future_finally (linnet_store_conversations_set_draft (
                                 linnet_account_get_store (self->account), self->row->id, self->draft),
                             row_changed_cb,
                             g_object_ref (self),
                             g_object_unref);
}

static gboolean
draft_timeout_cb (gpointer user_data)
{
  LinnetConversation *self = user_data;

  self->draft_source = 0;
  dex_future_disown (linnet_conversation_write_draft (self));

  return G_SOURCE_REMOVE;
}

/**
 * linnet_conversation_set_draft:
 * @draft: (nullable): what stands in the composer
 *
 * Shown at once, written to the store when the person pauses.
 */
void
linnet_conversation_set_draft (LinnetConversation *self,
                               const char *draft)
{
  g_return_if_fail (LINNET_IS_CONVERSATION (self));

  if (draft != NULL && *draft == '\0')
    draft = NULL;

  if (self->closed || g_strcmp0 (self->draft, draft) == 0)
    return;

  g_clear_handle_id (&self->draft_source, g_source_remove);
  self->draft_source = g_timeout_add (DRAFT_DELAY_MS, draft_timeout_cb, self);
  linnet_conversation_take_draft (self, draft);
}

DexFuture *
linnet_conversation_flush (LinnetConversation *self)
{
  linnet_return_error_if_fail (LINNET_IS_CONVERSATION (self));

  return self->draft_source != 0 ? linnet_conversation_write_draft (self) : dex_future_new_true ();
}

/* ---- telling the other side ---- */

static void
linnet_conversation_send_chat_state (LinnetConversation *self,
                                     XmppChatState state)
{
  LinnetAccountManager *manager = linnet_account_get_manager (self->account);
  XmppSession *session = linnet_account_get_session (self->account);
  g_autoptr (XmppJid) jid = NULL;

  if (manager == NULL || session == NULL || !linnet_account_manager_get_send_typing (manager) ||
      !linnet_contact_is_mutual (self->contact) || linnet_contact_get_blocked (self->contact))
    return;

  jid = xmpp_jid_new (self->row->jid, NULL);
  xmpp_chat_states_send (xmpp_session_get_feature (session, XMPP_TYPE_CHAT_STATES), jid, state);
}

static gboolean
paused_cb (gpointer user_data)
{
  LinnetConversation *self = user_data;

  self->paused_source = 0;
  linnet_conversation_send_chat_state (self, XMPP_CHAT_STATE_PAUSED);

  return G_SOURCE_REMOVE;
}

/**
 * linnet_conversation_set_composing:
 * @composing: %TRUE at each change of the text, %FALSE when there is none any more
 *
 * Tells the other side, if the person's settings and security.md section 5 allow it.
 */
void
linnet_conversation_set_composing (LinnetConversation *self,
                                   gboolean composing)
{
  gboolean was_composing;

  g_return_if_fail (LINNET_IS_CONVERSATION (self));

  if (self->closed)
    return;

  was_composing = self->paused_source != 0;
  g_clear_handle_id (&self->paused_source, g_source_remove);

  if (composing)
    self->paused_source = g_timeout_add_seconds (PAUSE_S, paused_cb, self);

  if (composing && !was_composing)
    linnet_conversation_send_chat_state (self, XMPP_CHAT_STATE_COMPOSING);
  else if (!composing && was_composing)
    linnet_conversation_send_chat_state (self, XMPP_CHAT_STATE_ACTIVE);
}

static void
linnet_conversation_send_marker (LinnetConversation *self,
                                 const char *id)
{
  LinnetAccountManager *manager = linnet_account_get_manager (self->account);
  XmppSession *session = linnet_account_get_session (self->account);
  g_autoptr (XmppJid) jid = NULL;

  if (manager == NULL || !linnet_account_manager_get_send_read (manager) ||
      linnet_contact_get_blocked (self->contact))
    return;

  /* Whoever is no contact yet learns it when they are one, if that was for the person to decide. */
  if (!linnet_contact_is_mutual (self->contact))
    {
      if (linnet_conversation_get_is_request (self) || self->accepted)
        g_set_str (&self->marker_owed, id);
      return;
    }

  if (session == NULL || !linnet_account_is_online (self->account))
    {
      g_set_str (&self->marker_owed, id);
      return;
    }

  jid = xmpp_jid_new (self->row->jid, NULL);
  xmpp_markers_send_displayed (xmpp_session_get_feature (session, XMPP_TYPE_MARKERS), jid, id);
}

void
linnet_conversation_went_online (LinnetConversation *self)
{
  g_autofree char *id = NULL;

  g_return_if_fail (LINNET_IS_CONVERSATION (self));

  linnet_conversation_pay_receipts (self);
  id = g_steal_pointer (&self->marker_owed);
  if (id != NULL && !self->closed)
    linnet_conversation_send_marker (self, id);
}

/* The newest of @rows that wants to know that it was read, and was not known to be. Transfer full, nullable.
 */
static char *
find_marker (GPtrArray *rows,
             gint64 read_position)
{
  for (guint i = rows != NULL ? rows->len : 0; i > 0; i--)
    {
      LinnetStoreMessage *row = g_ptr_array_index (rows, i - 1);

      if (row->position <= read_position)
        break;
      if (!row->outgoing && row->markable && row->stanza_id != NULL)
        return g_strdup (row->stanza_id);
    }

  return NULL;
}

static DexFuture *
linnet_conversation_mark_read_fiber (gpointer data)
{
  LinnetConversation *self = data;
  LinnetStore *store = linnet_account_get_store (self->account);
  g_autoptr (GError) error = NULL;

  do
    {
      g_autofree char *marker = g_steal_pointer (&self->marker);
      gint64 read_position = self->row->read_position;
      g_autoptr (LinnetStoreConversation) row = NULL;
      g_autoptr (GPtrArray) rows = NULL;
      DexFuture *look_back = NULL;
      DexFuture *mark;

      /* Both are given to the store at once: it may be closed while this waits. What came since the program
       * started has been noted; older messages are looked for. */
      if (marker == NULL)
        look_back = linnet_store_messages_latest (store, self->row->id, MARKER_LOOK_BACK);
      mark = linnet_store_conversations_mark_read (store, self->row->id, self->row->last_id);
      self->mark_more = FALSE;

      if (look_back != NULL)
        rows = dex_await_boxed (look_back, NULL);
      row = dex_await_boxed (mark, &error);
      if (row == NULL || self->closed)
        break;

      linnet_conversation_update (self, row);
      if (marker == NULL)
        marker = find_marker (rows, read_position);
      if (marker != NULL)
        linnet_conversation_send_marker (self, marker);
    }
  while (self->mark_more);

  self->marking = FALSE;

  return error != NULL ? dex_future_new_for_error (g_steal_pointer (&error)) : dex_future_new_true ();
}

/**
 * linnet_conversation_mark_read:
 *
 * The person has seen everything up to the newest message.
 */
void
linnet_conversation_mark_read (LinnetConversation *self)
{
  g_return_if_fail (LINNET_IS_CONVERSATION (self));

  if (self->closed || self->row->last_id == 0 || self->unread_count == 0)
    return;

  linnet_conversation_take_unread_count (self, 0);

  if (self->marking)
    {
      self->mark_more = TRUE;
      return;
    }

  self->marking = TRUE;
  linnet_spawn_detached (
      "mark-read", linnet_conversation_mark_read_fiber, g_object_ref (self), g_object_unref);
}

/**
 * linnet_conversation_set_pinned:
 *
 * Returns: (transfer full): a future that resolves when it is stored
 */
DexFuture *
linnet_conversation_set_pinned (LinnetConversation *self,
                                gboolean pinned)
{
  linnet_return_error_if_fail (LINNET_IS_CONVERSATION (self));

  if (self->closed)
    return linnet_verb_offline ();

  return linnet_verb (
      dex_future_finally (linnet_store_conversations_set (linnet_account_get_store (self->account),
                                                          self->row->id,
                                                          LINNET_STORE_CONVERSATION_PINNED,
                                                          !!pinned),
                          row_changed_cb,
                          g_object_ref (self),
                          g_object_unref));
}
