/* XEP-0199 XMPP Ping, version 2.0.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-ping"

#include "config.h"

#include "xmpp-builder.h"
#include "xmpp-ping.h"
#include "xmpp-roster.h"

#define NS_PING "urn:xmpp:ping"

struct _XmppPing
{
  XmppFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppPing, xmpp_ping, XMPP_TYPE_FEATURE)

static XmppNode *
xmpp_ping_answer (XmppFeature *feature,
                  XmppNode *iq,
                  XmppJid *from,
                  XmppNode *payload)
{
  XmppRoster *roster = xmpp_session_get_feature (xmpp_feature_get_session (feature), XMPP_TYPE_ROSTER);

  /* Section 6: an answer tells that we are here. */
  if (!xmpp_node_is (payload, "ping", NS_PING) || !xmpp_roster_may_see_us (roster, from))
    return NULL;

  return xmpp_iq_result (iq, NULL);
}

static void
xmpp_ping_class_init (XmppPingClass *klass)
{
  xmpp_feature_class_add_disco (XMPP_FEATURE_CLASS (klass), NS_PING);
  xmpp_feature_class_add_iq_handler (XMPP_FEATURE_CLASS (klass), "get", NS_PING, xmpp_ping_answer);
}

static void
xmpp_ping_init (XmppPing *self)
{
}
