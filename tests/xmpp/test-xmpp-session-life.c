/* Tests of a session's life: resuming (R4–R7), what the next run is told, closing (R9)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-assert.h"
#include "xmpp-builder.h"
#include "xmpp-session-private.h"
#include "xmpp-test-session.h"

#define SM "xmlns='urn:xmpp:sm:3'"
#define MESSAGE XMPP_TEST_MESSAGE
#define STORED XMPP_TEST_STORED

static const GType no_features[] = { G_TYPE_INVALID };

static const XmppSessionStart with_sm = { .sm_enabled = TRUE, .sm_resumable = TRUE, .sm_id = (char *) "id1" };

/* ---- resuming ---- */

static void
test_resume (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    { .c = STORED ("11") STORED ("12") "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>" STORED (
          "13") "<r " SM "/>",
      .s = MESSAGE ("1") "<presence from='mira@example.net/x'/>",
      .act = LINNET_TEST_RESET },
    {},
  };
  static const LinnetTestStep second[] = {
    { .c = "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>" STORED ("13") "<r " SM "/>",
      .s = "<a " SM " h='4'/><iq type='result' id='$1'/><r " SM "/>" },
    { .c = "<a " SM " h='2'/><a " SM " h='3'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) acked = xmpp_test_collect (test, "acked");
  g_autoptr (GArray) unsent = xmpp_test_collect (test, "unsent");
  g_autoptr (DexFuture) pong = NULL;
  g_autofree char *id = NULL;
  guint32 h = 0;

  xmpp_test_start (test, first, &with_sm);
  xmpp_test_send_stored (test, 11);
  xmpp_test_send_stored (test, 12);
  pong = xmpp_session_send_iq (test->session, xmpp_iq_get (NULL, xmpp_el ("ping", "urn:xmpp:ping")));
  xmpp_test_send_stored (test, 13);
  xmpp_test_finish (test);
  linnet_test_assert_rejects (xmpp_session_wait_closed (test->session),
                              G_IO_ERROR,
                              G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_false (xmpp_session_is_online (test->session));
  g_assert_false (xmpp_session_send_stored (test->session, STORED ("14"), 14));

  linnet_test_assert_resolves (xmpp_session_wait_drained (test->session));
  g_assert_true (xmpp_session_get_resumption (test->session, &id, &h));
  g_assert_cmpstr (id, ==, "id1");
  g_assert_cmpuint (h, ==, 2);
  g_assert_true (dex_future_is_pending (pong));

  xmpp_test_start (test, second, &(XmppSessionStart) { .resumed = TRUE, .sm_h = 2 });
  test->commit = FALSE;
  g_assert_true (xmpp_session_is_online (test->session));
  xmpp_test_commit (test, 3);
  linnet_test_assert_resolves (g_steal_pointer (&pong));
  xmpp_test_finish (test);
  xmpp_test_assert_tokens (acked, "11 12 13");
  xmpp_test_assert_tokens (unsent, "");
  g_assert_cmpuint (xmpp_test_count_messages (test), ==, 1);
}

/* The server has forgotten the session, but knows what it had of it (XEP-0198 section 5). */
static void
test_resume_failed (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    { .c = STORED ("11") STORED ("12") "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>" STORED (
          "13") "<r " SM "/>",
      .act = LINNET_TEST_RESET },
    {},
  };
  static const LinnetTestStep second[] = {
    { .s = MESSAGE ("1") "<r " SM "/>" },
    { .c = "<a " SM " h='0'/><a " SM " h='1'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) acked = xmpp_test_collect (test, "acked");
  g_autoptr (GArray) unsent = xmpp_test_collect (test, "unsent");
  DexFuture *pong = NULL;
  XmppSessionStart fresh = with_sm;

  xmpp_test_start (test, first, &with_sm);
  xmpp_test_send_stored (test, 11);
  xmpp_test_send_stored (test, 12);
  pong = xmpp_session_send_iq (test->session, xmpp_iq_get (NULL, xmpp_el ("ping", "urn:xmpp:ping")));
  xmpp_test_send_stored (test, 13);
  xmpp_test_finish (test);
  xmpp_test_assert_tokens (unsent, "");

  test->commit = FALSE;
  fresh.sm_h_known = TRUE;
  fresh.sm_h = 1;
  xmpp_test_start (test, second, &fresh);
  linnet_test_assert_rejects (pong, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED);
  xmpp_test_assert_tokens (acked, "11");
  xmpp_test_assert_tokens (unsent, "12 13");
  xmpp_test_commit (test, 1);
  xmpp_test_finish (test);
}

/* What was not made durable in the old session must not count in the new one (R2). */
static void
test_old_items_first (gconstpointer data)
{
  static const LinnetTestStep first[] = { { .s = MESSAGE ("1") MESSAGE ("2"), .act = LINNET_TEST_CLOSE },
                                          {} };
  static const LinnetTestStep second[] = { { .s = MESSAGE ("3") "<r " SM "/>" },
                                           { .c = "<a " SM " h='0'/><a " SM " h='1'/>" },
                                           {} };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (XmppJid) full = xmpp_test_jid (XMPP_TEST_FULL_JID);
  XmppSessionStart fresh = with_sm;
  g_autoptr (DexFuture) started = NULL;

  test->commit = FALSE;
  xmpp_test_start (test, first, &with_sm);
  xmpp_test_finish (test);
  g_assert_cmpuint (xmpp_test_count_messages (test), ==, 2);

  xmpp_test_connect (test, second);
  fresh.full_jid = full;
  started = xmpp_session_start (test->session, test->stream, &fresh);
  linnet_test_settle ();
  g_assert_true (dex_future_is_pending (started));

  xmpp_test_commit (test, 2);
  linnet_test_assert_resolves (g_steal_pointer (&started));
  xmpp_test_commit (test, 3);
  xmpp_test_finish (test);
  g_assert_cmpuint (xmpp_test_count_messages (test), ==, 3);
}

/* After a restart of the program. */
static void
test_adopt (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .s = MESSAGE ("1") "<r " SM "/>" },
    { .c = "<a " SM " h='4294967295'/><a " SM " h='0'/>" },
    { .c = STORED ("11") "<r " SM "/>", .s = "<a " SM " h='8'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) acked = xmpp_test_collect (test, "acked");
  g_autoptr (XmppJid) full = xmpp_test_jid (XMPP_TEST_FULL_JID);
  g_autofree char *id = NULL;
  guint32 h = 0;

  xmpp_session_restore (test->session,
                        &(XmppSessionMemory) { .full_jid = full, .sm_id = "old", .sm_h = G_MAXUINT32 });
  g_assert_true (xmpp_session_get_resumption (test->session, &id, &h));
  g_assert_cmpstr (id, ==, "old");
  g_assert_cmpuint (h, ==, G_MAXUINT32);

  test->commit = FALSE;
  xmpp_test_start (test, steps, &(XmppSessionStart) { .resumed = TRUE, .sm_h = 7 });
  g_assert_true (xmpp_session_is_adopted (test->session));
  g_assert_cmpstr (xmpp_jid_get_string (xmpp_session_get_full_jid (test->session)), ==, XMPP_TEST_FULL_JID);
  xmpp_test_commit (test, 1);
  xmpp_test_send_stored (test, 11);
  xmpp_test_finish (test);
  xmpp_test_assert_tokens (acked, "11");
}

/* What that run had sent goes on with its numbers. */
static void
test_adopt_sent (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = STORED ("12") STORED ("13") STORED ("14") "<r " SM "/>", .s = "<a " SM " h='9'/>" },
    { .c = "<r " SM "/>", .s = "<a " SM " h='10'/>" },
    {},
  };
  static const struct
  {
    guint32 counter;
    gint64 token;
    const char *xml;
  } sent[] = { { 4, 11, STORED ("11") }, { 8, 12, STORED ("12") }, { 9, 13, STORED ("13") } };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) acked = xmpp_test_collect (test, "acked");
  g_autoptr (GArray) unsent = xmpp_test_collect (test, "unsent");
  g_autoptr (XmppJid) full = xmpp_test_jid (XMPP_TEST_FULL_JID);
  g_autoptr (XmppNode) features =
      xmpp_node_from_literal ("<features xmlns='http://etherx.jabber.org/streams'/>");

  xmpp_session_restore (test->session,
                        &(XmppSessionMemory) {
                            .full_jid = full, .sm_id = "old", .acked = 3, .stream_features = features });
  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    xmpp_session_restore_sent (test->session, sent[i].counter, sent[i].xml, sent[i].token);
  g_assert_true (xmpp_session_get_stream_features (test->session) == features);

  xmpp_test_start (test, steps, &(XmppSessionStart) { .resumed = TRUE, .sm_h = 7 });
  xmpp_test_assert_tokens (acked, "11");
  xmpp_test_send_stored (test, 14);
  xmpp_test_finish (test);
  xmpp_test_assert_tokens (acked, "11 12 13 14");
  xmpp_test_assert_tokens (unsent, "");
}

static void
test_impossible_resumption (gconstpointer data)
{
  static const LinnetTestStep first[] = { { .c = STORED ("11") "<r " SM "/>", .act = LINNET_TEST_RESET },
                                          {} };
  static const LinnetTestStep second[] = {
    { .c = "<stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
           "<handled-count-too-high " SM " h='5' send-count='1'/></stream:error>",
      .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) unsent = xmpp_test_collect (test, "unsent");

  xmpp_test_start (test, first, &with_sm);
  xmpp_test_send_stored (test, 11);
  xmpp_test_finish (test);

  xmpp_test_connect (test, second);
  linnet_test_assert_rejects (xmpp_session_start (test->session,
                                                  test->stream,
                                                  &(XmppSessionStart) { .resumed = TRUE, .sm_h = 5 }),
                              XMPP_STREAM_ERROR,
                              XMPP_STREAM_ERROR_PROTOCOL);
  xmpp_test_assert_tokens (unsent, "11");
  xmpp_test_finish (test);
}

/* ---- notes for the next run of the program ---- */

static void
begun_cb (gpointer text,
          const char *sm_id)
{
  g_string_append_printf (text, "begun %s\n", sm_id);
}

static void
sent_cb (gpointer text,
         gint64 token,
         guint32 counter)
{
  g_string_append_printf (text, "sent %" G_GINT64_FORMAT " as %u\n", token, counter);
}

static void
noted_cb (gpointer text,
          guint32 counter)
{
  g_string_append_printf (text, "acked %u\n", counter);
}

static void
told_cb (XmppSession *session,
         GArray *tokens,
         GString *text)
{
  g_string_append_printf (text, "told %u\n", tokens->len);
}

static const XmppSessionJournal journal = { .begun = begun_cb, .sent = sent_cb, .acked = noted_cb };

/* Each thing is noted before it is told or done. */
static void
test_journal (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    { .c = "<presence/>" STORED ("11") STORED ("12") "<r " SM "/>", .s = "<a " SM " h='2'/>" },
    { .c = "<r " SM "/>", .act = LINNET_TEST_RESET },
    {},
  };
  static const LinnetTestStep second[] = {
    { .c = STORED ("12") "<r " SM "/>", .act = LINNET_TEST_RESET },
    {},
  };
  static const LinnetTestStep third[] = {
    { .c = STORED ("13") "<r " SM "/>", .act = LINNET_TEST_RESET },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GString) text = g_string_new (NULL);
  XmppSessionStart fresh = with_sm;

  xmpp_session_set_journal (test->session, &journal, text);
  g_signal_connect (test->session, "acked", G_CALLBACK (told_cb), text);
  xmpp_test_start (test, first, &with_sm);
  xmpp_session_send (test->session, xmpp_el ("presence", XMPP_NS_CLIENT));
  xmpp_test_send_stored (test, 11);
  xmpp_test_send_stored (test, 12);
  xmpp_test_finish (test);
  xmpp_test_start (test, second, &(XmppSessionStart) { .resumed = TRUE, .sm_h = 2 });
  xmpp_test_finish (test);
  g_assert_cmpstr (text->str,
                   ==,
                   "begun id1\nsent 11 as 2\nsent 12 as 3\nacked 2\ntold 1\nacked 2\nsent 12 as 3\n");

  /* Nothing is noted of a stream that cannot be resumed. */
  g_string_truncate (text, 0);
  fresh.sm_resumable = FALSE;
  xmpp_test_start (test, third, &fresh);
  xmpp_test_send_stored (test, 13);
  xmpp_test_finish (test);
  g_assert_cmpstr (text->str, ==, "");
  xmpp_session_set_journal (test->session, NULL, NULL);
}

/* What <failed/> told is told on while the stream is still the one that is remembered. */
static void
test_settle (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    { .c = STORED ("11") STORED ("12") "<r " SM "/>", .act = LINNET_TEST_RESET },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) acked = xmpp_test_collect (test, "acked");
  g_autoptr (GArray) unsent = xmpp_test_collect (test, "unsent");
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *id = NULL;
  guint32 h;

  xmpp_test_start (test, first, &with_sm);
  xmpp_test_send_stored (test, 11);
  xmpp_test_send_stored (test, 12);
  xmpp_test_finish (test);

  xmpp_session_set_journal (test->session, &journal, text);
  xmpp_session_settle (test->session, 3); /* cannot be */
  xmpp_test_assert_tokens (acked, "");
  xmpp_session_settle (test->session, 1);
  xmpp_test_assert_tokens (acked, "11");
  xmpp_test_assert_tokens (unsent, "");
  g_assert_cmpstr (text->str, ==, "acked 1\n");
  g_assert_true (xmpp_session_get_resumption (test->session, &id, &h));
  xmpp_session_set_journal (test->session, NULL, NULL);
}

/* ---- closing ---- */

static void
test_close (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .s = MESSAGE ("1") },
    { .c = STORED ("11") "<r " SM "/>" },
    { .c = "<r " SM "/>", .s = "<a " SM " h='1'/>" },
    { .c = "<a " SM " h='1'/>" },
    { .c = "</stream:stream>", .s = "</stream:stream>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) acked = xmpp_test_collect (test, "acked");
  g_autoptr (GArray) unsent = xmpp_test_collect (test, "unsent");
  g_autofree char *id = NULL;
  guint32 h;

  xmpp_test_start (test, steps, &with_sm);
  while (test->inbox->len < 1)
    linnet_test_settle ();
  xmpp_test_send_stored (test, 11);
  linnet_test_settle ();
  linnet_test_assert_resolves (xmpp_session_close (test->session));
  xmpp_test_finish (test);

  xmpp_test_assert_tokens (acked, "11");
  xmpp_test_assert_tokens (unsent, "");
  g_assert_false (xmpp_session_is_online (test->session));
  g_assert_false (xmpp_session_get_resumption (test->session, &id, &h));
}

/* The connection is lost before the farewell has begun. */
static void
test_abort_while_closing (gconstpointer data)
{
  static const LinnetTestStep first[] = { { .act = LINNET_TEST_WAIT_EOF }, {} };
  static const LinnetTestStep second[] = { { .c = STORED ("11") "<r " SM "/>", .s = "<a " SM " h='1'/>" },
                                           {} };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  DexFuture *closed;

  xmpp_test_start (test, first, &with_sm);
  closed = xmpp_session_close (test->session);
  xmpp_session_abort (test->session);
  linnet_test_assert_resolves (closed);
  xmpp_test_finish (test);
  g_assert_false (xmpp_session_is_online (test->session));

  xmpp_test_start (test, second, &with_sm);
  xmpp_test_send_stored (test, 11);
  xmpp_test_finish (test);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);
  linnet_test_add ("/xmpp/session-life/resume", test_resume, NULL);
  linnet_test_add ("/xmpp/session-life/resume-failed", test_resume_failed, NULL);
  linnet_test_add ("/xmpp/session-life/old-items-first", test_old_items_first, NULL);
  linnet_test_add ("/xmpp/session-life/adopt", test_adopt, NULL);
  linnet_test_add ("/xmpp/session-life/adopt/sent", test_adopt_sent, NULL);
  linnet_test_add ("/xmpp/session-life/impossible-resumption", test_impossible_resumption, NULL);
  linnet_test_add ("/xmpp/session-life/journal", test_journal, NULL);
  linnet_test_add ("/xmpp/session-life/settle", test_settle, NULL);
  linnet_test_add ("/xmpp/session-life/close", test_close, NULL);
  linnet_test_add ("/xmpp/session-life/abort-while-closing", test_abort_while_closing, NULL);

  return g_test_run ();
}
