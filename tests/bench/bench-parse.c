/* How fast streams are parsed, beside expat alone
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: bench-parse [MEGABYTES]
 *
 * Prints a JSON object: megabytes per second of CPU time of both, and stanzas per second. Both read the same
 * bytes in pieces of 4 KiB; expat only has its events counted, Linnet's parser builds every element. Each
 * runs three times in turn, and the best counts: what else the machine does only ever slows.
 */
#define G_LOG_DOMAIN "bench-parse"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <expat.h>
#include <glib.h>

#include "xmpp-parser.h"

#define PIECE 4096
#define ROUNDS 3

static const char header[] =
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' version='1.0' from='lark.test' id='x' "
    "xmlns:stream='http://etherx.jabber.org/streams'>";

/* What a client gets in a day: messages with their ids and requests, presences, carbons, acknowledgements. */
static const char *const stanzas[] = {
  "<message from='mira@lark.test/phone' to='ana@lark.test' type='chat' id='%u-2f1c'>"
  "<body>I looked at the photos again, the one by the lake is the best of them.</body>"
  "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>"
  "<origin-id xmlns='urn:xmpp:sid:0' id='%u-2f1c'/><active xmlns='http://jabber.org/protocol/chatstates'/>"
  "<stanza-id xmlns='urn:xmpp:sid:0' by='ana@lark.test' id='%u-archive'/></message>",

  "<presence from='tom@lark.test/laptop' to='ana@lark.test/linnet' id='%u'><show>away</show>"
  "<priority>5</priority><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://gajim.org' "
  "ver='%u/cVqjs2='/><x xmlns='vcard-temp:x:update'><photo>6a9f0c2b%u</photo></x></presence>",

  "<r xmlns='urn:xmpp:sm:3'/><a xmlns='urn:xmpp:sm:3' h='%u'/>",

  "<message from='ana@lark.test' to='ana@lark.test/linnet' type='chat'><sent xmlns='urn:xmpp:carbons:2'>"
  "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='ana@lark.test/phone' "
  "to='sofia@lark.test' type='chat' id='%u-c0'><body>"
  "Gr\303\274\303\237e! \360\237\246\234 &amp; see you at %u "
  "o\342\200\231clock</body><origin-id xmlns='urn:xmpp:sid:0' id='%u-c0'/></message></forwarded></sent>"
  "</message>",

  "<message from='mira@lark.test/phone' to='ana@lark.test' type='chat' id='%u-r'>"
  "<received xmlns='urn:xmpp:receipts' id='%u-1'/><store xmlns='urn:xmpp:hints'/></message>",

  "<iq from='lark.test' to='ana@lark.test/linnet' type='get' id='ping-%u'><ping xmlns='urn:xmpp:ping'/></iq>",
};

static GString *
make_stream (gsize size,
             guint *n_stanzas)
{
  GString *stream = g_string_new (header);

  *n_stanzas = 0;
  for (guint i = 0; stream->len < size; i++)
    {
      g_auto (GStrv) parts = g_strsplit (stanzas[i % G_N_ELEMENTS (stanzas)], "%u", -1);

      for (guint part = 0; parts[part] != NULL; part++)
        {
          if (part > 0)
            g_string_append_printf (stream, "%u", i);
          g_string_append (stream, parts[part]);
        }
      *n_stanzas += i % G_N_ELEMENTS (stanzas) == 2 ? 2 : 1;
    }

  return stream;
}

static void
start_cb (void *data,
          const XML_Char *name,
          const XML_Char **attributes)
{
  (*(gsize *) data)++;
}

static void
end_cb (void *data,
        const XML_Char *name)
{
  (*(gsize *) data)++;
}

static void
text_cb (void *data,
         const XML_Char *text,
         int length)
{
  (*(gsize *) data)++;
}

/* Of this process, in microseconds: what else the machine does counts less than on the wall. */
static gint64
get_cpu_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);

  return now.tv_sec * (gint64) G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static double
time_expat (const GString *stream)
{
  XML_Parser parser = XML_ParserCreateNS (NULL, ' ');
  gint64 start = get_cpu_time ();
  gsize events = 0;

  XML_SetUserData (parser, &events);
  XML_SetElementHandler (parser, start_cb, end_cb);
  XML_SetCharacterDataHandler (parser, text_cb);
  for (gsize at = 0; at < stream->len; at += PIECE)
    {
      if (XML_Parse (parser, stream->str + at, MIN (PIECE, stream->len - at), XML_FALSE) != XML_STATUS_OK)
        g_error ("expat: %s", XML_ErrorString (XML_GetErrorCode (parser)));
    }
  XML_ParserFree (parser);

  return (get_cpu_time () - start) / 1e6;
}

static double
time_linnet (const GString *stream,
             guint n_stanzas)
{
  g_autoptr (XmppParser) parser = xmpp_parser_new (NULL);
  gint64 start = get_cpu_time ();
  guint found = 0;

  xmpp_parser_set_authenticated (parser);
  for (gsize at = 0; at < stream->len; at += PIECE)
    {
      g_autoptr (GError) error = NULL;
      XmppParserEvent event;
      XmppNode *node = NULL;

      if (!xmpp_parser_feed (parser, stream->str + at, MIN (PIECE, stream->len - at), &error))
        g_error ("Linnet: %s", error->message);
      /* As the stream does it: everything that came is looked at before more is read. */
      if (!xmpp_parser_flush (parser, &error))
        g_error ("Linnet: %s", error->message);
      while ((event = xmpp_parser_next (parser, &node)) != XMPP_PARSER_EVENT_NONE)
        {
          if (event == XMPP_PARSER_EVENT_ELEMENT)
            found++;
          g_clear_pointer (&node, xmpp_node_unref);
        }
    }
  g_assert (found == n_stanzas);

  return (get_cpu_time () - start) / 1e6;
}

int
main (int argc,
      char *argv[])
{
  g_autoptr (GString) stream = NULL;
  guint64 megabytes = 50;
  guint n_stanzas;
  double expat = G_MAXDOUBLE;
  double linnet = G_MAXDOUBLE;

  if (argc > 1 && !g_ascii_string_to_unsigned (argv[1], 10, 1, 1000, &megabytes, NULL))
    {
      g_printerr ("Usage: bench-parse [MEGABYTES]\n");
      return EXIT_FAILURE;
    }

  stream = make_stream (megabytes * 1000 * 1000, &n_stanzas);
  for (guint round = 0; round < ROUNDS; round++)
    {
      expat = MIN (expat, time_expat (stream));
      linnet = MIN (linnet, time_linnet (stream, n_stanzas));
    }

  g_print ("{\"linnet\": %.1f, \"expat\": %.1f, \"stanzas_per_second\": %.0f}\n",
           stream->len / 1e6 / linnet,
           stream->len / 1e6 / expat,
           n_stanzas / linnet);
  return EXIT_SUCCESS;
}
