/* Tests of building trees from parser events
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "xmpp-assembler.h"

#define TEXT "some text of a certain length"

static const char *none[] = { NULL };

static void
add_text (XmppAssembler *assembler,
          const char *text)
{
  xmpp_assembler_text (assembler, text, strlen (text));
}

static void
test_tree (void)
{
  g_autoptr (XmppAssembler) assembler = xmpp_assembler_new ();
  const char *atts[] = { "id", "7", "http://www.w3.org/XML/1998/namespace\037lang", "de", "urn:n\037x", "", NULL };
  g_autoptr (XmppNode) node = NULL;
  g_autofree char *xml = NULL;

  xmpp_assembler_start (assembler, "urn:x\037a", atts);
  add_text (assembler, "1");
  add_text (assembler, "2");
  xmpp_assembler_start (assembler, "urn:x\037b", none);
  add_text (assembler, "inner");
  xmpp_assembler_start (assembler, "c", none);
  g_assert_null (xmpp_assembler_end (assembler));
  g_assert_null (xmpp_assembler_end (assembler));
  add_text (assembler, "3");
  xmpp_assembler_start (assembler, "urn:xy\037d", none);
  g_assert_null (xmpp_assembler_end (assembler));
  node = xmpp_assembler_end (assembler);

  xml = xmpp_node_to_string (node, NULL);
  g_assert_cmpstr (xml,
                   ==,
                   "<a xmlns='urn:x' id='7' xml:lang='de' xmlns:n2='urn:n' n2:x=''>12"
                   "<b>inner<c xmlns=''/></b>3<d xmlns='urn:xy'/></a>");
}

/* One after the other, and the earlier one stays. */
static void
test_two (void)
{
  g_autoptr (XmppAssembler) assembler = xmpp_assembler_new ();
  g_autoptr (XmppNode) first = NULL;
  g_autoptr (XmppNode) second = NULL;

  xmpp_assembler_start (assembler, "urn:x\037a", none);
  add_text (assembler, "one");
  first = xmpp_assembler_end (assembler);
  xmpp_assembler_start (assembler, "urn:x\037b", none);
  add_text (assembler, "two");
  second = xmpp_assembler_end (assembler);

  g_assert_cmpstr (xmpp_node_get_text (first), ==, "one");
  g_assert_cmpstr (xmpp_node_get_text (second), ==, "two");
}

/* Larger than any block of memory. */
static void
test_large (void)
{
  g_autoptr (XmppAssembler) assembler = xmpp_assembler_new ();
  g_autofree char *text = g_strnfill (1000000, 'x');
  g_autoptr (XmppNode) node = NULL;

  xmpp_assembler_start (assembler, "urn:x\037a", none);
  add_text (assembler, text);
  for (guint i = 0; i < 20000; i++)
    {
      xmpp_assembler_start (assembler, "urn:x\037b", none);
      add_text (assembler, TEXT);
      xmpp_assembler_end (assembler);
    }
  node = xmpp_assembler_end (assembler);

  g_assert_cmpstr (xmpp_node_get_text (node), ==, text);
  g_assert_cmpuint (xmpp_node_get_n_children (node), ==, 20000);
  for (guint i = 0; i < 20000; i++)
    g_assert_cmpstr (xmpp_node_get_text (xmpp_node_get_nth_child (node, i)), ==, TEXT);
}

/* Given up half-way; only a leak checker sees whether everything goes. */
static void
test_unfinished (void)
{
  g_autoptr (XmppAssembler) assembler = xmpp_assembler_new ();

  xmpp_assembler_start (assembler, "urn:x\037a", none);
  xmpp_assembler_start (assembler, "urn:x\037b", none);
  g_assert_null (xmpp_assembler_end (assembler));
  add_text (assembler, "text");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xmpp/assembler/tree", test_tree);
  g_test_add_func ("/xmpp/assembler/two", test_two);
  g_test_add_func ("/xmpp/assembler/large", test_large);
  g_test_add_func ("/xmpp/assembler/unfinished", test_unfinished);

  return g_test_run ();
}
