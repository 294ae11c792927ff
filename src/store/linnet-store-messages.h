/* Rows of messages, and pages of them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store.h"

G_BEGIN_DECLS

/* Stored as these numbers: only ever append. */
typedef enum
{
  LINNET_STORE_STATE_QUEUED,    /* in the outbox */
  LINNET_STORE_STATE_SENT,      /* the server has it */
  LINNET_STORE_STATE_DELIVERED, /* a device of theirs has it */
  LINNET_STORE_STATE_READ,
  LINNET_STORE_STATE_FAILED,
  LINNET_STORE_STATE_RECEIVED, /* an incoming one; its only state */
} LinnetStoreState;

typedef enum
{
  LINNET_STORE_TYPE_CHAT,
  LINNET_STORE_TYPE_NORMAL,
  LINNET_STORE_TYPE_GROUPCHAT,
  LINNET_STORE_TYPE_HEADLINE,
} LinnetStoreMessageType;

typedef enum
{
  LINNET_STORE_KIND_TEXT,
  LINNET_STORE_KIND_EVENT,         /* something that happened, told in the timeline */
  LINNET_STORE_KIND_UNDECRYPTABLE, /* kept until it can be read */
} LinnetStoreKind;

typedef enum
{
  LINNET_STORE_ENCRYPTION_NONE,
} LinnetStoreEncryption;

/**
 * LinnetStoreMessage:
 *
 * Boxed, atomically reference-counted; not changed once it was given to or came from the store.
 */
typedef struct
{
  gint64 id;             /* given by the store; never changes */
  gint64 conversation;   /* given by the store */
  gint64 position;       /* given by the store: the order within the conversation (R18), never the clock */
  gint64 time;           /* Unix µs, for showing: the server's stamp, or when it came or was written */
  gint64 received;       /* Unix µs: when this program got or wrote it; 0 in a new one: the same as @time */
  char *stanza_id;       /* nullable: the stanza's id attribute */
  char *origin_id;       /* nullable: XEP-0359 */
  char *archive_id;      /* nullable: XEP-0359 stanza-id, by the conversation's own archive only */
  char *resource;        /* nullable: of who sent it; the bare address is the conversation's or the own */
  char *body;            /* nullable */
  char *error_condition; /* nullable: why it FAILED; a defined condition such as "service-unavailable" */
  char *error_text;      /* nullable: what the other side wrote about it */
  LinnetStoreState state;
  LinnetStoreMessageType type;
  LinnetStoreKind kind;
  LinnetStoreEncryption encryption;
  guint outgoing : 1; /* by this account, from whichever device */
  guint markable : 1; /* XEP-0333: they want to know that it was read */

  gatomicrefcount ref_count;
} LinnetStoreMessage;

#define LINNET_TYPE_STORE_MESSAGE (linnet_store_message_get_type ())
GType linnet_store_message_get_type (void) G_GNUC_CONST;
LinnetStoreMessage *linnet_store_message_new (void);
LinnetStoreMessage *linnet_store_message_ref (LinnetStoreMessage *self);
void linnet_store_message_unref (LinnetStoreMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetStoreMessage, linnet_store_message_unref)

/* Pages: each resolves to a boxed GPtrArray of LinnetStoreMessage, oldest first; shorter than @limit at an
   end. @anchor is a message's id; one that does not exist (any more) gives an empty page. */

/* The newest. */
DexFuture *linnet_store_messages_latest (LinnetStore *store,
                                         gint64 conversation,
                                         guint limit) G_GNUC_WARN_UNUSED_RESULT;
/* Those just before, without the anchor. */
DexFuture *linnet_store_messages_before (LinnetStore *store,
                                         gint64 anchor,
                                         guint limit) G_GNUC_WARN_UNUSED_RESULT;
/* Those just after, without the anchor. */
DexFuture *linnet_store_messages_after (LinnetStore *store,
                                        gint64 anchor,
                                        guint limit) G_GNUC_WARN_UNUSED_RESULT;
/* Up to @before ones before it, the anchor, and up to @after ones after it. */
DexFuture *linnet_store_messages_around (LinnetStore *store,
                                         gint64 anchor,
                                         guint before,
                                         guint after) G_GNUC_WARN_UNUSED_RESULT;

/* Resolves to the id (gint64) of the first incoming message that was not read; 0: none. */
DexFuture *linnet_store_messages_first_unread (LinnetStore *store,
                                               gint64 conversation) G_GNUC_WARN_UNUSED_RESULT;
/* Resolves to the LinnetStoreMessage; rejects with NOT_FOUND. */
DexFuture *linnet_store_messages_get (LinnetStore *store, gint64 message) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
