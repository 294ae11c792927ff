/* Two connected streams in memory that deliver bytes in awkward pieces
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LinnetTestStream:
 *
 * One end of a connection in memory. By default each read and each write moves only half of what it could, so
 * code that takes a whole line for granted fails. Pollable and usable from any thread, so TLS runs over it.
 * Dropping an end closes it.
 */
#define LINNET_TYPE_TEST_STREAM (linnet_test_stream_get_type ())
G_DECLARE_FINAL_TYPE (LinnetTestStream, linnet_test_stream, LINNET, TEST_STREAM, GIOStream)

typedef enum
{
  LINNET_TEST_CHUNKS_HALF,  /* half of it, at least one byte */
  LINNET_TEST_CHUNKS_BYTE,  /* one byte at a time */
  LINNET_TEST_CHUNKS_WHOLE, /* all of it */
} LinnetTestChunks;

/* @a, @b: (out) (transfer full): the two ends */
void linnet_test_stream_new_pair (LinnetTestStream **a, LinnetTestStream **b);

/* How much goes through by one read or write of this end. */
void linnet_test_stream_set_chunks (LinnetTestStream *self, LinnetTestChunks chunks);
/* While corked, what this end writes stays unseen by the other; uncorking delivers it in one piece. */
void linnet_test_stream_set_corked (LinnetTestStream *self, gboolean corked);
/* This end's writes block while the other has @capacity unread bytes; 64 KiB at first. */
void linnet_test_stream_set_capacity (LinnetTestStream *self, gsize capacity);
/* The next read (after @after further bytes) or write of this end fails, and all later ones. @error is
 * copied. */
void linnet_test_stream_fail_reads (LinnetTestStream *self, gsize after, const GError *error);
void linnet_test_stream_fail_writes (LinnetTestStream *self, gsize after, const GError *error);
/* The other end sees "connection reset", whatever is still on the way. */
void linnet_test_stream_reset (LinnetTestStream *self);
/* What this end has written that the other has not read, corked bytes included. */
gsize linnet_test_stream_get_unread (LinnetTestStream *self);
/* How many writes of this end took something. */
guint linnet_test_stream_get_n_writes (LinnetTestStream *self);
/* Whether the other end has closed its reading side or is gone. */
gboolean linnet_test_stream_is_peer_closed (LinnetTestStream *self);

G_END_DECLS
