/* So many at once, the others wait (security.md P12)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* A reference-counted semaphore for flows that ask the network. */
typedef struct _XmppThrottle XmppThrottle;

XmppThrottle *xmpp_throttle_new (guint at_once);
XmppThrottle *xmpp_throttle_ref (XmppThrottle *self);
void xmpp_throttle_unref (XmppThrottle *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppThrottle, xmpp_throttle_unref)

/* Resolves to true when it is the caller's turn, in the order of the calls; then one release() is owed. */
DexFuture *xmpp_throttle_acquire (XmppThrottle *self) G_GNUC_WARN_UNUSED_RESULT;
void xmpp_throttle_release (XmppThrottle *self);

G_END_DECLS
