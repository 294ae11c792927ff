/* From where anything may be fetched: security.md F4
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * linnet_fetch_policy_check:
 * @url: from the network
 *
 * Looks at the address alone. What stands behind a name is for [func@Linnet.fetch_policy_allows_address].
 *
 * Returns: (transfer full) (nullable): what to fetch, its host in ASCII, without a fragment; %NULL with
 * LINNET_ERROR_FETCH_REFUSED unless it is https on port 443, without user and password, of a public address
 * or of a name that can be one of the public DNS
 */
GUri *linnet_fetch_policy_check (const char *url, GError **error);
/* The same for a page that a person agreed to open: it may also be on port 5281 or 5443, where XMPP servers
 * have theirs. */
GUri *linnet_fetch_policy_check_page (const char *url, GError **error);

/**
 * linnet_fetch_policy_allows_address:
 *
 * Returns: whether it is a public address of the Internet: not this machine, its network, a documentation or
 * test network, a group; nor any of these in the disguise of IPv6
 */
gboolean linnet_fetch_policy_allows_address (GInetAddress *address);

G_END_DECLS
