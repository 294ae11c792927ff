/* XEP-0334 Message Processing Hints, version 1.0.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

#define XMPP_NS_HINTS "urn:xmpp:hints"

/* Fills in XmppMessage.no_store. */
#define XMPP_TYPE_HINTS (xmpp_hints_get_type ())
G_DECLARE_FINAL_TYPE (XmppHints, xmpp_hints, XMPP, HINTS, XmppFeature)

G_END_DECLS
