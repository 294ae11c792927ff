/* XEP-0424 Message Retraction, version 0.4.2
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-retraction"

#include "config.h"

#include "xmpp-fallback.h"
#include "xmpp-hints.h"
#include "xmpp-retraction.h"
#include "xmpp-stanza-ids.h"

struct _XmppRetraction
{
  XmppFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppRetraction, xmpp_retraction, XMPP_TYPE_FEATURE)

static XmppVerdict
xmpp_retraction_annotate (XmppFeature *feature, XmppMessage *message, XmppNode *payload)
{
  g_autofree char *id = xmpp_stanza_ids_dup (payload, "id");

  /* <retracted/> is what an archive leaves in the place of a message: from a person it means nothing. In a
   * room an id and a nickname do not say who wrote a message (section 5). */
  if (id == NULL || message->retracts != NULL || !xmpp_node_is (payload, "retract", XMPP_NS_RETRACTION) ||
      g_str_equal (message->type, "groupchat"))
    return XMPP_VERDICT_PASS;

  /* What is only being said cannot be taken back. */
  if (g_strcmp0 (id, message->id) != 0)
    message->retracts = g_steal_pointer (&id);

  return XMPP_VERDICT_PASS;
}

static void
xmpp_retraction_class_init (XmppRetractionClass *klass)
{
  xmpp_feature_class_add_message_hook (
      XMPP_FEATURE_CLASS (klass), XMPP_STAGE_ANNOTATE, XMPP_NS_RETRACTION, xmpp_retraction_annotate);
}

static void
xmpp_retraction_init (XmppRetraction *self)
{
}

XmppNode *
xmpp_retraction_compose (XmppJid *to, const char *id, const char *retracted, const char *fallback)
{
  g_return_val_if_fail (to != NULL, NULL);
  g_return_val_if_fail (id != NULL, NULL);
  g_return_val_if_fail (retracted != NULL, NULL);
  g_return_val_if_fail (fallback != NULL, NULL);

  return xmpp_message (to,
                       "chat",
                       id,
                       xmpp_el ("body", XMPP_NS_CLIENT, xmpp_text (fallback)),
                       xmpp_el ("origin-id", XMPP_NS_SID, xmpp_attr ("id", id)),
                       xmpp_el ("retract", XMPP_NS_RETRACTION, xmpp_attr ("id", retracted)),
                       xmpp_fallback_create (XMPP_NS_RETRACTION, 0),
                       xmpp_el ("store", XMPP_NS_HINTS));
}
