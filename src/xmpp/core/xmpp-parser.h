/* Bytes to elements
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-error.h"
#include "xmpp-node.h"

G_BEGIN_DECLS

/**
 * XmppParserLimits:
 *
 * What a peer may make us hold and work on (security.md P3, P5). A field of 0 stands for the default.
 */
typedef struct
{
  gsize max_token;           /* bytes of one tag or other piece of markup: 64 KiB */
  gsize max_stanza;          /* bytes of one top-level element: 4 MiB */
  gsize max_unauthenticated; /* bytes of the whole stream before sign-in: 64 KiB */
  guint max_depth;           /* levels of elements, the stream's own included: 100 */
  guint max_attrs;           /* attributes and namespace declarations of one element: 64 */
  guint max_elements;        /* elements in one top-level element: 65536 */
} XmppParserLimits;

typedef enum
{
  XMPP_PARSER_EVENT_NONE,
  XMPP_PARSER_EVENT_OPENED,  /* the stream's header: an element without content */
  XMPP_PARSER_EVENT_ELEMENT, /* a whole top-level element */
  XMPP_PARSER_EVENT_CLOSED,  /* the end tag of the stream */
} XmppParserEvent;

/**
 * XmppParser:
 *
 * Parses one XML stream (RFC 6120 section 4), fed in pieces of any size. A stream restart takes a new parser.
 *
 * Events queue up and are fetched after feeding, so that nobody can re-enter the parser from inside of it.
 */
typedef struct _XmppParser XmppParser;

/* @limits: (nullable): copied */
XmppParser *xmpp_parser_new (const XmppParserLimits *limits);
void xmpp_parser_free (XmppParser *self);

/**
 * xmpp_parser_feed:
 *
 * Parses what came in. Before sign-in feed at most 16 KiB at a time and fetch the events after each, for
 * what follows a success belongs to the time after it.
 *
 * Returns: %FALSE with XMPP_STREAM_ERROR_NOT_WELL_FORMED, _RESTRICTED_XML or _LIMIT. That is final: the
 *   parser takes nothing more and repeats the error. What was complete before can still be fetched.
 */
gboolean xmpp_parser_feed (XmppParser *self, const char *data, gsize length, GError **error);

/**
 * xmpp_parser_flush:
 *
 * To be called whenever no more bytes are waiting: expat may put off parsing the end of what it was fed
 * until more comes, and a message would stay invisible that long (security.md P4).
 *
 * Returns: as xmpp_parser_feed()
 */
gboolean xmpp_parser_flush (XmppParser *self, GError **error);

/* The next event in order. @node: transfer full, NULL with NONE and CLOSED. */
XmppParserEvent xmpp_parser_next (XmppParser *self, XmppNode **node);

/* TRUE when nothing of what was fed is left: no event, no open element but the stream, no piece of a token.
 * What a stream must be before TLS starts on it (security.md P7). */
gboolean xmpp_parser_is_drained (XmppParser *self);

/* Lifts max_unauthenticated. */
void xmpp_parser_set_authenticated (XmppParser *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppParser, xmpp_parser_free)

G_END_DECLS
