/* XEP-0334 Message Processing Hints, version 1.0.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-hints"

#include "config.h"

#include "xmpp-hints.h"

struct _XmppHints
{
  XmppFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppHints, xmpp_hints, XMPP_TYPE_FEATURE)

static XmppVerdict
xmpp_hints_annotate (XmppFeature *feature,
                     XmppMessage *message,
                     XmppNode *payload)
{
  if (xmpp_node_is (payload, "no-store", XMPP_NS_HINTS) ||
      xmpp_node_is (payload, "no-permanent-store", XMPP_NS_HINTS))
    message->no_store = TRUE;

  return XMPP_VERDICT_PASS;
}

static void
xmpp_hints_class_init (XmppHintsClass *klass)
{
  xmpp_feature_class_add_message_hook (XMPP_FEATURE_CLASS (klass),
                                       XMPP_STAGE_ANNOTATE,
                                       XMPP_NS_HINTS,
                                       xmpp_hints_annotate);
}

static void
xmpp_hints_init (XmppHints *self)
{
}
