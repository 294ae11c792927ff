/* XEP-0297 Stanza Forwarding, version 1.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-forward"

#include "config.h"

#include "xmpp-forward.h"

struct _XmppForward
{
  XmppFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppForward, xmpp_forward, XMPP_TYPE_FEATURE)

static XmppVerdict
xmpp_forward_annotate (XmppFeature *feature,
                       XmppMessage *message,
                       XmppNode *payload)
{
  XmppNode *inner = xmpp_node_get_child (payload, "message", XMPP_NS_CLIENT);
  const char *body = inner != NULL ? xmpp_node_get_child_text (inner, "body", XMPP_NS_CLIENT) : NULL;
  const char *from = inner != NULL ? xmpp_node_get_attr (inner, "from") : NULL;

  if (message->quote_body != NULL || body == NULL || !xmpp_node_is (payload, "forwarded", XMPP_NS_FORWARD))
    return XMPP_VERDICT_PASS;

  message->quote_body = xmpp_text_clean (body, XMPP_MESSAGE_MAX_BODY, NULL);
  if (message->quote_body != NULL && from != NULL)
    message->quote_from = xmpp_jid_new (from, NULL);

  return XMPP_VERDICT_PASS;
}

static void
xmpp_forward_class_init (XmppForwardClass *klass)
{
  XmppFeatureClass *feature_class = XMPP_FEATURE_CLASS (klass);

  xmpp_feature_class_add_disco (feature_class, XMPP_NS_FORWARD);
  xmpp_feature_class_add_message_hook (feature_class,
                                       XMPP_STAGE_ANNOTATE,
                                       XMPP_NS_FORWARD,
                                       xmpp_forward_annotate);
}

static void
xmpp_forward_init (XmppForward *self)
{
}
