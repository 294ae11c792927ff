/* Tests of XEP-0280: enabling, and that only the own account's carbons count (I1), once (I6)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-carbons.h"
#include "xmpp-test-session.h"

#define INNER                                                                                  \
  "<message xmlns='jabber:client' from='both@example.net/x' to='ana@example.org' type='chat' " \
  "id='i'><body>inner</body></message>"
#define INNER_SENT                                                                                 \
  "<message xmlns='jabber:client' from='ana@example.org/phone' to='both@example.net' type='chat' " \
  "id='i'><body>inner</body></message>"
#define FORWARD(inner) "<forwarded xmlns='urn:xmpp:forward:0'>" inner "</forwarded>"
#define RECEIVED(inner) "<received xmlns='urn:xmpp:carbons:2'>" FORWARD (inner) "</received>"
#define SENT(inner) "<sent xmlns='urn:xmpp:carbons:2'>" FORWARD (inner) "</sent>"
#define RESULT(inner) "<result xmlns='urn:xmpp:mam:2' queryid='q' id='1'>" FORWARD (inner) "</result>"
#define INNER_CARBON "<message xmlns='jabber:client' from='ana@example.org'>" RECEIVED (INNER) "</message>"
#define OWN "<message from='ana@example.org' to='ana@example.org/desk' type='chat'>"

static const struct
{
  const char *name;
  const char *in;
  const char *body; /* of what is delivered; NULL: nothing is */
  const char *from;
  XmppMessageSource source;
} rows[] = {
  { "received",
    OWN RECEIVED (INNER) "</message>",
    "inner",
    "both@example.net/x",
    XMPP_MESSAGE_CARBON_RECEIVED },
  { "sent", OWN SENT (INNER_SENT) "</message>", "inner", "ana@example.org/phone", XMPP_MESSAGE_CARBON_SENT },
  { "no-from",
    "<message to='ana@example.org/desk'>" RECEIVED (INNER) "</message>",
    "inner",
    "both@example.net/x",
    XMPP_MESSAGE_CARBON_RECEIVED },

  /* I1: not from the own bare address */
  { "from-contact", "<message from='both@example.net' type='chat'>" RECEIVED (INNER) "</message>" },
  { "from-contact-resource",
    "<message from='both@example.net/x' type='chat'><body>outer</body>" RECEIVED (INNER) "</message>" },
  { "sent-from-contact", "<message from='both@example.net/x' type='chat'>" SENT (INNER_SENT) "</message>" },
  { "from-room",
    "<message from='room@muc.example.org/nick' type='groupchat'>" RECEIVED (INNER) "</message>" },
  { "from-own-resource", "<message from='ana@example.org/phone' type='chat'>" RECEIVED (INNER) "</message>" },
  { "from-this-resource", "<message from='ana@example.org/desk' type='chat'>" RECEIVED (INNER) "</message>" },
  { "from-own-server", "<message from='example.org' type='chat'>" RECEIVED (INNER) "</message>" },
  { "from-neighbour", "<message from='mira@example.org' type='chat'>" RECEIVED (INNER) "</message>" },
  { "from-similar",
    "<message from='ana@example.org.example.net' type='chat'>" RECEIVED (INNER) "</message>" },
  { "groupchat", "<message from='ana@example.org' type='groupchat'>" RECEIVED (INNER) "</message>" },
  { "groupchat-inside",
    OWN RECEIVED ("<message xmlns='jabber:client' from='room@muc.example.org/n' to='ana@example.org' "
                  "type='groupchat'><body>b</body></message>") "</message>" },

  /* A server that mixes things up */
  { "sent-by-another", OWN SENT (INNER) "</message>" },
  { "received-by-another",
    OWN RECEIVED ("<message xmlns='jabber:client' from='both@example.net/x' to='mira@example.org' "
                  "type='chat'><body>b</body></message>") "</message>" },

  /* I6: a wrapper in a wrapper */
  { "carbon-in-carbon",
    OWN RECEIVED ("<message xmlns='jabber:client' from='ana@example.org' to='ana@example.org'>" RECEIVED (
        INNER) "</message>") "</message>" },
  { "sent-in-received",
    OWN RECEIVED ("<message xmlns='jabber:client' from='both@example.net' to='ana@example.org'>" SENT (
        INNER_SENT) "</message>") "</message>" },
  { "two-carbons",
    OWN RECEIVED (INNER) RECEIVED (INNER) "</message>",
    "inner",
    "both@example.net/x",
    XMPP_MESSAGE_CARBON_RECEIVED },
  { "two-messages",
    OWN "<received xmlns='urn:xmpp:carbons:2'>" FORWARD (INNER INNER_SENT) "</received></message>",
    "inner",
    "both@example.net/x",
    XMPP_MESSAGE_CARBON_RECEIVED },

  /* security.md I3: nobody asked an archive for anything, not even the own one */
  { "result-from-contact", "<message from='both@example.net'>" RESULT (INNER_SENT) "</message>" },
  { "result-from-room", "<message from='room@muc.example.org'>" RESULT (INNER) "</message>" },
  { "result-from-own-archive", OWN RESULT (INNER) "</message>" },
  { "result-with-body",
    "<message from='both@example.net/x' type='chat'><body>outer</body>" RESULT (INNER_SENT) "</message>",
    "outer",
    "both@example.net/x",
    XMPP_MESSAGE_LIVE },
  { "result-in-carbon",
    OWN RECEIVED ("<message xmlns='jabber:client' from='both@example.net' to='ana@example.org'>" RESULT (
        INNER_SENT) "</message>") "</message>" },
  { "carbon-in-result", OWN RESULT (INNER_CARBON) "</message>" },
  { "carbon-in-forward",
    "<message from='both@example.net/x' type='chat'>" FORWARD (INNER_CARBON) "</message>" },

  /* Nothing in it */
  { "empty", OWN "<received xmlns='urn:xmpp:carbons:2'/></message>" },
  { "not-forwarded", OWN "<received xmlns='urn:xmpp:carbons:2'>" INNER "</received></message>" },
  { "iq-inside",
    OWN RECEIVED ("<iq xmlns='jabber:client' type='set' from='ana@example.org' id='x'><query "
                  "xmlns='jabber:iq:roster'/></iq>") "</message>" },
  { "bad-address-inside",
    OWN RECEIVED (
        "<message xmlns='jabber:client' from='@' to='ana@example.org'><body>b</body></message>") "</"
                                                                                                 "message>" },
  { "private",
    "<message from='both@example.net/x' type='chat'><body>outer</body><private "
    "xmlns='urn:xmpp:carbons:2'/></message>",
    "outer",
    "both@example.net/x",
    XMPP_MESSAGE_LIVE },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_exchange (rows[row].in, NULL);
  XmppMessage *message;

  if (rows[row].body == NULL)
    {
      g_assert_cmpuint (xmpp_test_count_messages (test), ==, 0);
      return;
    }

  message = xmpp_test_get_message (test);
  g_assert_cmpstr (message->body, ==, rows[row].body);
  g_assert_cmpstr (xmpp_jid_get_string (message->from), ==, rows[row].from);
  g_assert_cmpint (message->source, ==, rows[row].source);
}

/* Not only is it not stored: no feature gets to see it. */
static void
test_groupchat_inside (gconstpointer data)
{
  g_autoptr (XmppTest) test = xmpp_test_exchange (
      OWN RECEIVED ("<message xmlns='jabber:client' from='room@muc.example.org/n' to='ana@example.org' "
                    "type='groupchat'><probe xmlns='urn:test:probe'/></message>") "</message>",
      NULL);

  g_assert_null (xmpp_test_get_probed (test));
}

static void
test_delay (gconstpointer data)
{
  g_autoptr (XmppTest) test =
      xmpp_test_exchange (OWN "<received xmlns='urn:xmpp:carbons:2'>"
                              "<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' "
                              "stamp='2020-01-01T00:00:00Z'/>" INNER "</forwarded></received></message>",
                          NULL);
  XmppMessage *message = xmpp_test_get_message (test);

  g_assert_cmpint (message->delay, ==, G_GINT64_CONSTANT (1577836800) * G_USEC_PER_SEC);
  g_assert_false (message->offline);
}

static void
test_inlined (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .s = "<iq type='get' id='x'><query xmlns='urn:example:sync'/></iq>" },
    { .c = "<iq type='error' id='x'><error type='cancel'><service-unavailable "
           "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>" },
    {}
  };
  const GType types[] = { XMPP_TYPE_CARBONS, G_TYPE_INVALID };
  g_autoptr (XmppTest) test = xmpp_test_new (types);

  xmpp_test_start (test, steps, &(XmppSessionStart) { .carbons_enabled = TRUE });
  xmpp_test_finish (test);
}

/* A server that knows no carbons is no reason to be offline. */
static void
test_refused (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    { .c = "<iq type='set' id='*'><enable xmlns='urn:xmpp:carbons:2'/></iq>",
      .s = "<iq type='error' id='$1'><error type='cancel'><feature-not-implemented "
           "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>" },
    {}
  };
  const GType types[] = { XMPP_TYPE_CARBONS, G_TYPE_INVALID };
  g_autoptr (XmppTest) test = xmpp_test_new (types);

  xmpp_test_start (test, steps, NULL);
  g_assert_true (xmpp_session_is_online (test->session));
  xmpp_test_finish (test);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/carbons/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/carbons/groupchat-inside-is-shown-to-nobody", test_groupchat_inside, NULL);
  linnet_test_add ("/xmpp/carbons/delay", test_delay, NULL);
  linnet_test_add ("/xmpp/carbons/inlined", test_inlined, NULL);
  linnet_test_add ("/xmpp/carbons/refused", test_refused, NULL);

  return g_test_run ();
}
