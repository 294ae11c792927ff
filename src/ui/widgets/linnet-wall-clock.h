/* The minutes and days that pass while something is shown
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LinnetWallClock:
 *
 * For texts that age by themselves: "last seen 5 minutes ago", "Today". It looks at the wall clock once a
 * minute, so that it is right soon after a suspend, a change of the time or of its zone, too.
 *
 * Signals: `minute`, and `new-day` when the local date is another one.
 */
#define LINNET_TYPE_WALL_CLOCK (linnet_wall_clock_get_type ())
G_DECLARE_FINAL_TYPE (LinnetWallClock, linnet_wall_clock, LINNET, WALL_CLOCK, GObject)

LinnetWallClock *linnet_wall_clock_new (void);
/* What happens each minute; @now: local time. */
void linnet_wall_clock_tick (LinnetWallClock *self, GDateTime *now);

G_END_DECLS
