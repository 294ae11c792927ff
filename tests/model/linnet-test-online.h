/* A loaded account whose session talks to a scripted server in memory
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-account-private.h"
#include "linnet-test-model.h"
#include "linnet-test.h"
#include "xmpp-test-session.h"

G_BEGIN_DECLS

/* The account is ana@example.org as in xmpp-test-session.h; signing in is left out. All functions are for
 * fibers. */
typedef struct
{
  LinnetAccountManager *manager;
  LinnetAccount *account;
  LinnetTestServer *server;
  XmppStream *stream;
  GPtrArray *transcripts; /* GArray of LinnetTestStep: as long as the server may look at them */
} LinnetTestOnline;

/* @contacts: what the store remembers. */
LinnetTestOnline *linnet_test_online_new (const LinnetTestContact *contacts, guint n_contacts);
/* Connects: after the stream's header come @steps (XMPP_TEST_INTRO first, for a new session). Awaits that it
 * is online.
 * @start: NULL: a new session without stream management. */
void
linnet_test_online_start (LinnetTestOnline *self, const LinnetTestStep *steps, const XmppSessionStart *start);
/* The same without awaiting it: what xmpp_session_start() gives. */
DexFuture *linnet_test_online_try (LinnetTestOnline *self,
                                   const LinnetTestStep *steps,
                                   const XmppSessionStart *start) G_GNUC_WARN_UNUSED_RESULT;
/* Awaits that the transcripts were played, and that what came of it is in the store and shown. */
void linnet_test_online_finish (LinnetTestOnline *self);
void linnet_test_online_free (LinnetTestOnline *self);
/* The connection breaks, the program starts again. */
void linnet_test_online_restart (LinnetTestOnline *self);

/* Everything at once: an account with @contacts, which gets @in and answers @out (nullable). */
LinnetTestOnline *linnet_test_online_exchange (const LinnetTestContact *contacts,
                                               guint n_contacts,
                                               const char *in,
                                               const char *out);

/* Has the client send this, so that a transcript can wait until the test says so: a step with it as @c. */
void linnet_test_online_trigger (LinnetTestOnline *self);
#define LINNET_TEST_TRIGGER_C "<message to='trigger@example.org' id='go'/>"

/* The intro of a session with stream management: the client asks what arrived after each burst. */
#define LINNET_TEST_R "<r xmlns='urn:xmpp:sm:3'/>"
#define LINNET_TEST_A(h) "<a xmlns='urn:xmpp:sm:3' h='" h "'/>"
#define LINNET_TEST_INTRO_SM                                                   \
  { .c = XMPP_TEST_INTRO_C LINNET_TEST_R,                                      \
    .s = LINNET_TEST_A ("5") XMPP_TEST_INTRO_S (XMPP_TEST_ACCOUNT_FEATURES) }, \
  {                                                                            \
    .c = XMPP_TEST_PRESENCE_C LINNET_TEST_R, .s = LINNET_TEST_A ("6")          \
  }

LinnetConversation *linnet_test_online_get (LinnetTestOnline *self,
                                            const char *address); /* borrowed, nullable */
/* The messages as lines of "state body", oldest first. */
char *linnet_test_online_dup_messages (LinnetTestOnline *self, const char *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetTestOnline, linnet_test_online_free)

G_END_DECLS
