/* Who vouches for a server's key
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * xmpp_voucher_read:
 * @der: a certificate
 * @authority: (out): the organization that issued it, or the issuer's whole name where it tells none
 * @key: (out): the SHA-256 of its public key (the SubjectPublicKeyInfo), in lower-case hex
 *
 * What stays the same when a certificate is renewed: authorities change the names of their intermediate
 * certificates at will, not that of their organization.
 *
 * Returns: %FALSE when @der is no certificate; then both are %NULL
 */
gboolean xmpp_voucher_read (GBytes *der, char **authority, char **key);

G_END_DECLS
