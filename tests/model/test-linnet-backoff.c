/* Tests of the delays between attempts
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-backoff.h"
#include "linnet-test.h"

static void
test_limits (void)
{
  static const guint limits[] = { 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000 };
  LinnetBackoff backoff = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      LinnetBackoff half = backoff;

      g_assert_cmpuint (linnet_backoff_next (&half, 0.5), ==, limits[i] / 2);
      g_assert_cmpuint (linnet_backoff_next (&backoff, 0.999999), >=, limits[i] - 1);
    }

  for (guint i = 0; i < 1000; i++)
    g_assert_cmpuint (linnet_backoff_next (&backoff, 0.999999), <, 60000);
}

static void
test_least (void)
{
  LinnetBackoff backoff = { 0 };

  for (guint i = 0; i < 10; i++)
    g_assert_cmpuint (linnet_backoff_next (&backoff, 0.0), ==, 100);
}

static void
test_reset (void)
{
  LinnetBackoff backoff = { 0 };

  for (guint i = 0; i < 10; i++)
    linnet_backoff_next (&backoff, 0.5);
  linnet_backoff_reset (&backoff);

  g_assert_cmpuint (linnet_backoff_next (&backoff, 0.5), ==, 500);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/model/backoff/limits", test_limits);
  g_test_add_func ("/model/backoff/least", test_least);
  g_test_add_func ("/model/backoff/reset", test_reset);

  return g_test_run ();
}
