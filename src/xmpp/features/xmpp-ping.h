/* XEP-0199 XMPP Ping, version 2.0.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

/* Answers those who may see that we are here. The session's own pings are [method@Xmpp.Session.probe]. */
#define XMPP_TYPE_PING (xmpp_ping_get_type ())
G_DECLARE_FINAL_TYPE (XmppPing, xmpp_ping, XMPP, PING, XmppFeature)

G_END_DECLS
