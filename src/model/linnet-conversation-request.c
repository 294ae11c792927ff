/* What becomes of the messages and requests of strangers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-conversation"

#include "config.h"

#include "linnet-account-private.h"
#include "linnet-contact-private.h"
#include "linnet-conversation-private.h"
#include "linnet-error.h"
#include "linnet-future.h"
#include "linnet-spawn.h"
#include "linnet-verb.h"
#include "xmpp-receipts.h"

/* Nobody waits for more receipts than that. */
#define MAX_OWED 50

/* ---- what they are due ---- */

void
linnet_conversation_owe_receipt (LinnetConversation *self,
                                 XmppMessage *message)
{
  g_return_if_fail (LINNET_IS_CONVERSATION (self));

  if (self->owed == NULL)
    self->owed = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_message_unref);
  if (self->owed->len < MAX_OWED)
    g_ptr_array_add (self->owed, xmpp_message_ref (message));
}

void
linnet_conversation_pay_receipts (LinnetConversation *self)
{
  LinnetAccountManager *manager = linnet_account_get_manager (self->account);
  XmppSession *session = linnet_account_get_session (self->account);
  XmppReceipts *receipts;

  if (self->owed == NULL || self->closed || session == NULL || manager == NULL ||
      !linnet_account_is_online (self->account) || linnet_conversation_get_is_request (self) ||
      (linnet_contact_get_subscription (self->contact) & LINNET_SUBSCRIPTION_FROM) == 0)
    return;

  receipts = xmpp_session_get_feature (session, XMPP_TYPE_RECEIPTS);
  if (linnet_account_manager_get_send_receipts (manager))
    for (guint i = 0; i < self->owed->len; i++)
      xmpp_receipts_confirm (receipts, g_ptr_array_index (self->owed, i));
  g_clear_pointer (&self->owed, g_ptr_array_unref);
}

/* ---- removing ---- */

/* On a fiber. The person does not want it: nothing of it is kept. */
static gboolean
linnet_conversation_remove (LinnetConversation *self,
                            GError **error)
{
  LinnetAccount *account = self->account;
  LinnetAccountManager *manager;
  gint64 id = self->row->id;

  if (!dex_await (linnet_store_conversations_remove (linnet_account_get_store (account), id), error))
    return FALSE;

  linnet_conversation_set_removed (self);
  if (account->closed)
    return TRUE;

  /* They may have written again meanwhile. */
  g_hash_table_remove (account->by_id, &id);
  if (g_hash_table_lookup (account->conversations, self->row->jid) == self)
    g_hash_table_remove (account->conversations, self->row->jid);
  if ((manager = linnet_account_get_manager (account)) != NULL)
    linnet_account_manager_conversation_removed (manager, self);

  return TRUE;
}

/* ---- the person's answer ---- */

static gboolean
linnet_conversation_clear (LinnetConversation *self,
                           LinnetStoreConversationField field,
                           GError **error)
{
  g_autoptr (LinnetStoreConversation) row = NULL;

  row = dex_await_boxed (linnet_store_conversations_set (
                             linnet_account_get_store (self->account), self->row->id, field, FALSE),
                         error);
  if (row == NULL)
    return FALSE;
  linnet_conversation_update (self, row);

  return TRUE;
}

static DexFuture *
linnet_conversation_accept_fiber (gpointer data)
{
  LinnetConversation *self = data;
  g_autoptr (GError) error = NULL;

  self->accepted = TRUE;
  if ((self->row->request && !dex_await (linnet_contact_accept_request (self->contact), &error)) ||
      (self->row->stranger &&
       !linnet_conversation_clear (self, LINNET_STORE_CONVERSATION_STRANGER, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  linnet_conversation_set_opened (self);
  linnet_conversation_went_online (self);

  return dex_future_new_true ();
}

static DexFuture *
linnet_conversation_decline_fiber (gpointer data)
{
  LinnetConversation *self = data;
  g_autoptr (GError) error = NULL;

  if ((self->row->request && !dex_await (linnet_contact_decline_request (self->contact), &error)) ||
      (self->row->stranger && !linnet_conversation_remove (self, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

static DexFuture *
linnet_conversation_block_fiber (gpointer data)
{
  LinnetConversation *self = data;
  g_autoptr (GError) error = NULL;

  /* What can be taken back stays in sight for the moment. */
  linnet_conversation_set_opened (self);

  if (!dex_await (linnet_contact_set_blocked (self->contact, TRUE), &error) ||
      (self->row->stranger && !linnet_conversation_remove (self, &error)) ||
      (!self->removed && self->row->request &&
       !linnet_conversation_clear (self, LINNET_STORE_CONVERSATION_REQUEST, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

static DexFuture *
answer (LinnetConversation *self,
        const char *name,
        DexFiberFunc fiber)
{
  linnet_return_error_if_fail (LINNET_IS_CONVERSATION (self));

  if (self->closed)
    return linnet_verb_offline ();

  return linnet_verb (linnet_spawn (name, fiber, g_object_ref (self), g_object_unref));
}

/**
 * linnet_conversation_accept:
 *
 * Returns: (transfer full): a future that resolves to true, or rejects with LINNET_ERROR
 */
DexFuture *
linnet_conversation_accept (LinnetConversation *self)
{
  return answer (self, "accept", linnet_conversation_accept_fiber);
}

/**
 * linnet_conversation_decline:
 *
 * Returns: (transfer full): a future that resolves to true, or rejects with LINNET_ERROR
 */
DexFuture *
linnet_conversation_decline (LinnetConversation *self)
{
  return answer (self, "decline", linnet_conversation_decline_fiber);
}

/**
 * linnet_conversation_block:
 *
 * Returns: (transfer full): a future that resolves to true, or rejects with LINNET_ERROR
 */
DexFuture *
linnet_conversation_block (LinnetConversation *self)
{
  return answer (self, "block", linnet_conversation_block_fiber);
}
