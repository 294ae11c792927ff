/* A web server at addresses that were looked at before
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LinnetFetchTarget:
 *
 * A [class@Gio.NetworkAddress], so that TLS asks for the name, that never looks this name up again: it is at
 * the addresses it was made with, whatever a second answer of the DNS would say (security.md F4).
 */
#define LINNET_TYPE_FETCH_TARGET (linnet_fetch_target_get_type ())
G_DECLARE_FINAL_TYPE (LinnetFetchTarget, linnet_fetch_target, LINNET, FETCH_TARGET, GNetworkAddress)

/* @addresses: a #GList of #GInetAddress, not empty. */
GSocketConnectable *linnet_fetch_target_new (const char *host, GList *addresses, guint16 port);

G_END_DECLS
