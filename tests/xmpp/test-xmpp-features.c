/* Tests of the list of features, and of the way from a sign-in into a session
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-assert.h"
#include "xmpp-carbons.h"
#include "xmpp-disco.h"
#include "xmpp-features.h"
#include "xmpp-presence.h"
#include "xmpp-roster.h"
#include "xmpp-test-session.h"

static int
position (GType type)
{
  const GType *types = xmpp_features_get_types ();

  for (int i = 0; types[i] != G_TYPE_INVALID; i++)
    {
      if (types[i] == type)
        return i;
    }

  return -1;
}

static void
test_types (void)
{
  const GType *types = xmpp_features_get_types ();
  guint n = 0;

  for (; types[n] != G_TYPE_INVALID; n++)
    {
      g_assert_true (g_type_is_a (types[n], XMPP_TYPE_FEATURE));
      g_assert_cmpint (position (types[n]), ==, n); /* each once */
    }

  /* What the own presence lets loose must find everything ready. */
  g_assert_cmpint (position (XMPP_TYPE_PRESENCE), ==, n - 1);
  g_assert_cmpint (position (XMPP_TYPE_ROSTER), ==, 0);
  g_assert_cmpint (position (XMPP_TYPE_DISCO), >, 0);
}

static void
test_fresh (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .s =
          "<message from='mira@example.net' type='chat'><body>b</body></message><r xmlns='urn:xmpp:sm:3'/>" },
    { .c = "<a xmlns='urn:xmpp:sm:3' h='*'/>" },
    {},
  };
  const GType types[] = { XMPP_TYPE_CARBONS, G_TYPE_INVALID };
  g_autoptr (XmppTest) test = xmpp_test_new (types);
  g_autoptr (XmppJid) full = xmpp_test_jid ("ana@example.org/given");
  g_autoptr (GPtrArray) early = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_node_unref);
  const XmppLoginResult login = {
    .full_jid = full,
    .sm_enabled = TRUE,
    .sm_resumable = TRUE,
    .sm_id = (char *) "id7",
    .carbons_enabled = TRUE, /* nothing is sent about them */
    .early = early,
  };
  g_autofree char *id = NULL;
  guint32 h = 0;

  g_ptr_array_add (
      early,
      xmpp_node_from_literal ("<message from='mira@example.net' type='chat'><body>a</body></message>"));
  xmpp_test_connect (test, steps);
  linnet_test_assert_resolves (xmpp_session_start_login (test->session, test->stream, &login));
  xmpp_test_finish (test);

  g_assert_cmpstr (xmpp_jid_get_string (xmpp_session_get_full_jid (test->session)),
                   ==,
                   "ana@example.org/given");
  linnet_test_assert_resolves (xmpp_session_wait_drained (test->session));
  g_assert_true (xmpp_session_get_resumption (test->session, &id, &h));
  g_assert_cmpstr (id, ==, "id7");
  g_assert_cmpuint (h, ==, 1);
  g_assert_cmpuint (xmpp_test_count_messages (test), ==, 2);
}

static void
test_nothing_to_resume (gconstpointer data)
{
  static const LinnetTestStep steps[] = { {} };
  const GType types[] = { G_TYPE_INVALID };
  g_autoptr (XmppTest) test = xmpp_test_new (types);
  const XmppLoginResult login = { .resumed = TRUE };

  xmpp_test_connect (test, steps);
  linnet_test_assert_rejects (xmpp_session_start_login (test->session, test->stream, &login),
                              XMPP_STREAM_ERROR,
                              XMPP_STREAM_ERROR_PROTOCOL);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/xmpp/features/types", test_types);
  linnet_test_add ("/xmpp/features/fresh", test_fresh, NULL);
  linnet_test_add ("/xmpp/features/nothing-to-resume", test_nothing_to_resume, NULL);

  return g_test_run ();
}
