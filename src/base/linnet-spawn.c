/* Starting fibers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-spawn"

#include "config.h"

#include "linnet-spawn.h"

/* Sanitizers put red zones around every variable: a body that fits the pooled 128 KiB stack overflows it there. */
#if defined(__SANITIZE_ADDRESS__)
#define STACK_SIZE (1024 * 1024)
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define STACK_SIZE (1024 * 1024)
#endif
#endif
#ifndef STACK_SIZE
#define STACK_SIZE 0
#endif

static DexFuture *
log_error_cb (DexFuture *future,
              gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!dex_future_get_value (future, &error) &&
      !g_error_matches (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED))
    g_debug ("%s ended with: %s", (const char *) user_data, error->message);

  return dex_future_new_true ();
}

DexFuture *
linnet_spawn (const char *name,
              DexFiberFunc func,
              gpointer state,
              GDestroyNotify state_free)
{
  DexFuture *future;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (func != NULL, NULL);

  future = dex_scheduler_spawn (NULL, STACK_SIZE, func, state, state_free);
  dex_future_set_static_name (future, name);

  return future;
}

void
linnet_spawn_detached (const char *name,
                       DexFiberFunc func,
                       gpointer state,
                       GDestroyNotify state_free)
{
  DexFuture *future = linnet_spawn (name, func, state, state_free);

  dex_future_disown (dex_future_finally (future, log_error_cb, (gpointer) name, NULL));
}
