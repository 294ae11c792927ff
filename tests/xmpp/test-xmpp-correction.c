/* Tests of XEP-0308: what takes the place of what (I8)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-assert.h"
#include "xmpp-compose.h"
#include "xmpp-correction.h"
#include "xmpp-test-session.h"

#define NEW(rest) "<message from='both@example.net/x' type='chat' id='good1'>" rest "</message>"
#define REPLACE(id) "<replace xmlns='urn:xmpp:message-correct:0' id='" id "'/>"
#define CARBON(rest)                                                                                  \
  "<message from='ana@example.org'><sent xmlns='urn:xmpp:carbons:2'>"                                 \
  "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='ana@example.org/phone'" \
  " to='both@example.net' type='chat' id='good1'>" rest "</message></forwarded></sent></message>"
#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X512 X64 X64 X64 X64 X64 X64 X64 X64

static const struct
{
  const char *name;
  const char *in;
  const char *replaces; /* NULL: nothing */
} rows[] = {
  { "correction", NEW ("<body>window</body>" REPLACE ("bad1")), "bad1" },
  { "before-the-body", NEW (REPLACE ("bad1") "<body>window</body>"), "bad1" },
  { "from-another-device", CARBON ("<body>window</body>" REPLACE ("bad1")), "bad1" },
  { "first-of-two", NEW ("<body>window</body>" REPLACE ("bad1") REPLACE ("bad2")), "bad1" },
  { "without-own-id",
    "<message from='both@example.net/x' type='chat'><body>b</body>" REPLACE ("bad1") "</message>",
    "bad1" },
  { "longest-id", NEW ("<body>window</body>" REPLACE (X512)), X512 },
  { "too-long-id", NEW ("<body>window</body>" REPLACE (X512 "x")), NULL },
  { "itself", NEW ("<body>window</body>" REPLACE ("good1")), NULL },
  { "empty-id", NEW ("<body>window</body>" REPLACE ("")), NULL },
  { "without-id", NEW ("<body>window</body><replace xmlns='urn:xmpp:message-correct:0'/>"), NULL },
  { "without-body", NEW ("<active xmlns='http://jabber.org/protocol/chatstates'/>" REPLACE ("bad1")), NULL },
  { "empty-body",
    NEW ("<body/><active xmlns='http://jabber.org/protocol/chatstates'/>" REPLACE ("bad1")),
    NULL },
  { "other-element", NEW ("<body>b</body><other xmlns='urn:xmpp:message-correct:0' id='bad1'/>"), NULL },
  { "other-namespace", NEW ("<body>b</body><replace xmlns='urn:xmpp:message-correct:1' id='bad1'/>"), NULL },
  { "in-a-quotation",
    NEW ("<body>b</body><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'>"
         "<body>c</body>" REPLACE ("bad1") "</message></forwarded>"),
    NULL },
  { "deeper-inside",
    "<message from='mallory@example.com' id='i'><body>b</body><x>" REPLACE ("bad1") "</x></message>",
    NULL },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_exchange (rows[row].in, NULL);

  g_assert_cmpstr (xmpp_test_get_message (test)->replaces, ==, rows[row].replaces);
}

/* Who is who in a room is not known here. */
static void
test_room (gconstpointer data)
{
  g_autoptr (XmppTest) test = xmpp_test_exchange (
      "<message type='groupchat' from='room@muc.example.org/n' id='i'><body>b</body>" REPLACE (
          "bad1") "<probe xmlns='urn:test:probe'/></message>",
      NULL);

  g_assert_null (xmpp_test_get_probed (test)->replaces);
}

static void
test_create (gconstpointer data)
{
  g_autoptr (XmppJid) to = xmpp_test_jid ("both@example.net");
  g_autoptr (XmppNode) fresh = xmpp_compose_chat (to, "good1", "window", XMPP_COMPOSE_NONE);
  g_autoptr (XmppNode) message = xmpp_node_with_child (fresh, xmpp_correction_create ("bad1"));

  xmpp_assert_node (message,
                    "<message to='both@example.net' type='chat' id='good1'><body>window</body>"
                    "<origin-id xmlns='urn:xmpp:sid:0' id='good1'/>" REPLACE ("bad1") "</message>");
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/correction/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/correction/room", test_room, NULL);
  linnet_test_add ("/xmpp/correction/create", test_create, NULL);

  return g_test_run ();
}
