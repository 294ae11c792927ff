/* XEP-0184 Message Delivery Receipts, version 1.4.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-receipts"

#include "config.h"

#include "xmpp-builder.h"
#include "xmpp-hints.h"
#include "xmpp-iq-tracker.h"
#include "xmpp-receipts.h"
#include "xmpp-roster.h"

#define NS_RECEIPTS "urn:xmpp:receipts"

struct _XmppReceipts
{
  XmppFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppReceipts, xmpp_receipts, XMPP_TYPE_FEATURE)

static XmppVerdict
xmpp_receipts_annotate (XmppFeature *feature,
                        XmppMessage *message,
                        XmppNode *payload)
{
  XmppJid *own = xmpp_session_get_bare_jid (xmpp_feature_get_session (feature));
  const char *id = xmpp_node_get_attr (payload, "id");

  /* We do not receipt to ourselves, nor does anybody in a room speak for its people (security.md I11). */
  if (xmpp_jid_bare_equal (message->from, own) || g_str_equal (message->type, "groupchat"))
    return XMPP_VERDICT_PASS;

  if (xmpp_node_is (payload, "received", NS_RECEIPTS))
    {
      if (id != NULL && *id != '\0' && message->receipt_for == NULL)
        message->receipt_for = g_strdup (id);
    }
  else if (xmpp_node_is (payload, "request", NS_RECEIPTS))
    message->receipt_requested = message->id != NULL;

  return XMPP_VERDICT_PASS;
}

static void
xmpp_receipts_class_init (XmppReceiptsClass *klass)
{
  XmppFeatureClass *feature_class = XMPP_FEATURE_CLASS (klass);

  xmpp_feature_class_add_disco (feature_class, NS_RECEIPTS);
  xmpp_feature_class_add_message_hook (feature_class,
                                       XMPP_STAGE_ANNOTATE,
                                       NS_RECEIPTS,
                                       xmpp_receipts_annotate);
}

static void
xmpp_receipts_init (XmppReceipts *self)
{
}

gboolean
xmpp_receipts_confirm (XmppReceipts *self,
                       XmppMessage *message)
{
  XmppSession *session;
  XmppRoster *roster;
  g_autofree char *id = NULL;

  g_return_val_if_fail (XMPP_IS_RECEIPTS (self), FALSE);
  g_return_val_if_fail (message != NULL, FALSE);

  session = xmpp_feature_get_session (XMPP_FEATURE (self));
  roster = xmpp_session_get_feature (session, XMPP_TYPE_ROSTER);

  /* One device answers, the one that it came to; and never a receipt for a receipt (section 5.3), nor to
   * somebody who must not know that we are here (section 8). */
  if (!message->receipt_requested || message->receipt_for != NULL || message->source != XMPP_MESSAGE_LIVE ||
      !xmpp_roster_may_see_us (roster, message->from))
    return FALSE;

  id = xmpp_iq_tracker_create_id ();
  xmpp_session_send (session,
                     xmpp_message (message->from,
                                   "chat",
                                   id,
                                   xmpp_el ("received", NS_RECEIPTS, xmpp_attr ("id", message->id)),
                                   xmpp_el ("store", XMPP_NS_HINTS)));

  return TRUE;
}
