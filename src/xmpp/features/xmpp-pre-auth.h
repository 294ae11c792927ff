/* XEP-0379 Pre-Authenticated Roster Subscription, version 0.3.3: the token in a request
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-node.h"

G_BEGIN_DECLS

#define XMPP_NS_PRE_AUTH "urn:xmpp:pars:0"

/* The longest token that counts; longer ones are as if there were none (section 4.1). */
#define XMPP_PRE_AUTH_MAX_TOKEN 512

/* Proves that we were invited: in a subscription request, or (XEP-0445) to a server before an account is made
 * there. NULL for NULL. Transfer full. */
XmppNode *xmpp_pre_auth_create (const char *token);
/* The token in a stanza that somebody sent; NULL: none, or one that cannot be one of ours. Borrowed. Proves
 * nothing before it was compared with those that were given out. */
const char *xmpp_pre_auth_get_token (XmppNode *stanza);

G_END_DECLS
