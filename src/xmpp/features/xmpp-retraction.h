/* XEP-0424 Message Retraction, version 0.4.2
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-builder.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

#define XMPP_NS_RETRACTION "urn:xmpp:message-retract:1"

/* Fills in XmppMessage.retracts. Whoever keeps the messages checks that the id is one of a message that the
 * same person wrote to the same one (security.md I9). */
#define XMPP_TYPE_RETRACTION (xmpp_retraction_get_type ())
G_DECLARE_FINAL_TYPE (XmppRetraction, xmpp_retraction, XMPP, RETRACTION, XmppFeature)

/* A message with the new id @id that takes back the one with @retracted. @fallback: what people read whose
 * client does not know how, in the person's language. Transfer full. */
XmppNode *
xmpp_retraction_compose (XmppJid *to, const char *id, const char *retracted, const char *fallback);

G_END_DECLS
