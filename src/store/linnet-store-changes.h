/* What a transaction did to messages and conversations
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store-conversations.h"

G_BEGIN_DECLS

/* What became of one operation of a batch. */
typedef enum
{
  LINNET_STORE_OUTCOME_DONE,      /* inserted, or something changed */
  LINNET_STORE_OUTCOME_DUPLICATE, /* this message is known; message is the known row's id */
  LINNET_STORE_OUTCOME_PENDING,   /* its target is not here yet: kept until it comes (R15) */
  LINNET_STORE_OUTCOME_IGNORED,   /* nothing to change */
} LinnetStoreOutcomeKind;

typedef struct
{
  LinnetStoreOutcomeKind kind;
  gint64 message; /* the row inserted, known or changed; 0: none */
} LinnetStoreOutcome;

/* The new state of a message that was stored before. */
typedef struct
{
  gint64 conversation;
  gint64 message;
  LinnetStoreState state;
  char *error_condition; /* nullable */
  char *error_text;      /* nullable */
} LinnetStoreStateChange;

/**
 * LinnetStoreChanges:
 *
 * Boxed, atomically reference-counted, not changed once made.
 */
typedef struct
{
  GArray *outcomes;         /* of LinnetStoreOutcome: one per operation, in order; empty without a batch */
  GPtrArray *messages;      /* of LinnetStoreMessage: those inserted, in their order */
  GPtrArray *states;        /* of LinnetStoreStateChange, oldest message first, each message once */
  GPtrArray *conversations; /* of LinnetStoreConversation: those changed, each once, as they are now */
  gint64 outbox;            /* the new outbox row's id; 0: none */

  gatomicrefcount ref_count;
} LinnetStoreChanges;

#define LINNET_TYPE_STORE_CHANGES (linnet_store_changes_get_type ())
GType linnet_store_changes_get_type (void) G_GNUC_CONST;
LinnetStoreChanges *linnet_store_changes_ref (LinnetStoreChanges *self);
void linnet_store_changes_unref (LinnetStoreChanges *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetStoreChanges, linnet_store_changes_unref)

G_END_DECLS
