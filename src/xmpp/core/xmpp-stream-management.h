/* XEP-0198 Stream Management, version 1.6.3: the counters and the queue
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-node.h"

G_BEGIN_DECLS

#define XMPP_NS_SM "urn:xmpp:sm:3"

/**
 * XmppStreamManagement:
 *
 * What both ends have to agree on about one session: which stanzas arrived. It does no input or output: the
 * session
 * tells it what it wrote and read, and asks it what to write. All counters are 32 bits wide and wrap around,
 * as
 * section 4 has it; they start at 0 when stream management is enabled and go on over a resumption.
 *
 * A stanza is *received* when it was read, and *handled* only when what came of it is durable (security.md
 * R2). Only
 * the handled count is ever told to the server.
 */
typedef struct _XmppStreamManagement XmppStreamManagement;

typedef enum
{
  XMPP_SM_IQ,
  XMPP_SM_PRESENCE,
  XMPP_SM_MESSAGE,
} XmppSmKind;

/**
 * XmppSmStanza:
 * @node: (nullable): the stanza, or
 * @xml: (nullable): its bytes, sent again as they are
 * @token: the caller's name for a stored stanza, 0 for one nobody stored
 * @counter: its place in the session
 */
typedef struct
{
  XmppSmKind kind;
  XmppNode *node;
  char *xml;
  gint64 token;
  guint32 counter;
} XmppSmStanza;

XmppStreamManagement *xmpp_stream_management_new (void);
void xmpp_stream_management_free (XmppStreamManagement *self);

/* <enabled/> came: both counters are 0 from here on. @id: NULL when the server will not resume (also with
 * resume='false').
 * Call xmpp_stream_management_take_unacked() first. */
void xmpp_stream_management_enable (XmppStreamManagement *self, const char *id);
/* The session is over for good: nothing counts and nothing can be resumed. Stanzas stay until they are
 * taken. */
void xmpp_stream_management_disable (XmppStreamManagement *self);
gboolean xmpp_stream_management_is_enabled (XmppStreamManagement *self);
/* What to resume; NULL when that is not possible. */
const char *xmpp_stream_management_get_id (XmppStreamManagement *self);

/* ---- stanzas out ---- */

/* Call as the stanza is written: either @node (borrowed) or @xml (copied). Returns its place in the session.
 * */
guint32 xmpp_stream_management_sent (XmppStreamManagement *self,
                                     XmppSmKind kind,
                                     XmppNode *node,
                                     const char *xml,
                                     gint64 token);
guint xmpp_stream_management_get_n_unacked (XmppStreamManagement *self);

/**
 * xmpp_stream_management_acked:
 * @h: from `<a/>`
 * @tokens: (out) (optional): the tokens other than 0 of the stanzas that are now the server's, in order
 * (gint64)
 *
 * Returns: %FALSE with %XMPP_STREAM_ERROR_PROTOCOL when the server claims more than was sent, or less than
 * it claimed
 *   before. The session cannot be trusted then: it is disabled; end the stream with
 *   [func@Xmpp.sm_handled_count_too_high]
 */
gboolean xmpp_stream_management_acked (XmppStreamManagement *self,
                                       guint32 h,
                                       GArray **tokens,
                                       GError **error);

/* The same for <resumed/>. Then send everything of xmpp_stream_management_peek_unacked() again, in order. */
gboolean xmpp_stream_management_resumed (XmppStreamManagement *self,
                                         guint32 h,
                                         GArray **tokens,
                                         GError **error);

/* Whether to write <r/> at the end of a burst: something is not acknowledged and no answer is under way. */
gboolean xmpp_stream_management_wants_request (XmppStreamManagement *self);
void xmpp_stream_management_requested (XmppStreamManagement *self);
gboolean xmpp_stream_management_is_request_pending (XmppStreamManagement *self);
/* A new connection: what was asked on the old one will not be answered. */
void xmpp_stream_management_connection_lost (XmppStreamManagement *self);

/* Borrowed XmppSmStanza in order. */
GPtrArray *xmpp_stream_management_peek_unacked (XmppStreamManagement *self);
/* The resumption failed, but <failed/> told @h: what the server handled after all. The rest stays as it is.
 * FALSE: a value that cannot be; nothing was done. */
gboolean xmpp_stream_management_settle (XmppStreamManagement *self, guint32 h, GArray **tokens);
/* The resumption failed: first what the server handled after all, if it said so (@h from <failed/>, else
 * NULL; a value
 * that cannot be is ignored), then (transfer full) what remains in order: messages with a token go back to
 * the outbox,
 * IQs fail, presence is made anew. */
GPtrArray *xmpp_stream_management_take_unacked (XmppStreamManagement *self,
                                                const guint32 *h,
                                                GArray **tokens);

/* ---- stanzas in ---- */

/* Call for each stanza that was read, before it is dispatched. Returns its place in the session. */
guint32 xmpp_stream_management_received (XmppStreamManagement *self);
/* Everything up to @h is durable. Values that are not ahead, or were never received, are ignored. */
void xmpp_stream_management_handled (XmppStreamManagement *self, guint32 h);
/* <r/> came. */
void xmpp_stream_management_ack_requested (XmppStreamManagement *self);
/* Whether to write <a/> now, and the count for it: at once after <r/>, again when what was unhandled then
 * has been
 * handled, and by itself every 50 stanzas. */
gboolean xmpp_stream_management_take_ack (XmppStreamManagement *self, guint32 *h);
guint32 xmpp_stream_management_get_handled (XmppStreamManagement *self);
guint32 xmpp_stream_management_get_received (XmppStreamManagement *self);

/* ---- after a restart of the program ---- */

/**
 * xmpp_stream_management_restore:
 * @handled: the last count that was made durable
 * @sent: the place of the last stanza that is known to have been written
 *
 * Goes on with a session of an earlier run. Stanzas of which nothing was stored (IQs, presence) may have
 * been written
 * after @sent, so the first `<resumed/>` or `<failed/>` may claim more.
 */
void xmpp_stream_management_restore (XmppStreamManagement *self,
                                     const char *id,
                                     guint32 handled,
                                     guint32 acked,
                                     guint32 sent);
/* Right after that: a stored stanza that the earlier run wrote at the place @counter, each after the last. */
void xmpp_stream_management_restore_stanza (XmppStreamManagement *self,
                                            guint32 counter,
                                            const char *xml,
                                            gint64 token);

/* ---- elements ---- */

XmppNode *xmpp_sm_enable (void);   /* asks for resumption */
XmppNode *xmpp_sm_request (void);  /* <r/> */
XmppNode *xmpp_sm_ack (guint32 h); /* <a/> */
XmppNode *xmpp_sm_resume (const char *previd, guint32 h);
/* of <a/>, <resumed/>, <failed/>; FALSE: absent or not a count */
gboolean xmpp_sm_get_h (XmppNode *node, guint32 *h);
/* The stream error of section 4. */
XmppNode *xmpp_sm_handled_count_too_high (guint32 h, guint32 send_count);
guint32 xmpp_stream_management_get_sent (XmppStreamManagement *self);

void xmpp_sm_stanza_free (XmppSmStanza *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppSmStanza, xmpp_sm_stanza_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppStreamManagement, xmpp_stream_management_free)

G_END_DECLS
