/* Tests of long work off the main thread
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-spawn.h"
#include "linnet-test.h"
#include "linnet-work.h"

typedef struct
{
  GThread *main_thread;
  gboolean wait; /* until it is cancelled */
  gboolean fail;
} Order;

static gboolean
work_cb (LinnetWork *work, gpointer data, GError **error)
{
  Order *order = data;
  GCancellable *cancellable = linnet_work_get_cancellable (work);

  g_assert_true (g_thread_self () != order->main_thread);
  for (guint i = 0; i <= 10; i++)
    linnet_work_set_done (work, i, 10);

  if (order->wait)
    {
      GPollFD poll_fd;

      g_assert_true (g_cancellable_make_pollfd (cancellable, &poll_fd));
      g_poll (&poll_fd, 1, -1);
      g_cancellable_release_fd (cancellable);
    }
  if (order->fail)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "Full");

  return !order->fail && !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static void
freed_cb (gpointer data)
{
  Order *order = data;

  g_assert_true (g_thread_self () == order->main_thread);
  order->main_thread = NULL;
}

static void
notified_cb (LinnetWork *work, GParamSpec *pspec, GThread *main_thread)
{
  g_assert_true (g_thread_self () == main_thread);
}

static void
test_run (gconstpointer data)
{
  g_autoptr (LinnetWork) work = linnet_work_new ();
  Order order = { .main_thread = g_thread_self () };
  gpointer left = work;

  g_signal_connect (work, "notify::fraction", G_CALLBACK (notified_cb), g_thread_self ());
  g_assert_cmpfloat (linnet_work_get_fraction (work), ==, 0);
  linnet_test_assert_resolves (linnet_work_run (work, work_cb, &order, freed_cb));
  linnet_test_settle ();
  g_assert_cmpfloat (linnet_work_get_fraction (work), ==, 1);
  g_assert_null (order.main_thread);

  /* Its thread may still be about to let go of it. */
  g_object_add_weak_pointer (G_OBJECT (work), &left);
  g_clear_object (&work);
  while (left != NULL)
    linnet_test_turn ();
}

static void
test_fail (gconstpointer data)
{
  g_autoptr (LinnetWork) work = linnet_work_new ();
  Order order = { .main_thread = g_thread_self (), .fail = TRUE };

  linnet_test_assert_rejects (
      linnet_work_run (work, work_cb, &order, NULL), G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

static void
test_cancel (gconstpointer data)
{
  g_autoptr (LinnetWork) work = linnet_work_new ();
  Order order = { .main_thread = g_thread_self (), .wait = TRUE };
  g_autoptr (DexFuture) future = linnet_work_run (work, work_cb, &order, NULL);

  while (linnet_work_get_fraction (work) < 1)
    linnet_test_turn ();
  linnet_work_cancel (work);
  linnet_test_assert_rejects (g_steal_pointer (&future), G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* It does not even begin. */
  linnet_test_assert_rejects (
      linnet_work_run (work, work_cb, &order, NULL), G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/base/work/run", test_run, NULL);
  linnet_test_add ("/base/work/fail", test_fail, NULL);
  linnet_test_add ("/base/work/cancel", test_cancel, NULL);

  return g_test_run ();
}
