/* XEP-0203 Delayed Delivery, version 2.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

#define XMPP_NS_DELAY "urn:xmpp:delay"

/* Fills in XmppMessage.delay and .offline from stamps of the own server only (security.md I11). */
#define XMPP_TYPE_DELAY (xmpp_delay_get_type ())
G_DECLARE_FINAL_TYPE (XmppDelay, xmpp_delay, XMPP, DELAY, XmppFeature)

/* XEP-0082 date and time to Unix microseconds, clamped to 1970 … now (R18). 0 when it is none. */
gint64 xmpp_delay_parse_stamp (const char *stamp);
/* For a stored stanza that is sent again later than it was written. @from: own bare address. Transfer full.
 */
XmppNode *xmpp_delay_create (XmppJid *from, gint64 time);
/* The stamp of @parent's <delay/> if its from is @trusted's bare address or domain; 0 when there is none. */
gint64 xmpp_delay_get_trusted (XmppNode *parent, XmppJid *trusted);

G_END_DECLS
