/* Sends what is stored, in order, until the server has it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

/**
 * LinnetOutbox:
 *
 * The mirror of the store's outbox of one account (security.md R3, R7, R8). Every stanza in it is on the disk
 * before it comes here. It is written when there is a connection, in the order of the outbox ids; again, with
 * a `<delay/>`, when a session was lost before the server acknowledged it; and it leaves, here and in the
 * store, when the server has it.
 */
#define LINNET_TYPE_OUTBOX (linnet_outbox_get_type ())
G_DECLARE_FINAL_TYPE (LinnetOutbox, linnet_outbox, LINNET, OUTBOX, GObject)

/* @account is not owned. */
LinnetOutbox *linnet_outbox_new (LinnetAccount *account, XmppSession *session);
/* Reads what an earlier run of the program left. Resolves to true. Before anything is pushed. */
DexFuture *linnet_outbox_load (LinnetOutbox *self) G_GNUC_WARN_UNUSED_RESULT;
/* After that, and before the first connection: goes on with the stream of an earlier run, whose @acked, and
 * which stanza had which number, is looked up here. What the server turns out to have is not sent again (R4,
 * R24). */
void linnet_outbox_restore_stream (LinnetOutbox *self, const XmppSessionMemory *stream);
/* The account is gone for good: so are its notes. */
void linnet_outbox_erase (LinnetOutbox *self);
/* @id, @stanza: as stored. */
void linnet_outbox_push (LinnetOutbox *self, gint64 id, const char *stanza);
/* Nothing is sent or stored any more. */
void linnet_outbox_close (LinnetOutbox *self);
guint linnet_outbox_get_length (LinnetOutbox *self); /* what the server is not known to have */

G_END_DECLS
