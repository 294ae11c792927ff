/* What connecting needs of the world, so that tests can put another one in its place
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "linnet-clock.h"
#include "xmpp-srv.h"

G_BEGIN_DECLS

/* Connects to one address; the future resolves to a #GIOStream. Dropping it stops the attempt. */
typedef DexFuture *(*XmppDial) (GSocketAddress *address, gpointer user_data);

typedef struct
{
  GResolver *resolver;
  LinnetClock *clock;
  XmppDial dial;
  XmppSrvRandom random;
  gpointer user_data; /* for @dial and @random; not owned */
} XmppNetwork;

/* The machine's own network. */
void xmpp_network_init (XmppNetwork *self);
void xmpp_network_copy (XmppNetwork *self, const XmppNetwork *other);
void xmpp_network_clear (XmppNetwork *self);

G_END_DECLS
