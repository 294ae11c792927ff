/* Tests of XEP-0424: what is taken back, and what is no retraction (I9)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-assert.h"
#include "xmpp-retraction.h"
#include "xmpp-test-session.h"

#define MESSAGE(rest) "<message from='both@example.net/x' type='chat' id='r1'>" rest "</message>"
#define RETRACT(id) "<retract xmlns='urn:xmpp:message-retract:1' id='" id "'/>"
#define FALLBACK "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/>"
#define STORE "<store xmlns='urn:xmpp:hints'/>"
#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X512 X64 X64 X64 X64 X64 X64 X64 X64

static const struct
{
  const char *name;
  const char *in;
  const char *retracts; /* NULL: nothing */
  const char *text;
} rows[] = {
  { "retraction", MESSAGE ("<body>gone</body>" RETRACT ("m1") FALLBACK STORE), "m1", NULL },
  { "without-body", MESSAGE (RETRACT ("m1") STORE), "m1", NULL },
  { "from-another-device",
    "<message from='ana@example.org'><sent xmlns='urn:xmpp:carbons:2'>"
    "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='ana@example.org/phone' "
    "to='both@example.net' type='chat' id='r1'>" RETRACT ("m1") "</message></forwarded></sent></message>",
    "m1",
    NULL },
  { "text-that-is-no-fallback", MESSAGE ("<body>b</body>" RETRACT ("m1")), "m1", "b" },
  { "first-of-two", MESSAGE (RETRACT ("m1") RETRACT ("m2")), "m1", NULL },
  { "longest-id", MESSAGE (RETRACT (X512)), X512, NULL },
  { "too-long-id", MESSAGE ("<body>b</body>" RETRACT (X512 "x")), NULL, "b" },
  { "itself", MESSAGE ("<body>b</body>" RETRACT ("r1") FALLBACK), NULL, "b" },
  { "empty-id", MESSAGE ("<body>b</body>" RETRACT ("") FALLBACK), NULL, "b" },
  { "without-id",
    MESSAGE ("<body>b</body><retract xmlns='urn:xmpp:message-retract:1'/>" FALLBACK),
    NULL,
    "b" },
  { "tombstone",
    MESSAGE ("<body>b</body><retracted xmlns='urn:xmpp:message-retract:1' id='m1'/>" FALLBACK),
    NULL,
    "b" },
  { "old-version",
    MESSAGE ("<body>b</body><retract xmlns='urn:xmpp:message-retract:0' id='m1'/>" FALLBACK),
    NULL,
    "b" },
  { "in-a-quotation",
    MESSAGE ("<body>b</body><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'>"
             "<body>c</body>" RETRACT ("m1") "</message></forwarded>"),
    NULL,
    "b" },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_exchange (rows[row].in, NULL);
  XmppMessage *message = xmpp_test_get_message (test);

  g_assert_cmpstr (message->retracts, ==, rows[row].retracts);
  g_assert_cmpstr (xmpp_message_get_text (message), ==, rows[row].text);
}

/* Who is who in a room is not known here. */
static void
test_room (gconstpointer data)
{
  g_autoptr (XmppTest) test =
      xmpp_test_exchange ("<message type='groupchat' from='room@muc.example.org/n' id='i'>" RETRACT (
                              "m1") "<probe xmlns='urn:test:probe'/></message>",
                          NULL);

  g_assert_null (xmpp_test_get_probed (test)->retracts);
}

static void
test_compose (gconstpointer data)
{
  g_autoptr (XmppJid) to = xmpp_test_jid ("both@example.net");
  g_autoptr (XmppNode) message = xmpp_retraction_compose (to, "r1", "m1", "/me took a message back");

  xmpp_assert_node (message,
                    "<message to='both@example.net' type='chat' id='r1'><body>/me took a message back</body>"
                    "<origin-id xmlns='urn:xmpp:sid:0' id='r1'/>" RETRACT ("m1") FALLBACK STORE "</message>");
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/retraction/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/retraction/room", test_room, NULL);
  linnet_test_add ("/xmpp/retraction/compose", test_compose, NULL);

  return g_test_run ();
}
