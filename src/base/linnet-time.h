/* Points in time as text, XEP-0082: XMPP Date and Time Profiles, version 1.1.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * linnet_time_parse:
 * @text: a DateTime of XEP-0082 section 3.2, e.g. "2026-11-24T17:05:00.25Z" or "…T18:05:00+01:00"
 * @now: microseconds since 1970, UTC
 * @out: (out): the same for @text
 *
 * Reads a stamp that someone else has set. What lies before 1970 or more than a day after @now is moved to
 * that limit, so that no later sum overflows and no message hides in the far future (security.md P10).
 *
 * Returns: %FALSE (and @out untouched) when @text is no such stamp
 */
gboolean linnet_time_parse (const char *text, gint64 now, gint64 *out);

/**
 * linnet_time_format:
 * @time: microseconds since 1970, UTC; up to the year 9999
 *
 * Returns: (transfer full): a DateTime in UTC, to the millisecond
 */
char *linnet_time_format (gint64 time);

G_END_DECLS
