/* The clocks and timers of the machine, as an object that tests can replace
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-clock"

#include "config.h"

#include <time.h>

#include "linnet-clock.h"

G_DEFINE_TYPE (LinnetClock, linnet_clock, G_TYPE_OBJECT)

static DexFuture *
time_over_cb (DexFuture *timeout,
              gpointer user_data)
{
  return dex_future_new_true ();
}

static gint64
linnet_clock_real_get_real (LinnetClock *self)
{
  return g_get_real_time ();
}

static gint64
linnet_clock_real_get_monotonic (LinnetClock *self)
{
  return g_get_monotonic_time ();
}

static gint64
linnet_clock_real_get_boottime (LinnetClock *self)
{
  struct timespec now;

  if (clock_gettime (CLOCK_BOOTTIME, &now) != 0)
    return g_get_monotonic_time ();

  return now.tv_sec * (gint64) G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static DexFuture *
linnet_clock_real_wait (LinnetClock *self,
                        gint64 microseconds)
{
  return dex_future_catch (dex_timeout_new_usec (microseconds), time_over_cb, NULL, NULL);
}

static void
linnet_clock_class_init (LinnetClockClass *klass)
{
  klass->get_real = linnet_clock_real_get_real;
  klass->get_monotonic = linnet_clock_real_get_monotonic;
  klass->get_boottime = linnet_clock_real_get_boottime;
  klass->wait = linnet_clock_real_wait;
}

static void
linnet_clock_init (LinnetClock *self)
{
}

LinnetClock *
linnet_clock_new (void)
{
  return g_object_new (LINNET_TYPE_CLOCK, NULL);
}

gint64
linnet_clock_get_real (LinnetClock *self)
{
  g_return_val_if_fail (LINNET_IS_CLOCK (self), 0);

  return LINNET_CLOCK_GET_CLASS (self)->get_real (self);
}

gint64
linnet_clock_get_monotonic (LinnetClock *self)
{
  g_return_val_if_fail (LINNET_IS_CLOCK (self), 0);

  return LINNET_CLOCK_GET_CLASS (self)->get_monotonic (self);
}

gint64
linnet_clock_get_boottime (LinnetClock *self)
{
  g_return_val_if_fail (LINNET_IS_CLOCK (self), 0);

  return LINNET_CLOCK_GET_CLASS (self)->get_boottime (self);
}

DexFuture *
linnet_clock_wait (LinnetClock *self,
                   gint64 microseconds)
{
  g_return_val_if_fail (LINNET_IS_CLOCK (self), NULL);

  return LINNET_CLOCK_GET_CLASS (self)->wait (self, microseconds);
}
