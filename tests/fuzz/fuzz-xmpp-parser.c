/* Fuzz target: however a stream is cut, the parser says the same, within its limits
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "xmpp-parser.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const XmppParserLimits limits = {
  .max_token = 200,
  .max_stanza = 1000,
  .max_unauthenticated = 3000,
  .max_depth = 8,
  .max_attrs = 6,
  .max_elements = 30,
};

static guint
count_elements (XmppNode *node,
                guint depth)
{
  guint n = 1;

  g_assert (depth <= limits.max_depth);
  g_assert (xmpp_node_get_n_attrs (node) <= limits.max_attrs);
  for (guint i = 0; i < xmpp_node_get_n_children (node); i++)
    n += count_elements (xmpp_node_get_nth_child (node, i), depth + 1);

  return n;
}

static void
append_events (XmppParser *parser,
               GString *out)
{
  XmppParserEvent event;
  XmppNode *node;

  while ((event = xmpp_parser_next (parser, &node)) != XMPP_PARSER_EVENT_NONE)
    {
      g_string_append_printf (out, "%d:", event);
      if (node != NULL)
        {
          g_assert (count_elements (node, 2) <= limits.max_elements + 1);
          xmpp_node_append_to (node, NULL, out);
          xmpp_node_unref (node);
        }
      g_string_append_c (out, '\n');
    }
}

/* Feeds @size bytes in pieces whose sizes @cuts tells, over and over. */
static void
parse (const char *data,
       gsize size,
       const guint8 *cuts,
       gsize n_cuts,
       gboolean authenticated,
       GString *out)
{
  g_autoptr (XmppParser) parser = xmpp_parser_new (&limits);
  g_autoptr (GError) error = NULL;
  gsize at = 0;

  if (authenticated)
    xmpp_parser_set_authenticated (parser);
  for (gsize i = 0; at < size && error == NULL; i++)
    {
      guint8 cut = n_cuts > 0 ? cuts[i % n_cuts] : 0;
      gsize n = n_cuts > 0 ? MIN (size - at, (cut >> 1) + 1u) : size;

      if (xmpp_parser_feed (parser, data + at, n, &error) && (cut & 1))
        xmpp_parser_flush (parser, &error);
      append_events (parser, out);
      at += n;
    }
  if (error == NULL && xmpp_parser_flush (parser, &error) && size > 0 && !authenticated)
    g_assert (size <= limits.max_unauthenticated);
  append_events (parser, out);
  g_string_append (out, error != NULL ? "error" : "ok");
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autoptr (GString) whole = g_string_new (NULL);
  g_autoptr (GString) cut = g_string_new (NULL);
  g_autoptr (GString) bytes = g_string_new (NULL);
  gsize n_cuts;
  gboolean authenticated;
  const char *text;

  /* The first byte says how many follow that tell the cuts. */
  if (size < 1 || size < 1u + (data[0] >> 4))
    return 0;
  authenticated = data[0] & 1;
  n_cuts = data[0] >> 4;
  text = (const char *) data + 1 + n_cuts;
  size -= 1 + n_cuts;

  parse (text, size, NULL, 0, authenticated, whole);
  parse (text, size, data + 1, n_cuts, authenticated, cut);
  parse (text, size, (const guint8 *) "\001", 1, authenticated, bytes);
  g_assert_cmpstr (whole->str, ==, cut->str);
  g_assert_cmpstr (whole->str, ==, bytes->str);

  return 0;
}
