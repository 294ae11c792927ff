/* Tests of XEP-0461: what is answered, and what is only claimed of it (I9)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-assert.h"
#include "xmpp-reply.h"
#include "xmpp-test-session.h"

#define MESSAGE(rest) \
  "<message from='both@example.net/x' to='ana@example.org' type='chat' id='i'>" rest "</message>"
#define REPLY(to, id) "<reply xmlns='urn:xmpp:reply:0' to='" to "' id='" id "'/>"
#define FALLBACK(end)                                             \
  "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'>" \
  "<body start='0' end='" end "'/></fallback>"
#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X512 X64 X64 X64 X64 X64 X64 X64 X64

static const struct
{
  const char *name;
  const char *in;
  const char *id; /* NULL: none */
  const char *author;
  const char *text;
} rows[] = {
  { "to-us",
    MESSAGE ("<body>&gt; cake?\nYes</body>" REPLY ("ana@example.org/desk", "m1") FALLBACK ("8")),
    "m1",
    "ana@example.org/desk",
    "Yes" },
  { "to-themselves",
    MESSAGE ("<body>Yes</body>" REPLY ("both@example.net", "m1")),
    "m1",
    "both@example.net",
    "Yes" },
  { "from-another-device",
    "<message from='ana@example.org'><sent xmlns='urn:xmpp:carbons:2'>"
    "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='ana@example.org/phone' "
    "to='both@example.net' type='chat' id='r1'><body>Yes</body>" REPLY (
        "both@example.net", "m1") "</message></forwarded></sent></message>",
    "m1",
    "both@example.net",
    "Yes" },
  { "in-somebody-elses-name",
    MESSAGE ("<body>Yes</body>" REPLY ("to@example.net", "m1")),
    "m1",
    NULL,
    "Yes" },
  { "in-nobodys-name",
    MESSAGE ("<body>Yes</body><reply xmlns='urn:xmpp:reply:0' id='m1'/>"),
    "m1",
    NULL,
    "Yes" },
  { "in-the-name-of-nonsense", MESSAGE ("<body>Yes</body>" REPLY ("@", "m1")), "m1", NULL, "Yes" },
  { "first-of-two",
    MESSAGE ("<body>Yes</body>" REPLY ("ana@example.org", "m1") REPLY ("both@example.net", "m2")),
    "m1",
    "ana@example.org",
    "Yes" },
  { "nothing-but-a-quotation",
    MESSAGE ("<body>&gt; cake?\n</body>" REPLY ("ana@example.org", "m1") FALLBACK ("8")),
    "m1",
    "ana@example.org",
    NULL },
  { "fallback-beyond-the-end",
    MESSAGE ("<body>&gt; cake?\nYes</body>" REPLY ("ana@example.org", "m1") FALLBACK ("12")),
    "m1",
    "ana@example.org",
    "> cake?\nYes" },
  { "longest-id",
    MESSAGE ("<body>Yes</body>" REPLY ("ana@example.org", X512)),
    X512,
    "ana@example.org",
    "Yes" },
  { "too-long-id", MESSAGE ("<body>Yes</body>" REPLY ("ana@example.org", X512 "x")), NULL, NULL, "Yes" },
  { "itself",
    MESSAGE ("<body>Yes</body>" REPLY ("both@example.net", "i") FALLBACK ("1")),
    NULL,
    NULL,
    "Yes" },
  { "without-id",
    MESSAGE ("<body>Yes</body><reply xmlns='urn:xmpp:reply:0' to='ana@example.org'/>" FALLBACK ("1")),
    NULL,
    NULL,
    "Yes" },
  { "not-a-reply", MESSAGE ("<body>Yes</body>" FALLBACK ("1")), NULL, NULL, "Yes" },
  { "other-element",
    MESSAGE ("<body>Yes</body><other xmlns='urn:xmpp:reply:0' id='m1'/>" FALLBACK ("1")),
    NULL,
    NULL,
    "Yes" },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_exchange (rows[row].in, NULL);
  XmppMessage *message = xmpp_test_get_message (test);

  g_assert_cmpstr (message->reply_id, ==, rows[row].id);
  g_assert_cmpstr (message->reply_to != NULL ? xmpp_jid_get_string (message->reply_to) : NULL,
                   ==,
                   rows[row].author);
  g_assert_cmpstr (xmpp_message_get_text (message), ==, rows[row].text);
}

/* There it would be an id that the room gave. */
static void
test_room (gconstpointer data)
{
  g_autoptr (XmppTest) test = xmpp_test_exchange (
      "<message type='groupchat' from='room@muc.example.org/n' id='i'><body>b</body>" REPLY (
          "room@muc.example.org/n", "m1") FALLBACK ("1") "<probe xmlns='urn:test:probe'/></message>",
      NULL);

  g_assert_null (xmpp_test_get_probed (test)->reply_id);
  g_assert_cmpstr (xmpp_message_get_text (xmpp_test_get_probed (test)), ==, "b");
}

#define COMPOSED(body, rest)                                                          \
  "<message to='both@example.net' type='chat' id='r1'><body>" body "</body>"          \
  "<origin-id xmlns='urn:xmpp:sid:0' id='r1'/>" REPLY ("both@example.net", "m1") rest \
      "</message>"
#define A256 X64 X64 X64 X64

static const struct
{
  const char *name;
  const char *quoted;
  const char *out;
} compose_rows[] = {
  { "plain", NULL, COMPOSED ("Yes", "") },
  { "empty", "", COMPOSED ("Yes", "") },
  { "line", "cake?", COMPOSED ("&gt; cake?\nYes", FALLBACK ("8")) },
  { "lines", "one\r\n\ntwo", COMPOSED ("&gt; one\n&gt; \n&gt; two\nYes", FALLBACK ("15")) },
  /* Counted in code points. */
  { "scripts",
    "\u00e4\u65e5\U0001f600",
    COMPOSED ("&gt; \u00e4\u65e5\U0001f600\nYes", FALLBACK ("6")) },
  /* What XML cannot carry is not counted. */
  { "forbidden", "a\x01\ufffe"
                 "b",
    COMPOSED ("&gt; ab\nYes", FALLBACK ("5")) },
  { "many-lines",
    "1\n2\n3\n4\n5\n6\n7\n8\n9",
    COMPOSED ("&gt; 1\n&gt; 2\n&gt; 3\n&gt; 4\n&gt; 5\n&gt; 6\n&gt; 7\n&gt; 8…\nYes", FALLBACK ("33")) },
  { "long", A256 A256 A256 A256 "x", COMPOSED ("&gt; " A256 A256 A256 A256 "…\nYes", FALLBACK ("1028")) },
};

static void
test_compose (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppJid) to = xmpp_test_jid ("both@example.net");
  g_autoptr (XmppJid) author = xmpp_test_jid ("both@example.net/x");
  const XmppReplyTarget target = { .id = "m1", .author = author, .quoted = compose_rows[row].quoted };
  g_autoptr (XmppNode) message = xmpp_reply_compose (to, "r1", "Yes", XMPP_COMPOSE_NONE, &target);

  xmpp_assert_node (message, compose_rows[row].out);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/reply/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/reply/room", test_room, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (compose_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/reply/compose/%s", compose_rows[i].name);

      linnet_test_add (path, test_compose, GSIZE_TO_POINTER (i));
    }

  return g_test_run ();
}
