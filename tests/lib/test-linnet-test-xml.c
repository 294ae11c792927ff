/* Tests of the comparison that tests rely on
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-test-xml.h"

typedef struct
{
  const char *name;
  const char *pattern;
  const char *actual;
  gboolean differs;
  const char *captures; /* with blanks between */
  const char *kept;     /* under "x" */
} Row;

static const Row rows[] = {
  { .name = "same", .pattern = "<a b='1'>t</a>", .actual = "<a b=\"1\">t</a>" },
  { .name = "attribute-order", .pattern = "<a b='1' c='2'/>", .actual = "<a c='2' b='1'/>" },
  { .name = "indented", .pattern = "<a>\n  <b/>\n  <c/>\n</a>", .actual = "<a><b/><c/></a>" },
  { .name = "escaped", .pattern = "<a>&lt;&amp;</a>", .actual = "<a><![CDATA[<&]]></a>" },
  { .name = "prefixes", .pattern = "<x:a xmlns:x='urn:a'/>", .actual = "<a xmlns='urn:a'/>" },
  { .name = "star", .pattern = "<a b='*'>*</a>", .actual = "<a b='1'>2</a>", .captures = "1 2" },
  { .name = "star-inside", .pattern = "<a b='urn:*:0'/>", .actual = "<a b='urn:x:0'/>", .captures = "x" },
  { .name = "optional-there", .pattern = "<a b='?'/>", .actual = "<a b='1'/>" },
  { .name = "optional-absent", .pattern = "<a b='?'/>", .actual = "<a/>" },
  { .name = "kept",
    .pattern = "<a b='{x}'><c d='${x}'/></a>",
    .actual = "<a b='&amp;1'><c d='&amp;1'/></a>",
    .kept = "&1" },
  { .name = "kept-differs",
    .pattern = "<a b='{x}'><c d='${x}'/></a>",
    .actual = "<a b='1'><c d='2'/></a>",
    .differs = TRUE },
  { .name = "name", .pattern = "<a/>", .actual = "<b/>", .differs = TRUE },
  { .name = "namespace", .pattern = "<a/>", .actual = "<a xmlns='urn:a'/>", .differs = TRUE },
  { .name = "attribute", .pattern = "<a b='1'/>", .actual = "<a b='2'/>", .differs = TRUE },
  { .name = "missing-attribute", .pattern = "<a b='*'/>", .actual = "<a/>", .differs = TRUE },
  { .name = "surplus-attribute", .pattern = "<a/>", .actual = "<a b='1'/>", .differs = TRUE },
  { .name = "attribute-namespace", .pattern = "<a xml:b='1'/>", .actual = "<a b='1'/>", .differs = TRUE },
  { .name = "text", .pattern = "<a>1</a>", .actual = "<a>2</a>", .differs = TRUE },
  { .name = "blank-text", .pattern = "<a> </a>", .actual = "<a/>", .differs = TRUE },
  { .name = "missing-child", .pattern = "<a><b/></a>", .actual = "<a/>", .differs = TRUE },
  { .name = "surplus-child", .pattern = "<a><b/></a>", .actual = "<a><b/><b/></a>", .differs = TRUE },
  { .name = "child-order", .pattern = "<a><b/><c/></a>", .actual = "<a><c/><b/></a>", .differs = TRUE },
  { .name = "deep",
    .pattern = "<a><b><c d='1'/></b></a>",
    .actual = "<a><b><c d='2'/></b></a>",
    .differs = TRUE },
  { .name = "star-too-short", .pattern = "<a b='aba*aba'/>", .actual = "<a b='ababa'/>", .differs = TRUE },
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GPtrArray) pattern = linnet_test_xml_parse (row->pattern);
  g_autoptr (GPtrArray) actual = linnet_test_xml_parse (row->actual);
  g_autoptr (GPtrArray) captures = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  g_autoptr (GHashTable) kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *why = NULL;
  g_autofree char *joined = NULL;
  gboolean same;

  same = linnet_test_xml_match (
      g_ptr_array_index (pattern, 0), g_ptr_array_index (actual, 0), captures, kept, &why);
  g_assert_cmpint (same, ==, !row->differs);
  g_assert_cmpint (why != NULL, ==, row->differs);
  if (row->captures != NULL)
    {
      joined = g_strjoinv (" ", (char **) captures->pdata);
      g_assert_cmpstr (joined, ==, row->captures);
    }
  if (row->kept != NULL)
    g_assert_cmpstr (g_hash_table_lookup (kept, "x"), ==, row->kept);
}

static void
test_parse (void)
{
  g_autoptr (GPtrArray) two = linnet_test_xml_parse (" <a/> <b/> ");
  g_autoptr (GPtrArray) header = linnet_test_xml_parse ("<?xml version='1.0'?><stream:stream to='a'>");

  g_assert_cmpuint (two->len, ==, 2);
  g_assert_cmpstr (linnet_test_xml_get_name (g_ptr_array_index (two, 1)), ==, "jabber:client b");
  g_assert_cmpuint (header->len, ==, 1);
  g_assert_cmpstr (linnet_test_xml_get_name (g_ptr_array_index (header, 0)),
                   ==,
                   "http://etherx.jabber.org/streams stream");
}

static void
test_expand (void)
{
  g_autoptr (GPtrArray) captures = g_ptr_array_new ();
  g_autoptr (GHashTable) kept = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *text = NULL;

  g_ptr_array_add (captures, (char *) "<1>");
  g_hash_table_insert (kept, (char *) "x", (char *) "y'");
  text = linnet_test_xml_expand ("$1 $2 $ ${x} $$1", captures, kept);
  g_assert_cmpstr (text, ==, "&lt;1&gt; $2 $ y&apos; $&lt;1&gt;");
}

static void
test_to_string (void)
{
  g_autoptr (GPtrArray) nodes = linnet_test_xml_parse ("<a b='&lt;'>t<c xmlns='urn:c'/></a>");
  g_autofree char *text = linnet_test_xml_to_string (g_ptr_array_index (nodes, 0));

  g_assert_cmpstr (text, ==, "<a xmlns='jabber:client' b='&lt;'>t<c xmlns='urn:c'/></a>");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/lib/xml/match/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/lib/xml/parse", test_parse);
  g_test_add_func ("/lib/xml/expand", test_expand);
  g_test_add_func ("/lib/xml/to-string", test_to_string);

  return g_test_run ();
}
