/* XEP-0153 vCard-Based Avatars, version 1.1.1, and XEP-0054 vcard-temp, version 1.3.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"
#include "xmpp-vcard-info.h"

G_BEGIN_DECLS

/* Reads the picture hash in presences and hands it to [class@Xmpp.Avatar]. */
#define XMPP_TYPE_VCARD (xmpp_vcard_get_type ())
G_DECLARE_FINAL_TYPE (XmppVcard, xmpp_vcard, XMPP, VCARD, XmppFeature)

/* @jid: NULL for the own account. Everybody may read a vCard of this kind. Resolves to a boxed XmppVcardInfo,
 * rejects with XMPP_STANZA_ERROR; ITEM_NOT_FOUND when there is none. */
DexFuture *xmpp_vcard_fetch (XmppVcard *self, XmppJid *jid) G_GNUC_WARN_UNUSED_RESULT;
/* Writes what differs from what is there, and leaves the rest, the picture among it. Resolves to true,
 * rejects with XMPP_STANZA_ERROR. */
DexFuture *xmpp_vcard_save (XmppVcard *self, const XmppVcardInfo *info) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
