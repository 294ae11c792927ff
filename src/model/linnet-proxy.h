/* How an account reaches the network: as the system is set, through its own proxy, or not through any
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * A proxy is a text: NULL for what the system's settings say, LINNET_PROXY_NONE for none at all,
 * "socks5://host:port" or "socks5://user@host:port". With the last ones nothing is ever looked up or
 * reached but by the proxy (security.md A10): when it does not answer there is no connection. Its
 * password, should it need one, is in the keyring.
 */
#define LINNET_PROXY_NONE "direct://"

/**
 * linnet_proxy_normalize:
 * @text: what a person typed: "host:port", "socks5://host", with a user and a password if need be
 * @password: (out) (optional) (nullable): what it said of it; to be wiped
 * @error: return location for LINNET_ERROR_BAD_PROXY
 *
 * Returns: (transfer full) (nullable): the proxy in the form above, never the password in it
 */
char *linnet_proxy_normalize (const char *text, char **password, GError **error);

/* Parts of a proxy for fields to type in. FALSE when it is NULL or LINNET_PROXY_NONE. Each (out)
 * (optional). */
gboolean linnet_proxy_split (const char *proxy, char **host, guint16 *port, char **user);

/* Whether it wants to know who comes, so that there may be a password. @proxy: nullable. */
gboolean linnet_proxy_has_user (const char *proxy);

/* @proxy with its password, for connections alone. @password: nullable. Transfer full, nullable. */
char *linnet_proxy_with_password (const char *proxy, const char *password);

/* @proxy: nullable, with its password. Transfer full; NULL for the system's own. */
GProxyResolver *linnet_proxy_get_resolver (const char *proxy);

G_END_DECLS
