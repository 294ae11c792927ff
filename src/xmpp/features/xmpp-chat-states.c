/* XEP-0085 Chat State Notifications, version 2.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-chat-states"

#include "config.h"

#include "xmpp-builder.h"
#include "xmpp-caps.h"
#include "xmpp-chat-states.h"
#include "xmpp-hints.h"
#include "xmpp-iq-tracker.h"
#include "xmpp-roster.h"

#define NS_CHAT_STATES "http://jabber.org/protocol/chatstates"

struct _XmppChatStates
{
  XmppFeature parent_instance;

  GHashTable *speakers; /* bare addresses of contacts that have sent states, a set */
};

G_DEFINE_FINAL_TYPE (XmppChatStates, xmpp_chat_states, XMPP_TYPE_FEATURE)

static const char *const names[] = {
  [XMPP_CHAT_STATE_ACTIVE] = "active",
  [XMPP_CHAT_STATE_COMPOSING] = "composing",
  [XMPP_CHAT_STATE_PAUSED] = "paused",
  [XMPP_CHAT_STATE_INACTIVE] = "inactive",
  [XMPP_CHAT_STATE_GONE] = "gone",
};

static XmppVerdict
xmpp_chat_states_annotate (XmppFeature *feature,
                           XmppMessage *message,
                           XmppNode *payload)
{
  XmppChatStates *self = XMPP_CHAT_STATES (feature);
  XmppRoster *roster = xmpp_session_get_feature (xmpp_feature_get_session (feature), XMPP_TYPE_ROSTER);

  /* What was typed yesterday is of no interest. */
  if (message->offline || message->source == XMPP_MESSAGE_ARCHIVED)
    return XMPP_VERDICT_PASS;

  for (XmppChatState state = XMPP_CHAT_STATE_ACTIVE; state <= XMPP_CHAT_STATE_GONE; state++)
    {
      if (g_str_equal (xmpp_node_get_name (payload), names[state]))
        message->chat_state = state;
    }

  if (message->chat_state != XMPP_CHAT_STATE_NONE && xmpp_roster_is_mutual (roster, message->from))
    g_hash_table_add (self->speakers, g_strdup (xmpp_jid_get_bare_string (message->from)));

  return XMPP_VERDICT_PASS;
}

static void
xmpp_chat_states_offline (XmppFeature *feature)
{
  g_hash_table_remove_all (XMPP_CHAT_STATES (feature)->speakers);
}

static void
xmpp_chat_states_finalize (GObject *object)
{
  g_clear_pointer (&XMPP_CHAT_STATES (object)->speakers, g_hash_table_unref);

  G_OBJECT_CLASS (xmpp_chat_states_parent_class)->finalize (object);
}

static void
xmpp_chat_states_class_init (XmppChatStatesClass *klass)
{
  XmppFeatureClass *feature_class = XMPP_FEATURE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xmpp_chat_states_finalize;
  feature_class->offline = xmpp_chat_states_offline;
  xmpp_feature_class_add_disco (feature_class, NS_CHAT_STATES);
  xmpp_feature_class_add_message_hook (feature_class,
                                       XMPP_STAGE_ANNOTATE,
                                       NS_CHAT_STATES,
                                       xmpp_chat_states_annotate);
}

static void
xmpp_chat_states_init (XmppChatStates *self)
{
  self->speakers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

gboolean
xmpp_chat_states_send (XmppChatStates *self,
                       XmppJid *to,
                       XmppChatState state)
{
  XmppSession *session;
  g_autoptr (XmppJid) bare = NULL;
  g_autofree char *id = NULL;

  g_return_val_if_fail (XMPP_IS_CHAT_STATES (self), FALSE);
  g_return_val_if_fail (to != NULL, FALSE);
  g_return_val_if_fail (state > XMPP_CHAT_STATE_NONE && state <= XMPP_CHAT_STATE_GONE, FALSE);

  session = xmpp_feature_get_session (XMPP_FEATURE (self));
  bare = xmpp_jid_to_bare (to);

  /* Section 5.1: not before there is a sign that they understand. */
  if (!xmpp_session_is_online (session) ||
      !xmpp_roster_is_mutual (xmpp_session_get_feature (session, XMPP_TYPE_ROSTER), bare) ||
      (!g_hash_table_contains (self->speakers, xmpp_jid_get_string (bare)) &&
       !xmpp_caps_has (xmpp_session_get_feature (session, XMPP_TYPE_CAPS), bare, NS_CHAT_STATES)))
    return FALSE;

  id = xmpp_iq_tracker_create_id ();
  xmpp_session_send (session,
                     xmpp_message (to,
                                   "chat",
                                   id,
                                   xmpp_el (names[state], NS_CHAT_STATES),
                                   xmpp_el ("no-store", XMPP_NS_HINTS)));

  return TRUE;
}
