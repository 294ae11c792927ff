/* The sending half of a stream: bytes of one turn of the main loop leave in one write
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

/**
 * XmppStreamWriter:
 *
 * Keeps the order of everything appended. When a write fails, only @failed is called, which is to stop the
 * writer.
 */
typedef struct _XmppStreamWriter XmppStreamWriter;

/* @error: transfer full */
typedef void (*XmppStreamWriterFailed) (gpointer user_data, GError *error);

XmppStreamWriter *
xmpp_stream_writer_new (GOutputStream *output, XmppStreamWriterFailed failed, gpointer user_data);
/* Stops a write that is under way. What is waiting for bytes to be written rejects. */
void xmpp_stream_writer_free (XmppStreamWriter *self);

/* Goes on with another stream, e.g. under TLS. Only while nothing is waiting to be written. */
void xmpp_stream_writer_set_output (XmppStreamWriter *self, GOutputStream *output);

void xmpp_stream_writer_append (XmppStreamWriter *self, const char *text);

/* Resolves as soon as everything appended so far is written. */
DexFuture *xmpp_stream_writer_flush (XmppStreamWriter *self) G_GNUC_WARN_UNUSED_RESULT;

/* Nothing more is written; whoever waits gets a copy of @error. */
void xmpp_stream_writer_stop (XmppStreamWriter *self, const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppStreamWriter, xmpp_stream_writer_free)

G_END_DECLS
