/* A parser and what it says
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <string.h>

#include "xmpp-parser.h"

#define HEADER \
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

/* Appends what the parser has to say: one line per event. */
static void
append_events (XmppParser *parser,
               GString *out)
{
  XmppParserEvent event;
  XmppNode *node;

  while ((event = xmpp_parser_next (parser, &node)) != XMPP_PARSER_EVENT_NONE)
    {
      g_autofree char *xml = node != NULL ? xmpp_node_to_string (node, XMPP_NS_CLIENT) : NULL;

      if (event == XMPP_PARSER_EVENT_OPENED)
        g_string_append (out, "opened\n");
      else if (event == XMPP_PARSER_EVENT_ELEMENT)
        g_string_append_printf (out, "%s\n", xml);
      else
        g_string_append (out, "closed\n");
      g_clear_pointer (&node, xmpp_node_unref);
    }
}

static gboolean
feed (XmppParser *parser,
      const char *text,
      GError **error)
{
  return xmpp_parser_feed (parser, text, strlen (text), error) && xmpp_parser_flush (parser, error);
}

static XmppParser *
new_open_parser (void)
{
  XmppParser *parser = xmpp_parser_new (NULL);
  g_autoptr (GString) events = g_string_new (NULL);

  xmpp_parser_set_authenticated (parser);
  g_assert_true (feed (parser, HEADER, NULL));
  append_events (parser, events);
  g_assert_cmpstr (events->str, ==, "opened\n");

  return parser;
}
