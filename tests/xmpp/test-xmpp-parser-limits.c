/* Tests of how much the stream parser takes; security.md P3 and P5
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <pthread.h>
#include <time.h>

#include "parser-fixture.h"

#define MAX_UNAUTHENTICATED (64 * 1024)
#define MAX_TOKEN (64 * 1024)
#define MAX_STANZA (4 * 1024 * 1024)

/* Feeds @text over and over, in pieces of 64 bytes that are flushed each; returns how much was taken. */
static gsize
trickle (XmppParser *parser,
         gsize max,
         GError **error)
{
  g_autofree char *piece = g_strnfill (64, 'x');
  gsize taken = 0;

  while (taken < max && xmpp_parser_feed (parser, piece, 64, error) && xmpp_parser_flush (parser, error))
    taken += 64;

  return taken;
}

/* P3: one token without an end, in the way that costs most. */
static void
test_giant_token (void)
{
  static const char *const starts[] = { "<a b='", "<a", "<a ", "</", "<![CDATA", "&", "<a xmlns:x" };
  gint64 begin = clock ();

  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      g_autoptr (XmppParser) parser = new_open_parser ();
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", starts[i]);
      if (feed (parser, starts[i], &error))
        g_assert_cmpuint (trickle (parser, 4 * MAX_TOKEN, &error), <=, MAX_TOKEN);
      g_assert_nonnull (error);
    }
  g_assert_cmpint (clock () - begin, <, 5 * CLOCKS_PER_SEC);
}

/* Whatever the pieces: a tag of just the size passes, one more byte does not. */
static void
test_token_limit (void)
{
  static const gsize pieces[] = { 1000, 4096, 16384, 100000 };

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    for (guint over = 0; over < 2; over++)
      {
        g_autoptr (XmppParser) parser = new_open_parser ();
        g_autofree char *value = g_strnfill (MAX_TOKEN - strlen ("<a b=''/>") + over, 'x');
        g_autofree char *xml = g_strdup_printf ("<a b='%s'/>", value);
        g_autoptr (GString) events = g_string_new (NULL);
        g_autoptr (GError) error = NULL;
        gsize length = strlen (xml);

        for (gsize at = 0; at < length && error == NULL; at += pieces[i])
          xmpp_parser_feed (parser, xml + at, MIN (pieces[i], length - at), &error);
        if (error == NULL)
          xmpp_parser_flush (parser, &error);
        append_events (parser, events);
        if (over)
          g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_LIMIT);
        else
          g_assert_no_error (error);
        g_assert_cmpint (events->len > 0, ==, !over);
      }
}

/* A tag that is within the limit, and much that is put off with it. */
static void
test_deferred_tag (void)
{
  g_autoptr (XmppParser) parser = new_open_parser ();
  g_autofree char *value = g_strnfill (64100, 'x');
  g_autoptr (GString) xml = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_string_append_printf (xml, "<a b='%s'/>", value);
  while (xml->len < 200000)
    g_string_append (xml, "<c/>");
  for (gsize at = 0; at < xml->len; at += 1825)
    {
      xmpp_parser_feed (parser, xml->str + at, MIN (1825, xml->len - at), &error);
      g_assert_no_error (error);
    }
}

/* Other tokens than start tags, and the space before the stream, in one piece. */
static void
test_other_tokens (void)
{
  static const struct
  {
    const char *start;
    const char *end;
  } rows[] = {
    { .start = HEADER "<a></a", .end = ">" },
    { .start = HEADER "<a>&#", .end = "65;</a>" },
    { .start = "", .end = HEADER },
    { .start = "<?xml version='1.0'?>", .end = HEADER },
    { .start = "<?xml version='1.0'", .end = "?>" HEADER },
    { .start = HEADER "</stream:stream>", .end = " " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint over = 0; over < 2; over++)
      {
        g_autoptr (XmppParser) parser = xmpp_parser_new (NULL);
        g_autoptr (GString) xml = g_string_new (rows[i].start);
        g_autoptr (GError) error = NULL;

        for (gsize n = over ? MAX_TOKEN : MAX_TOKEN - 1000; n > 0; n--)
          g_string_append_c (xml, g_str_has_suffix (rows[i].start, "#") ? '0' : ' ');
        g_string_append (xml, rows[i].end);
        xmpp_parser_set_authenticated (parser);
        feed (parser, xml->str, &error);
        if (over)
          g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_LIMIT);
        else
          g_assert_no_error (error);
      }
}

/* Text is no token: a large one passes, with or without expat's putting off. */
static void
test_large_text (void)
{
  g_autoptr (XmppParser) parser = new_open_parser ();
  g_autofree char *text = g_strnfill (1000000, 'x');
  g_autofree char *xml = g_strdup_printf ("<a>%s<![CDATA[%s]]></a>", text, text);
  XmppNode *node = NULL;

  for (gsize at = 0, length = strlen (xml); at < length; at += 1000)
    g_assert_true (xmpp_parser_feed (parser, xml + at, MIN (1000, length - at), NULL));
  g_assert_true (xmpp_parser_flush (parser, NULL));
  g_assert_cmpint (xmpp_parser_next (parser, &node), ==, XMPP_PARSER_EVENT_ELEMENT);
  g_assert_cmpuint (strlen (xmpp_node_get_text (node)), ==, 2000000);
  xmpp_node_unref (node);
}

static void
test_stanza_limit (void)
{
  for (guint over = 0; over < 2; over++)
    {
      g_autoptr (XmppParser) parser = new_open_parser ();
      g_autoptr (GString) xml = g_string_new ("<before/><a>");
      g_autoptr (GString) events = g_string_new (NULL);
      g_autoptr (GError) error = NULL;

      while (xml->len < strlen ("<before/>") + MAX_STANZA - strlen ("</a>") + over)
        g_string_append_c (xml, 'x');
      g_string_append (xml, "</a><after/>");
      feed (parser, xml->str, &error);
      append_events (parser, events);
      g_assert_true (g_str_has_prefix (events->str, "<before/>\n"));
      g_assert_cmpint (strstr (events->str, "</a>\n<after/>") != NULL, ==, !over);
      if (over)
        g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_LIMIT);
      else
        g_assert_no_error (error);
    }
}

/* A stanza that never ends is cut off when it is too large, not kept for ever. */
static void
test_endless_stanza (void)
{
  g_autoptr (XmppParser) parser = new_open_parser ();
  g_autoptr (GError) error = NULL;
  g_autofree char *piece = g_strnfill (4096, 'x');
  gsize fed = 0;

  g_assert_true (feed (parser, "<a>", &error));
  while (xmpp_parser_feed (parser, piece, 4096, &error))
    fed += 4096;
  g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_LIMIT);
  g_assert_cmpuint (fed, <=, MAX_STANZA);
}

static void
test_attr_limit (void)
{
  static const struct
  {
    guint n_attrs;
    guint n_namespaces;
    gboolean ok;
  } rows[] = {
    { .n_attrs = 64, .ok = TRUE },
    { .n_attrs = 65 },
    { .n_namespaces = 64, .ok = TRUE },
    { .n_namespaces = 65 },
    { .n_attrs = 32, .n_namespaces = 32, .ok = TRUE },
    { .n_attrs = 33, .n_namespaces = 32 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (XmppParser) parser = new_open_parser ();
      g_autoptr (GString) xml = g_string_new ("<b xmlns:x='u'/><a");
      g_autoptr (GError) error = NULL;

      for (guint n = 0; n < rows[i].n_attrs; n++)
        g_string_append_printf (xml, " a%u=''", n);
      for (guint n = 0; n < rows[i].n_namespaces; n++)
        g_string_append_printf (xml, " xmlns:a%u='u'", n);
      g_string_append (xml, "/>");
      feed (parser, xml->str, &error);
      if (rows[i].ok)
        g_assert_no_error (error);
      else
        g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_LIMIT);
    }
}

/* P5 */
static void
test_depth_limit (void)
{
  for (guint over = 0; over < 2; over++)
    {
      g_autoptr (XmppParser) parser = new_open_parser ();
      g_autoptr (GString) xml = g_string_new (NULL);
      g_autoptr (GError) error = NULL;

      for (guint i = 0; i < 99 + over; i++)
        g_string_append (xml, "<a>");
      for (guint i = 0; i < 99 + over; i++)
        g_string_append (xml, "</a>");
      feed (parser, xml->str, &error);
      if (over)
        g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_LIMIT);
      else
        g_assert_no_error (error);
    }
}

static void
test_element_limit (void)
{
  for (guint over = 0; over < 2; over++)
    {
      g_autoptr (XmppParser) parser = new_open_parser ();
      g_autoptr (GString) xml = g_string_new ("<a/><b>");
      g_autoptr (GError) error = NULL;

      for (guint i = 0; i < 65536 + over; i++)
        g_string_append (xml, "<c/>");
      g_string_append (xml, "</b>");
      feed (parser, xml->str, &error);
      if (over)
        g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_LIMIT);
      else
        g_assert_no_error (error);
    }
}

static gpointer
depth_bomb_thread (gpointer data)
{
  XmppParserLimits limits = { .max_depth = G_MAXUINT, .max_elements = G_MAXUINT, .max_stanza = G_MAXUINT };
  g_autoptr (XmppParser) strict = new_open_parser ();
  g_autoptr (XmppParser) lax = xmpp_parser_new (&limits);
  g_autoptr (GError) error = NULL;
  g_autoptr (XmppNode) node = NULL;

  for (guint i = 0; i < 1000000 && error == NULL; i++)
    feed (strict, "<a>", &error);
  g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_LIMIT);

  /* Even a tree that deep would be freed without recursion. */
  xmpp_parser_set_authenticated (lax);
  g_assert_true (feed (lax, HEADER, NULL));
  for (guint i = 0; i < 200000; i++)
    g_assert_true (xmpp_parser_feed (lax, "<a>", 3, NULL));
  for (guint i = 0; i < 200000; i++)
    g_assert_true (xmpp_parser_feed (lax, "</a>", 4, NULL));
  g_assert_true (xmpp_parser_flush (lax, NULL));
  g_assert_cmpint (xmpp_parser_next (lax, &node), ==, XMPP_PARSER_EVENT_OPENED);
  g_clear_pointer (&node, xmpp_node_unref);
  g_assert_cmpint (xmpp_parser_next (lax, &node), ==, XMPP_PARSER_EVENT_ELEMENT);

  return NULL;
}

static void
test_depth_bomb (void)
{
  pthread_attr_t attributes;
  pthread_t thread;

  pthread_attr_init (&attributes);
  g_assert_cmpint (pthread_attr_setstacksize (&attributes, 256 * 1024), ==, 0);
  g_assert_cmpint (pthread_create (&thread, &attributes, depth_bomb_thread, NULL), ==, 0);
  pthread_join (thread, NULL);
  pthread_attr_destroy (&attributes);
}

/* P3: before sign-in a stream is short. */
static void
test_unauthenticated_limit (void)
{
  g_autoptr (XmppParser) parser = xmpp_parser_new (NULL);
  g_autoptr (XmppParser) signed_in = xmpp_parser_new (NULL);
  g_autoptr (GString) xml = g_string_new (HEADER);
  g_autoptr (GString) events = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  while (xml->len < MAX_UNAUTHENTICATED - 4)
    g_string_append_c (xml, ' ');
  g_string_append (xml, "<a/>");
  g_assert_true (feed (parser, xml->str, &error));
  append_events (parser, events);
  g_assert_cmpstr (events->str, ==, "opened\n<a/>\n");
  g_assert_false (feed (parser, " ", &error));
  g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_LIMIT);

  g_assert_true (feed (signed_in, xml->str, NULL));
  xmpp_parser_set_authenticated (signed_in);
  g_assert_true (feed (signed_in, " <b/>", NULL));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xmpp/parser-limits/deferred-tag", test_deferred_tag);
  g_test_add_func ("/xmpp/parser-limits/giant-token", test_giant_token);
  g_test_add_func ("/xmpp/parser-limits/token-limit", test_token_limit);
  g_test_add_func ("/xmpp/parser-limits/other-tokens", test_other_tokens);
  g_test_add_func ("/xmpp/parser-limits/large-text", test_large_text);
  g_test_add_func ("/xmpp/parser-limits/stanza-limit", test_stanza_limit);
  g_test_add_func ("/xmpp/parser-limits/endless-stanza", test_endless_stanza);
  g_test_add_func ("/xmpp/parser-limits/attr-limit", test_attr_limit);
  g_test_add_func ("/xmpp/parser-limits/depth-limit", test_depth_limit);
  g_test_add_func ("/xmpp/parser-limits/element-limit", test_element_limit);
  g_test_add_func ("/xmpp/parser-limits/depth-bomb", test_depth_bomb);
  g_test_add_func ("/xmpp/parser-limits/unauthenticated-limit", test_unauthenticated_limit);

  return g_test_run ();
}
