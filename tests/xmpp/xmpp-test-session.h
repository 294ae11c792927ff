/* A session with a scripted server behind it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-test-server.h"
#include "linnet-test.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

/* The account is ana@example.org, the resource "desk". All functions are for fibers. */
#define XMPP_TEST_JID "ana@example.org"
#define XMPP_TEST_FULL_JID "ana@example.org/desk"

/* After it has sent something, the server asks for a sign that all of it was read. */
#define XMPP_TEST_SYNC_S "<iq type='get' id='sync'><ping xmlns='urn:xmpp:ping'/></iq>"
#define XMPP_TEST_SYNC_C "<iq type='result' id='sync'/>"

/* What every feature of the program says at the start of a stream, and the presence that follows. Contacts:
 * both@, to@, from@ and none@example.net, with the subscription that their name says. */
#define XMPP_TEST_ROSTER_C(version) \
  "<iq type='get' id='*'><query xmlns='jabber:iq:roster' ver='" version "'/></iq>"
#define XMPP_TEST_INTRO_C XMPP_TEST_ROSTER_C ("?") XMPP_TEST_AFTER_ROSTER_C
#define XMPP_TEST_AFTER_ROSTER_C                                                                           \
  "<iq type='get' id='*' to='example.org'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"     \
  "<iq type='get' id='*' to='ana@example.org'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>" \
  "<iq type='set' id='*'><enable xmlns='urn:xmpp:carbons:2'/></iq>"                                        \
  "<iq type='get' id='*'><blocklist xmlns='urn:xmpp:blocking'/></iq>"
#define XMPP_TEST_INTRO_S(account_features)                                                                \
  "<iq type='result' id='$1'><query xmlns='jabber:iq:roster' ver='v1'>"                                    \
  "<item jid='both@example.net' name='Both' subscription='both'/>"                                         \
  "<item jid='to@example.net' subscription='to'/>"                                                         \
  "<item jid='from@example.net' subscription='from'/>"                                                     \
  "<item jid='none@example.net' subscription='none'/></query></iq>"                                        \
  "<iq type='result' id='$2' from='example.org'><query xmlns='http://jabber.org/protocol/disco#info'>"     \
  "<feature var='urn:xmpp:blocking'/></query></iq>"                                                        \
  "<iq type='result' id='$3' from='ana@example.org'><query xmlns='http://jabber.org/protocol/disco#info'>" \
  "<identity category='pubsub' type='pep'/>" account_features "</query></iq>"                              \
  "<iq type='result' id='$4' from='ana@example.org'/>"                                                     \
  "<iq type='result' id='$5'><blocklist xmlns='urn:xmpp:blocking'/></iq>"
#define XMPP_TEST_ACCOUNT_FEATURES \
  "<feature var='urn:xmpp:sid:0'/><feature var='http://jabber.org/protocol/pubsub#publish-options'/>"
#define XMPP_TEST_PRESENCE_C                                                                             \
  "<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://linnet.im' ver='*'/>" \
  "<x xmlns='vcard-temp:x:update'/></presence>"
#define XMPP_TEST_INTRO                                                            \
  { .c = XMPP_TEST_INTRO_C, .s = XMPP_TEST_INTRO_S (XMPP_TEST_ACCOUNT_FEATURES) }, \
  {                                                                                \
    .c = XMPP_TEST_PRESENCE_C                                                      \
  }

typedef struct
{
  LinnetTestServer *server;
  XmppSession *session;
  XmppStream *stream;
  GPtrArray *inbox;       /* XmppInboxItem: all that came so far, committed if @commit */
  gboolean commit;        /* TRUE at first */
  GPtrArray *transcripts; /* GArray of LinnetTestStep: as long as the server may look at them */
} XmppTest;

/* @types: NULL for everything the program has. */
XmppTest *xmpp_test_new (const GType *types);

/* Connects; the transcript is the stream's header, then @steps. */
void xmpp_test_connect (XmppTest *self, const LinnetTestStep *steps);
/* Connects and starts a session. @start: NULL: no stream management. Awaits that it is online. */
void xmpp_test_start (XmppTest *self, const LinnetTestStep *steps, const XmppSessionStart *start);
/* Awaits that the transcripts have been played and everything been read. */
void xmpp_test_finish (XmppTest *self);
/* Checks that nothing of the session is left behind. */
void xmpp_test_free (XmppTest *self);

/* With everything the program has: the server sends @in, the client answers @out (nullable), and nothing
 * more. */
XmppTest *xmpp_test_exchange (const char *in, const char *out);

/* The only message in the inbox; aborts when there are more or none. */
XmppMessage *xmpp_test_get_message (XmppTest *self);
guint xmpp_test_count_messages (XmppTest *self);
/* The last message with a <probe xmlns='urn:test:probe'/> that came through all stages, stored or not;
 * nullable. With everything the program has only. */
XmppMessage *xmpp_test_get_probed (XmppTest *self);
gpointer xmpp_test_get_feature (XmppTest *self, GType type);

XmppJid *xmpp_test_jid (const char *text); /* aborts when there is none */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppTest, xmpp_test_free)

/* A message to the account, and one that is in the outbox as @n. */
#define XMPP_TEST_MESSAGE(n)                                                                 \
  "<message from='mira@example.net/x' to='ana@example.org' type='chat' id='m" n "'><body>" n \
  "</body></message>"
#define XMPP_TEST_STORED(n) "<message to='mira@example.net' id='s" n "'><body>x</body></message>"
void xmpp_test_send_stored (XmppTest *test, gint64 token);
/* Waits for so many items in all, then makes them durable. */
void xmpp_test_commit (XmppTest *test, guint n_items);
/* gint64: all tokens of "acked" or "unsent" from now on. */
GArray *xmpp_test_collect (XmppTest *test, const char *signal);
/* @expected: in this order, with spaces between. */
void xmpp_test_assert_tokens (GArray *tokens, const char *expected);

G_END_DECLS
