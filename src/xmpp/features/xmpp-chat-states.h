/* XEP-0085 Chat State Notifications, version 2.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

/* Fills in XmppMessage.chat_state. */
#define XMPP_TYPE_CHAT_STATES (xmpp_chat_states_get_type ())
G_DECLARE_FINAL_TYPE (XmppChatStates, xmpp_chat_states, XMPP, CHAT_STATES, XmppFeature)

/* A message of its own with nothing but @state. Sent only to mutual contacts whose client shows that it
 * understands; the caller asks the person's switches first. Returns whether it was sent. */
gboolean xmpp_chat_states_send (XmppChatStates *self, XmppJid *to, XmppChatState state);

G_END_DECLS
