/* Starting fibers, and awaiting in them
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
 * When the future is discarded, as dex_future_first() does with whatever comes second, the await that the
 * fiber is in, and each later one that would wait, fails with DEX_ERROR_FIBER_CANCELLED. @state is freed
 * before the future resolves or rejects.
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

/*
 * libdex before 0.11 damages its queue of fibers when a fiber is discarded and then, before it had its turn,
 * what it awaits completes: sooner or later a fiber is run that is over. So the future of linnet_spawn()
 * never passes a discard on to libdex's fiber. Instead each await also waits for the fiber's own
 * cancellation, and only that ends it. This is what the following is for: whoever awaits includes this
 * header.
 */

/* For the functions below alone. @fiber: (out): to be given to linnet_await_end() */
DexFuture *linnet_await_begin (gpointer *fiber, DexFuture *future);
void linnet_await_end (gpointer fiber);

#define LINNET_DEFINE_AWAIT(type, name)                                \
  static inline type linnet_##name (DexFuture *future, GError **error) \
  {                                                                    \
    gpointer fiber;                                                    \
    DexFuture *guarded = linnet_await_begin (&fiber, future);          \
    type ret = name (guarded, error);                                  \
                                                                       \
    linnet_await_end (fiber);                                          \
                                                                       \
    return ret;                                                        \
  }

LINNET_DEFINE_AWAIT (gboolean, dex_await)
LINNET_DEFINE_AWAIT (gboolean, dex_await_boolean)
LINNET_DEFINE_AWAIT (gpointer, dex_await_boxed)
LINNET_DEFINE_AWAIT (double, dex_await_double)
LINNET_DEFINE_AWAIT (guint, dex_await_enum)
LINNET_DEFINE_AWAIT (int, dex_await_fd)
LINNET_DEFINE_AWAIT (guint, dex_await_flags)
LINNET_DEFINE_AWAIT (float, dex_await_float)
LINNET_DEFINE_AWAIT (int, dex_await_int)
LINNET_DEFINE_AWAIT (gint64, dex_await_int64)
LINNET_DEFINE_AWAIT (gpointer, dex_await_object)
LINNET_DEFINE_AWAIT (gpointer, dex_await_pointer)
LINNET_DEFINE_AWAIT (char *, dex_await_string)
LINNET_DEFINE_AWAIT (guint, dex_await_uint)
LINNET_DEFINE_AWAIT (guint64, dex_await_uint64)
LINNET_DEFINE_AWAIT (GVariant *, dex_await_variant)

#define dex_await linnet_dex_await
#define dex_await_boolean linnet_dex_await_boolean
#define dex_await_boxed linnet_dex_await_boxed
#define dex_await_double linnet_dex_await_double
#define dex_await_enum linnet_dex_await_enum
#define dex_await_fd linnet_dex_await_fd
#define dex_await_flags linnet_dex_await_flags
#define dex_await_float linnet_dex_await_float
#define dex_await_int linnet_dex_await_int
#define dex_await_int64 linnet_dex_await_int64
#define dex_await_object linnet_dex_await_object
#define dex_await_pointer linnet_dex_await_pointer
#define dex_await_string linnet_dex_await_string
#define dex_await_uint linnet_dex_await_uint
#define dex_await_uint64 linnet_dex_await_uint64
#define dex_await_variant linnet_dex_await_variant

G_END_DECLS
