/* Tests of XEP-0297: a forwarded message is a quotation and nothing else (I6)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-test-session.h"

#define FORWARD(inner) "<forwarded xmlns='urn:xmpp:forward:0'>" inner "</forwarded>"
#define INNER(from, rest) "<message xmlns='jabber:client'" from " type='chat' id='inner'>" rest "</message>"
#define MESSAGE(rest) "<message from='both@example.net/x' type='chat' id='outer'>" rest "</message>"

static const struct
{
  const char *name;
  const char *in;
  const char *body;
  const char *quote_body;
  const char *quote_from;
} rows[] = {
  { "quotation",
    MESSAGE ("<body>Look</body>" FORWARD (INNER (" from='to@example.net/y'", "<body>secret</body>"))),
    "Look",
    "secret",
    "to@example.net/y" },
  { "without-comment",
    MESSAGE (FORWARD (INNER (" from='to@example.net/y'", "<body>secret</body>"))),
    NULL,
    "secret",
    "to@example.net/y" },
  { "in-our-name",
    MESSAGE (FORWARD (INNER (" from='ana@example.org/desk'", "<body>I owe you</body>"))),
    NULL,
    "I owe you",
    "ana@example.org/desk" },
  { "by-nobody", MESSAGE (FORWARD (INNER ("", "<body>secret</body>"))), NULL, "secret", NULL },
  { "by-nonsense", MESSAGE (FORWARD (INNER (" from='@'", "<body>secret</body>"))), NULL, "secret", NULL },
  { "first-of-two",
    MESSAGE (FORWARD (INNER (" from='a@example.net'", "<body>1</body>"))
                 FORWARD (INNER (" from='b@example.net'", "<body>2</body>"))),
    NULL,
    "1",
    "a@example.net" },
  { "no-body",
    MESSAGE ("<body>Look</body>" FORWARD (INNER (" from='a@example.net'", ""))),
    "Look",
    NULL,
    NULL },
  { "empty", MESSAGE ("<body>Look</body>" FORWARD ("")), "Look", NULL, NULL },
  { "control-characters", MESSAGE (FORWARD (INNER ("", "<body>a\x7f\r\nb</body>"))), NULL, "a\nb", NULL },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_exchange (rows[row].in, NULL);
  XmppMessage *message = xmpp_test_get_message (test);

  g_assert_cmpstr (xmpp_jid_get_string (message->from), ==, "both@example.net/x");
  g_assert_cmpstr (message->id, ==, "outer");
  g_assert_cmpstr (message->body, ==, rows[row].body);
  g_assert_cmpstr (message->quote_body, ==, rows[row].quote_body);
  g_assert_cmpstr (message->quote_from != NULL ? xmpp_jid_get_string (message->quote_from) : NULL,
                   ==,
                   rows[row].quote_from);
}

/* What is inside is seen by no hook: no receipt, marker, nickname, event or carbon comes out of it. */
static void
test_inside_is_dead (gconstpointer data)
{
  g_autoptr (XmppTest) test = xmpp_test_exchange (
      MESSAGE (FORWARD (INNER (" from='ana@example.org'",
                               "<body>b</body><received xmlns='urn:xmpp:receipts' id='m1'/>"
                               "<displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/>"
                               "<nick xmlns='http://jabber.org/protocol/nick'>N</nick>"
                               "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>"
                               "<stanza-id xmlns='urn:xmpp:sid:0' id='a1' by='ana@example.org'/>"
                               "<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
                               "<message xmlns='jabber:client' from='to@example.net'><body>c</body></message>"
                               "</forwarded></received>"))),
      NULL);
  XmppMessage *message = xmpp_test_get_message (test);

  g_assert_cmpint (message->source, ==, XMPP_MESSAGE_LIVE);
  g_assert_cmpstr (message->quote_body, ==, "b");
  g_assert_null (message->receipt_for);
  g_assert_null (message->displayed_for);
  g_assert_null (message->displayed_here);
  g_assert_null (message->nickname);
  g_assert_null (message->origin_id);
  g_assert_null (message->stanza_id);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/forward/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/forward/inside-is-dead", test_inside_is_dead, NULL);

  return g_test_run ();
}
