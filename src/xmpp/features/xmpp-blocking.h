/* XEP-0191 Blocking Command, version 1.3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

/**
 * XmppBlocking:
 *
 * Signals: "loaded" (list and [method@Xmpp.Blocking.get_supported] are known for this stream, or everything
 * was unblocked), "changed" (XmppJid, gboolean blocked).
 */
#define XMPP_TYPE_BLOCKING (xmpp_blocking_get_type ())
G_DECLARE_FINAL_TYPE (XmppBlocking, xmpp_blocking, XMPP, BLOCKING, XmppFeature)

gboolean xmpp_blocking_get_supported (XmppBlocking *self);
GPtrArray *xmpp_blocking_list (XmppBlocking *self); /* transfer full, of XmppJid */

/* Each resolves to true when the server agreed, rejects with XMPP_STANZA_ERROR. */
DexFuture *xmpp_blocking_block (XmppBlocking *self, XmppJid *jid) G_GNUC_WARN_UNUSED_RESULT;
/* @report: (nullable) (transfer full): goes along, see xmpp-spam-report.h */
DexFuture *xmpp_blocking_block_with (XmppBlocking *self,
                                     XmppJid *jid,
                                     XmppNode *report) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *xmpp_blocking_unblock (XmppBlocking *self, XmppJid *jid) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
