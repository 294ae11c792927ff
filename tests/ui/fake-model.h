/* Model objects without accounts, servers and stores, for tests of widgets
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-account.h"
#include "linnet-contact.h"
#include "linnet-conversation.h"
#include "linnet-message.h"
#include "linnet-timeline.h"

G_BEGIN_DECLS

/* Everything lives in memory and every verb works at once. Replaces src/model when it is linked instead of
 * it. */

LinnetConversation *fake_conversation_new (const char *name, const char *address);
void fake_conversation_set_typing (LinnetConversation *self, gboolean typing);
void fake_conversation_set_request (LinnetConversation *self, gboolean request);
/* What send_text() answers from now on: @code of LINNET_ERROR, or -1 for success. */
void fake_conversation_set_send_error (LinnetConversation *self, int code);
const char *fake_conversation_get_last_sent (LinnetConversation *self);
guint fake_conversation_get_retries (LinnetConversation *self);
gboolean fake_conversation_get_composing (LinnetConversation *self);

void fake_account_set_state (LinnetAccount *self, LinnetConnectionState state, guint retry_in);
guint fake_account_get_reconnects (LinnetAccount *self);
void fake_account_set_can_block (LinnetAccount *self, gboolean can_block);

void fake_contact_set_show (LinnetContact *self, LinnetShow show);
void fake_contact_set_last_seen (LinnetContact *self, gint64 seconds);
void fake_contact_set_avatar_file (LinnetContact *self, GFile *file);
/* What every verb answers from now on: @code of LINNET_ERROR, or -1 for success. */
void fake_contact_set_error (LinnetContact *self, int code);
/* The last verb, also one that failed: "accept", "decline", "block", "unblock", or NULL. */
const char *fake_contact_get_verb (LinnetContact *self);

/* @time: Unix µs. The caller adds them in the order of time; runs and days are computed. */
LinnetMessage *fake_timeline_add (LinnetTimeline *self, const char *body, gboolean outgoing, gint64 time);
void fake_timeline_add_many (LinnetTimeline *self, guint n, const char *body, gboolean outgoing, gint64 time);
void fake_timeline_set_first_unread (LinnetTimeline *self, LinnetMessage *message, guint unread);
guint fake_timeline_get_n_all (LinnetTimeline *self);
void fake_message_set_state (LinnetMessage *self, LinnetMessageState state, const char *error_text);
void fake_message_set_body (LinnetMessage *self, const char *body);

G_END_DECLS
