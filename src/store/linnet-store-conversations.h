/* Rows of conversations: all that a list of chats shows
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store-messages.h"

G_BEGIN_DECLS

/* Boxed, atomically reference-counted, not changed once made. */
typedef struct
{
  gint64 id;
  gint64 account;
  char *jid;            /* bare, for one-to-one conversations */
  gint64 created;       /* Unix µs */
  char *draft;          /* nullable */
  guint unread;         /* incoming messages after the last one read */
  gint64 read_position; /* of the last message that was read, of whichever direction; 0: none */
  gint64 muted_until;   /* Unix µs; 0: not muted, G_MAXINT64: for good */
  guint pinned : 1;
  guint archived : 1;
  guint request : 1;  /* they asked to see our presence, and wait for an answer */
  guint stranger : 1; /* they wrote without being known, and nobody has accepted that */

  /* the last message; last_id 0: there is none, and the rest is unset */
  gint64 last_id;
  gint64 last_time; /* Unix µs */
  gint64 last_position;
  char *last_body;     /* nullable; only its first 160 characters */
  char *last_resource; /* nullable */
  LinnetStoreState last_state;
  LinnetStoreKind last_kind;
  guint last_outgoing : 1;

  gatomicrefcount ref_count;
} LinnetStoreConversation;

#define LINNET_TYPE_STORE_CONVERSATION (linnet_store_conversation_get_type ())
GType linnet_store_conversation_get_type (void) G_GNUC_CONST;
LinnetStoreConversation *linnet_store_conversation_ref (LinnetStoreConversation *self);
void linnet_store_conversation_unref (LinnetStoreConversation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetStoreConversation, linnet_store_conversation_unref)

typedef enum
{
  LINNET_STORE_CONVERSATION_PINNED,
  LINNET_STORE_CONVERSATION_ARCHIVED,
  LINNET_STORE_CONVERSATION_REQUEST,
  LINNET_STORE_CONVERSATION_STRANGER,
  LINNET_STORE_CONVERSATION_MUTED_UNTIL,
} LinnetStoreConversationField;

/* Resolves to a boxed GPtrArray of LinnetStoreConversation of all accounts, in no particular order. */
DexFuture *linnet_store_conversations_list (LinnetStore *store) G_GNUC_WARN_UNUSED_RESULT;
/* Makes it when it is new. Resolves to the LinnetStoreConversation; rejects with NOT_FOUND without such an
   account. */
DexFuture *linnet_store_conversations_open (LinnetStore *store,
                                            gint64 account,
                                            const char *jid) G_GNUC_WARN_UNUSED_RESULT;
/* The same, and it is a REQUEST. */
DexFuture *linnet_store_conversations_open_request (LinnetStore *store,
                                                    gint64 account,
                                                    const char *jid) G_GNUC_WARN_UNUSED_RESULT;
/* These resolve to the changed LinnetStoreConversation; they reject with NOT_FOUND. */
DexFuture *linnet_store_conversations_set (LinnetStore *store,
                                           gint64 conversation,
                                           LinnetStoreConversationField field,
                                           gint64 value) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *linnet_store_conversations_set_draft (LinnetStore *store,
                                                 gint64 conversation,
                                                 const char *draft) G_GNUC_WARN_UNUSED_RESULT;
/* With its messages and all that is known of somebody who is not in the roster. Resolves to true, also when
   there is none. */
DexFuture *linnet_store_conversations_remove (LinnetStore *store,
                                              gint64 conversation) G_GNUC_WARN_UNUSED_RESULT;
/* Everything up to and with @message has been seen; never goes back. */
DexFuture *linnet_store_conversations_mark_read (LinnetStore *store,
                                                 gint64 conversation,
                                                 gint64 message) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
