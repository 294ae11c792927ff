/* XEP-0494 Client Access Management, version 0.1.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-client-access"

#include "config.h"

#include <string.h>

#include "linnet-spawn.h"
#include "linnet-time.h"
#include "xmpp-builder.h"
#include "xmpp-client-access.h"
#include "xmpp-text.h"

#define MAX_CLIENTS 256
#define MAX_ID 512

/* Neither is announced: one has to ask. */
static const char *const namespaces[] = { "urn:xmpp:cam:0", "xmpp:prosody.im/protocol/manage-clients" };

XmppClientAccess *
xmpp_client_access_copy (const XmppClientAccess *self)
{
  XmppClientAccess *copy = g_new0 (XmppClientAccess, 1);

  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->software = g_strdup (self->software);
  copy->device = g_strdup (self->device);

  return copy;
}

void
xmpp_client_access_free (XmppClientAccess *self)
{
  g_free (self->id);
  g_free (self->software);
  g_free (self->device);
  g_free (self);
}

static gint64
parse_time (XmppNode *client, const char *name, const char *ns)
{
  const char *text = xmpp_node_get_child_text (client, name, ns);
  gint64 time = 0;

  if (text == NULL || !linnet_time_parse (text, g_get_real_time (), &time))
    return 0;

  return time;
}

static XmppClientAccess *
parse_client (XmppNode *node, const char *ns)
{
  const char *id = xmpp_node_get_attr (node, "id");
  XmppNode *agent = xmpp_node_get_child (node, "user-agent", ns);
  gboolean connected = FALSE;
  XmppClientAccess *self;

  if (id == NULL || *id == '\0' || strlen (id) > MAX_ID)
    return NULL;

  self = g_new0 (XmppClientAccess, 1);
  self->ns = ns;
  self->id = g_strdup (id);
  if (agent != NULL)
    {
      self->software = xmpp_text_clean_name (xmpp_node_get_child_text (agent, "software", ns));
      self->device = xmpp_text_clean_name (xmpp_node_get_child_text (agent, "device", ns));
    }
  self->first_seen = parse_time (node, "first-seen", ns);
  self->last_seen = parse_time (node, "last-seen", ns);
  self->connected = xmpp_node_get_attr_bool (node, "connected", &connected) && connected;
  self->password = xmpp_node_find (node, "auth", ns, "password", ns, NULL) != NULL;

  return self;
}

static GPtrArray *
parse_clients (XmppNode *reply, const char *ns)
{
  GPtrArray *clients = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_client_access_free);
  XmppNode *list = xmpp_node_get_child (reply, "clients", ns);

  for (guint i = 0; list != NULL && i < xmpp_node_get_n_children (list) && clients->len < MAX_CLIENTS; i++)
    {
      XmppNode *node = xmpp_node_get_nth_child (list, i);
      XmppClientAccess *client = xmpp_node_is (node, "client", ns) ? parse_client (node, ns) : NULL;

      if (client != NULL)
        g_ptr_array_add (clients, client);
    }

  return clients;
}

static DexFuture *
xmpp_client_access_list_fiber (gpointer data)
{
  XmppSession *session = data;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (namespaces); i++)
    {
      const char *ns = namespaces[i];
      g_autoptr (XmppNode) reply = NULL;

      g_clear_error (&error);
      reply = dex_await_boxed (
          xmpp_session_send_iq (session, xmpp_iq_get (NULL, xmpp_el ("list", ns))), &error);
      if (reply != NULL)
        return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, parse_clients (reply, ns));
    }

  return dex_future_new_for_error (g_steal_pointer (&error));
}

DexFuture *
xmpp_client_access_list (XmppSession *session)
{
  g_return_val_if_fail (XMPP_IS_SESSION (session), NULL);

  return linnet_spawn (
      "client-access", xmpp_client_access_list_fiber, g_object_ref (session), g_object_unref);
}

static DexFuture *
true_cb (DexFuture *future, gpointer user_data)
{
  return dex_future_new_true ();
}

DexFuture *
xmpp_client_access_revoke (XmppSession *session, const XmppClientAccess *client)
{
  XmppNode *revoke;

  g_return_val_if_fail (XMPP_IS_SESSION (session), NULL);
  g_return_val_if_fail (client != NULL, NULL);

  revoke = xmpp_el ("revoke", client->ns, xmpp_attr ("id", client->id));

  return dex_future_then (xmpp_session_send_iq (session, xmpp_iq_set (NULL, revoke)), true_cb, NULL, NULL);
}
