/* XEP-0172 User Nickname, version 1.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-pubsub.h"

G_BEGIN_DECLS

#define XMPP_NS_NICK "http://jabber.org/protocol/nick"

/**
 * XmppNick:
 *
 * Fills in XmppMessage.nickname.
 *
 * Signal "changed" (XmppJid bare, char *nickname): published by that contact or by the own account; nickname
 * is cleaned, NULL when it was taken back.
 */
#define XMPP_TYPE_NICK (xmpp_nick_get_type ())
G_DECLARE_FINAL_TYPE (XmppNick, xmpp_nick, XMPP, NICK, XmppFeature)

/* NULL or "" takes it back. Resolves to true, rejects with XMPP_STANZA_ERROR. */
DexFuture *xmpp_nick_publish (XmppNick *self,
                              const char *nickname,
                              XmppAccess access) G_GNUC_WARN_UNUSED_RESULT;
XmppNode *xmpp_nick_create (const char *nickname); /* transfer full; NULL for NULL and "" */

G_END_DECLS
