/* Tests of the messages that a person sends
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-assert.h"
#include "xmpp-compose.h"

#define T2020 (G_GINT64_CONSTANT (1577836800) * G_USEC_PER_SEC)

static const struct
{
  const char *name;
  XmppComposeFlags flags;
  const char *extra;
} rows[] = {
  { "plain", XMPP_COMPOSE_NONE, "" },
  { "receipt", XMPP_COMPOSE_RECEIPT, "<request xmlns='urn:xmpp:receipts'/>" },
  { "markable", XMPP_COMPOSE_MARKABLE, "<markable xmlns='urn:xmpp:chat-markers:0'/>" },
  { "chat-state", XMPP_COMPOSE_CHAT_STATE, "<active xmlns='http://jabber.org/protocol/chatstates'/>" },
  { "all",
    XMPP_COMPOSE_RECEIPT | XMPP_COMPOSE_MARKABLE | XMPP_COMPOSE_CHAT_STATE,
    "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>"
    "<active xmlns='http://jabber.org/protocol/chatstates'/>" },
};

static void
test_chat (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppJid) to = xmpp_jid_new ("mira@example.net", NULL);
  g_autoptr (XmppNode) message = xmpp_compose_chat (to, "m1", "a < b\n& c", rows[row].flags);
  g_autofree char *expected =
      g_strdup_printf ("<message to='mira@example.net' type='chat' id='m1'><body>a &lt; b\n&amp; c</body>"
                       "<origin-id xmlns='urn:xmpp:sid:0' id='m1'/>%s</message>",
                       rows[row].extra);

  xmpp_assert_node (message, expected);
}

/* R7: the same ids, the same content, and when it was written; once, however often it is sent. */
static void
test_resend (void)
{
  g_autoptr (XmppJid) own = xmpp_jid_new ("ana@example.org", NULL);
  g_autofree char *once =
      xmpp_compose_resend ("<message to='mira@example.net' id='m1'><body>b</body></message>", own, T2020);
  g_autofree char *twice = NULL;
  g_autoptr (XmppNode) node = NULL;

  g_assert_nonnull (once);
  twice = xmpp_compose_resend (once, own, T2020);
  g_assert_cmpstr (twice, ==, once);
  node = xmpp_node_parse (once, -1, XMPP_NS_CLIENT, NULL);
  xmpp_assert_node (
      node,
      "<message to='mira@example.net' id='m1'><body>b</body>"
      "<delay xmlns='urn:xmpp:delay' from='ana@example.org' stamp='2020-01-01T00:00:00.000Z'/></message>");

  g_assert_null (xmpp_compose_resend ("<message", own, T2020));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/compose/chat/%s", rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_chat);
    }
  g_test_add_func ("/xmpp/compose/resend", test_resend);

  return g_test_run ();
}
