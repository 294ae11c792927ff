/* Starting fibers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/**
 * linnet_spawn:
 * @name: a static name for debuggers
 * @func: the fiber's body; it returns a future or %NULL, which stands for a future resolved to true
 * @state: (transfer full): passed to @func
 * @state_free: frees @state when the fiber is over
 *
 * Starts a fiber on the main context. The only place that decides on stack size and scheduler.
 *
 * Returns: (transfer full): a future that resolves or rejects like the one @func returned
 */
DexFuture *linnet_spawn (const char *name,
                         DexFiberFunc func,
                         gpointer state,
                         GDestroyNotify state_free) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_spawn_detached:
 *
 * Like [func@Linnet.spawn] for a flow nobody waits for: an error that reaches the end is logged, not lost.
 */
void linnet_spawn_detached (const char *name, DexFiberFunc func, gpointer state, GDestroyNotify state_free);

G_END_DECLS
