/* Tests of minutes and days that pass
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-wall-clock.h"
#include "linnet-test.h"

/* Ticks one after the other, after one at the last minute of 2026. */
static const struct
{
  const char *name;
  int year, month, day, hour, minute;
  guint new_days;
} rows[] = {
  { "midnight", 2027, 1, 1, 0, 0, 1 },
  { "same-day", 2027, 1, 1, 23, 59, 1 },
  { "next-day", 2027, 1, 2, 0, 0, 2 },
  { "after-suspend", 2027, 1, 9, 12, 30, 3 },
  { "set-back", 2027, 1, 8, 12, 30, 4 },
  { "same-day-of-another-year", 2028, 1, 8, 12, 30, 5 },
};

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_days (void)
{
  g_autoptr (LinnetWallClock) clock = linnet_wall_clock_new ();
  g_autoptr (GDateTime) eve = g_date_time_new_local (2026, 12, 31, 23, 59, 0);
  guint minutes = 0, new_days = 0;

  linnet_wall_clock_tick (clock, eve);
  g_signal_connect_swapped (clock, "minute", G_CALLBACK (count_cb), &minutes);
  g_signal_connect_swapped (clock, "new-day", G_CALLBACK (count_cb), &new_days);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GDateTime) now = g_date_time_new_local (
          rows[i].year, rows[i].month, rows[i].day, rows[i].hour, rows[i].minute, 0);

      g_test_message ("%s", rows[i].name);
      linnet_wall_clock_tick (clock, now);
      g_assert_cmpuint (minutes, ==, i + 1);
      g_assert_cmpuint (new_days, ==, rows[i].new_days);
    }
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);
  g_test_add_func ("/ui/wall-clock/days", test_days);

  return g_test_run ();
}
