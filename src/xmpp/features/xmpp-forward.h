/* XEP-0297 Stanza Forwarding, version 1.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

#define XMPP_NS_FORWARD "urn:xmpp:forward:0"

/* Fills in XmppMessage.quote_from and .quote_body from a message that somebody forwarded on his own: text to
 * be shown as a quotation, never dispatched (security.md I6). */
#define XMPP_TYPE_FORWARD (xmpp_forward_get_type ())
G_DECLARE_FINAL_TYPE (XmppForward, xmpp_forward, XMPP, FORWARD, XmppFeature)

G_END_DECLS
