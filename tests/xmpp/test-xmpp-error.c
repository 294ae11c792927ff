/* Tests of what errors on the wire become
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "xmpp-assert.h"
#include "xmpp-builder.h"
#include "xmpp-error.h"

static XmppNode *
stream_error (XmppNode *condition,
              const char *text)
{
  return xmpp_el ("error",
                  XMPP_NS_STREAM,
                  text != NULL ? xmpp_el ("text", XMPP_NS_STREAMS, xmpp_text (text)) : NULL,
                  condition);
}

static void
test_stream (void)
{
  static const struct
  {
    const char *condition;
    XmppStreamError code;
  } rows[] = {
    { .condition = "conflict", .code = XMPP_STREAM_ERROR_CONFLICT },
    { .condition = "host-unknown", .code = XMPP_STREAM_ERROR_HOST_UNKNOWN },
    { .condition = "host-gone", .code = XMPP_STREAM_ERROR_HOST_UNKNOWN },
    { .condition = "not-authorized", .code = XMPP_STREAM_ERROR_NOT_AUTHORIZED },
    { .condition = "policy-violation", .code = XMPP_STREAM_ERROR_POLICY_VIOLATION },
    { .condition = "reset", .code = XMPP_STREAM_ERROR_RESET },
    { .condition = "see-other-host", .code = XMPP_STREAM_ERROR_SEE_OTHER_HOST },
    { .condition = "system-shutdown", .code = XMPP_STREAM_ERROR_SYSTEM_SHUTDOWN },
    { .condition = "undefined-condition", .code = XMPP_STREAM_ERROR_UNDEFINED },
    { .condition = "bad-format", .code = XMPP_STREAM_ERROR_REMOTE_OTHER },
    { .condition = "closed", .code = XMPP_STREAM_ERROR_REMOTE_OTHER },
    { .condition = NULL, .code = XMPP_STREAM_ERROR_UNDEFINED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      XmppNode *condition = rows[i].condition != NULL ? xmpp_el (rows[i].condition, XMPP_NS_STREAMS) : NULL;
      g_autoptr (XmppNode) node = stream_error (condition, "why");
      g_autoptr (GError) error = xmpp_error_from_stream_error (node);

      g_assert_error (error, XMPP_STREAM_ERROR, (int) rows[i].code);
      g_assert_true (g_str_has_suffix (error->message, ": why"));
      g_assert_null (xmpp_stream_error_get_other_host (error));
    }
}

static void
test_other_host (void)
{
  XmppNode *condition = xmpp_el ("see-other-host", XMPP_NS_STREAMS, xmpp_text ("[::1]:5222"));
  XmppNode *other_condition = xmpp_el ("reset", XMPP_NS_STREAMS, xmpp_text ("[::1]:5222"));
  g_autoptr (XmppNode) node = stream_error (condition, NULL);
  g_autoptr (XmppNode) other = stream_error (other_condition, NULL);
  g_autoptr (GError) error = xmpp_error_from_stream_error (node);
  g_autoptr (GError) copy = g_error_copy (error);
  g_autoptr (GError) without = xmpp_error_from_stream_error (other);

  g_assert_cmpstr (xmpp_stream_error_get_other_host (error), ==, "[::1]:5222");
  g_assert_cmpstr (xmpp_stream_error_get_other_host (copy), ==, "[::1]:5222");
  g_assert_null (xmpp_stream_error_get_other_host (without));
}

/* Every condition there and back; the codes after these are our own. */
static void
test_stanza_conditions (void)
{
  for (guint code = 0; code <= XMPP_STANZA_ERROR_UNEXPECTED_REQUEST; code++)
    {
      const char *condition = xmpp_stanza_error_to_condition (code);
      g_autoptr (XmppNode) request = xmpp_el ("iq", XMPP_NS_CLIENT, xmpp_attr ("id", "1"));
      g_autoptr (XmppNode) reply = xmpp_iq_error (request, "cancel", condition);
      g_autoptr (GError) error = xmpp_error_from_stanza (reply);

      g_assert_error (error, XMPP_STANZA_ERROR, (int) code);
      g_assert_cmpstr (error->message, ==, condition);
    }
  g_assert_cmpstr (xmpp_stanza_error_to_condition (XMPP_STANZA_ERROR_TIMED_OUT), ==, "undefined-condition");
}

static void
test_stanza_odd (void)
{
  g_autoptr (XmppNode) bare = xmpp_node_from_literal ("<iq type='error'/>");
  g_autoptr (XmppNode) empty = xmpp_node_from_literal ("<iq><error/></iq>");
  g_autoptr (XmppNode) unknown =
      xmpp_node_from_literal ("<iq><error><timed-out xmlns='" XMPP_NS_STANZAS "'/></error></iq>");
  g_autoptr (XmppNode) foreign = xmpp_node_from_literal ("<iq><error><forbidden xmlns='u'/></error></iq>");
  XmppNode *nodes[] = { bare, empty, unknown, foreign };

  for (gsize i = 0; i < G_N_ELEMENTS (nodes); i++)
    {
      g_autoptr (GError) error = xmpp_error_from_stanza (nodes[i]);

      g_assert_error (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_UNDEFINED_CONDITION);
    }
}

/* Foreign text reaches logs only as one short line. */
static void
test_text (void)
{
  g_autofree char *long_text = g_strnfill (5000, 'x');
  g_autoptr (XmppNode) long_node = stream_error (xmpp_el ("reset", XMPP_NS_STREAMS), long_text);
  g_autoptr (XmppNode) lines_node = stream_error (xmpp_el ("reset", XMPP_NS_STREAMS), "a\nb\x1b[31m");
  g_autoptr (GError) long_error = xmpp_error_from_stream_error (long_node);
  g_autoptr (GError) lines_error = xmpp_error_from_stream_error (lines_node);

  g_assert_cmpuint (strlen (long_error->message), <, 250);
  g_assert_cmpstr (lines_error->message, ==, "reset: a\\nb[31m");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xmpp/error/stream", test_stream);
  g_test_add_func ("/xmpp/error/other-host", test_other_host);
  g_test_add_func ("/xmpp/error/stanza-conditions", test_stanza_conditions);
  g_test_add_func ("/xmpp/error/stanza-odd", test_stanza_odd);
  g_test_add_func ("/xmpp/error/text", test_text);

  return g_test_run ();
}
