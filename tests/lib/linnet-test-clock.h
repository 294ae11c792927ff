/* A clock that goes on only when a test says so
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-clock.h"

G_BEGIN_DECLS

#define LINNET_TYPE_TEST_CLOCK (linnet_test_clock_get_type ())
G_DECLARE_FINAL_TYPE (LinnetTestClock, linnet_test_clock, LINNET, TEST_CLOCK, LinnetClock)

/* @real: what linnet_clock_get_real() says first. */
LinnetTestClock *linnet_test_clock_new (gint64 real);

/* Lets that time pass. Who waits is woken in the order of the ends, each at its own time. The futures resolve
 * when the main loop runs next. */
void linnet_test_clock_advance (LinnetTestClock *self, gint64 microseconds);

/* Lets the machine sleep that long: no timer goes on. */
void linnet_test_clock_sleep (LinnetTestClock *self, gint64 microseconds);

/* Sets the real time alone, as a user or NTP does. */
void linnet_test_clock_set_real (LinnetTestClock *self, gint64 real);

/* How long until the next who waits is woken, or -1 when nobody does. */
gint64 linnet_test_clock_get_next (LinnetTestClock *self);

G_END_DECLS
