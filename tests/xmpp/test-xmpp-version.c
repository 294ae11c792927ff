/* Tests of XEP-0092: nothing but the name, and to strangers not even that
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "xmpp-test-session.h"
#include "xmpp-version.h"

#define ASK(from) "<iq type='get' id='q' from='" from "'><query xmlns='jabber:iq:version'/></iq>"
#define NAME(to)                     \
  "<iq type='result' id='q' to='" to \
  "'><query xmlns='jabber:iq:version'><name>Linnet</name><version/></query></iq>"
#define UNAVAILABLE(to)                                       \
  "<iq type='error' id='q' to='" to "'><error type='cancel'>" \
  "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"

static const struct
{
  const char *name;
  const char *in;
  const char *out;
} rows[] = {
  { "contact", ASK ("both@example.net/x"), NAME ("both@example.net/x") },
  { "own-device", ASK ("ana@example.org/phone"), NAME ("ana@example.org/phone") },
  { "contact-who-does-not-see-us", ASK ("to@example.net/x"), UNAVAILABLE ("to@example.net/x") },
  { "stranger", ASK ("mallory@example.com/x"), UNAVAILABLE ("mallory@example.com/x") },
  { "last-activity",
    "<iq type='get' id='q' from='both@example.net/x'><query xmlns='jabber:iq:last'/></iq>",
    UNAVAILABLE ("both@example.net/x") },
  { "time",
    "<iq type='get' id='q' from='both@example.net/x'><time xmlns='urn:xmpp:time'/></iq>",
    UNAVAILABLE ("both@example.net/x") },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_exchange (rows[row].in, rows[row].out);

  g_assert_true (xmpp_session_is_online (test->session));
}

static const struct
{
  const char *name;
  const char *answer;
  const char *expected; /* NULL: nothing */
} answers[] = {
  { "name-and-version", "<name>Prosody</name><version>13.0.1</version><os>secret</os>", "Prosody 13.0.1" },
  { "name", "<name>ejabberd</name><version/>", "ejabberd" },
  { "cleaned", "<name>a\n b</name><version>\xe2\x80\xae 1</version>", "a b 1" },
  { "no-name", "<version>1</version>", NULL },
};

static void
test_query (gconstpointer data)
{
  const GType types[] = { XMPP_TYPE_VERSION, G_TYPE_INVALID };
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *answer = g_strdup_printf (
      "<iq type='result' id='$1' from='example.org'><query xmlns='jabber:iq:version'>%s</query></iq>",
      answers[row].answer);
  const LinnetTestStep steps[] = {
    { .c = "<iq type='get' id='*' to='example.org'><query xmlns='jabber:iq:version'/></iq>", .s = answer },
    {}
  };
  g_autoptr (XmppTest) test = xmpp_test_new (types);
  g_autoptr (XmppJid) jid = xmpp_test_jid ("example.org");
  g_autofree char *text = NULL;

  xmpp_test_start (test, steps, NULL);
  text = dex_await_string (xmpp_version_query (xmpp_test_get_feature (test, XMPP_TYPE_VERSION), jid), NULL);
  g_assert_cmpstr (text, ==, answers[row].expected);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/version/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/version/query/%s", answers[i].name);

      linnet_test_add (path, test_query, GSIZE_TO_POINTER (i));
    }

  return g_test_run ();
}
