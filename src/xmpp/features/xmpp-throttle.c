/* So many at once, the others wait (security.md P12)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-throttle"

#include "config.h"

#include "xmpp-throttle.h"

struct _XmppThrottle
{
  guint free;
  GQueue waiting; /* of DexPromise */
};

XmppThrottle *
xmpp_throttle_new (guint at_once)
{
  XmppThrottle *self = g_rc_box_new0 (XmppThrottle);

  self->free = at_once;
  g_queue_init (&self->waiting);

  return self;
}

XmppThrottle *
xmpp_throttle_ref (XmppThrottle *self)
{
  return g_rc_box_acquire (self);
}

static void
throttle_clear (XmppThrottle *self)
{
  g_queue_clear_full (&self->waiting, dex_unref);
}

void
xmpp_throttle_unref (XmppThrottle *self)
{
  g_rc_box_release_full (self, (GDestroyNotify) throttle_clear);
}

DexFuture *
xmpp_throttle_acquire (XmppThrottle *self)
{
  DexPromise *promise;

  if (self->free > 0)
    {
      self->free--;
      return dex_future_new_true ();
    }

  promise = dex_promise_new ();
  g_queue_push_tail (&self->waiting, promise);

  return dex_ref (DEX_FUTURE (promise));
}

void
xmpp_throttle_release (XmppThrottle *self)
{
  g_autoptr (DexPromise) next = g_queue_pop_head (&self->waiting);

  if (next != NULL)
    dex_promise_resolve_boolean (next, TRUE);
  else
    self->free++;
}
