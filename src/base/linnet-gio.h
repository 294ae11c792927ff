/* GIO's asynchronous calls as futures, where libdex 0.10 has none
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "linnet-spawn.h"

G_BEGIN_DECLS

/* Each of these cancels the call when its future is dropped, and rejects with the GError of the call. */

/**
 * linnet_gio_handshake:
 *
 * Shakes hands on a TLS connection of either side.
 *
 * Returns: (transfer full): a future that resolves to true
 */
DexFuture *linnet_gio_handshake (GTlsConnection *connection) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_gio_write_all:
 * @bytes: kept until the last of them is written
 *
 * Writes all of @bytes, however small the pieces that the stream takes.
 *
 * Returns: (transfer full): a future that resolves to true
 */
DexFuture *linnet_gio_write_all (GOutputStream *stream, GBytes *bytes) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_gio_lookup_by_name:
 * @flags: which families to ask for
 *
 * Returns: (transfer full): a future that resolves to a DEX_TYPE_INET_ADDRESS_LIST, a #GList of #GInetAddress
 */
DexFuture *linnet_gio_lookup_by_name (GResolver *resolver,
                                      const char *hostname,
                                      GResolverNameLookupFlags flags) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_gio_lookup_records:
 *
 * Returns: (transfer full): a future that resolves to a G_TYPE_PTR_ARRAY of #GVariant, one a record, of the
 * type that #GResolverRecordType documents
 */
DexFuture *linnet_gio_lookup_records (GResolver *resolver,
                                      const char *rrname,
                                      GResolverRecordType type) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_gio_lookup_proxies:
 *
 * Returns: (transfer full): a future that resolves to a G_TYPE_STRV of proxy URIs, "direct://" among them
 */
DexFuture *linnet_gio_lookup_proxies (GProxyResolver *resolver, const char *uri) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_gio_connect_proxy:
 * @connection: connected to the proxy
 * @address: the proxy and the destination behind it
 *
 * Returns: (transfer full): a future that resolves to a #GIOStream to the destination
 */
DexFuture *linnet_gio_connect_proxy (GProxy *proxy,
                                     GIOStream *connection,
                                     GProxyAddress *address) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
