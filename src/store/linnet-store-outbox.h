/* Stanzas that must reach the server: their final bytes, until it has acknowledged them (R3, R7)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store-changes.h"

G_BEGIN_DECLS

/* Boxed; copied deeply. */
typedef struct
{
  gint64 id;      /* the token for xmpp_session_send_stored(); ascending in the order of writing */
  gint64 message; /* the row it carries */
  gint64 created; /* Unix µs */
  char *stanza;   /* never changed, so a second sending is byte for byte the first */
} LinnetStoreOutboxItem;

#define LINNET_TYPE_STORE_OUTBOX_ITEM (linnet_store_outbox_item_get_type ())
GType linnet_store_outbox_item_get_type (void) G_GNUC_CONST;
LinnetStoreOutboxItem *linnet_store_outbox_item_copy (const LinnetStoreOutboxItem *self);
void linnet_store_outbox_item_free (LinnetStoreOutboxItem *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetStoreOutboxItem, linnet_store_outbox_item_free)

/**
 * linnet_store_outbox_send:
 * @message: (transfer full): a new outgoing row with stanza id and body; becomes QUEUED
 * @stanza: what will be written to the stream
 *
 * Stores message and stanza together; only then may it be sent. Clears the conversation's draft and says that
 * everything before it was read.
 *
 * Returns: (transfer full): a future that resolves to [struct@Linnet.StoreChanges] with the row and the
 * outbox id
 */
DexFuture *linnet_store_outbox_send (LinnetStore *store,
                                     gint64 conversation,
                                     LinnetStoreMessage *message,
                                     const char *stanza) G_GNUC_WARN_UNUSED_RESULT;
/* Queues a FAILED message again. @stanza: should carry the same ids (the others then see it once). Resolves
   to LinnetStoreChanges; rejects with NOT_FOUND when it is not FAILED (any more). */
DexFuture *linnet_store_outbox_retry (LinnetStore *store,
                                      gint64 message,
                                      const char *stanza) G_GNUC_WARN_UNUSED_RESULT;
/* Everything the server is not known to have, in the order of writing: a boxed GPtrArray of
   LinnetStoreOutboxItem. What comes back (receipt, error, carbon) leaves it without an acknowledgement, so
   ask again before a stanza is sent a second time. */
DexFuture *linnet_store_outbox_list (LinnetStore *store, gint64 account) G_GNUC_WARN_UNUSED_RESULT;
/* The server has them (@ids: outbox ids): SENT. Unknown ids are skipped. Resolves to LinnetStoreChanges. */
DexFuture *linnet_store_outbox_ack (LinnetStore *store,
                                    const gint64 *ids,
                                    guint n_ids) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
