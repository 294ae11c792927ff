/* Tests of XEP-0203: whose stamps count (I11), and that none is from the future (R18)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-time.h"
#include "xmpp-assert.h"
#include "xmpp-delay.h"
#include "xmpp-test-session.h"

#define T2020 (G_GINT64_CONSTANT (1577836800) * G_USEC_PER_SEC)
#define DELAY(from, stamp) "<delay xmlns='urn:xmpp:delay' from='" from "' stamp='" stamp "'/>"
#define MESSAGE(delays) "<message from='both@example.net/x' type='chat'><body>b</body>" delays "</message>"

static const struct
{
  const char *name;
  const char *in;
  gint64 delay;
} rows[] = {
  { "none", MESSAGE (""), 0 },
  { "own-server", MESSAGE (DELAY ("example.org", "2020-01-01T00:00:00Z")), T2020 },
  { "own-account", MESSAGE (DELAY ("ana@example.org", "2020-01-01T00:00:00Z")), T2020 },
  { "offset", MESSAGE (DELAY ("example.org", "2020-01-01T02:00:00+02:00")), T2020 },
  { "fraction", MESSAGE (DELAY ("example.org", "2020-01-01T00:00:00.25Z")), T2020 + 250000 },
  { "sender", MESSAGE (DELAY ("both@example.net/x", "2020-01-01T00:00:00Z")), 0 },
  { "sender-server", MESSAGE (DELAY ("example.net", "2020-01-01T00:00:00Z")), 0 },
  { "own-resource", MESSAGE (DELAY ("ana@example.org/desk", "2020-01-01T00:00:00Z")), 0 },
  { "own-server-resource", MESSAGE (DELAY ("example.org/x", "2020-01-01T00:00:00Z")), 0 },
  { "neighbour", MESSAGE (DELAY ("mira@example.org", "2020-01-01T00:00:00Z")), 0 },
  { "nobody", MESSAGE ("<delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/>"), 0 },
  { "malformed-from", MESSAGE (DELAY ("@", "2020-01-01T00:00:00Z")), 0 },
  { "no-stamp", MESSAGE ("<delay xmlns='urn:xmpp:delay' from='example.org'/>"), 0 },
  { "no-date", MESSAGE (DELAY ("example.org", "yesterday")), 0 },
  { "no-zone", MESSAGE (DELAY ("example.org", "2020-01-01T00:00:00")), 0 },
  { "old-namespace",
    MESSAGE ("<x xmlns='jabber:x:delay' from='example.org' stamp='20200101T00:00:00'/>"),
    0 },
  { "the-server-comes-last",
    MESSAGE (DELAY ("example.org", "1999-01-01T00:00:00Z") DELAY ("example.org", "2020-01-01T00:00:00Z")),
    T2020 },
  { "forged-after",
    MESSAGE (DELAY ("example.org", "2020-01-01T00:00:00Z")
                 DELAY ("both@example.net", "1999-01-01T00:00:00Z")),
    T2020 },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_exchange (rows[row].in, NULL);
  XmppMessage *message = xmpp_test_get_message (test);

  g_assert_cmpint (message->delay, ==, rows[row].delay);
  g_assert_cmpint (message->offline, ==, rows[row].delay != 0);
}

static void
test_future (void)
{
  gint64 before = g_get_real_time ();
  gint64 clamped = xmpp_delay_parse_stamp ("9999-12-31T23:59:59Z");

  g_assert_cmpint (clamped, >=, before);
  g_assert_cmpint (clamped, <=, g_get_real_time ());
}

static void
test_create (void)
{
  g_autoptr (XmppJid) jid = xmpp_test_jid ("ana@example.org");
  g_autoptr (XmppNode) delay = xmpp_delay_create (jid, T2020 + 250000);

  xmpp_assert_node (
      delay, "<delay xmlns='urn:xmpp:delay' from='ana@example.org' stamp='2020-01-01T00:00:00.250Z'/>");
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/delay/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  g_test_add_func ("/xmpp/delay/future", test_future);
  g_test_add_func ("/xmpp/delay/create", test_create);

  return g_test_run ();
}
