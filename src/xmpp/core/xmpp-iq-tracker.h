/* Requests that wait for their answers, RFC 6120 section 8.2.3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libdex.h>

#include "xmpp-jid.h"
#include "xmpp-node.h"

G_BEGIN_DECLS

typedef struct _XmppIqTracker XmppIqTracker;

/* Runs before the future is settled; @reply or @error. */
typedef void (*XmppIqReply) (gpointer user_data, XmppNode *reply, const GError *error);

XmppIqTracker *xmpp_iq_tracker_new (XmppJid *bare_jid, guint timeout_ms);
/* Every request still open is answered with XMPP_STANZA_ERROR_DISCONNECTED. */
void xmpp_iq_tracker_free (XmppIqTracker *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppIqTracker, xmpp_iq_tracker_free)

void xmpp_iq_tracker_set_full_jid (XmppIqTracker *self, XmppJid *full_jid);
void xmpp_iq_tracker_set_timeout (XmppIqTracker *self, guint timeout_ms); /* for requests made from now on */

/**
 * xmpp_iq_tracker_add:
 * @iq: (inout): gets a new random id
 * @reply: (nullable): told first, in stream order
 *
 * Returns: (transfer full): a future that resolves to the result's boxed [struct@Xmpp.Node], or rejects with
 *   XMPP_STANZA_ERROR; rejected already (JID_MALFORMED) when there is nothing to send
 */
DexFuture *xmpp_iq_tracker_add (XmppIqTracker *self, XmppNode **iq, XmppIqReply reply, gpointer user_data)
    G_GNUC_WARN_UNUSED_RESULT;

/**
 * xmpp_iq_tracker_take:
 * @from: (nullable): the sender of @iq, a result or error
 *
 * Returns: whether it is an answer to a request, sent by whom the request went to (security.md I4)
 */
gboolean xmpp_iq_tracker_take (XmppIqTracker *self, XmppNode *iq, XmppJid *from);
/* @future: of xmpp_iq_tracker_add(): its time begins anew. */
void xmpp_iq_tracker_prolong (XmppIqTracker *self, DexFuture *future);
void xmpp_iq_tracker_fail_all (XmppIqTracker *self);
guint xmpp_iq_tracker_get_n_open (XmppIqTracker *self);

/* 144 random bits as URL-safe text: ids that nobody can guess. Transfer full. */
char *xmpp_iq_tracker_create_id (void);

G_END_DECLS
