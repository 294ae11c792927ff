/* One XMPP session: a bound resource, which outlives connections by stream management (XEP-0198)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-error.h"
#include "xmpp-feature.h"
#include "xmpp-iq-tracker.h"
#include "xmpp-jid.h"
#include "xmpp-stream.h"

G_BEGIN_DECLS

#define XMPP_TYPE_SESSION (xmpp_session_get_type ())
G_DECLARE_FINAL_TYPE (XmppSession, xmpp_session, XMPP, SESSION, GObject)

/**
 * XmppInboxKind: what an [struct@Xmpp.InboxItem] holds.
 * @XMPP_INBOX_MESSAGE: a message that passed every stage
 * @XMPP_INBOX_ROSTER: a roster push or a fetched roster (see xmpp-roster.h)
 * @XMPP_INBOX_COUNT: nothing but an advance of the counter, e.g. before an `<a/>` is owed
 */
typedef enum
{
  XMPP_INBOX_MESSAGE,
  XMPP_INBOX_ROSTER,
  XMPP_INBOX_COUNT,
} XmppInboxKind;

/**
 * XmppInboxItem:
 *
 * What must be made durable before the server may forget it (security.md R2). Items come in stream order. @h
 * is the value of the inbound stanza counter up to and with this item; the consumer writes rows and @h in one
 * transaction and then calls [method@Xmpp.Session.commit].
 */
typedef struct
{
  XmppInboxKind kind;
  guint32 h;
  XmppNode *stanza;      /* nullable: what it came from */
  XmppMessage *message;  /* MESSAGE */
  gpointer roster;       /* ROSTER: a GPtrArray of XmppRosterItem, see xmpp-roster.h */
  char *roster_version;  /* ROSTER; nullable */
  guint roster_full : 1; /* ROSTER: replaces everything */
} XmppInboxItem;

XmppInboxItem *xmpp_inbox_item_new (XmppInboxKind kind);
void xmpp_inbox_item_free (XmppInboxItem *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppInboxItem, xmpp_inbox_item_free)

/* @account_jid: bare. @feature_types: what to instantiate, ended by G_TYPE_INVALID; normally
 * xmpp_features_get_types(). */
XmppSession *xmpp_session_new (XmppJid *account_jid, const GType *feature_types);

XmppJid *xmpp_session_get_bare_jid (XmppSession *self);
XmppJid *xmpp_session_get_full_jid (XmppSession *self);                 /* NULL before the first bind */
gpointer xmpp_session_get_feature (XmppSession *self, GType type);      /* borrowed */
const char *const *xmpp_session_get_disco_features (XmppSession *self); /* sorted */
XmppNode *xmpp_session_get_stream_features (XmppSession *self);         /* borrowed; NULL before */
/* The server enabled @ns while binding (XEP-0386). */
gboolean xmpp_session_is_inlined (XmppSession *self, const char *ns);
/* This stream was resumed on behalf of an earlier run of the program: nobody here knows what it said. */
gboolean xmpp_session_is_adopted (XmppSession *self);

/* ---- life of the connection: called by the account's connection fiber ---- */

/* A stream that [func@Xmpp.login] made ready: starts reading. After a resume sends again what the server
 * lacks; after a fresh bind runs the features' online() and resolves when they are through. @login: an
 * XmppLoginResult (opaque here because sasl/ lies above core/): see xmpp_session_start_login() in
 * features/xmpp-features.h. */
typedef struct
{
  XmppJid *full_jid;
  XmppNode *stream_features;
  guint resumed : 1;
  guint sm_enabled : 1;
  guint sm_resumable : 1;
  guint carbons_enabled : 1;
  guint32 sm_h; /* what the server handled; with @resumed or @sm_h_known */
  guint sm_h_known : 1;
  char *sm_id;
  GPtrArray *early; /* nullable; of XmppNode: stanzas from before the counting began */
} XmppSessionStart;

DexFuture *xmpp_session_start (XmppSession *self,
                               XmppStream *stream,
                               const XmppSessionStart *start) G_GNUC_WARN_UNUSED_RESULT;

/* Rejects with what ended the stream (XMPP_STREAM_ERROR, G_IO_ERROR) as soon as it has ended. Never resolves.
 */
DexFuture *xmpp_session_wait_closed (XmppSession *self) G_GNUC_WARN_UNUSED_RESULT;

/* Sends what is owed (<a/>), </stream:stream>, and waits at most 2 s (R9). */
DexFuture *xmpp_session_close (XmppSession *self) G_GNUC_WARN_UNUSED_RESULT;
void xmpp_session_abort (XmppSession *self); /* drops the connection, keeps the session resumable */

/* Resolves to true when everything that was received is committed. */
DexFuture *xmpp_session_wait_drained (XmppSession *self) G_GNUC_WARN_UNUSED_RESULT;
/* For the next xmpp_login(): id and counter of a stream that may be resumed. FALSE when there is none. Call
 * only when the inbox has been drained and committed. */
gboolean xmpp_session_get_resumption (XmppSession *self, char **sm_id, guint32 *sm_h);

/**
 * XmppSessionMemory:
 * @full_jid: what was bound
 * @sm_id: what to resume
 * @sm_h: stanzas of it that were handled, all of them durably
 * @acked: what the server was known to have handled; 0 when that is forgotten
 * @stream_features: (nullable): what the server offered
 *
 * What is left of a stream after a restart of the program.
 */
typedef struct
{
  XmppJid *full_jid;
  const char *sm_id;
  guint32 sm_h;
  guint32 acked;
  XmppNode *stream_features;
} XmppSessionMemory;

/* For the next xmpp_login(): goes on with the stream of an earlier run. */
void xmpp_session_restore (XmppSession *self, const XmppSessionMemory *memory);
/* After that: a stored stanza that the earlier run wrote as number @counter of the stream; each after the
 * last, the first after what was acknowledged. It is then as one that was given to
 * xmpp_session_send_stored(). */
void xmpp_session_restore_sent (XmppSession *self, guint32 counter, const char *xml, gint64 token);

/**
 * XmppSessionJournal:
 * @begun: a stream that can be resumed began under this id; both counts are 0
 * @sent: a stored stanza is about to be written as this number of the stream, maybe once more
 * @acked: the server has all up to this number
 *
 * Somebody who notes what [method@Xmpp.Session.restore_sent] needs after a restart of the program. Each call
 * comes before anything that follows from it is written or told. Only about streams that can be resumed.
 */
typedef struct
{
  void (*begun) (gpointer user_data, const char *sm_id);
  void (*sent) (gpointer user_data, gint64 token, guint32 counter);
  void (*acked) (gpointer user_data, guint32 counter);
} XmppSessionJournal;

/* @journal: nullable; it and @user_data must stay. */
void xmpp_session_set_journal (XmppSession *self, const XmppSessionJournal *journal, gpointer user_data);
/* The server would not resume the stream, but said what it had handled of it: tells so (::acked) before
 * anything else is done about the new one, so that it can be made durable while the old one is still what is
 * remembered. */
void xmpp_session_settle (XmppSession *self, guint32 h);

/* Probes the peer with <r/> (or XEP-0199 ping without stream management); rejects after @timeout_ms without
 * any byte from the server and aborts the connection (R19-R21). */
DexFuture *xmpp_session_probe (XmppSession *self, guint timeout_ms) G_GNUC_WARN_UNUSED_RESULT;
void xmpp_session_set_active (XmppSession *self, gboolean active); /* XEP-0352; TRUE at first */
gboolean xmpp_session_get_active (XmppSession *self);

/* ---- stanzas out ---- */

/**
 * xmpp_session_send_iq:
 * @iq: (transfer full): from xmpp_iq_get() or xmpp_iq_set()
 *
 * Every IQ ends (R23): result, error, 60 s, or the end of the session.
 *
 * Returns: (transfer full): a future that resolves to the result's boxed [struct@Xmpp.Node], or rejects with
 *   XMPP_STANZA_ERROR. An answer counts only from the JID that was asked (I4).
 */
DexFuture *xmpp_session_send_iq (XmppSession *self, XmppNode *iq) G_GNUC_WARN_UNUSED_RESULT;
/* For features whose answer must be read in stream order: @hook runs in the read loop, before any later
 * stanza, and never waits. @reply is NULL when there is only @error. The feature must be one of the session's
 * own. */
typedef void (*XmppIqHook) (XmppFeature *feature, XmppNode *reply, const GError *error);
DexFuture *xmpp_session_send_iq_hooked (XmppSession *self,
                                        XmppNode *iq,
                                        XmppFeature *feature,
                                        XmppIqHook hook) G_GNUC_WARN_UNUSED_RESULT;
/* The same for who must know which of several requests was answered. @reply is called once in any case, maybe
 * before this returns. */
DexFuture *xmpp_session_send_iq_told (XmppSession *self,
                                      XmppNode *iq,
                                      XmppIqReply reply,
                                      gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
/* The 60 s begin anew for the request that one of the functions above gave @future for: there are signs that
 * it is being answered. */
void xmpp_session_prolong_iq (XmppSession *self, DexFuture *future);
/* Presence and messages nobody keeps in the outbox (chat states, receipts). When the session is not resumed
 * they are lost, but for messages with the hint "store" (XEP-0334): the next session sends them again. */
void xmpp_session_send (XmppSession *self, XmppNode *stanza); /* transfer full */
/* A stored stanza, its final bytes. @token comes back in ::acked, or in ::unsent when the session could not
 * be resumed. FALSE when there is no connection: then nothing was taken and the caller keeps it in its outbox
 * until ::online. */
gboolean xmpp_session_send_stored (XmppSession *self, const char *xml, gint64 token);
/* Stream elements that are no stanzas, e.g. XEP-0352; transfer full; dropped when there is no connection. */
void xmpp_session_send_nonza (XmppSession *self, XmppNode *nonza);
gboolean xmpp_session_is_online (XmppSession *self);

/* ---- stanzas in ---- */

/* The next items, at least one, at most @max (boxed GPtrArray of XmppInboxItem). Everything that must be
 * durable goes through here. Rejects when the session is disposed. Reading from the socket pauses while 512
 * items wait. */
DexFuture *xmpp_session_read_inbox (XmppSession *self, guint max) G_GNUC_WARN_UNUSED_RESULT;
/* Everything up to @h is durable: it may be acknowledged. */
void xmpp_session_commit (XmppSession *self, guint32 h);
/**
 * XmppSessionGuard:
 * @stanza: (nullable): what is about to be dispatched; %NULL: it was
 *
 * Returns: %FALSE to pass @stanza over: it counts as handled then, unless the guard gave up the connection
 */
typedef gboolean (*XmppSessionGuard) (XmppSession *session, XmppNode *stanza, gpointer user_data);
/* Asked about each stanza; one at a time. @guard: nullable. @user_data: must stay. */
void xmpp_session_set_guard (XmppSession *self, XmppSessionGuard guard, gpointer user_data);
/* For features: puts an item at the end of the inbox; @item is consumed and gets its h. */
void xmpp_session_push_inbox (XmppSession *self, XmppInboxItem *item);

/* For features that keep a message which came in a wrapper, and have unwrapped it: shows it to the stages
 * after UNWRAP. Returns: whether it is still a message for somebody to read. */
gboolean xmpp_session_annotate (XmppSession *self, XmppMessage *message);
/* For XEP-0060: an event that came from @from (bare), to the hooks of its node; see
 * xmpp_feature_class_add_event_hook(). */
void xmpp_session_dispatch_event (
    XmppSession *self, XmppJid *from, XmppNode *items, gboolean own, gboolean contact);

/**
 * Signals: "acked" (GArray of gint64 tokens: the server has them), "unsent" (GArray of gint64, in order: the
 * server may lack them, send them again with the same ids), "online-changed" (start() is through, or the
 * connection was lost), "active-changed".
 *
 * Properties: "iq-timeout" (60,000 ms), "ack-timeout" (10,000 ms: a peer that sends no byte for so long after
 * `<r/>` is dead), "idle-timeout" (300,000 ms: silence after which the peer is asked).
 */

G_END_DECLS
