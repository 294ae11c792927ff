/* Tests of XEP-0428: what remains of a text, counted as XEP-0426 says
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "xmpp-assert.h"
#include "xmpp-fallback.h"
#include "xmpp-test-session.h"

#define MESSAGE(rest) "<message from='both@example.net/x' type='chat' id='i'>" rest "</message>"
#define BODY(text) "<body>" text "</body>"
#define RETRACT "<retract xmlns='urn:xmpp:message-retract:1' id='m1'/>"
#define FALLBACK(inside) \
  "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'>" inside "</fallback>"
#define PART(start, end) "<body start='" start "' end='" end "'/>"
#define X16(x) x x x x x x x x x x x x x x x x

static const struct
{
  const char *name;
  const char *in;
  const char *body;
  const char *text; /* NULL: nothing */
} rows[] = {
  { "none", MESSAGE (BODY ("abcdef") RETRACT), "abcdef", "abcdef" },
  { "all", MESSAGE (BODY ("abcdef") RETRACT FALLBACK ("")), "abcdef", NULL },
  { "all-of-the-body", MESSAGE (BODY ("abcdef") RETRACT FALLBACK ("<body/>")), "abcdef", NULL },
  { "before-it-is-known", MESSAGE (FALLBACK ("") RETRACT BODY ("abcdef")), "abcdef", NULL },
  { "beginning", MESSAGE (BODY ("abcdef") RETRACT FALLBACK (PART ("0", "2"))), "abcdef", "cdef" },
  { "middle", MESSAGE (BODY ("abcdef") RETRACT FALLBACK (PART ("2", "4"))), "abcdef", "abef" },
  { "end", MESSAGE (BODY ("abcdef") RETRACT FALLBACK (PART ("4", "6"))), "abcdef", "abcd" },
  { "no-start", MESSAGE (BODY ("abcdef") RETRACT FALLBACK ("<body end='2'/>")), "abcdef", "cdef" },
  { "no-end", MESSAGE (BODY ("abcdef") RETRACT FALLBACK ("<body start='2'/>")), "abcdef", "ab" },
  { "two-parts",
    MESSAGE (BODY ("abcdef") RETRACT FALLBACK (PART ("4", "5") PART ("0", "1"))),
    "abcdef",
    "bcdf" },
  { "two-elements",
    MESSAGE (BODY ("abcdef") RETRACT FALLBACK (PART ("0", "1")) FALLBACK (PART ("5", "6"))),
    "abcdef",
    "bcde" },
  { "overlapping",
    MESSAGE (BODY ("abcdef") RETRACT FALLBACK (PART ("1", "4") PART ("2", "3") PART ("3", "5"))),
    "abcdef",
    "af" },
  { "beyond-the-end", MESSAGE (BODY ("abcdef") RETRACT FALLBACK (PART ("0", "7"))), "abcdef", "abcdef" },
  { "far-beyond",
    MESSAGE (BODY ("abcdef") RETRACT FALLBACK (PART ("0", "18446744073709551616"))),
    "abcdef",
    "abcdef" },
  { "start-beyond", MESSAGE (BODY ("abcdef") RETRACT FALLBACK ("<body start='6'/>")), "abcdef", "abcdef" },
  { "backwards", MESSAGE (BODY ("abcdef") RETRACT FALLBACK (PART ("4", "2"))), "abcdef", "abcdef" },
  { "nothing", MESSAGE (BODY ("abcdef") RETRACT FALLBACK (PART ("2", "2"))), "abcdef", "abcdef" },
  { "negative", MESSAGE (BODY ("abcdef") RETRACT FALLBACK (PART ("-1", "2"))), "abcdef", "abcdef" },
  { "no-number", MESSAGE (BODY ("abcdef") RETRACT FALLBACK (PART ("0", "x"))), "abcdef", "abcdef" },
  { "one-of-two-is-wrong",
    MESSAGE (BODY ("abcdef") RETRACT FALLBACK (PART ("0", "9") PART ("0", "1"))),
    "abcdef",
    "bcdef" },
  { "subject-only", MESSAGE (BODY ("abcdef") RETRACT FALLBACK ("<subject/>")), "abcdef", "abcdef" },
  { "body-of-another-namespace",
    MESSAGE (BODY ("abcdef") RETRACT FALLBACK ("<body xmlns='jabber:client'/>")),
    "abcdef",
    "abcdef" },
  { "not-in-the-message", MESSAGE (BODY ("abcdef") FALLBACK ("")), "abcdef", "abcdef" },
  { "for-something-else",
    MESSAGE (BODY ("abcdef") RETRACT "<fallback xmlns='urn:xmpp:fallback:0' for='urn:example'/>"),
    "abcdef",
    "abcdef" },
  { "for-nothing",
    MESSAGE (BODY ("abcdef") RETRACT "<fallback xmlns='urn:xmpp:fallback:0'/>"),
    "abcdef",
    "abcdef" },
  { "other-element",
    MESSAGE (BODY ("abcdef") RETRACT "<backfall xmlns='urn:xmpp:fallback:0' "
                                     "for='urn:xmpp:message-retract:1'/>"),
    "abcdef",
    "abcdef" },
  { "without-body", MESSAGE (RETRACT FALLBACK (PART ("0", "1"))), NULL, NULL },
  { "many-parts",
    MESSAGE (BODY ("abcdef") RETRACT FALLBACK (X16 (PART ("0", "1")) PART ("1", "2"))),
    "abcdef",
    "bcdef" },
  /* Two, three and four bytes, and what looks like one character but is seven code points. */
  { "code-points",
    MESSAGE (BODY ("\u00e4\u65e5\U0001f600z") RETRACT FALLBACK (PART ("1", "3"))),
    "\u00e4\u65e5\U0001f600z",
    "\u00e4z" },
  { "inside-a-cluster",
    MESSAGE (BODY ("\U0001f468\u200d\U0001f466z") RETRACT FALLBACK (PART ("0", "2"))),
    "\U0001f468\u200d\U0001f466z",
    "\U0001f466z" },
  { "references", MESSAGE (BODY ("&amp;&#x26;&lt;z") RETRACT FALLBACK (PART ("0", "3"))), "&&<z", "z" },
  /* Places are those of the text that was sent: the returns count, though nobody sees them. */
  { "uncleaned", MESSAGE (BODY ("&gt; a&#xd;\n\x7f"
                                "b") RETRACT FALLBACK (PART ("0", "6"))),
    "> a\nb",
    "b" },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppTest) test = xmpp_test_exchange (rows[row].in, NULL);
  XmppMessage *message = xmpp_test_get_message (test);

  g_assert_cmpstr (message->body, ==, rows[row].body);
  g_assert_cmpstr (xmpp_message_get_text (message), ==, rows[row].text);
}

static void
test_create (gconstpointer data)
{
  g_autoptr (XmppNode) all = xmpp_fallback_create ("urn:example", 0);
  g_autoptr (XmppNode) some = xmpp_fallback_create ("urn:example", 33);

  xmpp_assert_node (all, "<fallback xmlns='urn:xmpp:fallback:0' for='urn:example'/>");
  xmpp_assert_node (some,
                    "<fallback xmlns='urn:xmpp:fallback:0' for='urn:example'>"
                    "<body start='0' end='33'/></fallback>");
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/fallback/%s", rows[i].name);

      linnet_test_add (path, test_row, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/xmpp/fallback/create", test_create, NULL);

  return g_test_run ();
}
