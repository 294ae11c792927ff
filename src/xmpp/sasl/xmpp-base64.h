/* Strict base64, RFC 4648 section 4
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * xmpp_base64_decode:
 * @text: base64 from the network; white space around it is ignored, inside it is an error
 * @max_length: the most bytes that the result may have
 *
 * Unlike g_base64_decode(), which skips what it does not know, this refuses anything that is not exactly one
 * encoding
 * of some bytes: foreign characters, missing padding, bits left over.
 *
 * Returns: (transfer full) (nullable): the bytes, or %NULL
 */
GBytes *xmpp_base64_decode (const char *text, gsize max_length);

G_END_DECLS
