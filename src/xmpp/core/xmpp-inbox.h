/* What waits to be made durable, in stream order
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

typedef struct _XmppInbox XmppInbox;

XmppInbox *xmpp_inbox_new (void);
/* A reader that still waits is rejected. */
void xmpp_inbox_free (XmppInbox *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppInbox, xmpp_inbox_free)

void xmpp_inbox_push (XmppInbox *self, XmppInboxItem *item); /* transfer full */
/* See xmpp_session_read_inbox(). One reader at a time; a second one is rejected with G_IO_ERROR_PENDING. */
DexFuture *xmpp_inbox_read (XmppInbox *self, guint max) G_GNUC_WARN_UNUSED_RESULT;

/* Back-pressure: full at 512 items; wait_room() resolves to true when half of them have been read. */
gboolean xmpp_inbox_is_full (XmppInbox *self);
DexFuture *xmpp_inbox_wait_room (XmppInbox *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
