/* XEP-0333 Displayed Markers, version 1.0.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-markers"

#include "config.h"

#include "xmpp-builder.h"
#include "xmpp-hints.h"
#include "xmpp-iq-tracker.h"
#include "xmpp-markers.h"
#include "xmpp-roster.h"

#define NS_MARKERS "urn:xmpp:chat-markers:0"

struct _XmppMarkers
{
  XmppFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppMarkers, xmpp_markers, XMPP_TYPE_FEATURE)

static XmppVerdict
xmpp_markers_annotate (XmppFeature *feature,
                       XmppMessage *message,
                       XmppNode *payload)
{
  XmppJid *own = xmpp_session_get_bare_jid (xmpp_feature_get_session (feature));
  gboolean ours = xmpp_jid_bare_equal (message->from, own);
  const char *id = xmpp_node_get_attr (payload, "id");

  if (g_str_equal (message->type, "groupchat"))
    return XMPP_VERDICT_PASS;

  if (xmpp_node_is (payload, "displayed", NS_MARKERS))
    {
      char **place = ours ? &message->displayed_here : &message->displayed_for;

      if (id != NULL && *id != '\0' && *place == NULL && (!ours || xmpp_message_is_outgoing (message, own)))
        *place = g_strdup (id);
    }
  else if (xmpp_node_is (payload, "markable", NS_MARKERS))
    message->markable = !ours && message->id != NULL;

  return XMPP_VERDICT_PASS;
}

static void
xmpp_markers_class_init (XmppMarkersClass *klass)
{
  XmppFeatureClass *feature_class = XMPP_FEATURE_CLASS (klass);

  xmpp_feature_class_add_disco (feature_class, NS_MARKERS);
  xmpp_feature_class_add_message_hook (feature_class, XMPP_STAGE_ANNOTATE, NS_MARKERS, xmpp_markers_annotate);
}

static void
xmpp_markers_init (XmppMarkers *self)
{
}

gboolean
xmpp_markers_send_displayed (XmppMarkers *self,
                             XmppJid *to,
                             const char *id)
{
  XmppSession *session;
  g_autoptr (XmppJid) bare = NULL;
  g_autofree char *own_id = NULL;

  g_return_val_if_fail (XMPP_IS_MARKERS (self), FALSE);
  g_return_val_if_fail (to != NULL, FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  session = xmpp_feature_get_session (XMPP_FEATURE (self));
  bare = xmpp_jid_to_bare (to);
  if (!xmpp_session_is_online (session) ||
      !xmpp_roster_is_mutual (xmpp_session_get_feature (session, XMPP_TYPE_ROSTER), bare))
    return FALSE;

  own_id = xmpp_iq_tracker_create_id ();
  xmpp_session_send (session,
                     xmpp_message (bare,
                                   "chat",
                                   own_id,
                                   xmpp_el ("displayed", NS_MARKERS, xmpp_attr ("id", id)),
                                   xmpp_el ("store", XMPP_NS_HINTS)));

  return TRUE;
}
