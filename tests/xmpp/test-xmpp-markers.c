/* Tests of XEP-0333: whose markers count (I11), and who gets ours
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-markers.h"
#include "xmpp-test-session.h"

#define DISPLAYED "<displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/>"
#define MARKABLE "<markable xmlns='urn:xmpp:chat-markers:0'/>"
#define BODY "<body>b</body>"
#define FROM(from, rest) "<message from='" from "' type='chat' id='i'>" rest "</message>"
#define CARBON(direction, from, to, rest)                                               \
  "<message from='ana@example.org'><" direction                                         \
  " xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"                  \
  "<message xmlns='jabber:client' from='" from "' to='" to "' type='chat' id='i'>" rest \
  "</message></forwarded></" direction "></message>"

static const struct
{
  const char *name;
  const char *in;
  const char *there;
  const char *here;
  gboolean markable;
} rows[] = {
  { "displayed", FROM ("both@example.net/x", DISPLAYED), "m1", NULL, FALSE },
  { "displayed-in-carbon",
    CARBON ("received", "both@example.net/x", "ana@example.org/phone", DISPLAYED),
    "m1",
    NULL,
    FALSE },
  { "displayed-on-another-device",
    CARBON ("sent", "ana@example.org/phone", "both@example.net", DISPLAYED),
    NULL,
    "m1",
    FALSE },
  { "displayed-to-myself", FROM ("ana@example.org/phone", DISPLAYED BODY), NULL, NULL, FALSE },
  { "without-id",
    FROM ("both@example.net/x", "<displayed xmlns='urn:xmpp:chat-markers:0'/>" BODY),
    NULL,
    NULL,
    FALSE },
  { "older-marker",
    FROM ("both@example.net/x", "<received xmlns='urn:xmpp:chat-markers:0' id='m1'/>" BODY),
    NULL,
    NULL,
    FALSE },
  { "markable", FROM ("both@example.net/x", BODY MARKABLE), NULL, NULL, TRUE },
  { "markable-by-us",
    CARBON ("sent", "ana@example.org/phone", "both@example.net", BODY MARKABLE),
    NULL,
    NULL,
    FALSE },
  { "markable-without-id",
    "<message from='both@example.net/x' type='chat'>" BODY MARKABLE "</message>",
    NULL,
    NULL,
    FALSE },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_exchange (rows[row].in, NULL);
  XmppMessage *message = xmpp_test_get_message (test);

  g_assert_cmpstr (message->displayed_for, ==, rows[row].there);
  g_assert_cmpstr (message->displayed_here, ==, rows[row].here);
  g_assert_cmpint (message->markable, ==, rows[row].markable);
}

/* security.md I11: in a room it says nothing about what was written to one person. */
static void
test_groupchat (gconstpointer data)
{
  g_autoptr (XmppTest) test = xmpp_test_exchange (
      "<message type='groupchat' from='room@muc.example.org/n' id='i'>" BODY DISPLAYED MARKABLE
      "<probe xmlns='urn:test:probe'/></message>",
      NULL);
  XmppMessage *message = xmpp_test_get_probed (test);

  g_assert_null (message->displayed_for);
  g_assert_null (message->displayed_here);
  g_assert_false (message->markable);
}

static void
test_send (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    XMPP_TEST_INTRO,
    { .c = "<message to='both@example.net' type='chat' id='*'><displayed xmlns='urn:xmpp:chat-markers:0' "
           "id='m1'/>"
           "<store xmlns='urn:xmpp:hints'/></message>",
      .s = XMPP_TEST_SYNC_S },
    { .c = XMPP_TEST_SYNC_C },
    {},
  };
  static const char *const others[] = {
    "to@example.net/x", "from@example.net/x", "none@example.net", "mallory@example.com/x"
  };
  g_autoptr (XmppTest) test = xmpp_test_new (NULL);
  XmppMarkers *markers = xmpp_test_get_feature (test, XMPP_TYPE_MARKERS);
  g_autoptr (XmppJid) both = xmpp_test_jid ("both@example.net/x");

  g_assert_false (xmpp_markers_send_displayed (markers, both, "m1")); /* no connection */
  xmpp_test_start (test, steps, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (XmppJid) other = xmpp_test_jid (others[i]);

      g_assert_false (xmpp_markers_send_displayed (markers, other, "m1"));
    }
  g_assert_true (xmpp_markers_send_displayed (markers, both, "m1"));
  xmpp_test_finish (test);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/markers/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/markers/groupchat", test_groupchat, NULL);
  linnet_test_add ("/xmpp/markers/send", test_send, NULL);

  return g_test_run ();
}
