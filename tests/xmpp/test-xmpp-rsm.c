/* Tests of XEP-0059: what is asked, and whatever is answered
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "linnet-test.h"
#include "xmpp-assert.h"
#include "xmpp-rsm.h"

#define SET(content) "<set xmlns='http://jabber.org/protocol/rsm'>" content "</set>"

static void
test_build (void)
{
  g_autoptr (XmppNode) first = xmpp_rsm_build_after (10, NULL);
  g_autoptr (XmppNode) after = xmpp_rsm_build_after (250, "a<b");
  g_autoptr (XmppNode) last = xmpp_rsm_build_before (1, NULL);
  g_autoptr (XmppNode) before = xmpp_rsm_build_before (10, "a&b");

  xmpp_assert_node (first, SET ("<max>10</max>"));
  xmpp_assert_node (after, SET ("<max>250</max><after>a&lt;b</after>"));
  xmpp_assert_node (last, SET ("<max>1</max><before/>"));
  xmpp_assert_node (before, SET ("<max>10</max><before>a&amp;b</before>"));
}

static const struct
{
  const char *name;
  const char *xml;
  const char *expected; /* first last index count */
} rows[] = {
  { "all", SET ("<first index='3'>a</first><last>b</last><count>9</count>"), "a b 3 9" },
  { "no-numbers", SET ("<first>a</first><last>b</last>"), "a b - -" },
  { "empty-page", SET ("<count>0</count>"), "- - - 0" },
  { "nothing", SET (""), "- - - -" },
  { "no-set", "<other xmlns='http://jabber.org/protocol/rsm'/>", "none" },
  { "other-namespace", "<set xmlns='urn:x'><first>a</first><last>b</last></set>", "none" },
  { "only-first", SET ("<first index='0'>a</first><count>1</count>"), "- - - 1" },
  { "only-last", SET ("<last>a</last>"), "- - - -" },
  { "empty-id", SET ("<first/><last>a</last>"), "- - - -" },
  { "children-in-id", SET ("<first><b xmlns='urn:x'>a</b></first><last>a</last>"), "- - - -" },
  { "negative", SET ("<first index='-1'>a</first><last>b</last><count>-1</count>"), "a b - -" },
  { "space", SET ("<first index=' 1'>a</first><last>b</last><count> 1</count>"), "a b - -" },
  { "hexadecimal", SET ("<first index='0x1'>a</first><last>b</last><count>1e3</count>"), "a b - -" },
  { "large",
    SET ("<first index='2147483647'>a</first><last>b</last><count>2147483647</count>"),
    "a b 2147483647 2147483647" },
  { "too-large",
    SET ("<first index='2147483648'>a</first><last>b</last><count>99999999999999999999</count>"),
    "a b - -" },
};

static char *
describe (const XmppRsmSet *set)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (
      text, "%s %s ", set->first != NULL ? set->first : "-", set->last != NULL ? set->last : "-");
  if (set->has_index)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT, set->index);
  else
    g_string_append_c (text, '-');
  g_string_append_c (text, ' ');
  if (set->has_count)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT, set->count);
  else
    g_string_append_c (text, '-');

  return g_string_free (text, FALSE);
}

static void
test_parse (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *xml = g_strdup_printf ("<fin xmlns='urn:xmpp:mam:2'>%s</fin>", rows[row].xml);
  g_autoptr (XmppNode) fin = xmpp_node_parse (xml, -1, NULL, NULL);
  g_auto (XmppRsmSet) set = { 0 };
  g_autofree char *found = xmpp_rsm_set_parse (fin, &set) ? describe (&set) : g_strdup ("none");

  g_assert_nonnull (fin);
  g_assert_cmpstr (found, ==, rows[row].expected);
}

static void
test_ids (void)
{
  char id[XMPP_RSM_MAX_ID + 2];

  memset (id, 'x', sizeof id);
  id[XMPP_RSM_MAX_ID + 1] = '\0';
  g_assert_false (xmpp_rsm_is_id (id));
  id[XMPP_RSM_MAX_ID] = '\0';
  g_assert_true (xmpp_rsm_is_id (id));
  g_assert_false (xmpp_rsm_is_id (""));
  g_assert_false (xmpp_rsm_is_id (NULL));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/xmpp/rsm/build", test_build);
  g_test_add_func ("/xmpp/rsm/ids", test_ids);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/rsm/parse/%s", rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_parse);
    }

  return g_test_run ();
}
