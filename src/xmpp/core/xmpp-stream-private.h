/* What the files of XmppStream share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-parser.h"
#include "xmpp-stream-writer.h"
#include "xmpp-stream.h"

G_BEGIN_DECLS

#define XMPP_STREAM_READ_SIZE (16 * 1024)

typedef enum
{
  XMPP_STREAM_PHASE_IDLE,     /* nothing is expected, nothing is read */
  XMPP_STREAM_PHASE_HEADER,   /* the server's stream header comes next */
  XMPP_STREAM_PHASE_FEATURES, /* <stream:features/> comes next */
  XMPP_STREAM_PHASE_PROCEED,  /* the answer to <starttls/> comes next */
  XMPP_STREAM_PHASE_READY,    /* anything may come, for xmpp_stream_read() */
} XmppStreamPhase;

struct _XmppStream
{
  GObject parent_instance;

  GIOStream *transport; /* what the stream was made of */
  GIOStream *io;        /* the same, or TLS over it */
  XmppStreamWriter *writer;
  XmppParser *parser; /* NULL before the first header and during a handshake */
  XmppStreamPhase phase;

  guint8 *buffer;
  GSource *source; /* of the next reading turn; nullable */
  GQueue nodes;    /* XmppNode nobody has read yet */
  GQueue readers;  /* DexPromise */

  DexPromise *step;      /* of the phases HEADER to PROCEED; nullable */
  XmppNode *step_result; /* what it will resolve to; nullable */

  GError *error;     /* what ended the stream; nullable */
  DexPromise *ended; /* rejects with @error */

  XmppTlsInfo *tls_info; /* nullable */
  gint64 last_read;
  gsize budget; /* bytes before sign-in; 0: the parser's default */

  guint authenticated : 1;
  guint secure : 1;
  guint header_sent : 1;
  guint close_sent : 1;
  guint unchecked : 1;  /* the last turn stopped before it knew that the socket is empty */
  guint error_told : 1; /* @ended and the readers know of @error */
};

/* ---- xmpp-stream-read.c ---- */

/* Reads when there is something, if it makes sense now. */
void xmpp_stream_arm (XmppStream *self);
/* Makes and arms @step for @phase; returns its future. */
DexFuture *xmpp_stream_expect (XmppStream *self, XmppStreamPhase phase);

/* ---- xmpp-stream-end.c ---- */

/* Ends the stream: it takes @error, tells the server if it is ours to tell, and closes the connection. */
void xmpp_stream_fail (XmppStream *self, GError *error);
/* The same without telling those who wait. */
void xmpp_stream_set_error (XmppStream *self, GError *error);
/* Tells them, if the stream has ended. Last of all: they may drop it. */
void xmpp_stream_tell_error (XmppStream *self);
/* Rejects as soon as the stream has ended, and drops @future (consumed) then. */
DexFuture *xmpp_stream_unless_ended (XmppStream *self, DexFuture *future);

G_END_DECLS
