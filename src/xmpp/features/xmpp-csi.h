/* XEP-0352 Client State Indication, version 1.0.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

/* Tells the server what [method@Xmpp.Session.set_active] was told. */
#define XMPP_TYPE_CSI (xmpp_csi_get_type ())
G_DECLARE_FINAL_TYPE (XmppCsi, xmpp_csi, XMPP, CSI, XmppFeature)

G_END_DECLS
