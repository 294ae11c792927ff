/* XEP-0184 Message Delivery Receipts, version 1.4.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

/* Fills in XmppMessage.receipt_requested and .receipt_for. Whoever keeps the messages checks that the id is
 * one of ours to exactly that sender (security.md I11). */
#define XMPP_TYPE_RECEIPTS (xmpp_receipts_get_type ())
G_DECLARE_FINAL_TYPE (XmppReceipts, xmpp_receipts, XMPP, RECEIPTS, XmppFeature)

/* Once @message is stored: tells its sender that it arrived, if they asked, are allowed to see our presence,
 * and it is no carbon. Nothing to strangers, ever. Returns whether a receipt was sent. */
gboolean xmpp_receipts_confirm (XmppReceipts *self, XmppMessage *message);

G_END_DECLS
