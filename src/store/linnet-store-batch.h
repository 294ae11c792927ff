/* What came in by a stream, made durable in one transaction (R2)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store-archive.h"
#include "linnet-store-changes.h"
#include "linnet-store-roster.h"

G_BEGIN_DECLS

/**
 * LinnetStoreBatch:
 *
 * Operations of one account, carried out in their order by linnet_store_batch_commit(): all of them or none.
 * Atomically reference-counted; nothing is added once it was committed.
 * @jid is always the conversation's address; it must have passed the origin checks (security.md I1-I11).
 */
typedef struct _LinnetStoreBatch LinnetStoreBatch;

LinnetStoreBatch *linnet_store_batch_new (gint64 account);
LinnetStoreBatch *linnet_store_batch_ref (LinnetStoreBatch *self);
void linnet_store_batch_unref (LinnetStoreBatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetStoreBatch, linnet_store_batch_unref)
guint linnet_store_batch_get_length (LinnetStoreBatch *self); /* operations so far */

/**
 * linnet_store_batch_add_message:
 * @message: (transfer full): a new row
 *
 * Appends a message to the conversation, which is made when it is new. It is a DUPLICATE (R14) when the
 * conversation has one with the same archive id, or one of the same sender (direction) with the same origin
 * id; an outgoing one also when its stanza id is that of a message with an origin id. A duplicate adds what
 * the known row lacks (archive id) and counts as acknowledgement of an own one. Events that wait for it are
 * applied. An outgoing message says that everything before it was read. A conversation that begins with a
 * message of somebody who is not known is one with a STRANGER.
 */
void linnet_store_batch_add_message (LinnetStoreBatch *self, const char *jid, LinnetStoreMessage *message);

/* Messages of strangers are dropped, not kept as requests: IGNORED. */
void linnet_store_batch_set_contacts_only (LinnetStoreBatch *self, gboolean contacts_only);

/* Their device has our message @target (its stanza id, or origin id): DELIVERED (XEP-0184). */
void linnet_store_batch_add_receipt (LinnetStoreBatch *self,
                                     const char *jid,
                                     const char *target);
/* They read our message @target and everything of ours before it: READ (XEP-0333). */
void linnet_store_batch_add_displayed (LinnetStoreBatch *self,
                                       const char *jid,
                                       const char *target);
/* Our message @target came back with an error: FAILED, unless a receipt proved otherwise (R16). @text:
   nullable. */
void linnet_store_batch_add_error (LinnetStoreBatch *self,
                                   const char *jid,
                                   const char *target,
                                   const char *condition,
                                   const char *text);
/* Another device of ours showed their message @target and everything before it. */
void linnet_store_batch_add_read_here (LinnetStoreBatch *self,
                                       const char *jid,
                                       const char *target);
/* The name they give themselves (XEP-0172); NULL: none. See linnet-store-profiles.h. */
void linnet_store_batch_add_nickname (LinnetStoreBatch *self, const char *jid, const char *nickname);
/* A push, or with @full the whole roster. @contacts: (transfer full), of LinnetStoreContact. @version:
   nullable: leaves the version as it is in a push, unsets it in a full one. */
void linnet_store_batch_add_roster (LinnetStoreBatch *self,
                                    GPtrArray *contacts,
                                    gboolean full,
                                    const char *version);
/* The stanzas counted so far in the account's stream, written in the same transaction. The last value counts.
   Is no operation: has no outcome. */
void linnet_store_batch_set_sm_h (LinnetStoreBatch *self, guint32 sm_h);

/* The messages of the batch are a page of an archive, oldest first, without those that were known when it
   was asked for. They get their places among the others; what is known of the archive is written in the same
   transaction (R12). Is no operation. @page: copied. */
void linnet_store_batch_set_page (LinnetStoreBatch *self, const LinnetStorePage *page);
/* Nothing of @archive is missing before the batch: its last message with an archive id is the newest known
   one (R12). Is no operation. */
void linnet_store_batch_set_follow (LinnetStoreBatch *self, const char *archive);

/**
 * linnet_store_batch_commit:
 *
 * When it was rejected with FULL, IO or BUSY nothing was done, and the same batch may be committed again
 * (R26).
 *
 * Returns: (transfer full): a future that resolves to the [struct@Linnet.StoreChanges] once they are on the
 *   disk. Rejects with NOT_FOUND when the account is gone.
 */
DexFuture *linnet_store_batch_commit (LinnetStore *store, LinnetStoreBatch *batch) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
