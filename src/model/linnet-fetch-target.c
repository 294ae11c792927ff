/* A web server at addresses that were looked at before
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-fetch"

#include "config.h"

#include "linnet-fetch-target.h"

struct _LinnetFetchTarget
{
  GNetworkAddress parent_instance;

  GListStore *addresses; /* of GSocketAddress */
};

/* Goes through them, once. */
struct _LinnetFetchTargetEnumerator
{
  GSocketAddressEnumerator parent_instance;

  GListStore *addresses;
  guint next;
};

#define LINNET_TYPE_FETCH_TARGET_ENUMERATOR (linnet_fetch_target_enumerator_get_type ())
G_DECLARE_FINAL_TYPE (LinnetFetchTargetEnumerator,
                      linnet_fetch_target_enumerator,
                      LINNET,
                      FETCH_TARGET_ENUMERATOR,
                      GSocketAddressEnumerator)
G_DEFINE_FINAL_TYPE (LinnetFetchTargetEnumerator,
                     linnet_fetch_target_enumerator,
                     G_TYPE_SOCKET_ADDRESS_ENUMERATOR)

static GSocketAddress *
linnet_fetch_target_enumerator_next (GSocketAddressEnumerator *enumerator,
                                     GCancellable *cancellable,
                                     GError **error)
{
  LinnetFetchTargetEnumerator *self = LINNET_FETCH_TARGET_ENUMERATOR (enumerator);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  return g_list_model_get_item (G_LIST_MODEL (self->addresses), self->next++);
}

static void
linnet_fetch_target_enumerator_finalize (GObject *object)
{
  g_object_unref (LINNET_FETCH_TARGET_ENUMERATOR (object)->addresses);

  G_OBJECT_CLASS (linnet_fetch_target_enumerator_parent_class)->finalize (object);
}

static void
linnet_fetch_target_enumerator_class_init (LinnetFetchTargetEnumeratorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_fetch_target_enumerator_finalize;
  G_SOCKET_ADDRESS_ENUMERATOR_CLASS (klass)->next = linnet_fetch_target_enumerator_next;
}

static void
linnet_fetch_target_enumerator_init (LinnetFetchTargetEnumerator *self)
{
}

static GSocketAddressEnumerator *
linnet_fetch_target_enumerate (GSocketConnectable *connectable)
{
  LinnetFetchTarget *self = LINNET_FETCH_TARGET (connectable);
  LinnetFetchTargetEnumerator *enumerator = g_object_new (LINNET_TYPE_FETCH_TARGET_ENUMERATOR, NULL);

  enumerator->addresses = g_object_ref (self->addresses);

  return G_SOCKET_ADDRESS_ENUMERATOR (enumerator);
}

static void
linnet_fetch_target_iface_init (GSocketConnectableIface *iface)
{
  iface->enumerate = linnet_fetch_target_enumerate;
  iface->proxy_enumerate = linnet_fetch_target_enumerate;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LinnetFetchTarget,
                               linnet_fetch_target,
                               G_TYPE_NETWORK_ADDRESS,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SOCKET_CONNECTABLE,
                                                      linnet_fetch_target_iface_init))

static void
linnet_fetch_target_finalize (GObject *object)
{
  g_object_unref (LINNET_FETCH_TARGET (object)->addresses);

  G_OBJECT_CLASS (linnet_fetch_target_parent_class)->finalize (object);
}

static void
linnet_fetch_target_class_init (LinnetFetchTargetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_fetch_target_finalize;
}

static void
linnet_fetch_target_init (LinnetFetchTarget *self)
{
  self->addresses = g_list_store_new (G_TYPE_SOCKET_ADDRESS);
}

GSocketConnectable *
linnet_fetch_target_new (const char *host, GList *addresses, guint16 port)
{
  LinnetFetchTarget *self;

  g_return_val_if_fail (host != NULL, NULL);
  g_return_val_if_fail (addresses != NULL, NULL);

  self = g_object_new (LINNET_TYPE_FETCH_TARGET, "hostname", host, "port", port, "scheme", "https", NULL);
  for (GList *l = addresses; l != NULL; l = l->next)
    {
      g_autoptr (GSocketAddress) address = g_inet_socket_address_new (l->data, port);

      g_list_store_append (self->addresses, address);
    }

  return G_SOCKET_CONNECTABLE (self);
}
