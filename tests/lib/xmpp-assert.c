/* Comparing elements with literal XML
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-assert"

#include "config.h"

#include "linnet-test-xml.h"
#include "xmpp-assert.h"

gboolean
xmpp_node_matches (XmppNode *node,
                   const char *xml,
                   char **why)
{
  g_autofree char *actual_xml = xmpp_node_to_string (node, XMPP_NS_CLIENT);
  g_autoptr (GPtrArray) pattern = linnet_test_xml_parse (xml);
  g_autoptr (GPtrArray) actual = linnet_test_xml_parse (actual_xml);
  g_autoptr (GPtrArray) captures = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *difference = NULL;

  if (pattern->len != 1)
    g_error ("Not one element: %s", xml);
  if (linnet_test_xml_match (pattern->pdata[0], actual->pdata[0], captures, names, &difference))
    return TRUE;

  if (why != NULL)
    *why = g_steal_pointer (&difference);

  return FALSE;
}

void
xmpp_assert_node_at (XmppNode *node,
                     const char *xml,
                     const char *file,
                     int line,
                     const char *func)
{
  g_autofree char *why = NULL;
  g_autofree char *actual = NULL;
  g_autofree char *message = NULL;

  if (node != NULL && xmpp_node_matches (node, xml, &why))
    return;

  if (why == NULL)
    why = g_strdup ("no element");
  actual = node != NULL ? xmpp_node_to_string (node, XMPP_NS_CLIENT) : g_strdup ("(none)");
  message = g_strdup_printf ("%s\n  expected: %s\n  actual:   %s", why, xml, actual);
  g_assertion_message (G_LOG_DOMAIN, file, line, func, message);
}

XmppNode *
xmpp_node_from_literal (const char *xml)
{
  g_autoptr (GError) error = NULL;
  XmppNode *node = xmpp_node_parse (xml, -1, XMPP_NS_CLIENT, &error);

  g_assert_no_error (error);

  return node;
}
