/* XEP-0280 Message Carbons, version 1.0.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-carbons"

#include "config.h"

#include "xmpp-builder.h"
#include "xmpp-carbons.h"
#include "xmpp-delay.h"
#include "xmpp-forward.h"

#define NS_CARBONS "urn:xmpp:carbons:2"

struct _XmppCarbons
{
  XmppFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppCarbons, xmpp_carbons, XMPP_TYPE_FEATURE)

static XmppVerdict
xmpp_carbons_unwrap (XmppFeature *feature,
                     XmppMessage *message,
                     XmppNode *payload)
{
  XmppJid *own = xmpp_session_get_bare_jid (xmpp_feature_get_session (feature));
  gboolean sent = g_str_equal (xmpp_node_get_name (payload), "sent");
  g_autoptr (XmppNode) carbon = NULL;
  XmppNode *forwarded;
  XmppNode *delay;

  if (!sent && !g_str_equal (xmpp_node_get_name (payload), "received")) /* e.g. <private/> */
    return XMPP_VERDICT_PASS;

  /* Anybody can write a carbon; only our own account may send one (section 11, security.md I1). */
  if (!xmpp_jid_equal (message->from, own) || g_str_equal (message->type, "groupchat"))
    return XMPP_VERDICT_DROP;

  carbon = xmpp_node_ref (payload); /* outlives the stanza that unwrapping lets go */
  forwarded = xmpp_node_get_child (carbon, "forwarded", XMPP_NS_FORWARD);
  if (forwarded == NULL ||
      !xmpp_message_unwrap (message,
                            xmpp_node_get_child (forwarded, "message", XMPP_NS_CLIENT),
                            sent ? XMPP_MESSAGE_CARBON_SENT : XMPP_MESSAGE_CARBON_RECEIVED,
                            own))
    return XMPP_VERDICT_DROP;

  /* A server that mixes this up would have others speak in our name, or us overhear what is none of ours. */
  if (!xmpp_jid_bare_equal (sent ? message->from : message->to, own) ||
      g_str_equal (message->type, "groupchat"))
    return XMPP_VERDICT_DROP;

  delay = xmpp_node_get_child (forwarded, "delay", XMPP_NS_DELAY);
  if (delay != NULL)
    message->delay = xmpp_delay_parse_stamp (xmpp_node_get_attr (delay, "stamp"));

  return XMPP_VERDICT_RERUN;
}

static DexFuture *
xmpp_carbons_online (XmppFeature *feature)
{
  XmppSession *session = xmpp_feature_get_session (feature);

  if (xmpp_session_is_inlined (session, NS_CARBONS)) /* Bind 2 did it already */
    return dex_future_new_true ();

  return xmpp_session_send_iq (session, xmpp_iq_set (NULL, xmpp_el ("enable", NS_CARBONS)));
}

static void
xmpp_carbons_class_init (XmppCarbonsClass *klass)
{
  XmppFeatureClass *feature_class = XMPP_FEATURE_CLASS (klass);

  feature_class->online = xmpp_carbons_online;
  xmpp_feature_class_add_disco (feature_class, NS_CARBONS);
  xmpp_feature_class_add_message_hook (feature_class, XMPP_STAGE_UNWRAP, NS_CARBONS, xmpp_carbons_unwrap);
}

static void
xmpp_carbons_init (XmppCarbons *self)
{
}
