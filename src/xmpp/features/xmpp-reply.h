/* XEP-0461 Message Replies, version 0.2.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-compose.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

#define XMPP_NS_REPLY "urn:xmpp:reply:0"

/* Fills in XmppMessage.reply_id and .reply_to. What the other message says is for whoever keeps the messages
 * to look up, in the same conversation: the quotation in the text is anybody's claim (security.md I9). */
#define XMPP_TYPE_REPLY (xmpp_reply_get_type ())
G_DECLARE_FINAL_TYPE (XmppReply, xmpp_reply, XMPP, REPLY, XmppFeature)

/* What is answered. */
typedef struct
{
  const char *id;     /* origin-id, else id (section 4) */
  XmppJid *author;    /* one of the two who talk */
  const char *quoted; /* nullable: its text, for clients that do not know replies. A long one is cut */
} XmppReplyTarget;

/* A chat message as [func@Xmpp.compose_chat] makes it that answers @target. Transfer full. */
XmppNode *xmpp_reply_compose (XmppJid *to,
                              const char *id,
                              const char *body,
                              XmppComposeFlags flags,
                              const XmppReplyTarget *target);

G_END_DECLS
