/* XEP-0363 HTTP File Upload, version 1.2.0: who takes files, and how big
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-upload-service"

#include "config.h"

#include "linnet-spawn.h"
#include "xmpp-builder.h"
#include "xmpp-disco.h"
#include "xmpp-upload-service.h"

#define NS_UPLOAD "urn:xmpp:http:upload:0"
#define MAX_SERVICES 16

static XmppUploadService *
xmpp_upload_service_copy (const XmppUploadService *self)
{
  XmppUploadService *copy = g_new0 (XmppUploadService, 1);

  copy->jid = xmpp_jid_ref (self->jid);
  copy->max_size = self->max_size;

  return copy;
}

G_DEFINE_BOXED_TYPE (XmppUploadService,
                     xmpp_upload_service,
                     xmpp_upload_service_copy,
                     xmpp_upload_service_free)

void
xmpp_upload_service_free (XmppUploadService *self)
{
  xmpp_jid_unref (self->jid);
  g_free (self);
}

/* NULL unless @jid takes files. */
static XmppUploadService *
ask (XmppDisco *disco, XmppJid *jid)
{
  g_autoptr (XmppDiscoInfo) info = dex_await_boxed (xmpp_disco_query_info (disco, jid, NULL), NULL);
  g_auto (GStrv) limits = NULL;
  XmppUploadService *self;

  if (info == NULL || !xmpp_disco_info_has_feature (info, NS_UPLOAD))
    return NULL;

  self = g_new0 (XmppUploadService, 1);
  self->jid = xmpp_jid_ref (jid);
  limits = xmpp_disco_info_dup_form_values (info, NS_UPLOAD, "max-file-size");
  if (limits[0] == NULL || !g_ascii_string_to_unsigned (limits[0], 10, 1, G_MAXINT64, &self->max_size, NULL))
    self->max_size = G_MAXUINT64;

  return self;
}

/* Services that are hosts of their own: everything else in the list is no service of the server. */
static GPtrArray *
list_services (XmppSession *session, XmppJid *server)
{
  GPtrArray *services = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_jid_unref);
  g_autoptr (XmppNode) reply = dex_await_boxed (
      xmpp_session_send_iq (session, xmpp_iq_get (server, xmpp_el ("query", XMPP_NS_DISCO_ITEMS))), NULL);
  XmppNode *query = reply != NULL ? xmpp_node_get_child (reply, "query", XMPP_NS_DISCO_ITEMS) : NULL;

  for (guint i = 0;
       query != NULL && i < xmpp_node_get_n_children (query) && services->len < MAX_SERVICES;
       i++)
    {
      XmppNode *item = xmpp_node_get_nth_child (query, i);
      const char *text = xmpp_node_get_attr (item, "jid");
      g_autoptr (XmppJid) jid = text != NULL ? xmpp_jid_new (text, NULL) : NULL;

      if (jid != NULL && xmpp_jid_get_local (jid) == NULL && xmpp_jid_is_bare (jid) &&
          !xmpp_jid_equal (jid, server) && xmpp_node_get_attr (item, "node") == NULL)
        g_ptr_array_add (services, g_steal_pointer (&jid));
    }

  return services;
}

static DexFuture *
xmpp_upload_service_find_fiber (gpointer data)
{
  XmppSession *session = data;
  g_autoptr (XmppDisco) disco = g_object_ref (xmpp_session_get_feature (session, XMPP_TYPE_DISCO));
  g_autoptr (XmppJid) server =
      xmpp_jid_new_from_parts (NULL, xmpp_jid_get_domain (xmpp_session_get_bare_jid (session)), NULL, NULL);
  g_autoptr (GPtrArray) services = NULL;
  XmppUploadService *found = ask (disco, server);

  if (found == NULL)
    services = list_services (session, server);
  for (guint i = 0; found == NULL && i < services->len; i++)
    found = ask (disco, services->pdata[i]);

  if (found == NULL)
    return dex_future_new_reject (XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_ITEM_NOT_FOUND, "Nobody takes files");

  return dex_future_new_take_boxed (XMPP_TYPE_UPLOAD_SERVICE, found);
}

DexFuture *
xmpp_upload_service_find (XmppSession *session)
{
  g_return_val_if_fail (XMPP_IS_SESSION (session), NULL);

  return linnet_spawn (
      "find-upload", xmpp_upload_service_find_fiber, g_object_ref (session), g_object_unref);
}
