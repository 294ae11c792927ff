/* Noticing that the network or the whole computer was away
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LinnetWakeMonitor:
 *
 * What the system tells about the network is a hint, no more: changes are told once they have been quiet for
 * 500 ms (security.md R19). A suspend is noticed by the clocks alone, the one that stops while asleep falling
 * behind the one that does not (R21); where logind is there it also tells beforehand, and waits a second for
 * goodbyes.
 *
 * Signals: `network-changed` (gboolean: available), `resumed`, `sleeping`.
 */
#define LINNET_TYPE_WAKE_MONITOR (linnet_wake_monitor_get_type ())
G_DECLARE_FINAL_TYPE (LinnetWakeMonitor, linnet_wake_monitor, LINNET, WAKE_MONITOR, GObject)

/* @network: (nullable): for tests; the system's otherwise. */
LinnetWakeMonitor *linnet_wake_monitor_new (GNetworkMonitor *network);
gboolean linnet_wake_monitor_get_network_available (LinnetWakeMonitor *self);
/* Compares the clocks now; called every 2 s by itself. Both in microseconds. */
void linnet_wake_monitor_check (LinnetWakeMonitor *self, gint64 boot_time, gint64 monotonic_time);

G_END_DECLS
