/* Tests of what goes out of a session: watching the peer (R20), what outlives the session
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-assert.h"
#include "xmpp-builder.h"
#include "xmpp-session-private.h"
#include "xmpp-test-session.h"

#define SM "xmlns='urn:xmpp:sm:3'"
#define STORED XMPP_TEST_STORED

static const GType no_features[] = { G_TYPE_INVALID };

static const XmppSessionStart with_sm = { .sm_enabled = TRUE, .sm_resumable = TRUE, .sm_id = (char *) "id1" };

#define RECEIPT(id) \
  "<message id='" id "'><received xmlns='urn:xmpp:receipts'/><store xmlns='urn:xmpp:hints'/></message>"
#define STATE                                                                                          \
  "<message><paused xmlns='http://jabber.org/protocol/chatstates'/><no-store xmlns='urn:xmpp:hints'/>" \
  "</message>"

static void
send_receipt (XmppTest *test,
              const char *id)
{
  xmpp_session_send (test->session,
                     xmpp_el ("message",
                              XMPP_NS_CLIENT,
                              xmpp_attr ("id", id),
                              xmpp_el ("received", "urn:xmpp:receipts"),
                              xmpp_el ("store", "urn:xmpp:hints")));
}

static void
send_state (XmppTest *test)
{
  xmpp_session_send (test->session,
                     xmpp_el ("message",
                              XMPP_NS_CLIENT,
                              xmpp_el ("paused", "http://jabber.org/protocol/chatstates"),
                              xmpp_el ("no-store", "urn:xmpp:hints")));
}

/* The other side waits for a receipt, however many sessions it takes; chat states are history by then. */
static void
test_receipts_outlive (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    { .c = RECEIPT ("1") RECEIPT ("2") STATE "<presence/><r " SM "/>", .act = LINNET_TEST_RESET },
    {},
  };
  static const LinnetTestStep second[] = {
    { .c = RECEIPT ("2") RECEIPT ("3") "<r " SM "/>", .s = "<a " SM " h='2'/>", .act = LINNET_TEST_RESET },
    {},
  };
  static const LinnetTestStep third[] = {
    { .c = RECEIPT ("4") "<r " SM "/>", .s = "<a " SM " h='1'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  XmppSessionStart fresh = with_sm;

  xmpp_test_start (test, first, &with_sm);
  send_receipt (test, "1");
  send_receipt (test, "2");
  send_state (test);
  xmpp_session_send (test->session, xmpp_el ("presence", XMPP_NS_CLIENT));
  xmpp_test_finish (test);

  /* Between the connections, too. */
  send_receipt (test, "3");
  fresh.sm_h_known = TRUE;
  fresh.sm_h = 1;
  fresh.sm_resumable = FALSE;
  xmpp_test_start (test, second, &fresh);
  xmpp_test_finish (test);

  /* This session could not be resumed: it is over. */
  send_receipt (test, "4");
  xmpp_test_start (test, third, &with_sm);
  xmpp_test_finish (test);
}

/* ---- watching the peer ---- */

static void
test_dead_after_sending (gconstpointer data)
{
  static const LinnetTestStep steps[] = { { .c = STORED ("11") "<r " SM "/>", .act = LINNET_TEST_WAIT_EOF },
                                          {} };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autofree char *id = NULL;
  guint32 h;

  g_object_set (test->session, "ack-timeout", 20, NULL);
  xmpp_test_start (test, steps, &with_sm);
  xmpp_test_send_stored (test, 11);
  linnet_test_assert_rejects (xmpp_session_wait_closed (test->session),
                              XMPP_STREAM_ERROR,
                              XMPP_STREAM_ERROR_TIMEOUT);
  /* Dead is the connection, not the session. */
  g_assert_true (xmpp_session_get_resumption (test->session, &id, &h));
}

/* The time to answer starts with each request, however long ago the one before was answered. */
static void
test_second_burst (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = STORED ("11") "<r " SM "/>", .s = "<a " SM " h='1'/>" },
    { .c = STORED ("12") "<r " SM "/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);
  g_autoptr (GArray) acked = xmpp_test_collect (test, "acked");
  GSource *deadline;
  gint64 sent_at;

  xmpp_test_start (test, steps, &with_sm);
  xmpp_test_send_stored (test, 11);
  while (acked->len < 1)
    linnet_test_settle ();
  g_assert_cmpuint (test->session->ack_timer, ==, 0);

  sent_at = g_get_monotonic_time ();
  xmpp_test_send_stored (test, 12);
  xmpp_test_finish (test);
  deadline = g_main_context_find_source_by_id (NULL, test->session->ack_timer);
  g_assert_nonnull (deadline);
  g_assert_cmpint (g_source_get_ready_time (deadline) - sent_at, >=, test->session->ack_timeout * 1000);
}

static void
test_dead_while_idle (gconstpointer data)
{
  static const LinnetTestStep steps[] = { { .c = "<r " SM "/>", .act = LINNET_TEST_WAIT_EOF }, {} };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);

  g_object_set (test->session, "ack-timeout", 20, "idle-timeout", 20, NULL);
  xmpp_test_start (test, steps, &with_sm);
  linnet_test_assert_rejects (xmpp_session_wait_closed (test->session),
                              XMPP_STREAM_ERROR,
                              XMPP_STREAM_ERROR_TIMEOUT);
}

static void
test_alive_while_idle (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = "<r " SM "/>", .s = "<a " SM " h='0'/>" },
    { .c = "<r " SM "/>", .s = " " },
    { .c = "<r " SM "/>", .s = "<a " SM " h='0'/>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);

  g_object_set (test->session, "ack-timeout", 2000, "idle-timeout", 10, NULL);
  xmpp_test_start (test, steps, &with_sm);
  xmpp_test_finish (test);
  g_assert_true (xmpp_session_is_online (test->session));
}

static void
test_probe (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>",
      .s = "<presence from='mira@example.net/x'/>" },
    { .c = "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>", .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (no_features);

  xmpp_test_start (test, steps, NULL);
  linnet_test_assert_resolves (xmpp_session_probe (test->session, 5000));
  linnet_test_assert_rejects (xmpp_session_probe (test->session, 20),
                              XMPP_STREAM_ERROR,
                              XMPP_STREAM_ERROR_TIMEOUT);
  g_assert_false (xmpp_session_is_online (test->session));
  linnet_test_assert_rejects (xmpp_session_probe (test->session, 20),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_DISCONNECTED);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);
  linnet_test_add ("/xmpp/session-send/receipts-outlive", test_receipts_outlive, NULL);
  linnet_test_add ("/xmpp/session-send/dead-after-sending", test_dead_after_sending, NULL);
  linnet_test_add ("/xmpp/session-send/second-burst", test_second_burst, NULL);
  linnet_test_add ("/xmpp/session-send/dead-while-idle", test_dead_while_idle, NULL);
  linnet_test_add ("/xmpp/session-send/alive-while-idle", test_alive_while_idle, NULL);
  linnet_test_add ("/xmpp/session-send/probe", test_probe, NULL);

  return g_test_run ();
}
