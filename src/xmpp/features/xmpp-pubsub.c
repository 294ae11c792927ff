/* XEP-0060 Publish-Subscribe, version 1.30.0, as far as XEP-0163 Personal Eventing Protocol, version 1.2.2,
 * needs it SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-pubsub"

#include "config.h"

#include "linnet-spawn.h"
#include "xmpp-builder.h"
#include "xmpp-disco.h"
#include "xmpp-pubsub.h"
#include "xmpp-roster.h"

#define NS_DATA "jabber:x:data"
#define NS_PUBLISH_OPTIONS "http://jabber.org/protocol/pubsub#publish-options"
#define NS_NODE_CONFIG "http://jabber.org/protocol/pubsub#node_config"

struct _XmppPubsub
{
  XmppFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppPubsub, xmpp_pubsub, XMPP_TYPE_FEATURE)

typedef struct
{
  XmppPubsub *self;
  char *node;
  char *id; /* nullable */
  XmppAccess access;
  XmppNode *payload;
} PublishState;

static void
publish_state_free (gpointer data)
{
  PublishState *state = data;

  g_clear_object (&state->self);
  g_free (state->node);
  g_free (state->id);
  g_clear_pointer (&state->payload, xmpp_node_unref);
  g_free (state);
}

/* ---- events ---- */

static XmppVerdict
xmpp_pubsub_deliver (XmppFeature *feature,
                     XmppMessage *message,
                     XmppNode *payload)
{
  XmppSession *session = xmpp_feature_get_session (feature);
  XmppRoster *roster = xmpp_session_get_feature (session, XMPP_TYPE_ROSTER);
  gboolean own = xmpp_jid_equal (message->from, xmpp_session_get_bare_jid (session));
  gboolean contact = xmpp_roster_is_seen (roster, message->from);

  /* An account's node speaks with its bare address (XEP-0163 section 4.3); one of its resources does not
   * speak for it, nor do the people in a room for the room. And what another device was sent is no event of
   * ours. */
  if (!xmpp_node_is (payload, "event", XMPP_NS_PUBSUB_EVENT) || message->source != XMPP_MESSAGE_LIVE ||
      !xmpp_jid_is_bare (message->from))
    return XMPP_VERDICT_DROP;

  for (guint i = 0; i < xmpp_node_get_n_children (payload); i++)
    {
      XmppNode *items = xmpp_node_get_nth_child (payload, i);

      if (xmpp_node_is (items, "items", XMPP_NS_PUBSUB_EVENT) ||
          xmpp_node_is (items, "purge", XMPP_NS_PUBSUB_EVENT) ||
          xmpp_node_is (items, "delete", XMPP_NS_PUBSUB_EVENT))
        xmpp_session_dispatch_event (session, message->from, items, own, contact);
    }

  return XMPP_VERDICT_DROP;
}

static void
xmpp_pubsub_class_init (XmppPubsubClass *klass)
{
  xmpp_feature_class_add_message_hook (XMPP_FEATURE_CLASS (klass),
                                       XMPP_STAGE_DELIVER,
                                       XMPP_NS_PUBSUB_EVENT,
                                       xmpp_pubsub_deliver);
}

static void
xmpp_pubsub_init (XmppPubsub *self)
{
}

/* ---- publishing ---- */

static XmppNode *
create_field (const char *var,
              const char *type,
              const char *value)
{
  return xmpp_el ("field",
                  NS_DATA,
                  xmpp_attr ("var", var),
                  xmpp_attr ("type", type),
                  xmpp_el ("value", NS_DATA, xmpp_text (value)));
}

static const char *const models[] = {
  [XMPP_ACCESS_CONTACTS] = "presence",
  [XMPP_ACCESS_OPEN] = "open",
  [XMPP_ACCESS_PRIVATE] = "whitelist",
  [XMPP_ACCESS_KEEP] = "presence",
};

static XmppNode *
create_form (const char *form_type,
             XmppAccess access)
{
  return xmpp_el ("x",
                  NS_DATA,
                  xmpp_attr ("type", "submit"),
                  create_field ("FORM_TYPE", "hidden", form_type),
                  create_field ("pubsub#persist_items", NULL, "true"),
                  create_field ("pubsub#access_model", NULL, models[access]));
}

static DexFuture *
send_publish (PublishState *state,
              gboolean with_options)
{
  XmppNode *publish =
      xmpp_el ("publish",
               XMPP_NS_PUBSUB,
               xmpp_attr ("node", state->node),
               xmpp_el ("item", XMPP_NS_PUBSUB, xmpp_attr ("id", state->id), xmpp_node_ref (state->payload)));
  XmppNode *options =
      with_options
          ? xmpp_el ("publish-options", XMPP_NS_PUBSUB, create_form (NS_PUBLISH_OPTIONS, state->access))
          : NULL;

  return xmpp_session_send_iq (xmpp_feature_get_session (XMPP_FEATURE (state->self)),
                               xmpp_iq_set (NULL, xmpp_el ("pubsub", XMPP_NS_PUBSUB, publish, options)));
}

static DexFuture *
send_configure (PublishState *state)
{
  XmppNode *configure = xmpp_el ("configure",
                                 XMPP_NS_PUBSUB_OWNER,
                                 xmpp_attr ("node", state->node),
                                 create_form (NS_NODE_CONFIG, state->access));

  return xmpp_session_send_iq (xmpp_feature_get_session (XMPP_FEATURE (state->self)),
                               xmpp_iq_set (NULL, xmpp_el ("pubsub", XMPP_NS_PUBSUB_OWNER, configure)));
}

static DexFuture *
xmpp_pubsub_publish_fiber (gpointer user_data)
{
  PublishState *state = user_data;
  XmppSession *session = xmpp_feature_get_session (XMPP_FEATURE (state->self));
  XmppDisco *disco = xmpp_session_get_feature (session, XMPP_TYPE_DISCO);
  g_autoptr (GError) error = NULL;
  gboolean with_options = xmpp_disco_account_has (disco, NS_PUBLISH_OPTIONS);

  /* A server that does not look at the options would show the item to everybody (security.md I13). */
  if (!with_options && state->access == XMPP_ACCESS_PRIVATE)
    return dex_future_new_reject (XMPP_STANZA_ERROR,
                                  XMPP_STANZA_ERROR_FEATURE_NOT_IMPLEMENTED,
                                  "The server cannot keep this private");

  if (dex_await (send_publish (state, with_options), &error))
    return dex_future_new_true ();

  /* Section 7.1.5: the node is there, set up differently, maybe by another program. */
  if (!with_options || !g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_CONFLICT) ||
      xmpp_feature_get_session (XMPP_FEATURE (state->self)) == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  g_clear_error (&error);
  if (state->access == XMPP_ACCESS_KEEP)
    {
      if (!dex_await (send_publish (state, FALSE), &error))
        return dex_future_new_for_error (g_steal_pointer (&error));

      return dex_future_new_true ();
    }

  if (!dex_await (send_configure (state), &error) ||
      xmpp_feature_get_session (XMPP_FEATURE (state->self)) == NULL ||
      !dex_await (send_publish (state, with_options), &error))
    return error != NULL ? dex_future_new_for_error (g_steal_pointer (&error))
                         : dex_future_new_reject (XMPP_STANZA_ERROR,
                                                  XMPP_STANZA_ERROR_DISCONNECTED,
                                                  "The session is over");

  return dex_future_new_true ();
}

DexFuture *
xmpp_pubsub_publish (XmppPubsub *self,
                     const char *node,
                     const char *id,
                     XmppAccess access,
                     XmppNode *payload)
{
  PublishState *state;

  g_return_val_if_fail (XMPP_IS_PUBSUB (self), NULL);
  g_return_val_if_fail (node != NULL, NULL);
  g_return_val_if_fail (payload != NULL, NULL);

  state = g_new0 (PublishState, 1);
  state->self = g_object_ref (self);
  state->node = g_strdup (node);
  state->id = g_strdup (id);
  state->access = access;
  state->payload = payload;

  return linnet_spawn ("xmpp-pubsub-publish",
                       xmpp_pubsub_publish_fiber,
                       state,
                       publish_state_free);
}

/* ---- who may read ---- */

static DexFuture *
true_cb (DexFuture *future,
         gpointer user_data)
{
  return dex_future_new_true ();
}

static DexFuture *
access_cb (DexFuture *future,
           gpointer user_data)
{
  const GValue *value = dex_future_get_value (future, NULL);
  XmppNode *form = xmpp_node_find (g_value_get_boxed (value),
                                   "pubsub",
                                   XMPP_NS_PUBSUB_OWNER,
                                   "configure",
                                   XMPP_NS_PUBSUB_OWNER,
                                   "x",
                                   NS_DATA,
                                   NULL);

  for (guint i = 0; form != NULL && i < xmpp_node_get_n_children (form); i++)
    {
      XmppNode *field = xmpp_node_get_nth_child (form, i);
      const char *model = xmpp_node_get_child_text (field, "value", NS_DATA);

      if (!xmpp_node_is (field, "field", NS_DATA) ||
          g_strcmp0 (xmpp_node_get_attr (field, "var"), "pubsub#access_model") != 0)
        continue;
      if (g_strcmp0 (model, models[XMPP_ACCESS_CONTACTS]) == 0)
        return dex_future_new_for_uint (XMPP_ACCESS_CONTACTS);
      if (g_strcmp0 (model, models[XMPP_ACCESS_OPEN]) == 0)
        return dex_future_new_for_uint (XMPP_ACCESS_OPEN);

      return dex_future_new_for_uint (XMPP_ACCESS_PRIVATE);
    }

  return dex_future_new_reject (XMPP_STANZA_ERROR,
                                XMPP_STANZA_ERROR_UNDEFINED_CONDITION,
                                "The node's form does not say who may read it");
}

/* @child: (transfer full): of <pubsub/> in the owner's namespace */
static DexFuture *
send_owner (XmppPubsub *self,
            gboolean set,
            XmppNode *child)
{
  XmppNode *pubsub = xmpp_el ("pubsub", XMPP_NS_PUBSUB_OWNER, child);

  return xmpp_session_send_iq (xmpp_feature_get_session (XMPP_FEATURE (self)),
                               set ? xmpp_iq_set (NULL, pubsub) : xmpp_iq_get (NULL, pubsub));
}

DexFuture *
xmpp_pubsub_get_access (XmppPubsub *self,
                        const char *node)
{
  g_return_val_if_fail (XMPP_IS_PUBSUB (self), NULL);
  g_return_val_if_fail (node != NULL, NULL);

  return dex_future_then (
      send_owner (self, FALSE, xmpp_el ("configure", XMPP_NS_PUBSUB_OWNER, xmpp_attr ("node", node))),
      access_cb,
      NULL,
      NULL);
}

DexFuture *
xmpp_pubsub_set_access (XmppPubsub *self,
                        const char *node,
                        XmppAccess access)
{
  XmppNode *form;

  g_return_val_if_fail (XMPP_IS_PUBSUB (self), NULL);
  g_return_val_if_fail (node != NULL, NULL);
  g_return_val_if_fail (access != XMPP_ACCESS_KEEP, NULL);

  form = create_form (NS_NODE_CONFIG, access);

  return dex_future_then (
      send_owner (self,
                  TRUE,
                  xmpp_el ("configure", XMPP_NS_PUBSUB_OWNER, xmpp_attr ("node", node), form)),
      true_cb,
      NULL,
      NULL);
}

DexFuture *
xmpp_pubsub_purge (XmppPubsub *self,
                   const char *node)
{
  g_return_val_if_fail (XMPP_IS_PUBSUB (self), NULL);
  g_return_val_if_fail (node != NULL, NULL);

  return dex_future_then (
      send_owner (self, TRUE, xmpp_el ("purge", XMPP_NS_PUBSUB_OWNER, xmpp_attr ("node", node))),
      true_cb,
      NULL,
      NULL);
}

/* ---- fetching ---- */

static DexFuture *
fetched_cb (DexFuture *future,
            gpointer user_data)
{
  const char *node = user_data;
  const GValue *value = dex_future_get_value (future, NULL);
  XmppNode *items =
      xmpp_node_find (g_value_get_boxed (value), "pubsub", XMPP_NS_PUBSUB, "items", XMPP_NS_PUBSUB, NULL);

  if (items == NULL || g_strcmp0 (xmpp_node_get_attr (items, "node"), node) != 0)
    return dex_future_new_reject (XMPP_STANZA_ERROR,
                                  XMPP_STANZA_ERROR_UNDEFINED_CONDITION,
                                  "The answer is none");

  return dex_future_new_take_boxed (XMPP_TYPE_NODE, xmpp_node_ref (items));
}

DexFuture *
xmpp_pubsub_fetch (XmppPubsub *self,
                   XmppJid *jid,
                   const char *node,
                   const char *id,
                   guint max)
{
  XmppNode *items;

  g_return_val_if_fail (XMPP_IS_PUBSUB (self), NULL);
  g_return_val_if_fail (node != NULL, NULL);

  items = xmpp_el ("items",
                   XMPP_NS_PUBSUB,
                   xmpp_attr ("node", node),
                   id == NULL && max > 0 ? xmpp_attr_uint ("max_items", max) : NULL,
                   id != NULL ? xmpp_el ("item", XMPP_NS_PUBSUB, xmpp_attr ("id", id)) : NULL);

  return dex_future_then (xmpp_session_send_iq (xmpp_feature_get_session (XMPP_FEATURE (self)),
                                                xmpp_iq_get (jid, xmpp_el ("pubsub", XMPP_NS_PUBSUB, items))),
                          fetched_cb,
                          g_strdup (node),
                          g_free);
}
