/* Tests of XEP-0199: who gets an answer
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-session-private.h"
#include "xmpp-test-session.h"

#define PING(from) "<iq type='get' id='q'" from "><ping xmlns='urn:xmpp:ping'/></iq>"
#define UNAVAILABLE(to)                                       \
  "<iq type='error' id='q' to='" to "'><error type='cancel'>" \
  "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"

static const struct
{
  const char *name;
  const char *in;
  const char *out;
} rows[] = {
  { "server", PING (""), "<iq type='result' id='q'/>" },
  { "server-by-name", PING (" from='example.org'"), "<iq type='result' id='q' to='example.org'/>" },
  { "own-device",
    PING (" from='ana@example.org/phone'"),
    "<iq type='result' id='q' to='ana@example.org/phone'/>" },
  { "contact", PING (" from='both@example.net/x'"), "<iq type='result' id='q' to='both@example.net/x'/>" },
  { "contact-who-sees-us",
    PING (" from='from@example.net/x'"),
    "<iq type='result' id='q' to='from@example.net/x'/>" },
  { "contact-who-does-not", PING (" from='to@example.net/x'"), UNAVAILABLE ("to@example.net/x") },
  { "stranger", PING (" from='mallory@example.com/x'"), UNAVAILABLE ("mallory@example.com/x") },
  { "other-element",
    "<iq type='get' id='q'><pong xmlns='urn:xmpp:ping'/></iq>",
    "<iq type='error' id='q'><error type='cancel'><service-unavailable "
    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>" },
  { "set",
    "<iq type='set' id='q'><ping xmlns='urn:xmpp:ping'/></iq>",
    "<iq type='error' id='q'><error type='cancel'><service-unavailable "
    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>" },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_exchange (rows[row].in, rows[row].out);

  g_assert_true (xmpp_session_is_online (test->session));
}

/* security.md P12: who has asked too much is answered like anybody who may not ask; the own server is not. */
static void
test_flood (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .s = PING (" from='both@example.net/x'") PING (" from='example.org'") XMPP_TEST_SYNC_S },
    { .c = UNAVAILABLE ("both@example.net/x") "<iq type='result' id='q' to='example.org'/>" },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  gint64 later = g_get_monotonic_time () + G_TIME_SPAN_HOUR;

  xmpp_test_start (test, steps, NULL);
  /* Nothing is left for either, for an hour. */
  while (xmpp_flood_admit (test->session->flood, "both@example.net", later))
    ;
  while (xmpp_flood_admit (test->session->flood, "example.org", later))
    ;

  xmpp_test_finish (test);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/ping/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/ping/flood", test_flood, NULL);

  return g_test_run ();
}
