/* A one-to-one conversation
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"

G_BEGIN_DECLS

/**
 * LinnetConversation:
 *
 * Properties: `account`, `contact`, `address`, `title` (the contact's name), `preview` (last message's text
 * on one line, nullable), `preview-outgoing` (gboolean), `preview-state` (LinnetMessageState), `last-time`
 * (gint64, Unix µs, 0 none), `unread-count` (guint), `draft` (nullable), `typing` (the other side is
 * writing), `pinned`, `is-request` (a stranger's contact request, or message, waits for an answer).
 */
#define LINNET_TYPE_CONVERSATION (linnet_conversation_get_type ())
G_DECLARE_FINAL_TYPE (LinnetConversation, linnet_conversation, LINNET, CONVERSATION, GObject)

LinnetAccount *linnet_conversation_get_account (LinnetConversation *self);
LinnetContact *linnet_conversation_get_contact (LinnetConversation *self);
const char *linnet_conversation_get_address (LinnetConversation *self);
const char *linnet_conversation_get_title (LinnetConversation *self);
const char *linnet_conversation_get_preview (LinnetConversation *self);
gboolean linnet_conversation_get_preview_outgoing (LinnetConversation *self);
LinnetMessageState linnet_conversation_get_preview_state (LinnetConversation *self);
gint64 linnet_conversation_get_last_time (LinnetConversation *self);
guint linnet_conversation_get_unread_count (LinnetConversation *self);
const char *linnet_conversation_get_draft (LinnetConversation *self);
gboolean linnet_conversation_get_typing (LinnetConversation *self);
gboolean linnet_conversation_get_pinned (LinnetConversation *self);
gboolean linnet_conversation_get_is_request (LinnetConversation *self);
/* Whether they ask to be a contact; else it is a stranger's message that makes it a request. */
gboolean linnet_conversation_get_asks_presence (LinnetConversation *self);

/* The messages; made at the first call and kept while somebody holds it. Transfer full. */
LinnetTimeline *linnet_conversation_dup_timeline (LinnetConversation *self);

/* The chat is one like others, and they are a contact if they asked to be. Until then they learn nothing of
 * us; what they are due, they get now. Resolves to true. */
DexFuture *linnet_conversation_accept (LinnetConversation *self) G_GNUC_WARN_UNUSED_RESULT;
/* They are told that they will not be a contact if they asked to be; a stranger's messages are removed, and
 * the conversation with them. Resolves to true. */
DexFuture *linnet_conversation_decline (LinnetConversation *self) G_GNUC_WARN_UNUSED_RESULT;
/* The same, and the server keeps what they send from now on from us. */
DexFuture *linnet_conversation_block (LinnetConversation *self) G_GNUC_WARN_UNUSED_RESULT;

/* Stores, then sends as soon as there is a connection. Resolves to the LinnetMessage when it is stored;
 * rejects with LINNET_ERROR_DISK_FULL, _DATABASE, _TOO_LONG: then the text must stay in the composer. */
DexFuture *linnet_conversation_send_text (LinnetConversation *self,
                                          const char *text) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *linnet_conversation_retry (LinnetConversation *self,
                                      LinnetMessage *message) G_GNUC_WARN_UNUSED_RESULT;
/* Written to the store after a pause in typing; flushed by shutdown. */
void linnet_conversation_set_draft (LinnetConversation *self, const char *draft);
/* The person is writing (XEP-0085), if the settings allow telling. */
void linnet_conversation_set_composing (LinnetConversation *self, gboolean composing);
/* Everything up to the newest message has been seen: unread 0, markers sent if allowed. */
void linnet_conversation_mark_read (LinnetConversation *self);
DexFuture *linnet_conversation_set_pinned (LinnetConversation *self,
                                           gboolean pinned) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
