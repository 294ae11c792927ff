/* Domainparts of addresses: IDNA2008 names and IP literals, RFC 7622 section 3.2
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * xmpp_domain_prepare:
 *
 * Brings a domain to the one form it is compared in: Unicode, lower case, no dot at the end; IP literals in
 * their shortest notation (RFC 5952).
 *
 * Returns: (transfer full) (nullable): the domain; %NULL when it is none
 */
char *xmpp_domain_prepare (const char *text);

/* @domain: as xmpp_domain_prepare() made it. The form for DNS and TLS: A-labels, no brackets. Transfer
 * full. */
char *xmpp_domain_to_ascii (const char *domain);

G_END_DECLS
