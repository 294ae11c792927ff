/* The way through a proxy, if the person's settings say that there is one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-network.h"

G_BEGIN_DECLS

/**
 * xmpp_proxy_lookup:
 * @resolver: (nullable): the system's own when %NULL
 * @host: where the connection is to go
 *
 * Asks what stands between us and @host.
 *
 * Returns: (transfer full): a future that resolves to a G_TYPE_STRV of the URIs of usable proxies, an empty
 * one when the connection may be direct. Rejects with XMPP_STREAM_ERROR_PROXY when there are proxies
 * but none that takes host names, or when nobody can tell: going around a proxy would tell its secret
 * (security.md A10).
 */
DexFuture *
xmpp_proxy_lookup (GProxyResolver *resolver, const char *host, guint16 port) G_GNUC_WARN_UNUSED_RESULT;

/**
 * xmpp_proxy_connect:
 * @uri: one of [func@Xmpp.proxy_lookup]'s
 * @host: a name that only the proxy looks up
 *
 * Returns: (transfer full): a future that resolves to a #GIOStream to @host through the proxy; or rejects
 * with XMPP_STREAM_ERROR_PROXY when it is the proxy that cannot be reached or refuses
 */
DexFuture *xmpp_proxy_connect (const XmppNetwork *network,
                               const char *uri,
                               const char *host,
                               guint16 port) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
