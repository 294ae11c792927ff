/* XEP-0308 Last Message Correction, version 1.2.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-correction"

#include "config.h"

#include "xmpp-correction.h"
#include "xmpp-stanza-ids.h"

#define NS_CORRECTION "urn:xmpp:message-correct:0"

struct _XmppCorrection
{
  XmppFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppCorrection, xmpp_correction, XMPP_TYPE_FEATURE)

static XmppVerdict
xmpp_correction_annotate (XmppFeature *feature, XmppMessage *message, XmppNode *payload)
{
  g_autofree char *id = xmpp_stanza_ids_dup (payload, "id");

  /* Without a text there is nothing to put in the place of the other: that would be a retraction. In a room
   * an id and a nickname do not say who wrote a message. */
  if (id == NULL || message->replaces != NULL || message->body == NULL ||
      !xmpp_node_is (payload, "replace", NS_CORRECTION) || g_str_equal (message->type, "groupchat"))
    return XMPP_VERDICT_PASS;

  /* A message that replaces itself has brought clients down (security.md I8). */
  if (g_strcmp0 (id, message->id) != 0)
    message->replaces = g_steal_pointer (&id);

  return XMPP_VERDICT_PASS;
}

static void
xmpp_correction_class_init (XmppCorrectionClass *klass)
{
  xmpp_feature_class_add_message_hook (
      XMPP_FEATURE_CLASS (klass), XMPP_STAGE_ANNOTATE, NS_CORRECTION, xmpp_correction_annotate);
}

static void
xmpp_correction_init (XmppCorrection *self)
{
}

XmppNode *
xmpp_correction_create (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  return xmpp_el ("replace", NS_CORRECTION, xmpp_attr ("id", id));
}
