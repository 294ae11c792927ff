/* Tests of immutable elements
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <pthread.h>
#include <string.h>

#include "xmpp-builder.h"

#define NS "urn:example"
#define DEEP 100000

static XmppNode *
make_tree (void)
{
  return xmpp_el ("a",
                  NS,
                  xmpp_attr ("id", "7"),
                  xmpp_attr_ns ("lang", XMPP_NS_XML, "de"),
                  xmpp_text ("x"),
                  xmpp_el ("b", "urn:other", xmpp_text ("other")),
                  xmpp_el ("b", NS, xmpp_el ("c", NS, xmpp_text ("deep"))),
                  xmpp_text ("y"));
}

static void
test_read (void)
{
  g_autoptr (XmppNode) node = make_tree ();

  g_assert_cmpstr (xmpp_node_get_name (node), ==, "a");
  g_assert_cmpstr (xmpp_node_get_ns (node), ==, NS);
  g_assert_true (xmpp_node_is (node, "a", NS));
  g_assert_false (xmpp_node_is (node, "a", "urn:other"));
  g_assert_false (xmpp_node_is (node, "b", NS));
  g_assert_cmpstr (xmpp_node_get_text (node), ==, "xy");
  g_assert_cmpstr (xmpp_node_get_attr (node, "id"), ==, "7");
  g_assert_null (xmpp_node_get_attr (node, "lang"));
  g_assert_cmpstr (xmpp_node_get_attr_ns (node, "lang", XMPP_NS_XML), ==, "de");
  g_assert_null (xmpp_node_get_attr_ns (node, "id", XMPP_NS_XML));

  g_assert_cmpuint (xmpp_node_get_n_children (node), ==, 2);
  g_assert_true (xmpp_node_get_first_child (node) == xmpp_node_get_nth_child (node, 0));
  g_assert_null (xmpp_node_get_nth_child (node, 2));
  g_assert_cmpstr (xmpp_node_get_child_text (node, "b", "urn:other"), ==, "other");
  g_assert_cmpstr (xmpp_node_get_child_text (node, "b", NS), ==, "");
  g_assert_null (xmpp_node_get_child_text (node, "c", NS));
  g_assert_true (xmpp_node_get_child_in_ns (node, NS) == xmpp_node_get_nth_child (node, 1));
  g_assert_null (xmpp_node_get_child_in_ns (node, "urn:none"));
  g_assert_cmpstr (xmpp_node_get_text (xmpp_node_find (node, "b", NS, "c", NS, NULL)), ==, "deep");
  g_assert_null (xmpp_node_find (node, "b", "urn:other", "c", NS, NULL));
  g_assert_null (xmpp_node_find (node, "b", NS, "c", "urn:other", NULL));
}

static void
test_attr_list (void)
{
  g_autoptr (XmppNode) node = make_tree ();
  const char *name;
  const char *ns;

  g_assert_cmpuint (xmpp_node_get_n_attrs (node), ==, 2);
  g_assert_cmpstr (xmpp_node_get_nth_attr (node, 0, &name, &ns), ==, "7");
  g_assert_cmpstr (name, ==, "id");
  g_assert_null (ns);
  g_assert_cmpstr (xmpp_node_get_nth_attr (node, 1, &name, &ns), ==, "de");
  g_assert_cmpstr (name, ==, "lang");
  g_assert_cmpstr (ns, ==, XMPP_NS_XML);
}

/* security.md P10 */
static void
test_attr_uint (void)
{
  static const struct
  {
    const char *text;
    guint64 max;
    gboolean ok;
    guint64 value;
  } rows[] = {
    { .text = "0", .max = 10, .ok = TRUE, .value = 0 },
    { .text = "10", .max = 10, .ok = TRUE, .value = 10 },
    { .text = "11", .max = 10 },
    { .text = "007", .max = 10, .ok = TRUE, .value = 7 },
    { .text = "4294967295", .max = G_MAXUINT32, .ok = TRUE, .value = G_MAXUINT32 },
    { .text = "4294967296", .max = G_MAXUINT32 },
    { .text = "18446744073709551615", .max = G_MAXUINT64, .ok = TRUE, .value = G_MAXUINT64 },
    { .text = "18446744073709551616", .max = G_MAXUINT64 },
    { .text = "99999999999999999999999", .max = G_MAXUINT64 },
    { .text = "", .max = 10 },
    { .text = " 1", .max = 10 },
    { .text = "1 ", .max = 10 },
    { .text = "+1", .max = 10 },
    { .text = "-1", .max = G_MAXUINT64 },
    { .text = "1.0", .max = 10 },
    { .text = "0x1", .max = 10 },
    { .text = "1e1", .max = 100 },
    { .text = "\xd9\xa1", .max = 10 }, /* Arabic-Indic one */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (XmppNode) node = xmpp_el ("a", NS, xmpp_attr ("n", rows[i].text));
      guint64 value = 12345;

      g_assert_cmpint (xmpp_node_get_attr_uint (node, "n", rows[i].max, &value), ==, rows[i].ok);
      g_assert_cmpuint (value, ==, rows[i].ok ? rows[i].value : 12345);
      g_assert_false (xmpp_node_get_attr_uint (node, "absent", rows[i].max, &value));
    }
}

static void
test_attr_bool (void)
{
  static const struct
  {
    const char *text;
    gboolean ok;
    gboolean value;
  } rows[] = {
    { .text = "true", .ok = TRUE, .value = TRUE },
    { .text = "1", .ok = TRUE, .value = TRUE },
    { .text = "false", .ok = TRUE, .value = FALSE },
    { .text = "0", .ok = TRUE, .value = FALSE },
    { .text = "TRUE" },
    { .text = "yes" },
    { .text = "" },
    { .text = NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (XmppNode) node = xmpp_el ("a", NS, xmpp_attr ("b", rows[i].text));
      gboolean value = 42;

      g_assert_cmpint (xmpp_node_get_attr_bool (node, "b", &value), ==, rows[i].ok);
      g_assert_cmpint (value, ==, rows[i].ok ? rows[i].value : 42);
    }
}

static void
test_with (void)
{
  g_autoptr (XmppNode) node = make_tree ();
  g_autoptr (XmppNode) same = make_tree ();
  g_autoptr (XmppNode) more = xmpp_node_with_child (node, xmpp_el ("d", NS));
  g_autoptr (XmppNode) attr = xmpp_node_with_attr (node, "id", "8");
  g_autoptr (XmppNode) added = xmpp_node_with_attr (node, "to", "<x>");
  g_autoptr (XmppNode) removed = xmpp_node_with_attr (node, "id", NULL);
  g_autoptr (XmppNode) less = xmpp_node_without (node, "b", NS);
  g_autofree char *more_xml = xmpp_node_to_string (more, NS);
  g_autofree char *less_xml = xmpp_node_to_string (less, NS);

  g_assert_true (xmpp_node_equal (node, same));
  g_assert_cmpstr (more_xml,
                   ==,
                   "<a id='7' xml:lang='de'>x<b xmlns='urn:other'>other</b><b><c>deep</c></b>y<d/></a>");
  g_assert_cmpstr (less_xml, ==, "<a id='7' xml:lang='de'>x<b xmlns='urn:other'>other</b>y</a>");
  g_assert_cmpstr (xmpp_node_get_attr (attr, "id"), ==, "8");
  g_assert_cmpuint (xmpp_node_get_n_attrs (attr), ==, 2);
  g_assert_cmpstr (xmpp_node_get_attr (added, "to"), ==, "<x>");
  g_assert_cmpuint (xmpp_node_get_n_attrs (removed), ==, 1);
  /* Children are shared, not copied. */
  g_assert_true (xmpp_node_get_nth_child (more, 0) == xmpp_node_get_nth_child (node, 0));
}

static void
test_equal (void)
{
  static const char *const others[] = {
    "<a xmlns='urn:other' x='1' y='2'>t<b xmlns='" NS "'/></a>",
    "<z x='1' y='2'>t<b/></z>",
    "<a x='1' y='3'>t<b/></a>",
    "<a x='1' z='2'>t<b/></a>",
    "<a x='1'>t<b/></a>",
    "<a x='1' n:y='2' xmlns:n='urn:n'>t<b/></a>",
    "<a x='1' y='2'>u<b/></a>",
    "<a x='1' y='2'><b/>t</a>",
    "<a x='1' y='2'>t<c/></a>",
    "<a x='1' y='2'>t</a>",
  };
  g_autoptr (XmppNode) a = xmpp_node_parse ("<a x='1' y='2'>t<b/></a>", -1, NS, NULL);
  g_autoptr (XmppNode) order = xmpp_node_parse ("<a y='2' x='1'>t<b/></a>", -1, NS, NULL);

  g_assert_true (xmpp_node_equal (a, a));
  g_assert_true (xmpp_node_equal (a, order));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (XmppNode) other = xmpp_node_parse (others[i], -1, NS, NULL);

      g_assert_false (xmpp_node_equal (a, other));
      g_assert_false (xmpp_node_equal (other, a));
    }
}

/* A child lives on without its parent. */
static void
test_references (void)
{
  XmppNode *node = make_tree ();
  g_autoptr (XmppNode) child = xmpp_node_ref (xmpp_node_find (node, "b", NS, "c", NS, NULL));
  XmppNode *twice = xmpp_el ("t", NS, xmpp_node_ref (child), xmpp_node_ref (child));
  g_autoptr (XmppNode) copy = g_boxed_copy (XMPP_TYPE_NODE, twice);

  xmpp_node_unref (node);
  xmpp_node_unref (twice);
  g_assert_cmpstr (xmpp_node_get_text (child), ==, "deep");
  g_assert_true (xmpp_node_get_nth_child (copy, 0) == child);
  g_assert_true (xmpp_node_get_nth_child (copy, 1) == child);
}

static gpointer
deep_thread (gpointer data)
{
  g_autoptr (XmppNode) a = xmpp_el ("a", NS);
  g_autoptr (XmppNode) b = xmpp_el ("a", NS);
  g_autofree char *xml = NULL;

  for (guint i = 1; i < DEEP; i++)
    {
      a = xmpp_el ("a", NS, a);
      b = xmpp_el ("a", NS, b);
    }
  g_assert_true (xmpp_node_equal (a, b));
  xml = xmpp_node_to_string (a, NS);
  g_assert_cmpuint (strlen (xml), ==, 7 * (DEEP - 1) + 4);

  return NULL;
}

/* security.md P5: on a fiber's small stack, far more levels than it has room for frames. */
static void
test_deep (void)
{
  pthread_attr_t attributes;
  pthread_t thread;

  pthread_attr_init (&attributes);
  g_assert_cmpint (pthread_attr_setstacksize (&attributes, 256 * 1024), ==, 0);
  g_assert_cmpint (pthread_create (&thread, &attributes, deep_thread, NULL), ==, 0);
  pthread_join (thread, NULL);
  pthread_attr_destroy (&attributes);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xmpp/node/read", test_read);
  g_test_add_func ("/xmpp/node/attr-list", test_attr_list);
  g_test_add_func ("/xmpp/node/attr-uint", test_attr_uint);
  g_test_add_func ("/xmpp/node/attr-bool", test_attr_bool);
  g_test_add_func ("/xmpp/node/with", test_with);
  g_test_add_func ("/xmpp/node/equal", test_equal);
  g_test_add_func ("/xmpp/node/references", test_references);
  g_test_add_func ("/xmpp/node/deep", test_deep);

  return g_test_run ();
}
