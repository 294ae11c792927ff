/* XEP-0153 vCard-Based Avatars, version 1.1.1, and the picture of XEP-0054 vcard-temp, version 1.3.0: reading
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

/* Reads the picture hash in presences and hands it to [class@Xmpp.Avatar]. */
#define XMPP_TYPE_VCARD (xmpp_vcard_get_type ())
G_DECLARE_FINAL_TYPE (XmppVcard, xmpp_vcard, XMPP, VCARD, XmppFeature)

G_END_DECLS
