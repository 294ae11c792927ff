/* Asking to see each other's presence, RFC 6121 section 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

/**
 * XmppSubscription:
 *
 * The states themselves are in the roster. Nothing here ever answers a request by itself (security.md I14).
 *
 * Signals: "request" (XmppJid bare, char *nickname, char *text, char *token; the texts nullable and cleaned):
 * somebody asks, and will ask again at each new stream until answered; @token (nullable) is what they say
 * proves that they were invited (XEP-0379), to be looked up. "request-gone" (XmppJid bare): answered, by any
 * device, or taken back.
 */
#define XMPP_TYPE_SUBSCRIPTION (xmpp_subscription_get_type ())
G_DECLARE_FINAL_TYPE (XmppSubscription, xmpp_subscription, XMPP, SUBSCRIPTION, XmppFeature)

/* Each resolves to true when the stanza is on its way, rejects with XMPP_STANZA_ERROR_DISCONNECTED; what the
 * other side says shows in the roster. @nickname (nullable): how we introduce ourselves (XEP-0172). */
DexFuture *xmpp_subscription_request (XmppSubscription *self,
                                      XmppJid *jid,
                                      const char *nickname) G_GNUC_WARN_UNUSED_RESULT;
/* The same with what proves that they invited us (XEP-0379 section 3.4); @token nullable. */
DexFuture *xmpp_subscription_request_invited (XmppSubscription *self,
                                              XmppJid *jid,
                                              const char *nickname,
                                              const char *token) G_GNUC_WARN_UNUSED_RESULT;
/* Whether their request is waiting for an answer. */
gboolean xmpp_subscription_is_waiting (XmppSubscription *self, XmppJid *jid);
DexFuture *xmpp_subscription_accept (XmppSubscription *self, XmppJid *jid) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *xmpp_subscription_decline (XmppSubscription *self, XmppJid *jid) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *xmpp_subscription_cancel (XmppSubscription *self,
                                     XmppJid *jid) G_GNUC_WARN_UNUSED_RESULT; /* they no longer see us */
/* Grants a request that may come later (section 3.4). Resolves to false when the server cannot. */
DexFuture *xmpp_subscription_pre_approve (XmppSubscription *self, XmppJid *jid) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
