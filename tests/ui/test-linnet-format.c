/* Tests of times and texts as people read them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-format.h"
#include "linnet-test.h"

typedef char *(*FormatFunc) (GDateTime *time, GDateTime *now);

typedef struct
{
  const char *name;
  FormatFunc func;
  const char *time;
  const char *now;
  const char *expected;
} TimeRow;

/* 24 November 2026 is a Tuesday. */
static const TimeRow time_rows[] = {
  { "list/today", linnet_format_list_time_at, "2026-11-24T09:05:00", "2026-11-24T23:59:59", "09:05" },
  { "list/yesterday", linnet_format_list_time_at, "2026-11-23T23:59:59", "2026-11-24T00:00:00", "Yesterday" },
  { "list/weekday", linnet_format_list_time_at, "2026-11-18T12:00:00", "2026-11-24T12:00:00", "Wed" },
  { "list/week-ago", linnet_format_list_time_at, "2026-11-17T12:00:00", "2026-11-24T12:00:00", "17 Nov" },
  { "list/last-year",
    linnet_format_list_time_at,
    "2025-10-28T12:00:00",
    "2026-11-24T12:00:00",
    "28 Oct 2025" },
  { "list/new-year", linnet_format_list_time_at, "2025-12-31T23:00:00", "2026-01-01T01:00:00", "Yesterday" },
  { "list/tomorrow", linnet_format_list_time_at, "2026-11-25T00:10:00", "2026-11-24T23:50:00", "25 Nov" },
  { "day/today", linnet_format_day_at, "2026-11-24T00:00:00", "2026-11-24T12:00:00", "Today" },
  { "day/yesterday", linnet_format_day_at, "2026-11-23T00:00:00", "2026-11-24T12:00:00", "Yesterday" },
  { "day/weekday", linnet_format_day_at, "2026-11-19T00:00:00", "2026-11-24T12:00:00", "Thursday" },
  { "day/this-year", linnet_format_day_at, "2026-10-28T00:00:00", "2026-11-24T12:00:00", "28 October" },
  { "day/other-year", linnet_format_day_at, "2025-10-28T00:00:00", "2026-11-24T12:00:00", "28 October 2025" },
  { "seen/now",
    linnet_format_last_seen_at,
    "2026-11-24T11:59:30",
    "2026-11-24T12:00:00",
    "last seen just now" },
  { "seen/future",
    linnet_format_last_seen_at,
    "2026-11-24T12:30:00",
    "2026-11-24T12:00:00",
    "last seen just now" },
  { "seen/minute",
    linnet_format_last_seen_at,
    "2026-11-24T11:59:00",
    "2026-11-24T12:00:00",
    "last seen 1 minute ago" },
  { "seen/minutes",
    linnet_format_last_seen_at,
    "2026-11-24T11:48:00",
    "2026-11-24T12:00:00",
    "last seen 12 minutes ago" },
  { "seen/hours",
    linnet_format_last_seen_at,
    "2026-11-24T08:00:00",
    "2026-11-24T12:00:00",
    "last seen 4 hours ago" },
  { "seen/yesterday",
    linnet_format_last_seen_at,
    "2026-11-23T08:00:00",
    "2026-11-24T12:00:00",
    "last seen Yesterday" },
};

static void
test_time (gconstpointer data)
{
  const TimeRow *row = data;
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (row->time, zone);
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 (row->now, zone);
  g_autofree char *text = row->func (time, now);

  g_assert_cmpstr (text, ==, row->expected);
}

static const struct
{
  const char *text;
  guint max;
  const char *expected;
} line_rows[] = {
  { "one", 10, "one" },
  { "two\nlines", 10, "two lines" },
  { "  around \t\r\n it  ", 20, "around it" },
  { "", 10, "" },
  { "\n\n", 10, "" },
  { "äöüß", 2, "äö" },
  { "a b c", 2, "a b" },
};

static void
test_one_line (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (line_rows); i++)
    {
      g_autofree char *line = linnet_format_one_line (line_rows[i].text, line_rows[i].max);

      g_assert_cmpstr (line, ==, line_rows[i].expected);
    }
}

/* security.md U1 */
static void
test_without_tags (void)
{
  static const struct
  {
    const char *text;
    const char *expected;
  } rows[] = {
    { "", "" },
    { "Balcony & Co", "Balcony & Co" },
    { "1 < 2 <3 <- <", "1 < 2 <3 <- <" },
    { "<b>bold</b>", "‹b>bold‹/b>" },
    { "<<b>>", "<‹b>>" },
    { "<a href='https://evil.example/'>bank.example</a>", "‹a href='https://evil.example/'>bank.example‹/a>" },
    { "<IMG src='https://evil.example/'/>", "‹IMG src='https://evil.example/'/>" },
    { "<!--x--><?x?><![CDATA[x]]>", "‹!--x-->‹?x?>‹![CDATA[x]]>" },
    { "&lt;b&gt; &amp;", "&lt;b&gt; &amp;" },
    { "Grüße 🌻 <ü>", "Grüße 🌻 <ü>" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = linnet_format_without_tags (rows[i].text);

      g_assert_cmpstr (text, ==, rows[i].expected);
    }
}

static void
test_no_time (void)
{
  g_autofree char *none = linnet_format_list_time (0);
  g_autofree char *far = linnet_format_list_time (G_MAXINT64);

  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (far, ==, "");
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (time_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/format/%s", time_rows[i].name);

      g_test_add_data_func (path, &time_rows[i], test_time);
    }
  g_test_add_func ("/ui/format/one-line", test_one_line);
  g_test_add_func ("/ui/format/without-tags", test_without_tags);
  g_test_add_func ("/ui/format/no-time", test_no_time);

  return g_test_run ();
}
