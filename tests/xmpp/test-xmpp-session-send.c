/* Tests of what outlives a session
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-builder.h"
#include "xmpp-test-session.h"

#define SM "xmlns='urn:xmpp:sm:3'"

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

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);
  linnet_test_add ("/xmpp/session-send/receipts-outlive", test_receipts_outlive, NULL);

  return g_test_run ();
}
