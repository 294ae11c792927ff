/* XEP-0172 User Nickname, version 1.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-nick"

#include "config.h"

#include "xmpp-builder.h"
#include "xmpp-nick.h"
#include "xmpp-pubsub.h"

/* PEP nodes with one item at a time (XEP-0060 section 12.20). */
#define ITEM_ID "current"

struct _XmppNick
{
  XmppFeature parent_instance;
};

enum
{
  CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (XmppNick, xmpp_nick, XMPP_TYPE_FEATURE)

static guint signals[N_SIGNALS];

static XmppVerdict
xmpp_nick_annotate (XmppFeature *feature,
                    XmppMessage *message,
                    XmppNode *payload)
{
  if (message->nickname == NULL && xmpp_node_is (payload, "nick", XMPP_NS_NICK))
    message->nickname = xmpp_text_clean_name (xmpp_node_get_text (payload));

  return XMPP_VERDICT_PASS;
}

static void
xmpp_nick_published (XmppFeature *feature,
                     XmppJid *from,
                     XmppNode *items)
{
  XmppNode *nick = xmpp_node_find (items, "item", XMPP_NS_PUBSUB_EVENT, "nick", XMPP_NS_NICK, NULL);
  g_autofree char *nickname = nick != NULL ? xmpp_text_clean_name (xmpp_node_get_text (nick)) : NULL;

  g_signal_emit (feature, signals[CHANGED], 0, from, nickname);
}

static void
xmpp_nick_class_init (XmppNickClass *klass)
{
  XmppFeatureClass *feature_class = XMPP_FEATURE_CLASS (klass);

  xmpp_feature_class_add_disco (feature_class, XMPP_NS_NICK);
  xmpp_feature_class_add_message_hook (feature_class, XMPP_STAGE_ANNOTATE, XMPP_NS_NICK, xmpp_nick_annotate);
  xmpp_feature_class_add_event_hook (feature_class, XMPP_NS_NICK, XMPP_EVENT_CONTACT, xmpp_nick_published);

  signals[CHANGED] = g_signal_new ("changed",
                                   XMPP_TYPE_NICK,
                                   G_SIGNAL_RUN_LAST,
                                   0,
                                   NULL,
                                   NULL,
                                   NULL,
                                   G_TYPE_NONE,
                                   2,
                                   XMPP_TYPE_JID,
                                   G_TYPE_STRING);
}

static void
xmpp_nick_init (XmppNick *self)
{
}

DexFuture *
xmpp_nick_publish (XmppNick *self,
                   const char *nickname,
                   XmppAccess access)
{
  XmppPubsub *pubsub;
  XmppNode *payload;

  g_return_val_if_fail (XMPP_IS_NICK (self), NULL);

  pubsub = xmpp_session_get_feature (xmpp_feature_get_session (XMPP_FEATURE (self)), XMPP_TYPE_PUBSUB);
  payload = xmpp_nick_create (nickname);
  if (payload == NULL)
    payload = xmpp_el ("nick", XMPP_NS_NICK);

  return xmpp_pubsub_publish (pubsub, XMPP_NS_NICK, ITEM_ID, access, payload);
}

XmppNode *
xmpp_nick_create (const char *nickname)
{
  return nickname != NULL && *nickname != '\0' ? xmpp_el ("nick", XMPP_NS_NICK, xmpp_text (nickname)) : NULL;
}
