/* Who gets to see which stanza: made once from the features' classes, never changed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-feature.h"

G_BEGIN_DECLS

typedef struct _XmppDispatch XmppDispatch;

/**
 * xmpp_dispatch_new:
 * @features: (element-type Xmpp.Feature): in order; they must outlive the table
 *
 * Returns: (transfer full): the table of the features' hooks
 */
XmppDispatch *xmpp_dispatch_new (GPtrArray *features);
void xmpp_dispatch_free (XmppDispatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppDispatch, xmpp_dispatch_free)

/**
 * xmpp_dispatch_message:
 *
 * Takes @message through the stages. Errors are shown to no hook: what they carry is our own stanza, sent
 * back.
 *
 * Returns: whether it is still a message for somebody to read
 */
gboolean xmpp_dispatch_message (XmppDispatch *self, XmppMessage *message);
/* The same for one that was unwrapped by somebody who keeps it: without the stage UNWRAP. */
gboolean xmpp_dispatch_unwrapped (XmppDispatch *self, XmppMessage *message);
void xmpp_dispatch_presence (XmppDispatch *self, XmppNode *presence, XmppJid *from);
/* Returns: (transfer full) (nullable): the answer; NULL when nobody wants the request. */
XmppNode *xmpp_dispatch_iq (XmppDispatch *self, XmppNode *iq, XmppJid *from);

/**
 * xmpp_dispatch_event:
 * @from: bare: whose node it is
 * @own: @from is the own account
 * @contact: @from is somebody whose presence we see
 *
 * Brings an event to the hooks of its node whose scope allows @from (security.md I5).
 */
void xmpp_dispatch_event (XmppDispatch *self, XmppJid *from, XmppNode *items, gboolean own, gboolean contact);

const char *const *xmpp_dispatch_get_disco_features (XmppDispatch *self); /* sorted, each once */

G_END_DECLS
