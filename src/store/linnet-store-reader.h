/* Reading all messages of a profile in their order, beside the store
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store-messages.h"

G_BEGIN_DECLS

/**
 * LinnetStoreReader:
 *
 * A connection of its own that only reads, and sees the profile as it was when it was opened, whatever the
 * store writes meanwhile. For any one thread; synchronous; fails with LINNET_STORE_ERROR.
 */
typedef struct _LinnetStoreReader LinnetStoreReader;

/* What is read of a message; valid while the callback runs. */
typedef struct
{
  gint64 time;      /* Unix µs */
  const char *body; /* never NULL */
  char *stanza_id;  /* nullable */
  LinnetStoreState state;
  gboolean outgoing;
} LinnetStoreReaderMessage;

typedef gboolean (*LinnetStoreReaderFunc) (const LinnetStoreReaderMessage *message,
                                           gpointer user_data,
                                           GError **error);

/* @directory: the profile's */
LinnetStoreReader *linnet_store_reader_open (const char *directory, GError **error);
void linnet_store_reader_free (LinnetStoreReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetStoreReader, linnet_store_reader_free)

/* How many messages an account has. */
guint64 linnet_store_reader_count (LinnetStoreReader *self, gint64 account);
/* Calls @func for each message with a text of @conversation, oldest first, one at a time in memory, until it
 * returns %FALSE. */
gboolean linnet_store_reader_each (LinnetStoreReader *self,
                                   gint64 conversation,
                                   LinnetStoreReaderFunc func,
                                   gpointer user_data,
                                   GError **error);

G_END_DECLS
