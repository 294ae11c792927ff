/* The base class of protocol features: one XEP, one subclass
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libdex.h>

#include "xmpp-message.h"
#include "xmpp-node.h"

G_BEGIN_DECLS

typedef struct _XmppSession XmppSession;

/* The order in which hooks see a message; see architecture.md 3.5. */
typedef enum
{
  XMPP_STAGE_UNWRAP,
  XMPP_STAGE_DECRYPT,
  XMPP_STAGE_ANNOTATE,
  XMPP_STAGE_DELIVER,
} XmppStage;

typedef enum
{
  XMPP_VERDICT_PASS,  /* go on */
  XMPP_VERDICT_DROP,  /* forged or used up: nobody else sees it */
  XMPP_VERDICT_RERUN, /* the stanza was unwrapped: start over with the inner one, at most once */
} XmppVerdict;

#define XMPP_TYPE_FEATURE (xmpp_feature_get_type ())
G_DECLARE_DERIVABLE_TYPE (XmppFeature, xmpp_feature, XMPP, FEATURE, GObject)

/* @payload: the child element in the namespace the hook was added for. Hooks never wait for the network. */
typedef XmppVerdict (*XmppMessageHook) (XmppFeature *self, XmppMessage *message, XmppNode *payload);
/* @from: the sender, NULL for the own server. @payload: NULL for hooks of plain presence (namespace NULL). */
typedef void (*XmppPresenceHook) (XmppFeature *self, XmppNode *presence, XmppJid *from, XmppNode *payload);
/* Returns the answer (xmpp_iq_result or xmpp_iq_error), or NULL to decline: the session then answers what it
 * answers to every unknown request, so that a stranger cannot tell the two apart. @from: NULL for the own
 * server. */
typedef XmppNode *(*XmppIqHandler) (XmppFeature *self, XmppNode *iq, XmppJid *from, XmppNode *payload);

/* Whose events a hook gets (security.md I5). */
typedef enum
{
  XMPP_EVENT_OWN,     /* the own account's alone: settings and lists that rule this client */
  XMPP_EVENT_CONTACT, /* also those of contacts whose presence we see */
} XmppEventScope;

/* XEP-0060 events. @from: bare, whose node it is. @items: the <items/> element with <item/> or <retract/>, or
 * <purge/>, <delete/>. */
typedef void (*XmppEventHook) (XmppFeature *self, XmppJid *from, XmppNode *items);

struct _XmppFeatureClass
{
  GObjectClass parent_class;

  /* Once per new stream, not after a resume: enable things, fetch lists. NULL: nothing to do. */
  DexFuture *(*online) (XmppFeature *self);
  /* The stream goes on after a resume. */
  void (*resumed) (XmppFeature *self);
  /* The session ended and was not resumed: forget what the server will say anew. */
  void (*offline) (XmppFeature *self);

  /* Whether @jid's presence and events are of interest to anybody here. NULL: leaves it to the others. */
  gboolean (*sees) (XmppFeature *self, XmppJid *jid);

  /*< private >*/
  struct _XmppFeatureHooks *hooks;
};

/* For class_init only. */
void xmpp_feature_class_add_disco (XmppFeatureClass *klass, const char *feature_var);
void xmpp_feature_class_add_message_hook (XmppFeatureClass *klass,
                                          XmppStage stage,
                                          const char *ns,
                                          XmppMessageHook hook);
void xmpp_feature_class_add_presence_hook (XmppFeatureClass *klass, const char *ns, XmppPresenceHook hook);
void xmpp_feature_class_add_iq_handler (XmppFeatureClass *klass,
                                        const char *type,
                                        const char *ns,
                                        XmppIqHandler handler);
/* Also announces "@node+notify" (XEP-0163): the server sends what contacts publish there. */
void xmpp_feature_class_add_event_hook (XmppFeatureClass *klass,
                                        const char *node,
                                        XmppEventScope scope,
                                        XmppEventHook hook);

XmppSession *xmpp_feature_get_session (XmppFeature *self); /* borrowed; the session owns its features */

G_END_DECLS
