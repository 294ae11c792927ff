/* Times and texts as people read them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *linnet_format_clock (gint64 time);
char *linnet_format_list_time (gint64 time);
char *linnet_format_day (gint64 time);
char *linnet_format_last_seen (gint64 seconds);
char *linnet_format_identity (const char *address);
char *linnet_format_one_line (const char *text, guint max_chars);
char *linnet_format_without_tags (const char *text);

/* The same with "now" given, for tests. All in the local time zone. */
char *linnet_format_list_time_at (GDateTime *time, GDateTime *now);
char *linnet_format_day_at (GDateTime *time, GDateTime *now);
char *linnet_format_last_seen_at (GDateTime *time, GDateTime *now);

G_END_DECLS
