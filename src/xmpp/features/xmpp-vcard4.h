/* XEP-0292 vCard4 Over XMPP, version 0.12.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-pubsub.h"
#include "xmpp-vcard-info.h"

G_BEGIN_DECLS

#define XMPP_NS_VCARD4 "urn:xmpp:vcard4" /* the node */

/* Tells that vCards are understood. Nothing is fetched by itself. */
#define XMPP_TYPE_VCARD4 (xmpp_vcard4_get_type ())
G_DECLARE_FINAL_TYPE (XmppVcard4, xmpp_vcard4, XMPP, VCARD4, XmppFeature)

/* @jid: NULL for the own account. Resolves to a boxed XmppVcardInfo, rejects with XMPP_STANZA_ERROR;
 * ITEM_NOT_FOUND when there is none. */
DexFuture *xmpp_vcard4_fetch (XmppVcard4 *self, XmppJid *jid) G_GNUC_WARN_UNUSED_RESULT;
/* Writes what differs from what is published, and leaves the rest. Resolves to true, rejects with
 * XMPP_STANZA_ERROR. */
DexFuture *xmpp_vcard4_publish (XmppVcard4 *self,
                                const XmppVcardInfo *info,
                                XmppAccess access) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
