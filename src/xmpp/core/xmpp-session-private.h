/* The parts of a session: xmpp-session.c (the object), -life.c (starting, ending), -read.c (what comes),
 * -send.c (what goes) SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-builder.h"
#include "xmpp-dispatch.h"
#include "xmpp-flood.h"
#include "xmpp-inbox.h"
#include "xmpp-iq-tracker.h"
#include "xmpp-session.h"
#include "xmpp-stream-management.h"

G_BEGIN_DECLS

struct _XmppSession
{
  GObject parent_instance;

  XmppJid *bare_jid;
  XmppJid *full_jid;         /* nullable */
  XmppNode *stream_features; /* nullable */
  GPtrArray *features;       /* of XmppFeature */
  XmppDispatch *dispatch;
  XmppIqTracker *requests;
  XmppStreamManagement *sm;
  XmppInbox *inbox;
  XmppFlood *flood;

  /* the connection */
  XmppStream *stream;      /* NULL: none */
  DexFuture *introduction; /* the online() of all features; nullable before the first */
  DexPromise *closed;      /* of the connection; nullable before the first */

  /* incoming */
  guint32 received;    /* counts also where the server has no stream management */
  guint32 committed;   /* likewise */
  guint32 last_item;   /* received, when the last item went into the inbox */
  DexPromise *drained; /* nullable */
  guint flood_timer;
  XmppNode *current; /* being dispatched; borrowed, nullable */
  XmppSessionGuard guard;
  gpointer guard_data;

  /* outgoing */
  const XmppSessionJournal *journal; /* nullable */
  gpointer journal_data;
  GPtrArray *kept;       /* XmppNode: messages to store that no session has taken yet */
  GArray *unconfirmed;   /* gint64 tokens, without stream management: not covered by a pong yet */
  guint confirming;      /* how many of them the ping under way covers */
  DexPromise *all_acked; /* nullable: nobody waits for it */
  GPtrArray *probes;
  guint burst_idle;
  guint ack_timer;
  guint idle_timer;

  guint iq_timeout;
  guint ack_timeout;
  guint idle_timeout;

  guint in_session : 1; /* bound, and not over for good: may lack a connection */
  guint online : 1;
  guint active : 1;
  guint carbons_inlined : 1;
  guint foreign : 1; /* the resumption that is set comes from an earlier run */
  guint adopted : 1;
  guint closing : 1;
};

/* xmpp-session-life.c */
void
xmpp_session_emit_tokens (XmppSession *self, const char *signal, GArray *tokens); /* none for no tokens */
/* Ends the connection because of @error (consumed): at once, or, with @stream_error (nullable), telling why.
 */
void xmpp_session_fail (XmppSession *self, GError *error, XmppNode *stream_error);

/* xmpp-session-read.c */
void xmpp_session_start_reading (XmppSession *self);
/* One element from the stream; for the read loop and for tests of the dispatcher. */
void xmpp_session_handle_element (XmppSession *self, XmppNode *element);
/* A stanza from before the counting began. */
void xmpp_session_handle_early (XmppSession *self, XmppNode *stanza);
/* Makes the counter durable although no item asks for it. */
void xmpp_session_push_count (XmppSession *self);

/* xmpp-session-send.c */
void xmpp_session_start_sending (XmppSession *self);
void xmpp_session_stop_sending (XmppSession *self);
void xmpp_session_resend (XmppSession *self);
/* For the next session, if it is worth that. */
void xmpp_session_keep (XmppSession *self, XmppNode *stanza);
void xmpp_session_send_kept (XmppSession *self);
void xmpp_session_send_ack (XmppSession *self);    /* <a/>, if one is owed */
void xmpp_session_request_ack (XmppSession *self); /* at the end of this burst */
void xmpp_session_take_ack (XmppSession *self, XmppNode *ack);
void xmpp_session_note_acked (XmppSession *self, guint32 h); /* in the journal */
void xmpp_session_note_alive (XmppSession *self);            /* bytes came */

G_END_DECLS
