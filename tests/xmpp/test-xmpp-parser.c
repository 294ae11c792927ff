/* Tests of the stream parser; security.md P1 to P6
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "xmpp-assert.h"
#include "xmpp-parser.h"

#define HEADER "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
#define MAX_UNAUTHENTICATED (64 * 1024)
#define MAX_TOKEN (64 * 1024)
#define MAX_STANZA (4 * 1024 * 1024)

/* TAP output must be UTF-8. */
static void
show (const char *text)
{
  g_autofree char *escaped = g_strescape (text, NULL);

  g_test_message ("%s", escaped);
}

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

static void
test_header (void)
{
  g_autoptr (XmppParser) parser = xmpp_parser_new (NULL);
  g_autoptr (XmppNode) header = NULL;
  g_autoptr (XmppNode) nothing = NULL;

  g_assert_true (feed (parser, "<?xml version='1.0' encoding='utf-8'?>\n" HEADER, NULL));
  g_assert_cmpint (xmpp_parser_next (parser, &header), ==, XMPP_PARSER_EVENT_OPENED);
  g_assert_true (xmpp_node_is (header, "stream", XMPP_NS_STREAM));
  g_assert_cmpstr (xmpp_node_get_attr (header, "version"), ==, "1.0");
  g_assert_cmpint (xmpp_parser_next (parser, &nothing), ==, XMPP_PARSER_EVENT_NONE);
  g_assert_null (nothing);
}

static const struct
{
  const char *name;
  const char *xml; /* after the header */
  const char *events;
} streams[] = {
  { .name = "empty", .xml = "<r xmlns='urn:xmpp:sm:3'/>", .events = "<r xmlns='urn:xmpp:sm:3'/>\n" },
  { .name = "keepalive", .xml = " \n\t<a/>\r\n<b/> ", .events = "<a/>\n<b/>\n" },
  { .name = "entities",
    .xml = "<a b='&lt;&#228;'>&amp;&#x1F600;]]&gt;</a>",
    .events = "<a b='&lt;\u00e4'>&amp;\U0001f600]]&gt;</a>\n" },
  { .name = "cdata", .xml = "<a>1<![CDATA[<&]]>2</a>", .events = "<a>1&lt;&amp;2</a>\n" },
  { .name = "mixed", .xml = "<a>1<b>2</b>3<c/>4</a>", .events = "<a>1<b>2</b>3<c/>4</a>\n" },
  { .name = "prefixes",
    .xml = "<x:a xmlns:x='urn:x'><b/><x:c d='1' x:d='2'/></x:a>",
    .events = "<a xmlns='urn:x'><b xmlns='jabber:client'/><c d='1' xmlns:n1='urn:x' n1:d='2'/></a>\n" },
  { .name = "space in namespace",
    .xml = "<a xmlns='urn:x y' xmlns:z='urn:x' z:y='1'/>",
    .events = "<a xmlns='urn:x y' xmlns:n0='urn:x' n0:y='1'/>\n" },
  { .name = "no namespace", .xml = "<a><b xmlns=''/></a>", .events = "<a><b xmlns=''/></a>\n" },
  { .name = "lang", .xml = "<a xml:lang='de'/>", .events = "<a xml:lang='de'/>\n" },
  { .name = "stream error",
    .xml = "<stream:error><reset xmlns='urn:x'/></stream:error></stream:stream>",
    .events = "<error xmlns='http://etherx.jabber.org/streams'><reset xmlns='urn:x'/></error>\nclosed\n" },
  { .name = "closed", .xml = "<a/></stream:stream>\n", .events = "<a/>\nclosed\n" },
};

static void
test_streams (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      g_autoptr (XmppParser) parser = new_open_parser ();
      g_autoptr (GString) events = g_string_new (NULL);
      g_autoptr (GError) error = NULL;

      feed (parser, streams[i].xml, &error);
      append_events (parser, events);
      g_test_message ("%s", streams[i].name);
      g_assert_no_error (error);
      g_assert_cmpstr (events->str, ==, streams[i].events);
    }
}

typedef struct
{
  const char *xml;
  const char *events; /* that still count */
  XmppStreamError code;
  gsize length; /* 0: up to the zero */
} BadRow;

/* P1: nothing of the kind is ever interpreted. */
static const BadRow restricted_rows[] = {
  { .xml = "<!DOCTYPE a>" HEADER, .code = XMPP_STREAM_ERROR_RESTRICTED_XML },
  { .xml = "<!DOCTYPE a [<!ENTITY b 'c'>", .code = XMPP_STREAM_ERROR_RESTRICTED_XML },
  { .xml = "<!DOCTYPE a SYSTEM 'file:///etc/passwd'>", .code = XMPP_STREAM_ERROR_RESTRICTED_XML },
  { .xml = "<!DOCTYPE a [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>" HEADER "<m>&b;</m>",
    .code = XMPP_STREAM_ERROR_RESTRICTED_XML },
  { .xml = "<!-- c -->" HEADER, .code = XMPP_STREAM_ERROR_RESTRICTED_XML },
  { .xml = "<?pi x?>" HEADER, .code = XMPP_STREAM_ERROR_RESTRICTED_XML },
  { .xml = HEADER "<!-- c --><a/>", .events = "opened\n", .code = XMPP_STREAM_ERROR_RESTRICTED_XML },
  { .xml = HEADER "<a/><?pi x?><b/>", .events = "opened\n<a/>\n", .code = XMPP_STREAM_ERROR_RESTRICTED_XML },
  { .xml = HEADER "<a><!-- c --></a>", .events = "opened\n", .code = XMPP_STREAM_ERROR_RESTRICTED_XML },
  { .xml = HEADER "<a><?pi x?></a>", .events = "opened\n", .code = XMPP_STREAM_ERROR_RESTRICTED_XML },
  { .xml = HEADER "<a>&b;</a>", .events = "opened\n", .code = XMPP_STREAM_ERROR_RESTRICTED_XML },
  { .xml = HEADER "<a b='&c;'/>", .events = "opened\n", .code = XMPP_STREAM_ERROR_RESTRICTED_XML },
  { .xml = HEADER "<!DOCTYPE a>", .events = "opened\n", .code = XMPP_STREAM_ERROR_NOT_WELL_FORMED },
  { .xml = HEADER "</stream:stream><!-- c -->",
    .events = "opened\nclosed\n",
    .code = XMPP_STREAM_ERROR_RESTRICTED_XML },
};

#define ESCAPED "&#x1f;"

/* P2: nothing that another parser might read differently gets through. */
static const BadRow smuggled_rows[] = {
  { .xml = HEADER "<a xmlns='urn:x" ESCAPED "b'/>", .events = "opened\n" },
  { .xml = HEADER "<a xmlns='urn:x\x1f"
                  "b'/>",
    .events = "opened\n" },
  { .xml = HEADER "<a b='" ESCAPED "'/>", .events = "opened\n" },
  { .xml = HEADER "<a>\xc0\xbc"
                  "b/></a>",
    .events = "opened\n" }, /* overlong < */
  { .xml = HEADER "<a>\xe0\x80\xbc</a>", .events = "opened\n" },
  { .xml = HEADER "<a>\xf0\x80\x80\xbc</a>", .events = "opened\n" },
  { .xml = HEADER "<a>\xed\xa0\xbd\xed\xb8\x80</a>", .events = "opened\n" }, /* surrogates */
  { .xml = HEADER "<a>\xf4\x90\x80\x80</a>", .events = "opened\n" },
  { .xml = HEADER "<a>\xf8\x88\x80\x80\x80</a>", .events = "opened\n" },
  { .xml = HEADER "<a>\xeb</a><b>\x80</b>", .events = "opened\n" }, /* a character that swallows the tag */
  { .xml = HEADER "<a b='\xeb'/><c d='\x80'/>", .events = "opened\n" },
  { .xml = HEADER "<a\xeb/><b/>", .events = "opened\n" },
  { .xml = HEADER "<x/><a>\xff</a>", .events = "opened\n<x/>\n" },
  { .xml = HEADER "<x/><a>\xef\xbf\xbe</a>", .events = "opened\n<x/>\n" }, /* U+FFFE */
  { .xml = HEADER "<x/><a>&#xFFFF;</a>", .events = "opened\n<x/>\n" },
  { .xml = HEADER "<x/><a>&#0;</a>", .events = "opened\n<x/>\n" },
  { .xml = HEADER "<x/><a>&#xD800;</a>", .events = "opened\n<x/>\n" },
  { .xml = HEADER "<x/><a>\x01</a>", .events = "opened\n<x/>\n" },
  { .xml = HEADER "<x/><a>]]></a>", .events = "opened\n<x/>\n" },
  { .xml = HEADER "<x/><a b='1' b='2'/>", .events = "opened\n<x/>\n" },
  { .xml = HEADER "<x/><a xmlns:y='u' xmlns:z='u' y:b='1' z:b='2'/>", .events = "opened\n<x/>\n" },
  { .xml = HEADER "<x/><y:a/>", .events = "opened\n<x/>\n" },
  { .xml = HEADER "<x/><a:b:c xmlns:a='u'/>", .events = "opened\n<x/>\n" },
  { .xml = HEADER "<x/><a xmlns='http://www.w3.org/2000/xmlns/'/>", .events = "opened\n<x/>\n" },
  { .xml = HEADER "<x/><a xmlns:xml='urn:x'/>", .events = "opened\n<x/>\n" },
  { .xml = HEADER "<x/><a></b>", .events = "opened\n<x/>\n" },
  { .xml = HEADER "<x/>text<y/>", .events = "opened\n<x/>\n" },
  { .xml = HEADER "<x/><![CDATA[ text]]><y/>", .events = "opened\n<x/>\n" },
  { .xml = HEADER "<x/><?xml version='1.0'?><y/>", .events = "opened\n<x/>\n" },
  { .xml = HEADER "<x/></stream:stream>" HEADER, .events = "opened\n<x/>\nclosed\n" },
  { .xml = HEADER "<x/></stream:stream><y/>", .events = "opened\n<x/>\nclosed\n" },
  { .xml = "<stream xmlns='jabber:client'>" },
  { .xml = "<x:stream xmlns:x='http://etherx.jabber.org/stream'>" },
  { .xml = "<stream:features xmlns:stream='http://etherx.jabber.org/streams'>" },
  { .xml = "HTTP/1.1 400 Bad Request\r\n\r\n" },
  { .xml = "\xef\xbb\xbf\xef\xbb\xbf" HEADER },
  /* other encodings */
  { .xml = "<?xml version='1.0' encoding='ISO-8859-1'?>" HEADER },
  { .xml = "<?xml version='1.0' encoding='UTF-16'?>" HEADER },
  { .xml = "<?xml version='1.0' encoding='UTF-7'?>" HEADER },
  { .xml = "\xfe\xff\0<\0a\0/\0>", .length = 10 },
  { .xml = "\xff\xfe<\0a\0/\0>\0", .length = 10 },
  { .xml = "<\0a\0/\0>\0", .length = 8 },
  { .xml = "\0<\0a\0/\0>", .length = 8 },
  { .xml = HEADER "<x/>\0<y/>", .length = sizeof HEADER + 9, .events = "opened\n<x/>\n" },
};

/* Feeds @row in pieces of @piece bytes. */
static void
check_bad (const BadRow *row,
           XmppStreamError code,
           gsize piece)
{
  g_autoptr (XmppParser) parser = xmpp_parser_new (NULL);
  g_autoptr (GString) events = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;
  gsize length = row->length > 0 ? row->length : strlen (row->xml);

  show (row->xml);
  for (gsize at = 0; at < length && error == NULL; at += piece)
    if (xmpp_parser_feed (parser, row->xml + at, MIN (piece, length - at), &error))
      xmpp_parser_flush (parser, &error);
  append_events (parser, events);
  g_assert_error (error, XMPP_STREAM_ERROR, (int) code);
  g_assert_cmpstr (events->str, ==, row->events != NULL ? row->events : "");

  /* It is final. */
  g_assert_false (feed (parser, "<z/>", &again));
  g_assert_error (again, XMPP_STREAM_ERROR, (int) code);
  append_events (parser, events);
  g_assert_cmpstr (events->str, ==, row->events != NULL ? row->events : "");
}

static void
test_restricted (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (restricted_rows); i++)
    {
      check_bad (&restricted_rows[i], restricted_rows[i].code, 100000);
      check_bad (&restricted_rows[i], restricted_rows[i].code, 1);
    }
}

static void
test_smuggled (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (smuggled_rows); i++)
    {
      check_bad (&smuggled_rows[i], XMPP_STREAM_ERROR_NOT_WELL_FORMED, 100000);
      check_bad (&smuggled_rows[i], XMPP_STREAM_ERROR_NOT_WELL_FORMED, 1);
    }
}

/* All well, but for the encoding; expat alone would take it. */
static void
test_utf16 (void)
{
  static const char *const encodings[] = { "UTF-16", "UTF-16BE", "UTF-16LE" };

  for (gsize i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      g_autoptr (XmppParser) parser = xmpp_parser_new (NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *xml = NULL;
      XmppNode *node;
      gsize length;

      xml = g_convert (HEADER "<a/>", -1, encodings[i], "UTF-8", NULL, &length, NULL);
      xmpp_parser_feed (parser, xml, length, &error);
      g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_NOT_WELL_FORMED);
      g_assert_cmpint (xmpp_parser_next (parser, &node), ==, XMPP_PARSER_EVENT_NONE);
    }
}

/* What expat has put off counts when the next byte is a fault. */
static void
test_fault_after_deferred (void)
{
  g_autoptr (XmppParser) parser = new_open_parser ();
  g_autoptr (GString) events = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (xmpp_parser_feed (parser, "<abcdefghijklmnop", 17, NULL));
  g_assert_true (xmpp_parser_feed (parser, "/>", 2, NULL));
  append_events (parser, events);
  g_assert_cmpstr (events->str, ==, "");
  g_assert_false (xmpp_parser_feed (parser, "\xff", 1, &error));
  append_events (parser, events);
  g_assert_cmpstr (events->str, ==, "<abcdefghijklmnop/>\n");
}

/* A byte order mark at the start of UTF-8 is legal XML; everything after it is read as ever. */
static void
test_byte_order_mark (void)
{
  g_autoptr (XmppParser) parser = xmpp_parser_new (NULL);
  g_autoptr (GString) events = g_string_new (NULL);

  g_assert_true (feed (parser, "\xef\xbb\xbf" HEADER "<a/>", NULL));
  append_events (parser, events);
  g_assert_cmpstr (events->str, ==, "opened\n<a/>\n");
}

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

static const char *const samples[] = {
  "<message/>",
  "<message to='a@b' type='chat'><body>Hi</body></message>",
  "<message><body>\u00e4\u20ac\U0001f600</body></message>",
  "<message><body>&lt;&#228;&amp;</body></message>",
  "<message><body>a\r\nb\rc\n</body></message>",
  "<message><body><![CDATA[<x>]]]]></body></message>",
  "<message id='\u00e4'/>",
  "<message id=\"x>y\"/>",
  "<message xml:lang='de'><body/></message>",
  "<message ><a ></a ></message >",
  "<message\n\ta = '1'\n/>",
  "<message><x:a xmlns:x='u'><x:b/></x:a></message>",
  "<message><a xmlns='u'/><b xmlns='u'>c</b></message>",
  "<message>a<b/>c<d/>e</message>",
  "<message><active xmlns='http://jabber.org/protocol/chatstates'/></message>",
  "<message><request xmlns='urn:xmpp:receipts'/></message>",
  "<message><received xmlns='urn:xmpp:receipts' id='1'/></message>",
  "<message><delay xmlns='urn:xmpp:delay' stamp='x'/></message>",
  "<message><stanza-id xmlns='urn:xmpp:sid:0' id='1' by='a'/></message>",
  "<message><store xmlns='urn:xmpp:hints'/></message>",
  "<message type='error'><error type='cancel'/></message>",
  "<message type='groupchat' from='r@c/n'><body>x</body></message>",
  "<message type='headline'><event/></message>",
  "<presence/>",
  "<presence type='unavailable'/>",
  "<presence from='a@b/c'><show>away</show></presence>",
  "<presence><status>\u2615</status></presence>",
  "<presence><priority>-1</priority></presence>",
  "<presence><c xmlns='http://jabber.org/protocol/caps'/></presence>",
  "<presence><x xmlns='vcard-temp:x:update'><photo/></x></presence>",
  "<presence type='subscribe' from='a@b'/>",
  "<presence><idle since='1'/></presence>",
  "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
  "<iq type='result' id='1'/>",
  "<iq type='set' id='2'><query xmlns='jabber:iq:roster'/></iq>",
  "<iq type='result' id='3'><query xmlns='u'><item/></query></iq>",
  "<iq type='error' id='4'><error><x xmlns='u'/></error></iq>",
  "<iq type='get' id='5' from='a@b/c' to='d@e/f'/>",
  "<r xmlns='urn:xmpp:sm:3'/>",
  "<a xmlns='urn:xmpp:sm:3' h='4294967295'/>",
  "<enabled xmlns='urn:xmpp:sm:3' id='x' resume='1'/>",
  "<resumed xmlns='urn:xmpp:sm:3' h='0' previd='x'/>",
  "<failed xmlns='urn:xmpp:sm:3'/>",
  "<success xmlns='urn:xmpp:sasl:2'>\n</success>",
  "<challenge xmlns='urn:x'>cj1hYmM=</challenge>",
  "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
  "<stream:features/>",
  "<stream:features><bind xmlns='u'/></stream:features>",
  "<stream:error><reset xmlns='u'/></stream:error>",
  "<a:b xmlns:a='u' a:c='&quot;'/>",
};

/* P4: wherever a stanza is cut, it is there as soon as its last byte is. */
static void
test_splits (void)
{
  g_assert_cmpuint (G_N_ELEMENTS (samples), ==, 50);

  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_autoptr (XmppParser) parser = new_open_parser ();
      g_autoptr (XmppNode) whole = xmpp_node_from_literal (samples[i]);
      gsize length = strlen (samples[i]);

      for (gsize first = 0; first < length; first++)
        for (gsize second = first; second < length; second++)
          {
            const gsize cuts[] = { 0, first, second, length };
            g_autoptr (XmppNode) node = NULL;

            for (gsize n = 0; n + 1 < G_N_ELEMENTS (cuts); n++)
              {
                g_assert_cmpint (xmpp_parser_next (parser, &node), ==, XMPP_PARSER_EVENT_NONE);
                g_assert_true (xmpp_parser_feed (parser, samples[i] + cuts[n], cuts[n + 1] - cuts[n], NULL));
                g_assert_true (xmpp_parser_flush (parser, NULL));
              }
            g_assert_cmpint (xmpp_parser_next (parser, &node), ==, XMPP_PARSER_EVENT_ELEMENT);
            g_assert_true (xmpp_node_equal (node, whole));
            g_assert_true (xmpp_parser_is_drained (parser));
          }
    }
}

/* P6, P7: what came with a <success/> or <proceed/> is seen. */
static void
test_drained (void)
{
  static const struct
  {
    const char *xml;
    gboolean drained; /* once the first element is taken */
  } rows[] = {
    { .xml = "<proceed/>", .drained = TRUE },
    { .xml = "<proceed/> \n", .drained = TRUE },
    { .xml = "<proceed/><a/>" },
    { .xml = "<proceed/><a>" },
    { .xml = "<proceed/><" },
    { .xml = "<proceed/><a b='" },
    { .xml = "<proceed/>&" },
    { .xml = "<proceed/></stream:stream>" },
    { .xml = "<proceed/></stream:strea" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (XmppParser) parser = new_open_parser ();
      g_autoptr (XmppNode) node = NULL;

      show (rows[i].xml);
      g_assert_true (feed (parser, rows[i].xml, NULL));
      g_assert_false (xmpp_parser_is_drained (parser));
      g_assert_cmpint (xmpp_parser_next (parser, &node), ==, XMPP_PARSER_EVENT_ELEMENT);
      g_assert_cmpint (xmpp_parser_is_drained (parser), ==, rows[i].drained);
    }
}

/* What is not asked for before the parser goes is freed with it; only a leak checker sees it. */
static void
test_unread (void)
{
  g_autoptr (XmppParser) parser = xmpp_parser_new (NULL);

  g_assert_true (feed (parser, HEADER "<a>x</a><b><c/>", NULL));
}

static void
test_parse_node (void)
{
  static const struct
  {
    const char *xml;
    const char *outer_ns;
    const char *expected; /* NULL: refused */
  } rows[] = {
    { .xml = "<a/>", .outer_ns = "urn:x", .expected = "<a xmlns='urn:x'/>" },
    { .xml = "<a/>", .expected = "<a/>" },
    { .xml = " <a xmlns='urn:y'>t</a>\n", .outer_ns = "urn:x", .expected = "<a xmlns='urn:y'>t</a>" },
    { .xml = "<a/>", .outer_ns = "urn:'<&", .expected = "<a xmlns='urn:&apos;&lt;&amp;'/>" },
    { .xml = "" },
    { .xml = " " },
    { .xml = "text" },
    { .xml = "<a/>text" },
    { .xml = "<a/><b/>" },
    { .xml = "<a/><" },
    { .xml = "<a>" },
    { .xml = "</stream:stream>" },
    { .xml = "<a/></stream:stream>" },
    { .xml = "</stream:stream><a/>" },
    { .xml = "<?xml version='1.0'?><a/>" },
    { .xml = "<a><!-- c --></a>" },
    { .xml = "<a>\xff</a>" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (XmppNode) node = xmpp_node_parse (rows[i].xml, -1, rows[i].outer_ns, &error);
      g_autofree char *xml = node != NULL ? xmpp_node_to_string (node, NULL) : NULL;

      show (rows[i].xml);
      g_assert_cmpstr (xml, ==, rows[i].expected);
      g_assert_cmpint (error != NULL, ==, rows[i].expected == NULL);
      g_assert_true (error == NULL || error->domain == XMPP_STREAM_ERROR);
    }
}

static void
test_parse_node_length (void)
{
  g_autoptr (XmppNode) node = xmpp_node_parse ("<a/><b/>", 4, NULL, NULL);

  g_assert_true (xmpp_node_is (node, "a", ""));
}

/* P8: whatever text goes out comes back the same. */
static void
test_round_trip (void)
{
  static const gunichar specials[] = { '<', '>', '&', '\'', '"', ']', '\r', '\n', '\t', 0xfffd, 0x10ffff };

  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (XmppNode) plain = xmpp_node_from_literal ("<a><b xmlns='urn:x'/></a>");
      g_autoptr (XmppNode) node = NULL;
      g_autoptr (XmppNode) back = NULL;
      g_autofree char *xml = NULL;

      for (int n = g_test_rand_int_range (0, 20); n > 0; n--)
        {
          gunichar c = g_test_rand_int_range (1, 0x110000);

          if (g_test_rand_int_range (0, 2))
            c = specials[g_test_rand_int_range (0, G_N_ELEMENTS (specials))];
          if (g_unichar_validate (c))
            g_string_append_unichar (text, c);
          else
            g_string_append_c (text, g_test_rand_int_range (1, 256));
        }
      node = xmpp_node_with_attr (plain, "v", text->str);
      xml = xmpp_node_to_string (node, NULL);
      back = xmpp_node_parse (xml, -1, NULL, NULL);
      g_assert_nonnull (back);
      g_assert_true (xmpp_node_equal (node, back));
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xmpp/parser/header", test_header);
  g_test_add_func ("/xmpp/parser/streams", test_streams);
  g_test_add_func ("/xmpp/parser/restricted", test_restricted);
  g_test_add_func ("/xmpp/parser/smuggled", test_smuggled);
  g_test_add_func ("/xmpp/parser/utf16", test_utf16);
  g_test_add_func ("/xmpp/parser/fault-after-deferred", test_fault_after_deferred);
  g_test_add_func ("/xmpp/parser/deferred-tag", test_deferred_tag);
  g_test_add_func ("/xmpp/parser/byte-order-mark", test_byte_order_mark);
  g_test_add_func ("/xmpp/parser/giant-token", test_giant_token);
  g_test_add_func ("/xmpp/parser/token-limit", test_token_limit);
  g_test_add_func ("/xmpp/parser/other-tokens", test_other_tokens);
  g_test_add_func ("/xmpp/parser/large-text", test_large_text);
  g_test_add_func ("/xmpp/parser/stanza-limit", test_stanza_limit);
  g_test_add_func ("/xmpp/parser/endless-stanza", test_endless_stanza);
  g_test_add_func ("/xmpp/parser/attr-limit", test_attr_limit);
  g_test_add_func ("/xmpp/parser/depth-limit", test_depth_limit);
  g_test_add_func ("/xmpp/parser/element-limit", test_element_limit);
  g_test_add_func ("/xmpp/parser/depth-bomb", test_depth_bomb);
  g_test_add_func ("/xmpp/parser/unauthenticated-limit", test_unauthenticated_limit);
  g_test_add_func ("/xmpp/parser/splits", test_splits);
  g_test_add_func ("/xmpp/parser/drained", test_drained);
  g_test_add_func ("/xmpp/parser/unread", test_unread);
  g_test_add_func ("/xmpp/parser/parse-node", test_parse_node);
  g_test_add_func ("/xmpp/parser/parse-node-length", test_parse_node_length);
  g_test_add_func ("/xmpp/parser/round-trip", test_round_trip);

  return g_test_run ();
}
