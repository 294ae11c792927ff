/* Tests of writing elements as text
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "xmpp-builder.h"

static void
assert_xml (XmppNode *node,
            const char *outer_ns,
            const char *expected)
{
  g_autofree char *xml = xmpp_node_to_string (node, outer_ns);

  g_assert_cmpstr (xml, ==, expected);
  xmpp_node_unref (node);
}

static void
test_namespaces (void)
{
  assert_xml (xmpp_el ("a", "urn:x", xmpp_el ("b", "urn:x")), NULL, "<a xmlns='urn:x'><b/></a>");
  assert_xml (xmpp_el ("a", "urn:x", xmpp_el ("b", "urn:x")), "urn:x", "<a><b/></a>");
  assert_xml (xmpp_el ("a", "urn:x", xmpp_el ("b", "urn:y", xmpp_el ("c", "urn:x")), xmpp_el ("d", "urn:x")),
              "urn:y",
              "<a xmlns='urn:x'><b xmlns='urn:y'><c xmlns='urn:x'/></b><d/></a>");
  assert_xml (xmpp_el ("a", "", xmpp_el ("b", "urn:x", xmpp_el ("c", ""))),
              NULL,
              "<a><b xmlns='urn:x'><c xmlns=''/></b></a>");
  assert_xml (xmpp_el ("a", ""), "urn:x", "<a xmlns=''/>");
  assert_xml (xmpp_el ("a", "urn:'<&>"), NULL, "<a xmlns='urn:&apos;&lt;&amp;&gt;'/>");
}

/* The xml namespace may be neither the default one nor declared for another prefix. */
static void
test_xml_namespace (void)
{
  assert_xml (xmpp_el ("a", "urn:x", xmpp_el ("b", XMPP_NS_XML, xmpp_el ("c", "urn:x"), xmpp_text ("t"))),
              NULL,
              "<a xmlns='urn:x'><xml:b><c/>t</xml:b></a>");
  assert_xml (xmpp_el ("a", XMPP_NS_XML, xmpp_attr_ns ("lang", XMPP_NS_XML, "de")),
              "urn:x",
              "<xml:a xml:lang='de'/>");
}

static void
test_attr_namespaces (void)
{
  assert_xml (xmpp_el ("a",
                       "urn:x",
                       xmpp_attr_ns ("one", "urn:n", "1"),
                       xmpp_attr ("two", "2"),
                       xmpp_attr_ns ("three", "urn:n", "3")),
              "urn:x",
              "<a xmlns:n0='urn:n' n0:one='1' two='2' xmlns:n2='urn:n' n2:three='3'/>");
}

static void
test_escapes (void)
{
  assert_xml (xmpp_el ("a", "urn:x", xmpp_attr ("v", "<&>'\"\t\n\r"), xmpp_text ("<&>'\"\t\n\r\xc3\xa4]]>")),
              "urn:x",
              "<a v='&lt;&amp;&gt;&apos;&quot;&#9;&#10;&#13;'>&lt;&amp;&gt;'\"\t\n&#13;\xc3\xa4]]&gt;</a>");
}

static void
test_mixed (void)
{
  assert_xml (xmpp_el ("a",
                       "urn:x",
                       xmpp_el ("b", "urn:x"),
                       xmpp_text ("1"),
                       xmpp_text ("2"),
                       xmpp_el ("c", "urn:x", xmpp_text ("3"), xmpp_el ("d", "urn:x")),
                       xmpp_el ("e", "urn:x"),
                       xmpp_text ("4")),
              "urn:x",
              "<a><b/>12<c>3<d/></c><e/>4</a>");
}

static void
test_append (void)
{
  g_autoptr (GString) out = g_string_new ("<r/>");
  g_autoptr (XmppNode) node = xmpp_el ("a", "urn:x");

  xmpp_node_append_to (node, "urn:x", out);
  g_assert_cmpstr (out->str, ==, "<r/><a/>");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xmpp/serializer/namespaces", test_namespaces);
  g_test_add_func ("/xmpp/serializer/xml-namespace", test_xml_namespace);
  g_test_add_func ("/xmpp/serializer/attr-namespaces", test_attr_namespaces);
  g_test_add_func ("/xmpp/serializer/escapes", test_escapes);
  g_test_add_func ("/xmpp/serializer/mixed", test_mixed);
  g_test_add_func ("/xmpp/serializer/append", test_append);

  return g_test_run ();
}
