/* Tests of what is remembered of stream features
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <libdex.h>

#include "xmpp-error.h"
#include "xmpp-stream-features.h"

#define OPEN "<features xmlns='" XMPP_NS_STREAM "'>"

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XmppNode) features =
      xmpp_node_parse (OPEN "<ver xmlns='urn:xmpp:features:rosterver'/><csi xmlns='urn:xmpp:csi:0'/>"
                            "<c xmlns='http://jabber.org/protocol/caps' ver='x'/>"
                            "<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>1</max-bytes></limits>"
                            "</features>",
                       -1,
                       NULL,
                       &error);
  g_autofree char *text = NULL;
  g_autoptr (XmppNode) again = NULL;

  g_assert_no_error (error);
  text = xmpp_stream_features_to_text (features);
  g_assert_nonnull (text);
  g_assert_null (strstr (text, "max-bytes"));

  again = xmpp_stream_features_from_text (text);
  g_assert_nonnull (again);
  g_assert_cmpuint (xmpp_node_get_n_children (again), ==, 4);
  g_assert_nonnull (xmpp_node_get_child (again, "ver", "urn:xmpp:features:rosterver"));
  g_assert_nonnull (xmpp_node_get_child (again, "csi", "urn:xmpp:csi:0"));
  g_assert_nonnull (xmpp_node_get_child (again, "limits", "urn:xmpp:stream-limits:0"));
  g_assert_null (xmpp_node_get_attr (xmpp_node_get_nth_child (again, 2), "ver"));
}

static void
test_too_much (void)
{
  g_autoptr (GString) xml = g_string_new (OPEN);
  g_autoptr (GError) error = NULL;
  g_autoptr (XmppNode) features = NULL;

  for (guint i = 0; i < 500; i++)
    g_string_append_printf (xml, "<f%u xmlns='urn:test:feature'/>", i);
  g_string_append (xml, "</features>");
  features = xmpp_node_parse (xml->str, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (xmpp_stream_features_to_text (features));
}

static void
test_no_features (void)
{
  static const char *const texts[] = {
    "",
    "csi",
    OPEN,
    "<features/>",
    "<features xmlns='urn:xmpp:csi:0'/>",
    "<csi xmlns='" XMPP_NS_STREAM "'/>",
    OPEN "</features>" OPEN "</features>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_null (xmpp_stream_features_from_text (texts[i]));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/xmpp/stream-features/round-trip", test_round_trip);
  g_test_add_func ("/xmpp/stream-features/too-much", test_too_much);
  g_test_add_func ("/xmpp/stream-features/no-features", test_no_features);

  return g_test_run ();
}
