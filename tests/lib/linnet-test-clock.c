/* A clock that goes on only when a test says so
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-test-clock"

#include "config.h"

#include "linnet-test-clock.h"

typedef struct
{
  gint64 due; /* monotonic */
  DexPromise *promise;
} Timer;

struct _LinnetTestClock
{
  LinnetClock parent_instance;

  gint64 real;
  gint64 monotonic;
  gint64 boottime;
  GArray *timers; /* by due time, then in the order they were set */
};

G_DEFINE_FINAL_TYPE (LinnetTestClock, linnet_test_clock, LINNET_TYPE_CLOCK)

static void
clear_timer (gpointer data)
{
  dex_clear (&((Timer *) data)->promise);
}

static gint64
linnet_test_clock_get_real (LinnetClock *clock)
{
  return LINNET_TEST_CLOCK (clock)->real;
}

static gint64
linnet_test_clock_get_monotonic (LinnetClock *clock)
{
  return LINNET_TEST_CLOCK (clock)->monotonic;
}

static gint64
linnet_test_clock_get_boottime (LinnetClock *clock)
{
  return LINNET_TEST_CLOCK (clock)->boottime;
}

static DexFuture *
linnet_test_clock_wait (LinnetClock *clock,
                        gint64 microseconds)
{
  LinnetTestClock *self = LINNET_TEST_CLOCK (clock);
  Timer timer = { .due = self->monotonic + MAX (microseconds, 0), .promise = dex_promise_new () };
  guint at = self->timers->len;

  while (at > 0 && g_array_index (self->timers, Timer, at - 1).due > timer.due)
    at--;
  g_array_insert_val (self->timers, at, timer);

  return dex_ref (DEX_FUTURE (timer.promise));
}

static void
pass (LinnetTestClock *self,
      gint64 microseconds)
{
  self->real += microseconds;
  self->monotonic += microseconds;
  self->boottime += microseconds;
}

static void
linnet_test_clock_finalize (GObject *object)
{
  g_array_unref (LINNET_TEST_CLOCK (object)->timers);

  G_OBJECT_CLASS (linnet_test_clock_parent_class)->finalize (object);
}

static void
linnet_test_clock_class_init (LinnetTestClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_test_clock_finalize;
  LINNET_CLOCK_CLASS (klass)->get_real = linnet_test_clock_get_real;
  LINNET_CLOCK_CLASS (klass)->get_monotonic = linnet_test_clock_get_monotonic;
  LINNET_CLOCK_CLASS (klass)->get_boottime = linnet_test_clock_get_boottime;
  LINNET_CLOCK_CLASS (klass)->wait = linnet_test_clock_wait;
}

static void
linnet_test_clock_init (LinnetTestClock *self)
{
  self->monotonic = G_USEC_PER_SEC;
  self->boottime = G_USEC_PER_SEC;
  self->timers = g_array_new (FALSE, FALSE, sizeof (Timer));
  g_array_set_clear_func (self->timers, clear_timer);
}

LinnetTestClock *
linnet_test_clock_new (gint64 real)
{
  LinnetTestClock *self = g_object_new (LINNET_TYPE_TEST_CLOCK, NULL);

  self->real = real;

  return self;
}

void
linnet_test_clock_advance (LinnetTestClock *self,
                           gint64 microseconds)
{
  gint64 end = self->monotonic + microseconds;

  while (self->timers->len > 0 && g_array_index (self->timers, Timer, 0).due <= end)
    {
      Timer *timer = &g_array_index (self->timers, Timer, 0);
      g_autoptr (DexPromise) promise = g_steal_pointer (&timer->promise);

      pass (self, timer->due - self->monotonic);
      g_array_remove_index (self->timers, 0);
      dex_promise_resolve_boolean (promise, TRUE);
    }
  pass (self, end - self->monotonic);
}

void
linnet_test_clock_sleep (LinnetTestClock *self,
                         gint64 microseconds)
{
  self->real += microseconds;
  self->boottime += microseconds;
}

void
linnet_test_clock_set_real (LinnetTestClock *self,
                            gint64 real)
{
  self->real = real;
}

gint64
linnet_test_clock_get_next (LinnetTestClock *self)
{
  return self->timers->len > 0 ? g_array_index (self->timers, Timer, 0).due - self->monotonic : -1;
}
