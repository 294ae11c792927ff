/* Tests of the helpers for functions that return futures
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "test-future"

#include "config.h"

#include "linnet-future.h"
#include "linnet-test.h"

static DexFuture *
checked (gboolean fine)
{
  linnet_return_error_if_fail (fine);

  return dex_future_new_true ();
}

/* The mistake is told, and whoever awaits it gets an error instead of a crash. */
static void
test_return_error (gconstpointer data)
{
  linnet_test_assert_resolves (checked (TRUE));
  g_test_expect_message ("test-future", G_LOG_LEVEL_CRITICAL, "checked: assertion 'fine' failed");
  linnet_test_assert_rejects (checked (FALSE), G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_test_assert_expected_messages ();
}

static gboolean
count_cb (gpointer n)
{
  return ++*(guint *) n < 3 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* What is more urgent goes first, however often it comes back. */
static void
test_idle (gconstpointer data)
{
  guint n = 0;
  DexFuture *idle = linnet_future_new_idle (G_PRIORITY_LOW);

  g_idle_add_full (G_PRIORITY_DEFAULT, count_cb, &n, NULL);
  g_assert_true (dex_future_is_pending (idle));
  linnet_test_assert_resolves (idle);
  g_assert_cmpuint (n, ==, 3);
}

/* Nobody waits any more: what comes later finds nothing freed. */
static void
test_idle_dropped (gconstpointer data)
{
  dex_unref (linnet_future_new_idle (G_PRIORITY_DEFAULT));
  linnet_test_settle ();
}

static void
test_always (gconstpointer data)
{
  g_autoptr (DexPromise) promise = dex_promise_new ();
  DexFuture *always = linnet_future_always (dex_ref (DEX_FUTURE (promise)));

  linnet_test_settle ();
  g_assert_true (dex_future_is_pending (always));
  dex_promise_reject (promise, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Too late"));
  linnet_test_assert_resolves (always);

  linnet_test_assert_resolves (linnet_future_always (dex_future_new_false ()));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/base/future/return-error", test_return_error, NULL);
  linnet_test_add ("/base/future/idle", test_idle, NULL);
  linnet_test_add ("/base/future/idle-dropped", test_idle_dropped, NULL);
  linnet_test_add ("/base/future/always", test_always, NULL);

  return g_test_run ();
}
