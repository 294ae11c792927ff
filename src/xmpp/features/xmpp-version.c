/* XEP-0092 Software Version, version 1.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-version"

#include "config.h"

#include "xmpp-builder.h"
#include "xmpp-roster.h"
#include "xmpp-text.h"
#include "xmpp-version.h"

#define NS_VERSION "jabber:iq:version"

struct _XmppVersion
{
  XmppFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppVersion, xmpp_version, XMPP_TYPE_FEATURE)

static XmppNode *
xmpp_version_answer (XmppFeature *feature,
                     XmppNode *iq,
                     XmppJid *from,
                     XmppNode *payload)
{
  XmppRoster *roster = xmpp_session_get_feature (xmpp_feature_get_session (feature), XMPP_TYPE_ROSTER);

  if (!xmpp_node_is (payload, "query", NS_VERSION) || !xmpp_roster_may_see_us (roster, from))
    return NULL;

  /* Section 3 wants the two elements; what is in the second is nobody's business. */
  return xmpp_iq_result (iq,
                         xmpp_el ("query",
                                  NS_VERSION,
                                  xmpp_el ("name", NS_VERSION, xmpp_text ("Linnet")),
                                  xmpp_el ("version", NS_VERSION)));
}

static void
xmpp_version_class_init (XmppVersionClass *klass)
{
  xmpp_feature_class_add_disco (XMPP_FEATURE_CLASS (klass), NS_VERSION);
  xmpp_feature_class_add_iq_handler (XMPP_FEATURE_CLASS (klass), "get", NS_VERSION, xmpp_version_answer);
}

static void
xmpp_version_init (XmppVersion *self)
{
}

static DexFuture *
parse_cb (DexFuture *future, gpointer user_data)
{
  XmppNode *reply = g_value_get_boxed (dex_future_get_value (future, NULL));
  XmppNode *query = xmpp_node_get_child (reply, "query", NS_VERSION);
  g_autofree char *name = NULL, *version = NULL;

  if (query != NULL)
    {
      name = xmpp_text_clean_name (xmpp_node_get_child_text (query, "name", NS_VERSION));
      version = xmpp_text_clean_name (xmpp_node_get_child_text (query, "version", NS_VERSION));
    }
  if (name == NULL)
    return dex_future_new_reject (XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_UNDEFINED_CONDITION, "It has no name");

  return dex_future_new_take_string (version != NULL ? g_strdup_printf ("%s %s", name, version)
                                                     : g_steal_pointer (&name));
}

DexFuture *
xmpp_version_query (XmppVersion *self, XmppJid *jid)
{
  XmppNode *query;

  g_return_val_if_fail (XMPP_IS_VERSION (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  query = xmpp_el ("query", NS_VERSION);

  return dex_future_then (
      xmpp_session_send_iq (xmpp_feature_get_session (XMPP_FEATURE (self)), xmpp_iq_get (jid, query)),
      parse_cb,
      NULL,
      NULL);
}
