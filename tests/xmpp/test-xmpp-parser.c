/* Tests of the stream parser; security.md P1, P2, P4, P6 and P8
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "parser-fixture.h"
#include "xmpp-assert.h"

/* TAP output must be UTF-8. */
static void
show (const char *text)
{
  g_autofree char *escaped = g_strescape (text, NULL);

  g_test_message ("%s", escaped);
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
  g_test_add_func ("/xmpp/parser/byte-order-mark", test_byte_order_mark);
  g_test_add_func ("/xmpp/parser/splits", test_splits);
  g_test_add_func ("/xmpp/parser/drained", test_drained);
  g_test_add_func ("/xmpp/parser/unread", test_unread);
  g_test_add_func ("/xmpp/parser/parse-node", test_parse_node);
  g_test_add_func ("/xmpp/parser/parse-node-length", test_parse_node_length);
  g_test_add_func ("/xmpp/parser/round-trip", test_round_trip);

  return g_test_run ();
}
