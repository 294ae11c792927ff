/* Reaching a host that has several addresses, RFC 8305
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-network.h"

G_BEGIN_DECLS

/**
 * xmpp_happy_eyeballs_connect:
 * @network: copied
 * @host: a name in A-labels, or an address
 *
 * Asks for addresses of both families at once and tries them in turn, IPv6 first, 250 ms after each other or
 * as soon as one fails, until one answers: a family that is dead costs no more than that.
 *
 * Returns: (transfer full): a future that resolves to the first #GIOStream, or rejects with
 *   XMPP_STREAM_ERROR_HOST_NOT_FOUND or _UNREACHABLE. Dropping it stops every attempt.
 */
DexFuture *xmpp_happy_eyeballs_connect (const XmppNetwork *network,
                                        const char *host,
                                        guint16 port) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
