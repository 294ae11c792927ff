/* What connecting needs of the world, so that tests can put another one in its place
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-network"

#include "config.h"

#include "xmpp-network.h"

static DexFuture *
dial (GSocketAddress *address,
      gpointer user_data)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  /* Proxies are the connector's business (security.md A10). */
  g_socket_client_set_enable_proxy (client, FALSE);

  return dex_socket_client_connect (client, G_SOCKET_CONNECTABLE (address));
}

void
xmpp_network_init (XmppNetwork *self)
{
  self->resolver = g_resolver_get_default ();
  self->clock = linnet_clock_new ();
  self->dial = dial;
  self->random = xmpp_srv_random;
  self->user_data = NULL;
}

void
xmpp_network_copy (XmppNetwork *self,
                   const XmppNetwork *other)
{
  *self = *other;
  g_object_ref (self->resolver);
  g_object_ref (self->clock);
}

void
xmpp_network_clear (XmppNetwork *self)
{
  g_clear_object (&self->resolver);
  g_clear_object (&self->clock);
}
