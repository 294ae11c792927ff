/* A store in a directory of its own, for one test
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store-accounts.h"
#include "linnet-store-batch.h"
#include "linnet-store-outbox.h"
#include "linnet-test.h"

G_BEGIN_DECLS

#define ANA "ana@lark.test"
#define MIRA "mira@lark.test"

typedef struct
{
  char *directory;
  LinnetStore *store;
  gint64 account; /* ANA's */
} StoreFixture;

/* All of these only in a test's body: they await. */
StoreFixture *store_fixture_new (void); /* open, with the account ANA */
void store_fixture_free (StoreFixture *self);
void store_fixture_close (StoreFixture *self);
void store_fixture_open (StoreFixture *self);
char *store_fixture_get_path (StoreFixture *self, const char *name); /* transfer full */

/* The first column of the first row; -1 when there is none. */
gint64 store_fixture_number (StoreFixture *self, const char *sql);
/* One column of every row. Transfer full. */
char **store_fixture_texts (StoreFixture *self, const char *sql, int column);
void store_fixture_execute (StoreFixture *self, const char *sql);

/* New rows; @id is stanza id and origin id. */
LinnetStoreMessage *store_message_in (const char *id, const char *body);
LinnetStoreMessage *store_message_out (const char *id, const char *body);

/* The conversation with @jid. */
gint64 store_fixture_conversation (StoreFixture *self, const char *jid);
/* Sends to the conversation with @jid. */
LinnetStoreChanges *store_fixture_send (StoreFixture *self,
                                        const char *jid,
                                        const char *id,
                                        const char *body);
/* Commits @batch (consumed). */
LinnetStoreChanges *store_fixture_commit (StoreFixture *self, LinnetStoreBatch *batch);
/* One message as a batch. */
LinnetStoreChanges *store_fixture_receive (StoreFixture *self, const char *jid, LinnetStoreMessage *message);
LinnetStoreMessage *store_fixture_get (StoreFixture *self, gint64 message);
/* Bodies of everything in the conversation with @jid, in order, with commas between. Transfer full. */
char *store_fixture_bodies (StoreFixture *self, const char *jid);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreFixture, store_fixture_free)

/* Of a batch only. */
#define store_outcome(changes, index) (&g_array_index ((changes)->outcomes, LinnetStoreOutcome, (index)))
#define store_state_change(changes, index) \
  ((const LinnetStoreStateChange *) g_ptr_array_index ((changes)->states, (index)))
#define store_conversation(changes, index) \
  ((const LinnetStoreConversation *) g_ptr_array_index ((changes)->conversations, (index)))
#define store_new_message(changes, index) \
  ((const LinnetStoreMessage *) g_ptr_array_index ((changes)->messages, (index)))

G_END_DECLS
