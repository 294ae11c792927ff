/* From what a session received to rows, and on to what follows from them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-inbox"

#include "config.h"

#include "linnet-account-private.h"
#include "linnet-contact-private.h"
#include "linnet-conversation-private.h"
#include "linnet-inbox-batch.h"
#include "xmpp-receipts.h"
#include "xmpp-roster.h"

static gint64
get_time (XmppMessage *message)
{
  return message->delay != 0 ? message->delay : g_get_real_time ();
}

/* What somebody else is claimed to have written is shown as a quotation, never as theirs (security.md I6). */
static char *
dup_body (XmppMessage *message)
{
  g_auto (GStrv) lines = NULL;
  GString *quote;

  if (message->body != NULL || message->quote_body == NULL)
    return g_strdup (message->body);

  quote = g_string_new (NULL);
  lines = g_strsplit (message->quote_body, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (quote, "%s> %s", i > 0 ? "\n" : "", lines[i]);

  return g_string_free_and_steal (quote);
}

static LinnetStoreMessageType
get_type (XmppMessage *message)
{
  if (g_str_equal (message->type, "chat"))
    return LINNET_STORE_TYPE_CHAT;

  return g_str_equal (message->type, "headline") ? LINNET_STORE_TYPE_HEADLINE : LINNET_STORE_TYPE_NORMAL;
}

static LinnetStoreMessage *
make_row (XmppMessage *message,
          gboolean outgoing,
          char *body)
{
  LinnetStoreMessage *row = linnet_store_message_new ();

  row->stanza_id = g_strdup (message->id);
  row->origin_id = g_strdup (message->origin_id);
  row->archive_id = g_strdup (message->stanza_id);
  row->resource = g_strdup (xmpp_jid_get_resource (message->from));
  row->body = body;
  row->time = get_time (message);
  row->received = g_get_real_time ();
  row->type = get_type (message);
  row->state = outgoing ? LINNET_STORE_STATE_SENT : LINNET_STORE_STATE_RECEIVED;
  row->outgoing = outgoing;
  row->markable = message->markable;

  return row;
}

static void
add_message (LinnetStoreBatch *batch,
             XmppJid *self_jid,
             XmppMessage *message)
{
  gboolean outgoing = xmpp_message_is_outgoing (message, self_jid);
  const char *jid = xmpp_jid_get_bare_string (xmpp_message_get_peer (message, self_jid));
  char *body;

  if (g_str_equal (message->type, "groupchat"))
    return;

  if (g_str_equal (message->type, "error"))
    {
      if (message->id != NULL && !outgoing)
        linnet_store_batch_add_error (batch,
                                      jid,
                                      message->id,
                                      message->error != NULL
                                          ? xmpp_stanza_error_to_condition (message->error->code)
                                          : "undefined-condition",
                                      message->error != NULL ? message->error->message : NULL);
      return;
    }

  /* The message first: receipts and markers are kept until it is there, but why wait. */
  body = dup_body (message);
  if (body != NULL)
    linnet_store_batch_add_message (batch, jid, make_row (message, outgoing, body));

  if (message->receipt_for != NULL && !outgoing)
    linnet_store_batch_add_receipt (batch, jid, message->receipt_for);
  if (message->displayed_for != NULL && !outgoing)
    linnet_store_batch_add_displayed (batch, jid, message->displayed_for);
  if (message->displayed_here != NULL && outgoing)
    linnet_store_batch_add_read_here (batch, jid, message->displayed_here);
  if (message->nickname != NULL && !outgoing)
    linnet_store_batch_add_nickname (batch, jid, message->nickname);
}

static void
add_roster (LinnetStoreBatch *batch,
            XmppInboxItem *item)
{
  GPtrArray *entries = item->roster;
  GPtrArray *contacts = g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_store_contact_free);

  for (guint i = 0; i < entries->len; i++)
    {
      XmppRosterItem *entry = g_ptr_array_index (entries, i);
      LinnetStoreContact *contact = linnet_store_contact_new (xmpp_jid_get_bare_string (entry->jid));

      contact->name = g_strdup (entry->name);
      g_strfreev (contact->groups);
      contact->groups = g_strdupv (entry->groups);
      contact->subscription = entry->subscription;
      contact->ask = entry->ask;
      contact->approved = entry->approved;
      contact->removed = entry->removed;
      g_ptr_array_add (contacts, contact);
    }

  linnet_store_batch_add_roster (batch, contacts, item->roster_full, item->roster_version);
}

LinnetStoreBatch *
linnet_inbox_build_batch (gint64 account,
                          XmppJid *self_jid,
                          GPtrArray *items)
{
  LinnetStoreBatch *batch = linnet_store_batch_new (account);

  for (guint i = 0; i < items->len; i++)
    {
      XmppInboxItem *item = g_ptr_array_index (items, i);

      switch (item->kind)
        {
        case XMPP_INBOX_MESSAGE:
          add_message (batch, self_jid, item->message);
          break;
        case XMPP_INBOX_ROSTER:
          add_roster (batch, item);
          break;
        case XMPP_INBOX_COUNT:
        default:
          break;
        }

      linnet_store_batch_set_sm_h (batch, item->h);
    }

  return batch;
}

static void
apply_message (LinnetAccount *account,
               XmppMessage *message)
{
  XmppJid *self_jid = linnet_account_get_jid (account);
  XmppSession *session = linnet_account_get_session (account);
  LinnetAccountManager *manager = linnet_account_get_manager (account);
  const char *jid = xmpp_jid_get_bare_string (xmpp_message_get_peer (message, self_jid));
  LinnetConversation *conversation;

  if (manager == NULL || xmpp_message_is_outgoing (message, self_jid) ||
      g_str_equal (message->type, "groupchat") || g_str_equal (message->type, "error"))
    return;

  /* A message that was here already is confirmed again: the first receipt may be what got lost. */
  conversation = linnet_account_lookup_conversation (account, jid);
  if (message->body != NULL && message->receipt_requested && session != NULL &&
      linnet_account_manager_get_send_receipts (manager) &&
      !xmpp_receipts_confirm (xmpp_session_get_feature (session, XMPP_TYPE_RECEIPTS), message) &&
      conversation != NULL && linnet_conversation_get_is_request (conversation))
    linnet_conversation_owe_receipt (conversation, message);

  /* The message of a stranger may not have been kept, though they asked to be a contact right after it. */
  if (message->nickname != NULL &&
      (!linnet_account_manager_get_contacts_only (manager) ||
       (conversation != NULL && !linnet_conversation_get_is_request (conversation))))
    linnet_account_take_contact_nickname (account, jid, message->nickname, FALSE);

  if (conversation != NULL && message->delay == 0 &&
      (message->body != NULL || message->chat_state != XMPP_CHAT_STATE_NONE))
    linnet_conversation_take_typing (
        conversation, message->body == NULL && message->chat_state == XMPP_CHAT_STATE_COMPOSING);
}

void
linnet_inbox_apply_batch (LinnetAccount *account,
                          GPtrArray *items,
                          LinnetStoreChanges *changes)
{
  linnet_account_apply (account, changes);

  for (guint i = 0; i < items->len; i++)
    {
      XmppInboxItem *item = g_ptr_array_index (items, i);

      if (item->kind == XMPP_INBOX_MESSAGE)
        apply_message (account, item->message);
      else if (item->kind == XMPP_INBOX_ROSTER)
        linnet_account_apply_roster (account, item->roster, item->roster_full);
    }
}
