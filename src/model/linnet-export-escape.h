/* Text of others inside files of several formats
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* These append @text, valid UTF-8 of whoever, so that it is text and nothing else. Control characters but
 * tabulators and line ends are left out. */

/* For HTML, as content and inside quoted attributes. */
void linnet_export_append_html (GString *out, const char *text);
/* With its quotation marks; @text NULL: null. */
void linnet_export_append_json (GString *out, const char *text);
/* For plain text: lines after the first begin with @indent, so that nothing can look like the next
 * message. */
void linnet_export_append_plain (GString *out, const char *text, const char *indent);
/* A whole content line of a vCard (RFC 6350), folded: NAME:text */
void linnet_export_append_vcard (GString *out, const char *name, const char *text);

/**
 * linnet_export_dup_file_name:
 * @text: of whoever
 * @taken: (element-type utf8): names that were given already; the new one is added
 *
 * Makes a name, without an ending, that is one in every file system: ASCII letters, digits and a few signs,
 * no leading dot, no name that means a device, at most 100 bytes (security.md F1).
 *
 * Returns: (transfer full): a name that differs from all of @taken in more than the case of letters
 */
char *linnet_export_dup_file_name (const char *text, GHashTable *taken);

G_END_DECLS
