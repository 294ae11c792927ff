/* Text from the network, made fit for showing
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * xmpp_text_clean:
 * @text: any bytes that end with a NUL
 * @max_bytes: how much is kept; the cut is between characters
 * @truncated: (out) (optional): whether something was cut off
 *
 * Drops control characters other than tab and newline, turns "\r\n" and "\r" into "\n", replaces what is no
 * UTF-8.
 *
 * Returns: (transfer full) (nullable): %NULL when nothing is left
 */
char *xmpp_text_clean (const char *text, gsize max_bytes, gboolean *truncated);

/**
 * xmpp_text_clean_name:
 * @text: (nullable): a name that somebody gave himself or something
 *
 * One line without control characters, invisible characters and controls of writing direction (security.md
 * U3), runs of spaces made one, at most 256 bytes.
 *
 * Returns: (transfer full) (nullable): %NULL when nothing is left
 */
char *xmpp_text_clean_name (const char *text);

G_END_DECLS
