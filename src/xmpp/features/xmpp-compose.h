/* Building the messages that a person sends
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-builder.h"

G_BEGIN_DECLS

typedef enum
{
  XMPP_COMPOSE_NONE = 0,
  XMPP_COMPOSE_RECEIPT = 1 << 0,    /* ask for a receipt, XEP-0184 */
  XMPP_COMPOSE_MARKABLE = 1 << 1,   /* ask for a displayed marker, XEP-0333 */
  XMPP_COMPOSE_CHAT_STATE = 1 << 2, /* <active/>, XEP-0085: the person allows typing notices */
} XmppComposeFlags;

/* A chat message as it goes into the outbox. @id becomes the stanza's id and its origin-id (XEP-0359):
 * random, so that a message sent again is known as the same. Transfer full. */
XmppNode *xmpp_compose_chat (XmppJid *to, const char *id, const char *body, XmppComposeFlags flags);
/* The same stanza as it is sent again after a session was lost: with a <delay/> that tells when it was
 * written (security.md R7). @xml and the result: stanza bytes for [method@Xmpp.Session.send_stored]. NULL
 * when @xml is none. */
char *xmpp_compose_resend (const char *xml, XmppJid *from, gint64 written_at);

G_END_DECLS
