/* Asking to see each other's presence, RFC 6121 section 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-subscription"

#include "config.h"

#include "xmpp-builder.h"
#include "xmpp-nick.h"
#include "xmpp-pre-auth.h"
#include "xmpp-roster.h"
#include "xmpp-subscription.h"

#define NS_PRE_APPROVAL "urn:xmpp:features:pre-approval"

#define MAX_REQUESTS 1024
#define MAX_TEXT 1024

struct _XmppSubscription
{
  XmppFeature parent_instance;

  GHashTable *requests; /* bare address, a set */
  guint watching : 1;   /* the roster's signals */
};

enum
{
  REQUEST,
  REQUEST_GONE,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (XmppSubscription, xmpp_subscription, XMPP_TYPE_FEATURE)

static guint signals[N_SIGNALS];

static void
forget_request (XmppSubscription *self,
                const char *bare)
{
  g_autoptr (XmppJid) jid = NULL;

  if (!g_hash_table_contains (self->requests, bare))
    return;

  jid = xmpp_jid_new (bare, NULL);
  g_hash_table_remove (self->requests, bare);
  g_signal_emit (self, signals[REQUEST_GONE], 0, jid);
}

static void
take_request (XmppSubscription *self,
              XmppNode *presence,
              XmppJid *from)
{
  XmppNode *nick = xmpp_node_get_child (presence, "nick", XMPP_NS_NICK);
  const char *status = xmpp_node_get_child_text (presence, "status", XMPP_NS_CLIENT);
  g_autofree char *nickname = nick != NULL ? xmpp_text_clean_name (xmpp_node_get_text (nick)) : NULL;
  g_autofree char *text = status != NULL ? xmpp_text_clean (status, MAX_TEXT, NULL) : NULL;
  g_autoptr (XmppJid) bare = xmpp_jid_to_bare (from);

  if (g_hash_table_size (self->requests) >= MAX_REQUESTS)
    return;

  g_hash_table_add (self->requests, g_strdup (xmpp_jid_get_string (bare)));
  g_signal_emit (self, signals[REQUEST], 0, bare, nickname, text, xmpp_pre_auth_get_token (presence));
}

static void
xmpp_subscription_received (XmppFeature *feature,
                            XmppNode *presence,
                            XmppJid *from,
                            XmppNode *payload)
{
  XmppSubscription *self = XMPP_SUBSCRIPTION (feature);
  const char *type = xmpp_node_get_attr (presence, "type");

  if (type == NULL ||
      xmpp_jid_bare_equal (from, xmpp_session_get_bare_jid (xmpp_feature_get_session (feature))))
    return;

  /* What "subscribed" and "unsubscribed" mean is in the roster push that comes with them. */
  if (g_str_equal (type, "subscribe"))
    take_request (self, presence, from);
  else if (g_str_equal (type, "unsubscribe"))
    forget_request (self, xmpp_jid_get_bare_string (from));
}

static void
roster_changed_cb (XmppSubscription *self,
                   XmppRosterItem *item)
{
  if (item->subscription & XMPP_SUBSCRIPTION_FROM)
    forget_request (self, xmpp_jid_get_string (item->jid));
}

static DexFuture *
xmpp_subscription_online (XmppFeature *feature)
{
  XmppSubscription *self = XMPP_SUBSCRIPTION (feature);

  if (!self->watching)
    {
      XmppRoster *roster = xmpp_session_get_feature (xmpp_feature_get_session (feature), XMPP_TYPE_ROSTER);

      g_signal_connect_object (roster, "changed", G_CALLBACK (roster_changed_cb), self, G_CONNECT_SWAPPED);
      self->watching = TRUE;
    }

  return dex_future_new_true ();
}

static void
xmpp_subscription_offline (XmppFeature *feature)
{
  g_hash_table_remove_all (XMPP_SUBSCRIPTION (feature)->requests);
}

static void
xmpp_subscription_finalize (GObject *object)
{
  g_clear_pointer (&XMPP_SUBSCRIPTION (object)->requests, g_hash_table_unref);

  G_OBJECT_CLASS (xmpp_subscription_parent_class)->finalize (object);
}

static void
xmpp_subscription_class_init (XmppSubscriptionClass *klass)
{
  XmppFeatureClass *feature_class = XMPP_FEATURE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xmpp_subscription_finalize;
  feature_class->online = xmpp_subscription_online;
  feature_class->offline = xmpp_subscription_offline;
  xmpp_feature_class_add_presence_hook (feature_class, NULL, xmpp_subscription_received);

  signals[REQUEST] = g_signal_new ("request",
                                   XMPP_TYPE_SUBSCRIPTION,
                                   G_SIGNAL_RUN_LAST,
                                   0,
                                   NULL,
                                   NULL,
                                   NULL,
                                   G_TYPE_NONE,
                                   4,
                                   XMPP_TYPE_JID,
                                   G_TYPE_STRING,
                                   G_TYPE_STRING,
                                   G_TYPE_STRING);
  signals[REQUEST_GONE] = g_signal_new ("request-gone",
                                        XMPP_TYPE_SUBSCRIPTION,
                                        G_SIGNAL_RUN_LAST,
                                        0,
                                        NULL,
                                        NULL,
                                        NULL,
                                        G_TYPE_NONE,
                                        1,
                                        XMPP_TYPE_JID);
}

static void
xmpp_subscription_init (XmppSubscription *self)
{
  self->requests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* Section 3.1.1: such stanzas go to the bare address. */
static DexFuture *
send (XmppSubscription *self,
      XmppJid *jid,
      const char *type,
      XmppNode *item,
      XmppNode *other_item)
{
  XmppSession *session = xmpp_feature_get_session (XMPP_FEATURE (self));
  XmppNode *presence = xmpp_el ("presence",
                                XMPP_NS_CLIENT,
                                xmpp_attr ("to", xmpp_jid_get_bare_string (jid)),
                                xmpp_attr ("type", type),
                                item,
                                other_item);

  if (!xmpp_session_is_online (session))
    {
      xmpp_node_unref (presence);
      return dex_future_new_reject (XMPP_STANZA_ERROR,
                                    XMPP_STANZA_ERROR_DISCONNECTED,
                                    "There is no connection");
    }

  xmpp_session_send (session, presence);

  return dex_future_new_true ();
}

DexFuture *
xmpp_subscription_request (XmppSubscription *self,
                           XmppJid *jid,
                           const char *nickname)
{
  return xmpp_subscription_request_invited (self, jid, nickname, NULL);
}

DexFuture *
xmpp_subscription_request_invited (XmppSubscription *self,
                                   XmppJid *jid,
                                   const char *nickname,
                                   const char *token)
{
  g_return_val_if_fail (XMPP_IS_SUBSCRIPTION (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  return send (self, jid, "subscribe", xmpp_nick_create (nickname), xmpp_pre_auth_create (token));
}

gboolean
xmpp_subscription_is_waiting (XmppSubscription *self,
                              XmppJid *jid)
{
  g_return_val_if_fail (XMPP_IS_SUBSCRIPTION (self), FALSE);
  g_return_val_if_fail (jid != NULL, FALSE);

  return g_hash_table_contains (self->requests, xmpp_jid_get_bare_string (jid));
}

static DexFuture *
answer (XmppSubscription *self,
        XmppJid *jid,
        const char *type)
{
  DexFuture *sent = send (self, jid, type, NULL, NULL);

  if (dex_future_is_resolved (sent))
    forget_request (self, xmpp_jid_get_bare_string (jid));

  return sent;
}

DexFuture *
xmpp_subscription_accept (XmppSubscription *self,
                          XmppJid *jid)
{
  g_return_val_if_fail (XMPP_IS_SUBSCRIPTION (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  return answer (self, jid, "subscribed");
}

DexFuture *
xmpp_subscription_decline (XmppSubscription *self,
                           XmppJid *jid)
{
  g_return_val_if_fail (XMPP_IS_SUBSCRIPTION (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  return answer (self, jid, "unsubscribed");
}

DexFuture *
xmpp_subscription_cancel (XmppSubscription *self,
                          XmppJid *jid)
{
  g_return_val_if_fail (XMPP_IS_SUBSCRIPTION (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  return send (self, jid, "unsubscribed", NULL, NULL);
}

DexFuture *
xmpp_subscription_pre_approve (XmppSubscription *self,
                               XmppJid *jid)
{
  XmppNode *features;

  g_return_val_if_fail (XMPP_IS_SUBSCRIPTION (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  features = xmpp_session_get_stream_features (xmpp_feature_get_session (XMPP_FEATURE (self)));
  if (features == NULL || xmpp_node_get_child (features, "sub", NS_PRE_APPROVAL) == NULL)
    return dex_future_new_false ();

  return send (self, jid, "subscribed", NULL, NULL);
}
