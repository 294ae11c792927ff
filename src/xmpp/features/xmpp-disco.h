/* XEP-0030 Service Discovery, version 2.5.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-disco-info.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

#define XMPP_NS_DISCO_INFO "http://jabber.org/protocol/disco#info"
#define XMPP_NS_DISCO_ITEMS "http://jabber.org/protocol/disco#items"
#define XMPP_NS_CAPS "http://jabber.org/protocol/caps"

/**
 * XmppDisco:
 *
 * Answers what this client is to those who may see that it is here; everybody else gets what an unknown
 * request gets. Asks the own server and account at each new stream.
 */
#define XMPP_TYPE_DISCO (xmpp_disco_get_type ())
G_DECLARE_FINAL_TYPE (XmppDisco, xmpp_disco, XMPP, DISCO, XmppFeature)

/* Resolves to true when both are known or the server will not tell. */
DexFuture *xmpp_disco_wait_own_info (XmppDisco *self) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the answers of this stream name the feature; FALSE before they came.
 * "pubsub#publish-options", for example, is of the own account's PEP. */
gboolean xmpp_disco_account_has (XmppDisco *self, const char *feature);
gboolean xmpp_disco_server_has (XmppDisco *self, const char *feature);

/* What this client is, as the <c/> of its presences (XEP-0115). Transfer full. */
XmppNode *xmpp_disco_create_caps (XmppDisco *self);

/* @jid, @node nullable. Resolves to a boxed XmppDiscoInfo, not cached. */
DexFuture *xmpp_disco_query_info (XmppDisco *self, XmppJid *jid, const char *node) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
