/* What is remembered of stream features (RFC 6120 section 4.3.2)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-stream-features"

#include "config.h"

#include <string.h>

#include "xmpp-builder.h"
#include "xmpp-error.h"
#include "xmpp-stream-features.h"

/* Servers announce some ten; what is much longer comes from no server that is worth it. */
#define MAX_LENGTH 8192

char *
xmpp_stream_features_to_text (XmppNode *features)
{
  g_autoptr (XmppNode) names = xmpp_el ("features", XMPP_NS_STREAM);
  g_autofree char *text = NULL;

  g_return_val_if_fail (features != NULL, NULL);

  for (guint i = 0; i < xmpp_node_get_n_children (features); i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (features, i);
      XmppNode *longer =
          xmpp_node_with_child (names, xmpp_el (xmpp_node_get_name (child), xmpp_node_get_ns (child)));

      xmpp_node_unref (names);
      names = longer;
    }

  text = xmpp_node_to_string (names, NULL);

  return strlen (text) <= MAX_LENGTH ? g_steal_pointer (&text) : NULL;
}

XmppNode *
xmpp_stream_features_from_text (const char *text)
{
  g_autoptr (XmppNode) features = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  features = xmpp_node_parse (text, -1, NULL, NULL);

  return features != NULL && xmpp_node_is (features, "features", XMPP_NS_STREAM)
             ? g_steal_pointer (&features)
             : NULL;
}
