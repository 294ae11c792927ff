/* XEP-0059 Result Set Management, version 1.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-rsm"

#include "config.h"

#include <string.h>

#include "xmpp-builder.h"
#include "xmpp-rsm.h"

/* No honest archive has more; sums with it do not overflow. */
#define MAX_NUMBER G_MAXINT32

static XmppNode *
build (guint max,
       const char *direction,
       const char *id)
{
  g_autofree char *number = g_strdup_printf ("%u", max);
  XmppNode *text = id != NULL ? xmpp_text (id) : NULL;

  return xmpp_el ("set",
                  XMPP_NS_RSM,
                  xmpp_el ("max", XMPP_NS_RSM, xmpp_text (number)),
                  direction != NULL ? xmpp_el (direction, XMPP_NS_RSM, text) : NULL);
}

XmppNode *
xmpp_rsm_build_after (guint max,
                      const char *id)
{
  return build (max, id != NULL ? "after" : NULL, id);
}

/* An empty <before/> asks for the last page. */
XmppNode *
xmpp_rsm_build_before (guint max,
                       const char *id)
{
  return build (max, "before", id);
}

gboolean
xmpp_rsm_is_id (const char *id)
{
  return id != NULL && *id != '\0' && strlen (id) <= XMPP_RSM_MAX_ID;
}

gboolean
xmpp_rsm_set_parse (XmppNode *parent,
                    XmppRsmSet *set)
{
  XmppNode *node = parent != NULL ? xmpp_node_get_child (parent, "set", XMPP_NS_RSM) : NULL;
  XmppNode *first_node;
  const char *first, *last, *count;

  g_return_val_if_fail (set != NULL, FALSE);

  memset (set, 0, sizeof *set);
  if (node == NULL)
    return FALSE;

  first_node = xmpp_node_get_child (node, "first", XMPP_NS_RSM);
  first = first_node != NULL ? xmpp_node_get_text (first_node) : NULL;
  last = xmpp_node_get_child_text (node, "last", XMPP_NS_RSM);
  if (xmpp_rsm_is_id (first) && xmpp_rsm_is_id (last))
    {
      set->first = g_strdup (first);
      set->last = g_strdup (last);
      set->has_index = xmpp_node_get_attr_uint (first_node, "index", MAX_NUMBER, &set->index);
    }

  count = xmpp_node_get_child_text (node, "count", XMPP_NS_RSM);
  set->has_count =
      count != NULL && g_ascii_string_to_unsigned (count, 10, 0, MAX_NUMBER, &set->count, NULL);

  return TRUE;
}

void
xmpp_rsm_set_clear (XmppRsmSet *set)
{
  g_clear_pointer (&set->first, g_free);
  g_clear_pointer (&set->last, g_free);
}
