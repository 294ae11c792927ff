/* The minutes and days that pass while something is shown
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-wall-clock"

#include "config.h"

#include "linnet-wall-clock.h"

struct _LinnetWallClock
{
  GObject parent_instance;

  int year;
  int day_of_year;
  guint timeout;
};

G_DEFINE_FINAL_TYPE (LinnetWallClock, linnet_wall_clock, G_TYPE_OBJECT)

enum
{
  MINUTE,
  NEW_DAY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void wait_for_minute (LinnetWallClock *self, GDateTime *now);

static void
minute_cb (gpointer user_data)
{
  LinnetWallClock *self = user_data;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  self->timeout = 0;
  wait_for_minute (self, now);
  linnet_wall_clock_tick (self, now);
}

/* Just after the minute: what the window says is then at most a second old. */
static void
wait_for_minute (LinnetWallClock *self, GDateTime *now)
{
  self->timeout = g_timeout_add_seconds_once (60 - (guint) g_date_time_get_second (now), minute_cb, self);
}

static void
linnet_wall_clock_dispose (GObject *object)
{
  LinnetWallClock *self = LINNET_WALL_CLOCK (object);

  g_clear_handle_id (&self->timeout, g_source_remove);

  G_OBJECT_CLASS (linnet_wall_clock_parent_class)->dispose (object);
}

static void
linnet_wall_clock_class_init (LinnetWallClockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = linnet_wall_clock_dispose;

  signals[MINUTE] = g_signal_new ("minute", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[NEW_DAY] = g_signal_new ("new-day", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
linnet_wall_clock_init (LinnetWallClock *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  self->year = g_date_time_get_year (now);
  self->day_of_year = g_date_time_get_day_of_year (now);
  wait_for_minute (self, now);
}

LinnetWallClock *
linnet_wall_clock_new (void)
{
  return g_object_new (LINNET_TYPE_WALL_CLOCK, NULL);
}

void
linnet_wall_clock_tick (LinnetWallClock *self, GDateTime *now)
{
  int year = g_date_time_get_year (now);
  int day_of_year = g_date_time_get_day_of_year (now);
  gboolean new_day = year != self->year || day_of_year != self->day_of_year;

  g_return_if_fail (LINNET_IS_WALL_CLOCK (self));

  self->year = year;
  self->day_of_year = day_of_year;

  g_signal_emit (self, signals[MINUTE], 0);
  if (new_day)
    g_signal_emit (self, signals[NEW_DAY], 0);
}
