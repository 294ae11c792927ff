/* Connecting over a network that tests have made
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-connector.h"
#include "xmpp-network.h"

G_BEGIN_DECLS

/* What xmpp_connect() does over the machine's own network. Both are copied. */
DexFuture *xmpp_connect_over (const XmppConnectOptions *options,
                              const XmppNetwork *network) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
