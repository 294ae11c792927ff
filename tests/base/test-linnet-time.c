/* Tests of points in time as text
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-time.h"

#define SECOND G_USEC_PER_SEC
#define NOW (G_GINT64_CONSTANT (1795539900) * SECOND) /* 2026-11-24T17:05:00Z */

static const struct
{
  const char *text;
  gint64 time; /* -1: no stamp */
} rows[] = {
  { .text = "1970-01-01T00:00:00Z", .time = 0 },
  { .text = "1970-01-01T00:00:01Z", .time = SECOND },
  { .text = "2002-09-10T23:08:25Z", .time = G_GINT64_CONSTANT (1031699305) * SECOND },
  { .text = "2002-09-10T23:08:25.000001Z", .time = G_GINT64_CONSTANT (1031699305000001) },
  { .text = "2002-09-10T23:08:25.5Z", .time = G_GINT64_CONSTANT (1031699305500000) },
  { .text = "2002-09-10T23:08:25.1234567899999999999999999Z", .time = G_GINT64_CONSTANT (1031699305123456) },
  { .text = "2002-09-10T23:08:25+00:00", .time = G_GINT64_CONSTANT (1031699305) * SECOND },
  { .text = "2002-09-10T23:08:25-00:00", .time = G_GINT64_CONSTANT (1031699305) * SECOND },
  { .text = "2002-09-11T01:08:25+02:00", .time = G_GINT64_CONSTANT (1031699305) * SECOND },
  { .text = "2002-09-10T13:38:25-09:30", .time = G_GINT64_CONSTANT (1031699305) * SECOND },
  { .text = "2002-09-10T23:08:25.25+00:00", .time = G_GINT64_CONSTANT (1031699305250000) },
  { .text = "2000-02-29T00:00:00Z", .time = G_GINT64_CONSTANT (951782400) * SECOND },
  { .text = "2024-02-29T12:00:00Z", .time = G_GINT64_CONSTANT (1709208000) * SECOND },
  { .text = "2016-12-31T23:59:60Z", .time = G_GINT64_CONSTANT (1483228800) * SECOND },
  /* security.md P10: moved to what is possible */
  { .text = "1969-12-31T23:59:59Z", .time = 0 },
  { .text = "0001-01-01T00:00:00Z", .time = 0 },
  { .text = "1970-01-01T00:00:00+14:00", .time = 0 },
  { .text = "2026-11-25T17:04:59Z", .time = NOW + G_TIME_SPAN_DAY - SECOND },
  { .text = "2026-11-25T17:05:00Z", .time = NOW + G_TIME_SPAN_DAY },
  { .text = "2026-11-25T17:05:01Z", .time = NOW + G_TIME_SPAN_DAY },
  { .text = "9999-12-31T23:59:59.999999-14:00", .time = NOW + G_TIME_SPAN_DAY },
  /* no stamps */
  { .text = "", .time = -1 },
  { .text = "0000-01-01T00:00:00Z", .time = -1 },
  { .text = "2002-09-10", .time = -1 },
  { .text = "23:08:25Z", .time = -1 },
  { .text = "2002-09-10T23:08:25", .time = -1 },
  { .text = "20020910T23:08:25", .time = -1 },
  { .text = "2002-09-10 23:08:25Z", .time = -1 },
  { .text = "2002-09-10T23:08:25z", .time = -1 },
  { .text = " 2002-09-10T23:08:25Z", .time = -1 },
  { .text = "2002-09-10T23:08:25Z ", .time = -1 },
  { .text = "2002-09-10T23:08Z", .time = -1 },
  { .text = "2002-9-10T23:08:25Z", .time = -1 },
  { .text = "02-09-10T23:08:25Z", .time = -1 },
  { .text = "-2002-09-10T23:08:25Z", .time = -1 },
  { .text = "+2002-09-10T23:08:25Z", .time = -1 },
  { .text = "12002-09-10T23:08:25Z", .time = -1 },
  { .text = "99999999999999999999-09-10T23:08:25Z", .time = -1 },
  { .text = "2002-00-10T23:08:25Z", .time = -1 },
  { .text = "2002-13-10T23:08:25Z", .time = -1 },
  { .text = "2002-09-00T23:08:25Z", .time = -1 },
  { .text = "2002-09-31T23:08:25Z", .time = -1 },
  { .text = "2001-02-29T23:08:25Z", .time = -1 },
  { .text = "1900-02-29T23:08:25Z", .time = -1 },
  { .text = "2002-09-10T24:00:00Z", .time = -1 },
  { .text = "2002-09-10T23:60:25Z", .time = -1 },
  { .text = "2002-09-10T23:08:61Z", .time = -1 },
  { .text = "2002-09-10T23:08:25.Z", .time = -1 },
  { .text = "2002-09-10T23:08:25,5Z", .time = -1 },
  { .text = "2002-09-10T23:08:25+0200", .time = -1 },
  { .text = "2002-09-10T23:08:25+02", .time = -1 },
  { .text = "2002-09-10T23:08:25+14:01", .time = -1 },
  { .text = "2002-09-10T23:08:25+15:00", .time = -1 },
  { .text = "2002-09-10T23:08:25+02:60", .time = -1 },
  { .text = "2002-09-10T23:08:25+02:00Z", .time = -1 },
  { .text = "\331\242002-09-10T23:08:25Z",
    .time = -1 },
};

static void
test_parse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 time = -1;

      g_test_message ("%s", rows[i].text);
      g_assert_cmpint (linnet_time_parse (rows[i].text, NOW, &time), ==, rows[i].time >= 0);
      g_assert_cmpint (time, ==, rows[i].time);
    }
}

static void
test_format (void)
{
  static const struct
  {
    gint64 time;
    const char *text;
  } formats[] = {
    { .time = 0, .text = "1970-01-01T00:00:00.000Z" },
    { .time = 1, .text = "1970-01-01T00:00:00.000Z" },
    { .time = 1500, .text = "1970-01-01T00:00:00.001Z" },
    { .time = NOW + 999999, .text = "2026-11-24T17:05:00.999Z" },
    { .time = -5, .text = "1970-01-01T00:00:00.000Z" },
    { .time = G_GINT64_CONSTANT (253402300799) * SECOND, .text = "9999-12-31T23:59:59.000Z" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *text = linnet_time_format (formats[i].time);

      g_assert_cmpstr (text, ==, formats[i].text);
    }
}

/* Every day of two centuries, written with GLib's calendar. */
static void
test_round_trip (void)
{
  for (gint64 day = 0; day < 365 * 200; day++)
    {
      gint64 time = day * G_TIME_SPAN_DAY + (day * 1234567) % G_TIME_SPAN_DAY / 1000 * 1000;
      g_autofree char *text = linnet_time_format (time);
      gint64 back = -1;

      g_assert_true (linnet_time_parse (text, G_MAXINT64 / 2, &back));
      g_assert_cmpint (back, ==, time);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/time/parse", test_parse);
  g_test_add_func ("/base/time/format", test_format);
  g_test_add_func ("/base/time/round-trip", test_round_trip);

  return g_test_run ();
}
