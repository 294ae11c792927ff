/* Tests of the clocks, the machine's and the tests'
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-spawn.h"
#include "linnet-test-clock.h"
#include "linnet-test.h"

#define SECOND G_USEC_PER_SEC

static void
test_system (gconstpointer data)
{
  g_autoptr (LinnetClock) clock = linnet_clock_new ();
  gint64 monotonic = linnet_clock_get_monotonic (clock);
  gint64 boottime = linnet_clock_get_boottime (clock);

  g_assert_cmpint (ABS (linnet_clock_get_real (clock) - g_get_real_time ()), <, 60 * SECOND);
  g_assert_cmpint (ABS (monotonic - g_get_monotonic_time ()), <, 60 * SECOND);
  g_assert_cmpint (boottime, >=, monotonic);

  linnet_test_assert_resolves (linnet_clock_wait (clock, 2000));
  g_assert_cmpint (linnet_clock_get_monotonic (clock) - monotonic, >=, 2000);
  g_assert_cmpint (linnet_clock_get_boottime (clock) - boottime, >=, 2000);
}

typedef struct
{
  LinnetClock *clock;
  GString *log;
} Wait;

static DexFuture *
wait_fiber (gpointer user_data)
{
  Wait *wait = user_data;

  for (guint i = 0; i < 3; i++)
    {
      dex_await (linnet_clock_wait (wait->clock, 10 * SECOND), NULL);
      g_string_append_printf (wait->log,
                              "%" G_GINT64_FORMAT " ",
                              linnet_clock_get_monotonic (wait->clock) / SECOND);
    }

  return dex_future_new_true ();
}

/* One step at a time, for a fiber that waits again after each. */
static void
test_advance (gconstpointer data)
{
  g_autoptr (LinnetTestClock) clock = linnet_test_clock_new (100 * SECOND);
  g_autoptr (GString) log = g_string_new (NULL);
  Wait wait = { .clock = LINNET_CLOCK (clock), .log = log };
  g_autoptr (DexFuture) fiber = linnet_spawn ("wait", wait_fiber, &wait, NULL);

  linnet_test_settle ();
  g_assert_cmpint (linnet_test_clock_get_next (clock), ==, 10 * SECOND);
  linnet_test_clock_advance (clock, 9 * SECOND);
  linnet_test_settle ();
  g_assert_cmpstr (log->str, ==, "");
  while (linnet_test_clock_get_next (clock) >= 0)
    {
      linnet_test_clock_advance (clock, linnet_test_clock_get_next (clock));
      linnet_test_settle ();
    }
  g_assert_cmpstr (log->str, ==, "11 21 31 ");
  g_assert_cmpint (linnet_clock_get_real (wait.clock), ==, 130 * SECOND);
  linnet_test_assert_resolves (g_steal_pointer (&fiber));
}

static void
test_order (gconstpointer data)
{
  g_autoptr (LinnetTestClock) clock = linnet_test_clock_new (0);
  g_autoptr (DexFuture) late = linnet_clock_wait (LINNET_CLOCK (clock), 3 * SECOND);
  g_autoptr (DexFuture) early = linnet_clock_wait (LINNET_CLOCK (clock), SECOND);
  g_autoptr (DexFuture) now = linnet_clock_wait (LINNET_CLOCK (clock), 0);

  linnet_test_clock_advance (clock, 0);
  g_assert_true (dex_future_is_resolved (now));
  g_assert_true (dex_future_is_pending (early));
  linnet_test_clock_advance (clock, 2 * SECOND);
  g_assert_true (dex_future_is_resolved (early));
  g_assert_true (dex_future_is_pending (late));
  linnet_test_clock_advance (clock, SECOND);
  g_assert_true (dex_future_is_resolved (late));
}

static void
test_sleep (gconstpointer data)
{
  g_autoptr (LinnetTestClock) clock = linnet_test_clock_new (100 * SECOND);
  g_autoptr (DexFuture) wait = linnet_clock_wait (LINNET_CLOCK (clock), 10 * SECOND);
  LinnetClock *base = LINNET_CLOCK (clock);
  gint64 distance = linnet_clock_get_boottime (base) - linnet_clock_get_monotonic (base);

  linnet_test_clock_sleep (clock, 60 * SECOND);
  g_assert_true (dex_future_is_pending (wait));
  g_assert_cmpint (linnet_clock_get_boottime (base) - linnet_clock_get_monotonic (base),
                   ==,
                   distance + 60 * SECOND);
  g_assert_cmpint (linnet_clock_get_real (base), ==, 160 * SECOND);

  linnet_test_clock_set_real (clock, 5);
  g_assert_cmpint (linnet_clock_get_real (base), ==, 5);
  g_assert_cmpint (linnet_test_clock_get_next (clock), ==, 10 * SECOND);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);
  linnet_test_add ("/base/clock/system", test_system, NULL);
  linnet_test_add ("/base/clock/advance", test_advance, NULL);
  linnet_test_add ("/base/clock/order", test_order, NULL);
  linnet_test_add ("/base/clock/sleep", test_sleep, NULL);

  return g_test_run ();
}
