/* Tests of messages: addresses, types, unwrapping once (I6)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "xmpp-assert.h"
#include "xmpp-error.h"
#include "xmpp-message.h"

#define OWN "ana@example.org"

static const struct
{
  const char *name;
  const char *xml;
  const char *from; /* NULL: it is none */
  const char *to;
  const char *type;
  const char *peer;
  gboolean outgoing;
} rows[] = {
  {
      "incoming",
      "<message from='mira@example.net/x' to='ana@example.org/desk' type='chat'/>",
      "mira@example.net/x",
      "ana@example.org/desk",
      "chat",
      "mira@example.net/x",
      FALSE,
  },
  {
      "outgoing",
      "<message from='ana@example.org/phone' to='mira@example.net' type='chat'/>",
      "ana@example.org/phone",
      "mira@example.net",
      "chat",
      "mira@example.net",
      TRUE,
  },
  { "no-addresses", "<message/>", OWN, OWN, "normal", OWN, FALSE },
  {
      "to-myself",
      "<message from='ana@example.org/phone' to='ana@example.org' type='chat'/>",
      "ana@example.org/phone",
      OWN,
      "chat",
      "ana@example.org/phone",
      FALSE,
  },
  { "normalised",
    "<message from='MIRA@Example.NET/X'/>",
    "mira@example.net/X",
    OWN,
    "normal",
    "mira@example.net/X",
    FALSE },
  { "unknown-type",
    "<message from='mira@example.net' type='shout'/>",
    "mira@example.net",
    OWN,
    "normal",
    "mira@example.net",
    FALSE },
  { "groupchat",
    "<message from='room@example.net/nick' type='groupchat'/>",
    "room@example.net/nick",
    OWN,
    "groupchat",
    "room@example.net/nick",
    FALSE },
  { "empty-from", "<message from=''/>", NULL },
  { "bad-from", "<message from='a@b@c'/>", NULL },
  { "bad-to", "<message from='mira@example.net' to='@'/>", NULL },
};

static XmppMessage *
create (const char *xml)
{
  g_autoptr (XmppNode) node = xmpp_node_from_literal (xml);
  g_autoptr (XmppJid) own = xmpp_jid_new (OWN, NULL);

  return xmpp_message_new (node, own);
}

static void
test_addresses (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppMessage) message = create (rows[row].xml);
  g_autoptr (XmppJid) own = xmpp_jid_new (OWN, NULL);

  if (rows[row].from == NULL)
    {
      g_assert_null (message);
      return;
    }

  g_assert_cmpstr (xmpp_jid_get_string (message->from), ==, rows[row].from);
  g_assert_cmpstr (xmpp_jid_get_string (message->to), ==, rows[row].to);
  g_assert_cmpstr (message->type, ==, rows[row].type);
  g_assert_cmpstr (xmpp_jid_get_string (xmpp_message_get_peer (message, own)), ==, rows[row].peer);
  g_assert_cmpint (xmpp_message_is_outgoing (message, own), ==, rows[row].outgoing);
}

static void
test_body (void)
{
  g_autoptr (XmppMessage) message = create ("<message id='1'><body>a\x7f"
                                            "b</body></message>");
  g_autofree char *long_body = g_strnfill (XMPP_MESSAGE_MAX_BODY + 1, 'x');
  g_autofree char *long_xml = g_strdup_printf ("<message><body>%s</body></message>", long_body);
  g_autoptr (XmppMessage) large = create (long_xml);

  g_assert_cmpstr (message->body, ==, "ab");
  g_assert_cmpstr (message->id, ==, "1");
  g_assert_false (message->truncated);
  g_assert_cmpuint (strlen (large->body), ==, XMPP_MESSAGE_MAX_BODY);
  g_assert_true (large->truncated);
}

static void
test_error (void)
{
  g_autoptr (XmppMessage) message =
      create ("<message type='error' from='mira@example.net'><body>mine</body>"
              "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
  g_autoptr (XmppMessage) bare = create ("<message type='error' from='mira@example.net'/>");

  g_assert_error (message->error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_GONE);
  g_assert_null (message->body);
  g_assert_error (bare->error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_UNDEFINED_CONDITION);
}

static void
test_unwrap_once (void)
{
  g_autoptr (XmppJid) own = xmpp_jid_new (OWN, NULL);
  g_autoptr (XmppMessage) message =
      create ("<message from='ana@example.org' id='outer'><body>outer</body></message>");
  g_autoptr (XmppNode) first = xmpp_node_from_literal (
      "<message from='mira@example.net/x' id='1' type='chat'><body>one</body></message>");
  g_autoptr (XmppNode) second = xmpp_node_from_literal (
      "<message from='eve@example.net/x' id='2' type='chat'><body>two</body></message>");

  g_assert_true (xmpp_message_unwrap (message, first, XMPP_MESSAGE_CARBON_RECEIVED, own));
  g_assert_cmpstr (message->body, ==, "one");
  g_assert_cmpstr (message->id, ==, "1");
  g_assert_cmpstr (xmpp_jid_get_string (message->from), ==, "mira@example.net/x");
  g_assert_cmpint (message->source, ==, XMPP_MESSAGE_CARBON_RECEIVED);

  g_assert_false (xmpp_message_unwrap (message, second, XMPP_MESSAGE_CARBON_SENT, own));
  g_assert_cmpstr (message->body, ==, "one");
  g_assert_cmpint (message->source, ==, XMPP_MESSAGE_CARBON_RECEIVED);
}

static void
test_unwrap_nonsense (void)
{
  g_autoptr (XmppJid) own = xmpp_jid_new (OWN, NULL);
  g_autoptr (XmppMessage) message = create ("<message from='ana@example.org'><body>outer</body></message>");
  g_autoptr (XmppNode) iq = xmpp_node_from_literal ("<iq from='mira@example.net/x' type='set'/>");
  g_autoptr (XmppNode) foreign = xmpp_node_from_literal ("<message xmlns='urn:example'/>");
  g_autoptr (XmppNode) bad = xmpp_node_from_literal ("<message from='@'><body>bad</body></message>");

  g_assert_false (xmpp_message_unwrap (message, NULL, XMPP_MESSAGE_CARBON_RECEIVED, own));
  g_assert_false (xmpp_message_unwrap (message, iq, XMPP_MESSAGE_CARBON_RECEIVED, own));
  g_assert_false (xmpp_message_unwrap (message, foreign, XMPP_MESSAGE_CARBON_RECEIVED, own));
  g_assert_false (xmpp_message_unwrap (message, bad, XMPP_MESSAGE_CARBON_RECEIVED, own));
  g_assert_cmpstr (message->body, ==, "outer");
  g_assert_cmpint (message->source, ==, XMPP_MESSAGE_LIVE);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/message/addresses/%s", rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_addresses);
    }
  g_test_add_func ("/xmpp/message/body", test_body);
  g_test_add_func ("/xmpp/message/error", test_error);
  g_test_add_func ("/xmpp/message/unwrap-once", test_unwrap_once);
  g_test_add_func ("/xmpp/message/unwrap-nonsense", test_unwrap_nonsense);

  return g_test_run ();
}
