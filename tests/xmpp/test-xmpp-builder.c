/* Tests of the builder
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "xmpp-builder.h"

#define RESERVED "http://www.w3.org/2000/xmlns/"

static void
assert_xml (XmppNode *node,
            const char *expected)
{
  g_autofree char *xml = xmpp_node_to_string (node, NULL);

  g_assert_cmpstr (xml, ==, expected);
}

static void
test_element (void)
{
  g_autoptr (XmppNode) empty = xmpp_el ("enable", "urn:xmpp:carbons:2");
  g_autoptr (XmppNode) full = xmpp_el ("a",
                                       "urn:x",
                                       xmpp_attr ("one", "1"),
                                       NULL,
                                       xmpp_text ("before "),
                                       xmpp_el ("b", "urn:x", xmpp_attr_uint ("n", G_MAXUINT64)),
                                       xmpp_text (" after"),
                                       xmpp_el ("c", "urn:y"),
                                       xmpp_attr_ns ("lang", XMPP_NS_XML, "de"));

  assert_xml (empty, "<enable xmlns='urn:xmpp:carbons:2'/>");
  assert_xml (full,
              "<a xmlns='urn:x' one='1' xml:lang='de'>before <b n='18446744073709551615'/> after"
              "<c xmlns='urn:y'/></a>");
}

static void
test_optional (void)
{
  g_autoptr (XmppNode) node = xmpp_el ("a", "urn:x", xmpp_attr ("id", NULL), xmpp_text (NULL), NULL);

  assert_xml (node, "<a xmlns='urn:x'/>");
}

/* Two attributes of one name would be no XML. */
static void
test_duplicate_attr (void)
{
  g_autoptr (XmppNode) node = xmpp_el ("a",
                                       "urn:x",
                                       xmpp_attr ("id", "1"),
                                       xmpp_attr_ns ("id", "urn:n", "other"),
                                       xmpp_attr ("to", "x"),
                                       xmpp_attr ("id", "2"));

  assert_xml (node, "<a xmlns='urn:x' id='2' xmlns:n1='urn:n' n1:id='other' to='x'/>");
}

/* security.md P8: what XML forbids never gets into a node. */
static void
test_illegal_characters (void)
{
  static const struct
  {
    const char *in;
    const char *out;
  } rows[] = {
    { .in = "a\x01\x08\x0b\x0c\x0e\x1f z", .out = "a z" },
    { .in = "tab\tline\ncr\r", .out = "tab\tline\ncr\r" },
    { .in = "\xef\xbf\xbe\xef\xbf\xbf!", .out = "!" },                           /* U+FFFE, U+FFFF */
    { .in = "a\xed\xa0\x80z", .out = "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz" }, /* a lone surrogate */
    { .in = "a\xc0\x80z", .out = "a\xef\xbf\xbd\xef\xbf\xbdz" },                 /* overlong NUL */
    { .in = "a\xff", .out = "a\xef\xbf\xbd" },
    { .in = "\x7f\xc2\x85 \xf0\x9f\x98\x80", .out = "\x7f\xc2\x85 \xf0\x9f\x98\x80" }, /* odd but legal */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (XmppNode) node = xmpp_el ("a",
                                           "urn:x",
                                           xmpp_attr ("v", rows[i].in),
                                           xmpp_text (rows[i].in));
      g_autoptr (XmppNode) changed = xmpp_node_with_attr (node, "w", rows[i].in);

      g_assert_cmpstr (xmpp_node_get_text (node), ==, rows[i].out);
      g_assert_cmpstr (xmpp_node_get_attr (node, "v"), ==, rows[i].out);
      g_assert_cmpstr (xmpp_node_get_attr (changed, "w"), ==, rows[i].out);
    }
}

static void
test_illegal_namespace (void)
{
  g_autoptr (XmppNode) node = xmpp_el ("a", "urn:\x01x", xmpp_attr_ns ("b", "urn:\x02y", "c"));

  g_autoptr (XmppNode) reserved = xmpp_el ("a", RESERVED, xmpp_attr_ns ("b", RESERVED, "c"));
  g_autoptr (XmppNode) hidden = xmpp_el ("a", "\x01" RESERVED, xmpp_attr_ns ("b", RESERVED "\x02", "c"));

  assert_xml (node, "<a xmlns='urn:x' xmlns:n0='urn:y' n0:b='c'/>");
  assert_xml (reserved, "<a b='c'/>");
  assert_xml (hidden, "<a b='c'/>");
}

static void
test_illegal_names (void)
{
  static const char *const names[] = { "", "a b", "1a", "a:b", "a/", "-a", "xmlns", "\xc3\xa4", "a>" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_test_expect_message ("xmpp-builder", G_LOG_LEVEL_CRITICAL, "*xmpp_node_is_name*");
      g_assert_null (xmpp_el (names[i], "urn:x"));
      g_test_expect_message ("xmpp-builder", G_LOG_LEVEL_CRITICAL, "*xmpp_node_is_name*");
      g_assert_null (xmpp_attr (names[i], "v"));
      g_test_assert_expected_messages ();
    }
}

static void
test_iq (void)
{
  g_autoptr (XmppJid) to = xmpp_jid_new ("romeo@example.net/orchard", NULL);
  g_autoptr (XmppNode) get = xmpp_iq_get (NULL, xmpp_el ("query", "jabber:iq:roster"));
  g_autoptr (XmppNode) set = xmpp_iq_set (to, xmpp_el ("ping", "urn:xmpp:ping"));
  g_autoptr (XmppNode) request = xmpp_el ("iq",
                                          XMPP_NS_CLIENT,
                                          xmpp_attr ("from", "a@b/c"),
                                          xmpp_attr ("id", "7"));
  g_autoptr (XmppNode) result = xmpp_iq_result (request, NULL);
  g_autoptr (XmppNode) error = xmpp_iq_error (request, "cancel", "service-unavailable");

  assert_xml (get, "<iq xmlns='jabber:client' type='get'><query xmlns='jabber:iq:roster'/></iq>");
  assert_xml (set,
              "<iq xmlns='jabber:client' type='set' to='romeo@example.net/orchard'>"
              "<ping xmlns='urn:xmpp:ping'/></iq>");
  assert_xml (result, "<iq xmlns='jabber:client' type='result' to='a@b/c' id='7'/>");
  assert_xml (error,
              "<iq xmlns='jabber:client' type='error' to='a@b/c' id='7'><error type='cancel'>"
              "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
}

static void
test_message (void)
{
  g_autoptr (XmppJid) to = xmpp_jid_new ("romeo@example.net", NULL);
  g_autoptr (XmppNode) node = xmpp_message (to,
                                            "chat",
                                            "x1",
                                            xmpp_el ("body", XMPP_NS_CLIENT, xmpp_text ("1 < 2")));

  assert_xml (node,
              "<message xmlns='jabber:client' to='romeo@example.net' type='chat' id='x1'>"
              "<body>1 &lt; 2</body></message>");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xmpp/builder/element", test_element);
  g_test_add_func ("/xmpp/builder/optional", test_optional);
  g_test_add_func ("/xmpp/builder/duplicate-attr", test_duplicate_attr);
  g_test_add_func ("/xmpp/builder/illegal-characters", test_illegal_characters);
  g_test_add_func ("/xmpp/builder/illegal-namespace", test_illegal_namespace);
  g_test_add_func ("/xmpp/builder/illegal-names", test_illegal_names);
  g_test_add_func ("/xmpp/builder/iq", test_iq);
  g_test_add_func ("/xmpp/builder/message", test_message);

  return g_test_run ();
}
