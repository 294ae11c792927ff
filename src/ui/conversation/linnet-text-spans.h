/* Finding the links in a message
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A part of a text that can be opened. */
typedef struct
{
  guint start; /* byte offsets into the text */
  guint end;
  char *uri; /* ASCII: the host as its A-labels, the rest percent-encoded */
} LinnetTextLink;

GArray *linnet_text_spans_find_links (const char *text);
gboolean linnet_text_spans_is_safe_uri (const char *uri);
char *linnet_text_spans_dup_tooltip (const char *uri);

G_END_DECLS
