/* What the model itself does with conversations
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-conversation.h"
#include "linnet-store-conversations.h"
#include "xmpp-message.h"

G_BEGIN_DECLS

struct _LinnetConversation
{
  GObject parent_instance;

  LinnetAccount *account;
  LinnetContact *contact;
  LinnetStoreConversation *row;
  LinnetTimeline *timeline; /* weak */

  char *preview;
  char *draft;
  guint unread_count;
  guint draft_source;  /* the draft is not on the disk yet */
  guint typing_source; /* they are writing, until this fires */
  guint paused_source; /* we told that we are writing, until this fires */
  char *marker;        /* the newest message of theirs that wants to know that it was read; nullable */
  char *marker_owed;   /* it was read while it could not be told; nullable */
  GPtrArray *owed;     /* of XmppMessage: what a stranger wants receipts for */
  guint opened : 1;
  guint listed : 1;
  guint marking : 1;   /* a mark_read() is on its way to the store */
  guint mark_more : 1; /* and another one must follow */
  guint accepted : 1;  /* it was a request */
  guint closed : 1;
  guint removed : 1; /* from the store */
};

/* For linnet_account_ensure_conversation() alone. */
LinnetConversation *
linnet_conversation_new (LinnetAccount *account, LinnetContact *contact, LinnetStoreConversation *row);

/* What the store says now. */
void linnet_conversation_update (LinnetConversation *self, LinnetStoreConversation *row);
gint64 linnet_conversation_get_id (LinnetConversation *self);

/* New rows of this conversation, oldest first (LinnetStoreMessage and their LinnetMessage), already in the
 * store. */
void linnet_conversation_append (LinnetConversation *self, GPtrArray *rows, GPtrArray *messages);

gboolean linnet_conversation_is_muted (LinnetConversation *self);
/* Whether the list of chats shows it: it has messages, a draft, a pin, a request, or a person opened it. */
gboolean linnet_conversation_get_listed (LinnetConversation *self);
void linnet_conversation_set_opened (LinnetConversation *self);

/* The other side's chat state; it ends by itself after 30 seconds. */
void linnet_conversation_take_typing (LinnetConversation *self, gboolean typing);

/* A stranger wants to know that @message arrived: they will when they are a contact. */
void linnet_conversation_owe_receipt (LinnetConversation *self, XmppMessage *message);
void linnet_conversation_pay_receipts (LinnetConversation *self);
/* The connection is there again, or they became a contact: tells what could not be told before. */
void linnet_conversation_went_online (LinnetConversation *self);
/* Writes a draft that is still being typed. Resolves when it is on the disk, or to true at once. */
DexFuture *linnet_conversation_flush (LinnetConversation *self) G_GNUC_WARN_UNUSED_RESULT;
/* The account is being removed: nothing is written or sent any more. */
void linnet_conversation_close (LinnetConversation *self);
/* The store has it no more: no list shows it. */
void linnet_conversation_set_removed (LinnetConversation *self);

/* Newest first, pinned ones before all others. */
int linnet_conversation_compare (gconstpointer a, gconstpointer b, gpointer unused);

/* ---- between linnet-conversation.c and linnet-conversation-verbs.c ---- */

void linnet_conversation_take_draft (LinnetConversation *self, const char *draft);
void linnet_conversation_take_unread_count (LinnetConversation *self, guint unread_count);

G_END_DECLS
