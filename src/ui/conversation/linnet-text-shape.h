/* What a text looks like before it is laid out
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes of a text, from @start to before @end. */
typedef struct
{
  guint start;
  guint end;
} LinnetTextRange;

guint linnet_text_shape_count_emoji (const char *text, guint max);
char *linnet_text_shape_dup_excerpt (const char *text, guint max_lines, gsize max_bytes, gboolean *cut);
GArray *linnet_text_shape_find_long_runs (const char *text);
char *linnet_text_shape_dup_isolated (const char *name);

G_END_DECLS
