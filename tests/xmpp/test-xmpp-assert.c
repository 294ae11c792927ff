/* Tests of comparing elements with literal XML
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "xmpp-assert.h"

static const struct
{
  const char *node;
  const char *pattern;
  gboolean matches;
} rows[] = {
  { .node = "<iq id='7' type='set'/>", .pattern = "<iq type='set' id='*'/>", .matches = TRUE },
  { .node = "<iq id='7' type='set'/>", .pattern = "<iq type='get' id='*'/>" },
  { .node = "<iq type='set'/>", .pattern = "<iq type='set' id='*'/>" },
  { .node = "<iq id='7' type='set' to='a'/>", .pattern = "<iq type='set' id='*'/>" },
  { .node = "<iq><a xmlns='urn:x'/></iq>", .pattern = "<iq> <x:a xmlns:x='urn:x'/> </iq>", .matches = TRUE },
  { .node = "<iq><a xmlns='urn:x'/></iq>", .pattern = "<iq><a xmlns='urn:y'/></iq>" },
  { .node = "<iq><a/><b/></iq>", .pattern = "<iq><a/></iq>" },
  { .node = "<iq><a/></iq>", .pattern = "<iq><a/><b/></iq>" },
  { .node = "<iq><a/><b/></iq>", .pattern = "<iq><b/><a/></iq>" },
  { .node = "<body>hi</body>", .pattern = "<body>*</body>", .matches = TRUE },
  { .node = "<body>hi</body>", .pattern = "<body>ho</body>" },
};

static void
test_matches (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (XmppNode) node = xmpp_node_from_literal (rows[i].node);
      g_autofree char *why = NULL;

      g_test_message ("%s as %s", rows[i].node, rows[i].pattern);
      g_assert_cmpint (xmpp_node_matches (node, rows[i].pattern, &why), ==, rows[i].matches);
      g_assert_cmpint (why == NULL, ==, rows[i].matches);
    }
}

static void
test_fails (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (XmppNode) node = xmpp_node_from_literal ("<iq id='7'/>");

      xmpp_assert_node (node, "<iq id='8'/>");
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xmpp/assert/matches", test_matches);
  g_test_add_func ("/xmpp/assert/fails", test_fails);

  return g_test_run ();
}
