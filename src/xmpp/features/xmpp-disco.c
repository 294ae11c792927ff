/* XEP-0030 Service Discovery, version 2.5.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-disco"

#include "config.h"

#include "xmpp-builder.h"
#include "xmpp-disco.h"
#include "xmpp-roster.h"

/* Names the program for XEP-0115; nothing is fetched from there. */
#define CAPS_NODE "https://linnet.im"

struct _XmppDisco
{
  XmppFeature parent_instance;

  char *own_ver; /* made at the first use: until then the session has no table of features */
  XmppDiscoInfo *server_info;
  XmppDiscoInfo *account_info;
  DexPromise *own_info; /* nullable before the first stream */
  guint n_missing;      /* answers of @own_info still to come */
};

G_DEFINE_FINAL_TYPE (XmppDisco, xmpp_disco, XMPP_TYPE_FEATURE)

static XmppSession *
get_session (XmppDisco *self)
{
  return xmpp_feature_get_session (XMPP_FEATURE (self));
}

/* ---- what we are ---- */

static XmppNode *
create_own_query (XmppDisco *self,
                  const char *node)
{
  const char *const *features = xmpp_session_get_disco_features (get_session (self));
  XmppNode *query = xmpp_el ("query",
                             XMPP_NS_DISCO_INFO,
                             xmpp_attr ("node", node),
                             xmpp_el ("identity",
                                      XMPP_NS_DISCO_INFO,
                                      xmpp_attr ("category", "client"),
                                      xmpp_attr ("type", "pc"),
                                      xmpp_attr ("name", "Linnet")));

  for (guint i = 0; features[i] != NULL; i++)
    {
      g_autoptr (XmppNode) shorter = query;

      query = xmpp_node_with_child (shorter,
                                    xmpp_el ("feature", XMPP_NS_DISCO_INFO, xmpp_attr ("var", features[i])));
    }

  return query;
}

static const char *
get_own_ver (XmppDisco *self)
{
  if (self->own_ver == NULL)
    {
      g_autoptr (XmppNode) query = create_own_query (self, NULL);
      g_autoptr (XmppDiscoInfo) info = xmpp_disco_info_parse (query);

      self->own_ver = xmpp_disco_info_get_caps_ver (info, G_CHECKSUM_SHA1);
    }

  return self->own_ver;
}

static XmppNode *
xmpp_disco_answer_info (XmppFeature *feature,
                        XmppNode *iq,
                        XmppJid *from,
                        XmppNode *payload)
{
  XmppDisco *self = XMPP_DISCO (feature);
  XmppRoster *roster = xmpp_session_get_feature (get_session (self), XMPP_TYPE_ROSTER);
  const char *node = xmpp_node_get_attr (payload, "node");
  g_autofree char *own_node = NULL;

  if (!xmpp_node_is (payload, "query", XMPP_NS_DISCO_INFO) || !xmpp_roster_may_see_us (roster, from))
    return NULL;

  own_node = g_strdup_printf ("%s#%s", CAPS_NODE, get_own_ver (self));
  if (node != NULL && !g_str_equal (node, own_node))
    return xmpp_iq_error (iq, "cancel", "item-not-found");

  return xmpp_iq_result (iq, create_own_query (self, node));
}

static XmppNode *
xmpp_disco_answer_items (XmppFeature *feature,
                         XmppNode *iq,
                         XmppJid *from,
                         XmppNode *payload)
{
  XmppRoster *roster = xmpp_session_get_feature (xmpp_feature_get_session (feature), XMPP_TYPE_ROSTER);
  const char *node = xmpp_node_get_attr (payload, "node");

  if (!xmpp_node_is (payload, "query", XMPP_NS_DISCO_ITEMS) || !xmpp_roster_may_see_us (roster, from))
    return NULL;

  return xmpp_iq_result (iq, xmpp_el ("query", XMPP_NS_DISCO_ITEMS, xmpp_attr ("node", node)));
}

/* ---- what our server and account are ---- */

static void
own_info_answered (XmppDisco *self,
                   XmppDiscoInfo **place,
                   XmppNode *reply)
{
  XmppNode *query = reply != NULL ? xmpp_node_get_child (reply, "query", XMPP_NS_DISCO_INFO) : NULL;

  g_clear_pointer (place, xmpp_disco_info_unref);
  if (query != NULL)
    *place = xmpp_disco_info_parse (query);

  if (--self->n_missing > 0)
    return;

  dex_promise_resolve_boolean (self->own_info, TRUE);
}

static void
server_answered (XmppFeature *feature,
                 XmppNode *reply,
                 const GError *error)
{
  XmppDisco *self = XMPP_DISCO (feature);

  own_info_answered (self, &self->server_info, reply);
}

static void
account_answered (XmppFeature *feature,
                  XmppNode *reply,
                  const GError *error)
{
  XmppDisco *self = XMPP_DISCO (feature);

  own_info_answered (self, &self->account_info, reply);
}

static DexFuture *
xmpp_disco_online (XmppFeature *feature)
{
  XmppDisco *self = XMPP_DISCO (feature);
  XmppSession *session = get_session (self);
  XmppJid *account = xmpp_session_get_bare_jid (session);
  g_autoptr (XmppJid) server = xmpp_jid_new_from_parts (NULL, xmpp_jid_get_domain (account), NULL, NULL);

  dex_clear (&self->own_info);
  self->own_info = dex_promise_new ();
  self->n_missing = 2;

  dex_future_disown (xmpp_session_send_iq_hooked (session,
                                                  xmpp_iq_get (server, xmpp_el ("query", XMPP_NS_DISCO_INFO)),
                                                  feature,
                                                  server_answered));

  return xmpp_session_send_iq_hooked (session,
                                      xmpp_iq_get (account, xmpp_el ("query", XMPP_NS_DISCO_INFO)),
                                      feature,
                                      account_answered);
}

static void
xmpp_disco_offline (XmppFeature *feature)
{
  XmppDisco *self = XMPP_DISCO (feature);

  g_clear_pointer (&self->server_info, xmpp_disco_info_unref);
  g_clear_pointer (&self->account_info, xmpp_disco_info_unref);
}

static void
xmpp_disco_finalize (GObject *object)
{
  XmppDisco *self = XMPP_DISCO (object);

  g_clear_pointer (&self->own_ver, g_free);
  g_clear_pointer (&self->server_info, xmpp_disco_info_unref);
  g_clear_pointer (&self->account_info, xmpp_disco_info_unref);
  dex_clear (&self->own_info);

  G_OBJECT_CLASS (xmpp_disco_parent_class)->finalize (object);
}

static void
xmpp_disco_class_init (XmppDiscoClass *klass)
{
  XmppFeatureClass *feature_class = XMPP_FEATURE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xmpp_disco_finalize;
  feature_class->online = xmpp_disco_online;
  feature_class->offline = xmpp_disco_offline;
  xmpp_feature_class_add_disco (feature_class, XMPP_NS_DISCO_INFO);
  xmpp_feature_class_add_disco (feature_class, XMPP_NS_DISCO_ITEMS);
  xmpp_feature_class_add_disco (feature_class, XMPP_NS_CAPS);
  xmpp_feature_class_add_iq_handler (feature_class, "get", XMPP_NS_DISCO_INFO, xmpp_disco_answer_info);
  xmpp_feature_class_add_iq_handler (feature_class, "get", XMPP_NS_DISCO_ITEMS, xmpp_disco_answer_items);
}

static void
xmpp_disco_init (XmppDisco *self)
{
}

DexFuture *
xmpp_disco_wait_own_info (XmppDisco *self)
{
  g_return_val_if_fail (XMPP_IS_DISCO (self), NULL);

  if (self->own_info == NULL)
    return dex_future_new_reject (XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED, "There was no stream");

  return dex_ref (DEX_FUTURE (self->own_info));
}

gboolean
xmpp_disco_account_has (XmppDisco *self,
                        const char *feature)
{
  g_return_val_if_fail (XMPP_IS_DISCO (self), FALSE);

  return self->account_info != NULL && xmpp_disco_info_has_feature (self->account_info, feature);
}

gboolean
xmpp_disco_server_has (XmppDisco *self,
                       const char *feature)
{
  g_return_val_if_fail (XMPP_IS_DISCO (self), FALSE);

  return self->server_info != NULL && xmpp_disco_info_has_feature (self->server_info, feature);
}

XmppNode *
xmpp_disco_create_caps (XmppDisco *self)
{
  g_return_val_if_fail (XMPP_IS_DISCO (self), NULL);

  return xmpp_el ("c",
                  XMPP_NS_CAPS,
                  xmpp_attr ("hash", "sha-1"),
                  xmpp_attr ("node", CAPS_NODE),
                  xmpp_attr ("ver", get_own_ver (self)));
}

/* ---- what others are ---- */

static GError *
nonsense_error (void)
{
  return g_error_new_literal (XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_UNDEFINED_CONDITION, "The answer is none");
}

static DexFuture *
parse_info_cb (DexFuture *future,
               gpointer user_data)
{
  const GValue *value = dex_future_get_value (future, NULL);
  XmppNode *query = xmpp_node_get_child (g_value_get_boxed (value), "query", XMPP_NS_DISCO_INFO);
  XmppDiscoInfo *info = query != NULL ? xmpp_disco_info_parse (query) : NULL;

  if (info == NULL)
    return dex_future_new_for_error (nonsense_error ());

  return dex_future_new_take_boxed (XMPP_TYPE_DISCO_INFO, info);
}

DexFuture *
xmpp_disco_query_info (XmppDisco *self,
                       XmppJid *jid,
                       const char *node)
{
  g_return_val_if_fail (XMPP_IS_DISCO (self), NULL);

  return dex_future_then (xmpp_session_send_iq (get_session (self),
                                                xmpp_iq_get (jid,
                                                             xmpp_el ("query",
                                                                      XMPP_NS_DISCO_INFO,
                                                                      xmpp_attr ("node", node)))),
                          parse_info_cb,
                          NULL,
                          NULL);
}
