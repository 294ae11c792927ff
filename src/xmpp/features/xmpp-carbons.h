/* XEP-0280 Message Carbons, version 1.0.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

/* Enables carbons at each new stream and unwraps those of the own account only, once (security.md I1, I6). */
#define XMPP_TYPE_CARBONS (xmpp_carbons_get_type ())
G_DECLARE_FINAL_TYPE (XmppCarbons, xmpp_carbons, XMPP, CARBONS, XmppFeature)

G_END_DECLS
