/* Small helpers for functions that return futures
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-future"

#include "config.h"

#include "linnet-future.h"

static gboolean
idle_cb (gpointer user_data)
{
  dex_promise_resolve_boolean (user_data, TRUE);

  return G_SOURCE_REMOVE;
}

DexFuture *
linnet_future_new_idle (int priority)
{
  DexPromise *promise = dex_promise_new ();

  g_idle_add_full (priority, idle_cb, dex_ref (promise), dex_unref);

  return DEX_FUTURE (promise);
}

static DexFuture *
over_cb (DexFuture *future,
         gpointer user_data)
{
  return dex_future_new_true ();
}

DexFuture *
linnet_future_always (DexFuture *future)
{
  return dex_future_finally (future, over_cb, NULL, NULL);
}
