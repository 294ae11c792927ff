/* Tests of XEP-0030: who is told what we are; what the own server and account are; what others are
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-spawn.h"
#include "xmpp-assert.h"
#include "xmpp-disco.h"
#include "xmpp-test-session.h"

#define INFO "http://jabber.org/protocol/disco#info"
#define ITEMS "http://jabber.org/protocol/disco#items"
#define ASK(from, ns, attributes) \
  "<iq type='get' id='q' from='" from "'><query xmlns='" ns "' " attributes "/></iq>"
#define UNAVAILABLE(to)                                       \
  "<iq type='error' id='q' to='" to "'><error type='cancel'>" \
  "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"

static const struct
{
  const char *name;
  const char *in;
  const char *out;
} rows[] = {
  { "info-stranger", ASK ("mallory@example.com/x", INFO, ""), UNAVAILABLE ("mallory@example.com/x") },
  { "info-without-subscription", ASK ("none@example.net/x", INFO, ""), UNAVAILABLE ("none@example.net/x") },
  { "info-who-only-we-see", ASK ("to@example.net/x", INFO, ""), UNAVAILABLE ("to@example.net/x") },
  { "info-node-stranger",
    ASK ("mallory@example.com/x", INFO, "node='urn:example'"),
    UNAVAILABLE ("mallory@example.com/x") },
  { "info-unknown-node",
    ASK ("both@example.net/x", INFO, "node='urn:example'"),
    "<iq type='error' id='q' to='both@example.net/x'><error type='cancel'><item-not-found "
    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>" },
  { "items-contact",
    ASK ("both@example.net/x", ITEMS, ""),
    "<iq type='result' id='q' to='both@example.net/x'><query xmlns='" ITEMS "'/></iq>" },
  { "items-node-contact",
    ASK ("from@example.net/x", ITEMS, "node='n'"),
    "<iq type='result' id='q' to='from@example.net/x'><query xmlns='" ITEMS "' node='n'/></iq>" },
  { "items-stranger", ASK ("mallory@example.com/x", ITEMS, ""), UNAVAILABLE ("mallory@example.com/x") },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_exchange (rows[row].in, rows[row].out);

  g_assert_true (xmpp_session_is_online (test->session));
}

#define OWN_QUERY(node)                                                                   \
  "<query xmlns='" INFO "'" node "><identity category='client' type='pc' name='Linnet'/>" \
  "<feature var='http://jabber.org/protocol/caps'/>"                                      \
  "<feature var='http://jabber.org/protocol/chatstates'/>"                                \
  "<feature var='http://jabber.org/protocol/disco#info'/>"                                \
  "<feature var='http://jabber.org/protocol/disco#items'/>"                               \
  "<feature var='http://jabber.org/protocol/nick'/>"                                      \
  "<feature var='http://jabber.org/protocol/nick+notify'/>"                               \
  "<feature var='jabber:iq:version'/>"                                                    \
  "<feature var='urn:ietf:params:xml:ns:vcard-4.0'/>"                                     \
  "<feature var='urn:xmpp:avatar:metadata'/>"                                             \
  "<feature var='urn:xmpp:avatar:metadata+notify'/>"                                      \
  "<feature var='urn:xmpp:carbons:2'/>"                                                   \
  "<feature var='urn:xmpp:chat-markers:0'/>"                                              \
  "<feature var='urn:xmpp:delay'/>"                                                       \
  "<feature var='urn:xmpp:forward:0'/>"                                                   \
  "<feature var='urn:xmpp:ping'/>"                                                        \
  "<feature var='urn:xmpp:receipts'/>"                                                    \
  "</query>"

static void
test_own_info (gconstpointer data)
{
  static const char *const who[] = {
    "both@example.net/x", "from@example.net/x", "ana@example.org/phone", "example.org"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (who); i++)
    {
      g_autofree char *in = g_strdup_printf (ASK ("%s", INFO, ""), who[i]);
      g_autofree char *out =
          g_strdup_printf ("<iq type='result' id='q' to='%s'>" OWN_QUERY ("") "</iq>", who[i]);
      g_autoptr (XmppTest) test = xmpp_test_exchange (in, out);

      g_assert_true (xmpp_session_is_online (test->session));
    }
}

/* What the presence announces is what the answer's hash gives (XEP-0115 section 5.1). */
static void
test_own_caps (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = XMPP_TEST_INTRO_C, .s = XMPP_TEST_INTRO_S ("") },
    { .c = "<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://linnet.im' "
           "ver='{ver}'/>"
           "<x xmlns='vcard-temp:x:update'/></presence>",
      .s = "<iq type='get' id='q' from='both@example.net/x'><query xmlns='" INFO
           "' node='https://linnet.im#${ver}'/></iq>" },
    { .c = "<iq type='result' id='q' to='both@example.net/x'>" OWN_QUERY (
          " node='https://linnet.im#${ver}'") "</iq>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppDisco *disco = xmpp_test_get_feature (test, XMPP_TYPE_DISCO);
  g_autoptr (XmppNode) query = xmpp_node_from_literal (OWN_QUERY (""));
  g_autoptr (XmppDiscoInfo) info = xmpp_disco_info_parse (query);
  g_autofree char *ver = xmpp_disco_info_get_caps_ver (info, G_CHECKSUM_SHA1);
  g_autoptr (XmppNode) caps = xmpp_disco_create_caps (disco);

  g_assert_cmpstr (xmpp_node_get_attr (caps, "ver"), ==, ver);
  xmpp_test_start (test, steps, NULL);
  xmpp_test_finish (test);
}

static void
test_server_and_account (gconstpointer data)
{
  static const LinnetTestStep steps[] = { XMPP_TEST_INTRO, { .act = LINNET_TEST_CLOSE }, {} };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppDisco *disco = xmpp_test_get_feature (test, XMPP_TYPE_DISCO);

  g_assert_false (xmpp_disco_account_has (disco, "urn:xmpp:sid:0"));
  xmpp_test_start (test, steps, NULL);
  linnet_test_assert_resolves (xmpp_disco_wait_own_info (disco));
  g_assert_true (xmpp_disco_account_has (disco, "urn:xmpp:sid:0"));
  g_assert_false (xmpp_disco_account_has (disco, "urn:xmpp:blocking"));
  g_assert_true (xmpp_disco_server_has (disco, "urn:xmpp:blocking"));
  xmpp_test_finish (test);

  /* The next server may be another, or another version. */
  dex_await (xmpp_session_wait_closed (test->session), NULL);
  g_assert_false (xmpp_disco_server_has (disco, "urn:xmpp:blocking"));
  g_assert_false (xmpp_disco_account_has (disco, "urn:xmpp:sid:0"));
}

static void
test_query (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = "<iq type='get' id='*' to='conference.example.org'><query xmlns='" INFO "'/></iq>",
      .s = "<iq type='result' id='$1' from='conference.example.org'><query xmlns='" INFO "'>"
           "<feature var='http://jabber.org/protocol/muc'/></query></iq>" },
    { .c = "<iq type='get' id='*' to='example.org'><query xmlns='" INFO "'/></iq>",
      .s = "<iq type='result' id='$1' from='example.org'/>" },
    { .c = "<iq type='get' id='*' to='example.org'><query xmlns='" INFO "' node='n'/></iq>",
      .s = "<iq type='error' id='$1' from='example.org'><error type='cancel'><forbidden "
           "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>" },
    {},
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppDisco *disco = xmpp_test_get_feature (test, XMPP_TYPE_DISCO);
  g_autoptr (XmppJid) rooms = xmpp_test_jid ("conference.example.org");
  g_autoptr (XmppJid) server = xmpp_test_jid ("example.org");
  g_autoptr (XmppDiscoInfo) info = NULL;

  xmpp_test_start (test, steps, NULL);
  info = dex_await_boxed (xmpp_disco_query_info (disco, rooms, NULL), NULL);
  g_assert_true (xmpp_disco_info_has_feature (info, "http://jabber.org/protocol/muc"));

  linnet_test_assert_rejects (xmpp_disco_query_info (disco, server, NULL),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_UNDEFINED_CONDITION);
  linnet_test_assert_rejects (xmpp_disco_query_info (disco, server, "n"),
                              XMPP_STANZA_ERROR,
                              XMPP_STANZA_ERROR_FORBIDDEN);
  xmpp_test_finish (test);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/disco/answer/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/disco/own-info", test_own_info, NULL);
  linnet_test_add ("/xmpp/disco/own-caps", test_own_caps, NULL);
  linnet_test_add ("/xmpp/disco/server-and-account", test_server_and_account, NULL);
  linnet_test_add ("/xmpp/disco/query", test_query, NULL);

  return g_test_run ();
}
