/* The clocks and timers of the machine, as an object that tests can replace
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/**
 * LinnetClock:
 *
 * Whoever waits or measures is given one when it is made, so that a test can give it a clock that stands
 * still until it is told to go on. Times are in microseconds.
 */
#define LINNET_TYPE_CLOCK (linnet_clock_get_type ())
G_DECLARE_DERIVABLE_TYPE (LinnetClock, linnet_clock, LINNET, CLOCK, GObject)

struct _LinnetClockClass
{
  GObjectClass parent_class;

  gint64 (*get_real) (LinnetClock *self);
  gint64 (*get_monotonic) (LinnetClock *self);
  gint64 (*get_boottime) (LinnetClock *self);
  DexFuture *(*wait) (LinnetClock *self, gint64 microseconds);
};

/* The machine's own. */
LinnetClock *linnet_clock_new (void);

/* Since 1970, UTC. It may jump: for stamps only, never for measuring. */
gint64 linnet_clock_get_real (LinnetClock *self);

/* Since some start; stands still while the machine sleeps. */
gint64 linnet_clock_get_monotonic (LinnetClock *self);

/* The same, but goes on while the machine sleeps: when the distance between both grows, it slept
 * (security.md R21). */
gint64 linnet_clock_get_boottime (LinnetClock *self);

/**
 * linnet_clock_wait:
 *
 * Waits by the monotonic clock.
 *
 * Returns: (transfer full): a future that resolves to true when @microseconds are over
 */
DexFuture *linnet_clock_wait (LinnetClock *self, gint64 microseconds) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
