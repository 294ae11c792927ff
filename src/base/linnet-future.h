/* Small helpers for functions that return futures
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

/**
 * linnet_return_error_if_fail:
 * @expr: what the caller must make sure of
 *
 * The g_return_val_if_fail() of functions that return futures: complains, and returns a future rejected with
 * G_IO_ERROR_INVALID_ARGUMENT. (libdex's own macro uses a GIOChannel code, which means something else here.)
 */
#define linnet_return_error_if_fail(expr)                                                            \
  G_STMT_START                                                                                       \
  {                                                                                                  \
    if G_UNLIKELY (!(expr))                                                                          \
      {                                                                                              \
        g_return_if_fail_warning (G_LOG_DOMAIN, G_STRFUNC, #expr);                                   \
        return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "Failed: %s", #expr); \
      }                                                                                              \
  }                                                                                                  \
  G_STMT_END

/**
 * linnet_future_new_idle:
 * @priority: a GLib source priority
 *
 * Returns: (transfer full): a future that resolves to true once the main loop has nothing more urgent to do
 */
DexFuture *linnet_future_new_idle (int priority) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_future_always:
 * @future: (transfer full):
 *
 * Returns: (transfer full): a future that resolves to true when @future is over, however it ended
 */
DexFuture *linnet_future_always (DexFuture *future) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
