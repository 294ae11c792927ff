/* PRECIS profiles for names and passwords, RFC 8264 and RFC 8265
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * xmpp_precis_username:
 *
 * Enforces the UsernameCaseMapped profile (RFC 8265 section 3.3): localparts of addresses, user names.
 *
 * Returns: (transfer full) (nullable): the prepared name; %NULL when it is empty, not UTF-8 or holds
 *   something forbidden
 */
char *xmpp_precis_username (const char *text);

/**
 * xmpp_precis_opaque_string:
 *
 * Enforces the OpaqueString profile (RFC 8265 section 4.2): resources of addresses, passwords.
 *
 * Returns: (transfer full) (nullable): the prepared string; %NULL when it is empty, not UTF-8 or holds
 *   something forbidden
 */
char *xmpp_precis_opaque_string (const char *text);

/* The two mappings that names and domains (RFC 5895) have in common, each transfer full. @text must be
 * UTF-8. */
char *xmpp_precis_map_width (const char *text); /* full and half width forms to plain ones */
char *xmpp_precis_map_case (const char *text);  /* to lower case in no particular language, then to NFC */

/* TRUE when every character is one that PRECIS allows in identifiers, in its context. */
gboolean xmpp_precis_is_identifier (const char *text);

G_END_DECLS
