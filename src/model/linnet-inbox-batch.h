/* From what a session received to rows, and on to what follows from them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store-batch.h"
#include "linnet-types.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

/* @items: of XmppInboxItem. Transfer full. */
LinnetStoreBatch *linnet_inbox_build_batch (gint64 account, XmppJid *self_jid, GPtrArray *items);

/* The batch of @items is durable: receipts go out, the model shows it. */
void linnet_inbox_apply_batch (LinnetAccount *account, GPtrArray *items, LinnetStoreChanges *changes);

G_END_DECLS
