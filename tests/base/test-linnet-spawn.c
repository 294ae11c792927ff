/* Tests of fibers and of awaiting in them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-spawn.h"
#include "linnet-test.h"

typedef struct
{
  DexPromise *promise; /* what the fiber awaits */
  gboolean *freed;
  gboolean *inner_freed;
} State;

static void
state_free (gpointer data)
{
  State *self = data;

  *self->freed = TRUE;
  dex_unref (self->promise);
  g_free (self);
}

static State *
state_new (DexPromise *promise,
           gboolean *freed)
{
  State *self = g_new0 (State, 1);

  self->promise = dex_ref (promise);
  self->freed = freed;

  return self;
}

static DexFuture *
await_fiber (gpointer user_data)
{
  State *self = user_data;
  GError *error = NULL;
  int ret = dex_await_int (dex_ref (DEX_FUTURE (self->promise)), &error);

  return error != NULL ? dex_future_new_for_error (error) : dex_future_new_for_int (ret);
}

static DexFuture *
null_fiber (gpointer user_data)
{
  return NULL;
}

static DexFuture *
pending_fiber (gpointer user_data)
{
  State *self = user_data;

  return dex_ref (DEX_FUTURE (self->promise));
}

static void
test_result (gconstpointer data)
{
  g_autoptr (DexPromise) promise = dex_promise_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (DexFuture) one = NULL;
  g_autoptr (DexFuture) two = NULL;
  gboolean freed = FALSE;
  gboolean freed_too = FALSE;

  one = linnet_spawn ("one", await_fiber, state_new (promise, &freed), state_free);
  two = linnet_spawn ("two", pending_fiber, state_new (promise, &freed_too), state_free);
  linnet_test_settle ();
  g_assert_true (dex_future_is_pending (one));
  g_assert_true (dex_future_is_pending (two));
  g_assert_cmpstr (dex_future_get_name (one), ==, "one");
  dex_promise_resolve_int (promise, 7);
  g_assert_cmpint (dex_await_int (dex_ref (one), &error), ==, 7);
  g_assert_true (freed);
  g_assert_cmpint (dex_await_int (dex_ref (two), &error), ==, 7);
  g_assert_true (freed_too);
  g_assert_no_error (error);
  g_assert_true (dex_await_boolean (linnet_spawn ("null", null_fiber, NULL, NULL), &error));
  g_assert_no_error (error);
}

static void
test_error (gconstpointer data)
{
  g_autoptr (DexPromise) promise = dex_promise_new ();
  gboolean freed = FALSE;

  dex_promise_reject (promise, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full"));
  linnet_test_assert_rejects (linnet_spawn ("error", await_fiber, state_new (promise, &freed), state_free),
                              G_IO_ERROR,
                              G_IO_ERROR_NO_SPACE);
  linnet_test_assert_rejects (linnet_spawn ("error", pending_fiber, state_new (promise, &freed), state_free),
                              G_IO_ERROR,
                              G_IO_ERROR_NO_SPACE);
}

static DexFuture *
stubborn_fiber (gpointer user_data)
{
  State *self = user_data;
  g_autoptr (DexFuture) known = dex_future_new_for_int (3);
  GError *error = NULL;

  g_assert_false (dex_await (dex_ref (DEX_FUTURE (self->promise)), &error));
  g_assert_error (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED);
  g_clear_error (&error);

  /* What is there already is there. */
  g_assert_cmpint (dex_await_int (dex_ref (known), &error), ==, 3);
  g_assert_no_error (error);

  g_assert_false (dex_await (dex_ref (DEX_FUTURE (self->promise)), &error));
  g_assert_error (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED);

  return dex_future_new_for_error (error);
}

static void
test_cancelled (gconstpointer data)
{
  g_autoptr (DexPromise) promise = dex_promise_new_cancellable ();
  g_autoptr (DexCancellable) cancellable = dex_cancellable_new ();
  g_autoptr (DexFuture) future = NULL;
  gboolean freed = FALSE;

  future =
      dex_future_first (linnet_spawn ("stubborn", stubborn_fiber, state_new (promise, &freed), state_free),
                        dex_ref (DEX_FUTURE (cancellable)),
                        NULL);
  linnet_test_settle ();
  g_assert_false (freed);
  dex_cancellable_cancel (cancellable);
  linnet_test_settle ();
  g_assert_true (freed);
  /* And what it waited for is not wanted any more. */
  g_assert_true (g_cancellable_is_cancelled (dex_promise_get_cancellable (promise)));
}

/* The case that libdex 0.10 does not survive: discarded, and what it awaits completes before it has had its
 * turn. */
static void
test_cancelled_and_completed (gconstpointer data)
{
  for (guint i = 0; i < 300; i++)
    {
      g_autoptr (DexPromise) promise = dex_promise_new ();
      g_autoptr (DexCancellable) cancellable = dex_cancellable_new ();
      g_autoptr (DexFuture) one = NULL;
      g_autoptr (DexFuture) two = NULL;
      gboolean freed = FALSE;
      gboolean freed_too = FALSE;

      one = dex_future_first (linnet_spawn ("one", await_fiber, state_new (promise, &freed), state_free),
                              dex_ref (DEX_FUTURE (cancellable)),
                              NULL);
      two = linnet_spawn ("two", await_fiber, state_new (promise, &freed_too), state_free);
      linnet_test_settle ();
      dex_cancellable_cancel (cancellable);
      dex_promise_resolve_int (promise, i);
      linnet_test_settle ();
      g_assert_true (freed);
      g_assert_true (freed_too);
      g_assert_cmpint (dex_await_int (dex_ref (two), NULL), ==, i);
    }
}

static DexFuture *
outer_fiber (gpointer user_data)
{
  State *self = user_data;
  GError *error = NULL;

  dex_await (linnet_spawn ("inner", await_fiber, state_new (self->promise, self->inner_freed), state_free),
             &error);
  g_assert_error (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED);

  return dex_future_new_for_error (error);
}

/* Whoever awaits a fiber takes it along. */
static void
test_cancelled_within (gconstpointer data)
{
  g_autoptr (DexPromise) promise = dex_promise_new_cancellable ();
  gboolean freed = FALSE;
  gboolean inner_freed = FALSE;
  State *state = state_new (promise, &freed);

  state->inner_freed = &inner_freed;
  linnet_test_assert_rejects (dex_future_first (linnet_spawn ("outer", outer_fiber, state, state_free),
                                                dex_timeout_new_msec (1),
                                                NULL),
                              DEX_ERROR,
                              DEX_ERROR_TIMED_OUT);
  linnet_test_settle ();
  g_assert_true (freed);
  g_assert_true (inner_freed);
  g_assert_true (g_cancellable_is_cancelled (dex_promise_get_cancellable (promise)));
}

static void
test_detached (gconstpointer data)
{
  g_autoptr (DexPromise) promise = dex_promise_new ();
  gboolean freed = FALSE;

  linnet_spawn_detached ("detached", await_fiber, state_new (promise, &freed), state_free);
  linnet_test_settle ();
  g_assert_false (freed);
  dex_promise_reject (promise, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "only logged"));
  linnet_test_settle ();
  g_assert_true (freed);
}

/* Outside of fibers only what is known already can be awaited. */
static void
test_no_fiber (void)
{
  g_autoptr (DexPromise) promise = dex_promise_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (dex_await_int (dex_future_new_for_int (5), &error), ==, 5);
  g_assert_no_error (error);
  g_assert_false (dex_await (dex_ref (DEX_FUTURE (promise)), &error));
  g_assert_error (error, DEX_ERROR, DEX_ERROR_NO_FIBER);
}

/* ---- leaks ---- */

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>

#define N_LOST 32

/* Blocks that no pointer leads to: what is kept of them is their complement. */
static void
lose (guintptr lost[N_LOST])
{
  for (guint i = 0; i < N_LOST; i++)
    lost[i] = ~(guintptr) g_malloc (100 + i);
}

static DexFuture *
lose_fiber (gpointer user_data)
{
  lose (user_data);

  return NULL;
}

static DexFuture *
lose_late_fiber (gpointer user_data)
{
  linnet_test_turn ();
  lose (user_data);

  return NULL;
}

/* The tests with sanitizers are worth nothing if what a fiber loses is not found. */
static void
test_leak_is_found (gconstpointer func)
{
  guintptr lost[N_LOST] = { 0 };
  g_autoptr (DexFuture) fiber = linnet_spawn ("lose", (DexFiberFunc) func, lost, NULL);
  int found;

  while (dex_future_is_pending (fiber))
    g_main_context_iteration (NULL, TRUE);

  found = __lsan_do_recoverable_leak_check ();
  for (guint i = 0; i < N_LOST; i++)
    g_free ((gpointer) ~lost[i]);
  g_assert_cmpint (found, !=, 0);
  g_assert_cmpint (__lsan_do_recoverable_leak_check (), ==, 0);
}
#endif

int
main (int argc,
      char **argv)
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/base/spawn/result", test_result, NULL);
  linnet_test_add ("/base/spawn/error", test_error, NULL);
  linnet_test_add ("/base/spawn/cancelled", test_cancelled, NULL);
  linnet_test_add ("/base/spawn/cancelled-and-completed", test_cancelled_and_completed, NULL);
  linnet_test_add ("/base/spawn/cancelled-within", test_cancelled_within, NULL);
  linnet_test_add ("/base/spawn/detached", test_detached, NULL);
  g_test_add_func ("/base/spawn/no-fiber", test_no_fiber);
#ifdef __SANITIZE_ADDRESS__
  g_test_add_data_func ("/base/spawn/leak/early", lose_fiber, test_leak_is_found);
  g_test_add_data_func ("/base/spawn/leak/late", lose_late_fiber, test_leak_is_found);
#endif

  return g_test_run ();
}
