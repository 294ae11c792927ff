/* XEP-0060 Publish-Subscribe, version 1.30.0, as far as XEP-0163 Personal Eventing Protocol, version 1.2.2,
 * needs it SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

#define XMPP_NS_PUBSUB "http://jabber.org/protocol/pubsub"
#define XMPP_NS_PUBSUB_EVENT "http://jabber.org/protocol/pubsub#event"
#define XMPP_NS_PUBSUB_OWNER "http://jabber.org/protocol/pubsub#owner"

/* Who may read a node of ours. */
typedef enum
{
  XMPP_ACCESS_CONTACTS, /* access model "presence" */
  XMPP_ACCESS_OPEN,
  XMPP_ACCESS_PRIVATE, /* "whitelist": only with a server that checks publish-options (security.md I13) */
  XMPP_ACCESS_KEEP,    /* contacts for a new node; one that is there stays as its owner set it up */
} XmppAccess;

/* Brings events to the hooks added by xmpp_feature_class_add_event_hook(), each from whose node it is (I5).
 */
#define XMPP_TYPE_PUBSUB (xmpp_pubsub_get_type ())
G_DECLARE_FINAL_TYPE (XmppPubsub, xmpp_pubsub, XMPP, PUBSUB, XmppFeature)

/**
 * xmpp_pubsub_publish:
 * @node: of the own account
 * @id: (nullable): "current" for nodes with one item
 * @payload: (transfer full):
 *
 * Publishes with publish-options as a precondition: if the node exists with another access model, it is
 * reconfigured once and the item published again (XEP-0060 section 7.1.5).
 *
 * Returns: (transfer full): a future that resolves to true, or rejects with XMPP_STANZA_ERROR; with
 *   FEATURE_NOT_IMPLEMENTED, and nothing sent, if @access is private and the server does not know
 * publish-options
 */
DexFuture *xmpp_pubsub_publish (XmppPubsub *self,
                                const char *node,
                                const char *id,
                                XmppAccess access,
                                XmppNode *payload) G_GNUC_WARN_UNUSED_RESULT;

/**
 * xmpp_pubsub_get_access:
 * @node: of the own account
 *
 * Returns: (transfer full): a future that resolves to an #XmppAccess, an unsigned integer; models that Linnet
 *   does not set count as private. Rejects with XMPP_STANZA_ERROR; ITEM_NOT_FOUND when there is no such node
 */
DexFuture *xmpp_pubsub_get_access (XmppPubsub *self, const char *node) G_GNUC_WARN_UNUSED_RESULT;
/* Changes who may read a node of the own account that is there. Resolves to true, rejects as above. */
DexFuture *xmpp_pubsub_set_access (XmppPubsub *self,
                                   const char *node,
                                   XmppAccess access) G_GNUC_WARN_UNUSED_RESULT;
/* Takes back all items of a node of the own account. Resolves to true, rejects as above. */
DexFuture *xmpp_pubsub_purge (XmppPubsub *self, const char *node) G_GNUC_WARN_UNUSED_RESULT;

/* @jid: NULL for the own account; @id: NULL for the newest @max items. Resolves to the boxed <items/> node.
 * An answer that is about another node rejects. */
DexFuture *xmpp_pubsub_fetch (XmppPubsub *self, XmppJid *jid, const char *node, const char *id, guint max)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
