/* Tests of XEP-0352: when the server is told that nobody looks
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-assert.h"
#include "xmpp-csi.h"
#include "xmpp-test-session.h"

#define ACTIVE "<active xmlns='urn:xmpp:csi:0'/>"
#define INACTIVE "<inactive xmlns='urn:xmpp:csi:0'/>"

static void
start (XmppTest *test,
       const LinnetTestStep *steps,
       gboolean offered)
{
  g_autoptr (XmppNode) features = xmpp_node_from_literal (
      offered ? "<features xmlns='http://etherx.jabber.org/streams'><csi xmlns='urn:xmpp:csi:0'/></features>"
              : "<features xmlns='http://etherx.jabber.org/streams'/>");

  xmpp_test_start (test,
                   steps,
                   &(XmppSessionStart) { .stream_features = features,
                                         .sm_enabled = TRUE,
                                         .sm_resumable = TRUE,
                                         .sm_id = (char *) "id1" });
}

static XmppTest *
create_test (void)
{
  const GType types[] = { XMPP_TYPE_CSI, G_TYPE_INVALID };

  return xmpp_test_new (types);
}

static void
test_told (gconstpointer data)
{
  static const LinnetTestStep steps[] = { { .c = INACTIVE ACTIVE INACTIVE }, {} };
  g_autoptr (XmppTest) test = create_test ();

  start (test, steps, TRUE);
  xmpp_session_set_active (test->session, TRUE); /* as it was */
  xmpp_session_set_active (test->session, FALSE);
  xmpp_session_set_active (test->session, FALSE);
  xmpp_session_set_active (test->session, TRUE);
  xmpp_session_set_active (test->session, FALSE);
  xmpp_test_finish (test);
}

/* A resumed stream starts as active (section 5.2). */
static void
test_resumed (gconstpointer data)
{
  static const LinnetTestStep first[] = { { .c = INACTIVE, .act = LINNET_TEST_RESET }, {} };
  static const LinnetTestStep second[] = { { .c = INACTIVE ACTIVE }, {} };
  g_autoptr (XmppTest) test = create_test ();

  xmpp_session_set_active (test->session, FALSE);
  start (test, first, TRUE);
  xmpp_test_finish (test);
  xmpp_test_start (test, second, &(XmppSessionStart) { .resumed = TRUE });
  xmpp_session_set_active (test->session, TRUE);
  xmpp_test_finish (test);
}

static void
test_not_offered (gconstpointer data)
{
  static const LinnetTestStep steps[] = { { .s = "<r xmlns='urn:xmpp:sm:3'/>" },
                                          { .c = "<a xmlns='urn:xmpp:sm:3' h='0'/>" },
                                          {} };
  g_autoptr (XmppTest) test = create_test ();

  xmpp_session_set_active (test->session, FALSE);
  start (test, steps, FALSE);
  xmpp_session_set_active (test->session, TRUE);
  xmpp_test_finish (test);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/xmpp/csi/told", test_told, NULL);
  linnet_test_add ("/xmpp/csi/resumed", test_resumed, NULL);
  linnet_test_add ("/xmpp/csi/not-offered", test_not_offered, NULL);

  return g_test_run ();
}
