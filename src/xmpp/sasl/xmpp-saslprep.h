/* Preparing passwords, RFC 4013
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * xmpp_saslprep:
 * @text: UTF-8
 *
 * Prepares a password as RFC 5802 section 2.2 demands, as a query (unassigned code points are allowed). The
 * servers'
 * keys were made from the same preparation, so PRECIS's OpaqueString, which differs in compatibility
 * characters, would
 * lock people out.
 *
 * Returns: (transfer full) (nullable): free it with xmpp_secret_free(); %NULL when @text holds what SASLprep
 * forbids
 */
char *xmpp_saslprep (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
