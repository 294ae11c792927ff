/* Makes what came in durable, then shows it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

/**
 * LinnetInbox:
 *
 * One fiber per account: takes what a session received, writes it together with the counter of handled
 * stanzas in one transaction, lets the session acknowledge it only then (security.md R2), and brings the
 * model up to date once for the whole batch. When the disk fails it keeps the batch, tells, and tries again
 * (R26); the session stops reading meanwhile.
 */
#define LINNET_TYPE_INBOX (linnet_inbox_get_type ())
G_DECLARE_FINAL_TYPE (LinnetInbox, linnet_inbox, LINNET, INBOX, GObject)

/* @account is not owned. Starts at once. */
LinnetInbox *linnet_inbox_new (LinnetAccount *account, XmppSession *session);
/* Resolves to true once everything the session received so far is durable: it may be resumed. Rejects when
 * the inbox is closed. */
DexFuture *linnet_inbox_wait_drained (LinnetInbox *self) G_GNUC_WARN_UNUSED_RESULT;
/* Tries at once what the disk refused. */
void linnet_inbox_retry_now (LinnetInbox *self);
/* Nothing is stored any more. Resolves to true when the fiber is over. */
DexFuture *linnet_inbox_close (LinnetInbox *self) G_GNUC_WARN_UNUSED_RESULT;

/* After closing, when the account is gone for good. */
void linnet_inbox_erase (LinnetInbox *self);

G_END_DECLS
