/* Tests of noticing suspends and changes of the network
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-test.h"
#include "linnet-wake-monitor.h"

#define SECOND G_TIME_SPAN_SECOND

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_jump (void)
{
  g_autoptr (LinnetWakeMonitor) monitor = linnet_wake_monitor_new (NULL);
  gint64 now = g_get_monotonic_time ();
  guint resumed = 0;

  g_signal_connect_swapped (monitor, "resumed", G_CALLBACK (count_cb), &resumed);

  /* An hour asleep, told once. */
  linnet_wake_monitor_check (monitor, now + 100000 * SECOND, now);
  g_assert_cmpuint (resumed, ==, 1);
  linnet_wake_monitor_check (monitor, now + 100002 * SECOND, now + 2 * SECOND);
  g_assert_cmpuint (resumed, ==, 1);

  /* Less than three seconds is a busy computer, not a suspend. */
  linnet_wake_monitor_check (monitor, now + 100006 * SECOND, now + 4 * SECOND);
  g_assert_cmpuint (resumed, ==, 1);
  linnet_wake_monitor_check (monitor, now + 100009 * SECOND, now + 6 * SECOND);
  g_assert_cmpuint (resumed, ==, 2);
}

static void
changed_cb (GMainLoop *loop,
            gboolean available,
            gpointer user_data)
{
  g_main_loop_quit (loop);
}

static void
network_cb (guint *count,
            gboolean available,
            gpointer user_data)
{
  (*count)++;
}

/* R19: fifty changes in a burst are one. */
static void
test_debounce (void)
{
  GNetworkMonitor *network = g_network_monitor_get_default ();
  g_autoptr (LinnetWakeMonitor) monitor = linnet_wake_monitor_new (network);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  guint changes = 0;

  g_signal_connect_swapped (monitor, "network-changed", G_CALLBACK (network_cb), &changes);
  g_signal_connect_swapped (monitor, "network-changed", G_CALLBACK (changed_cb), loop);

  for (guint i = 0; i < 50; i++)
    g_signal_emit_by_name (network, "network-changed", i % 2 == 0);
  g_assert_cmpuint (changes, ==, 0);

  g_main_loop_run (loop);
  g_assert_cmpuint (changes, ==, 1);
  g_assert_cmpint (linnet_wake_monitor_get_network_available (monitor),
                   ==,
                   g_network_monitor_get_network_available (network));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/model/wake-monitor/jump", test_jump);
  g_test_add_func ("/model/wake-monitor/debounce", test_debounce);

  return g_test_run ();
}
