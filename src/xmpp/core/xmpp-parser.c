/* Bytes to elements
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-parser"

#include "config.h"

#include <expat.h>
#include <string.h>

#include "xmpp-assembler.h"
#include "xmpp-parser.h"
#include "xmpp-utf8.h"

/* expat looks at an unfinished token again for each piece it is fed: neither many tiny nor few huge ones. */
#define MAX_SLICE (16 * 1024)

typedef struct
{
  XmppParserEvent event;
  XmppNode *node;
} QueuedEvent;

struct _XmppParser
{
  XML_Parser expat;
  XmppParserLimits limits;
  XmppUtf8 utf8;
  XmppAssembler *assembler;
  GError *error;

  GArray *events;
  guint next_event;

  guint64 fed;          /* bytes given to expat */
  guint64 parsed;       /* bytes of them up to the end of the last reported token */
  guint64 stanza_start; /* where the open top-level element begins */
  guint depth;
  guint n_elements;   /* in the open top-level element */
  guint n_namespaces; /* declared by the element that comes next */
  guint authenticated : 1;
};

/* The functions of old are deprecated since they came in a version that does not depend on the size of
 * long. */
#if XML_MAJOR_VERSION > 2 || XML_MINOR_VERSION >= 9
#define get_token_start(expat) XML_GetCurrentByteIndex64 (expat)
#define get_token_size(expat) XML_GetCurrentByteCount64 (expat)
#else
#define get_token_start(expat) XML_GetCurrentByteIndex (expat)
#define get_token_size(expat) XML_GetCurrentByteCount (expat)
#endif

static void G_GNUC_PRINTF (3, 4)
    fail (XmppParser *self,
          XmppStreamError code,
          const char *format,
          ...)
{
  va_list args;

  if (self->error != NULL)
    return;

  va_start (args, format);
  self->error = g_error_new_valist (XMPP_STREAM_ERROR, code, format, args);
  va_end (args);
  XML_StopParser (self->expat, XML_FALSE);
}

static void
queue_event (XmppParser *self,
             XmppParserEvent event,
             XmppNode *node)
{
  QueuedEvent queued = { .event = event, .node = node };

  g_array_append_val (self->events, queued);
}

static void
fail_token (XmppParser *self)
{
  fail (self, XMPP_STREAM_ERROR_LIMIT, "A token is larger than %zu bytes", self->limits.max_token);
}

/* Called for each token; FALSE when parsing is over. @text_length: of the text it is, 0 for markup. */
static gboolean
note_token (XmppParser *self,
            gsize text_length)
{
  gsize size = get_token_size (self->expat);
  guint64 end = get_token_start (self->expat) + size;

  if (self->error != NULL)
    return FALSE;

  /* Plain text comes in pieces and is no token; a reference is. What stands before markup without being
   * reported, as space before the stream, counts with it. */
  if (text_length == 0 ? end - self->parsed > self->limits.max_token
                       : size > text_length && size > self->limits.max_token)
    fail_token (self);
  else if (self->depth > 1 && end - self->stanza_start > self->limits.max_stanza)
    fail (self, XMPP_STREAM_ERROR_LIMIT, "A stanza is larger than %zu bytes", self->limits.max_stanza);
  self->parsed = end;

  return self->error == NULL;
}

static gboolean
check_start (XmppParser *self,
             const char **atts)
{
  guint n_attrs = self->n_namespaces;

  while (*atts != NULL)
    {
      atts += 2;
      n_attrs++;
    }
  self->n_namespaces = 0;
  if (self->depth >= self->limits.max_depth)
    fail (self, XMPP_STREAM_ERROR_LIMIT, "Elements are nested deeper than %u", self->limits.max_depth);
  else if (n_attrs > self->limits.max_attrs)
    fail (self, XMPP_STREAM_ERROR_LIMIT, "An element has more than %u attributes", self->limits.max_attrs);
  else if (self->depth > 1 && self->n_elements >= self->limits.max_elements)
    fail (self, XMPP_STREAM_ERROR_LIMIT, "An element holds more than %u others", self->limits.max_elements);

  return self->error == NULL;
}

static void XMLCALL
start_element_cb (void *user_data,
                  const char *name,
                  const char **atts)
{
  XmppParser *self = user_data;

  if (!note_token (self, 0) || !check_start (self, atts))
    return;

  xmpp_assembler_start (self->assembler, name, atts);
  switch (self->depth++)
    {
    case 0:
      {
        g_autoptr (XmppNode) header = xmpp_assembler_end (self->assembler);

        if (xmpp_node_is (header, "stream", XMPP_NS_STREAM))
          queue_event (self, XMPP_PARSER_EVENT_OPENED, g_steal_pointer (&header));
        else
          fail (self, XMPP_STREAM_ERROR_NOT_WELL_FORMED, "This is no XMPP stream");
        break;
      }

    case 1:
      self->stanza_start = get_token_start (self->expat);
      self->n_elements = 0;
      break;

    default:
      self->n_elements++;
      break;
    }
}

static void XMLCALL
end_element_cb (void *user_data,
                const char *name)
{
  XmppParser *self = user_data;
  XmppNode *node;

  if (!note_token (self, 0))
    return;

  if (--self->depth == 0)
    queue_event (self, XMPP_PARSER_EVENT_CLOSED, NULL);
  else if ((node = xmpp_assembler_end (self->assembler)) != NULL)
    queue_event (self, XMPP_PARSER_EVENT_ELEMENT, node);
}

static void XMLCALL
character_data_cb (void *user_data,
                   const char *text,
                   int length)
{
  XmppParser *self = user_data;

  if (!note_token (self, length))
    return;

  if (self->depth > 1)
    {
      xmpp_assembler_text (self->assembler, text, length);
      return;
    }

  /* Between stanzas there is nothing but what keeps the connection alive: RFC 6120 section 4.6.1. */
  for (int i = 0; i < length; i++)
    if (!g_ascii_isspace (text[i]))
      {
        fail (self, XMPP_STREAM_ERROR_NOT_WELL_FORMED, "There is text between stanzas");
        return;
      }
}

static void XMLCALL
namespace_cb (void *user_data,
              const char *prefix,
              const char *uri)
{
  XmppParser *self = user_data;

  self->n_namespaces++;
}

/* RFC 6120 section 11.1 forbids the following (security.md P1). */

static void XMLCALL
doctype_cb (void *user_data,
            const char *name,
            const char *system_id,
            const char *public_id,
            int has_internal_subset)
{
  fail (user_data, XMPP_STREAM_ERROR_RESTRICTED_XML, "A DOCTYPE is not allowed");
}

static void XMLCALL
instruction_cb (void *user_data,
                const char *target,
                const char *data)
{
  fail (user_data, XMPP_STREAM_ERROR_RESTRICTED_XML, "A processing instruction is not allowed");
}

static void XMLCALL
comment_cb (void *user_data,
            const char *data)
{
  fail (user_data, XMPP_STREAM_ERROR_RESTRICTED_XML, "A comment is not allowed");
}

/* RFC 6120 section 11.6. */
static void XMLCALL
declaration_cb (void *user_data,
                const char *version,
                const char *encoding,
                int standalone)
{
  XmppParser *self = user_data;

  if (note_token (self, 0) && encoding != NULL && g_ascii_strcasecmp (encoding, "UTF-8") != 0)
    fail (self, XMPP_STREAM_ERROR_NOT_WELL_FORMED, "The encoding is not UTF-8");
}

static void
parse (XmppParser *self,
       const char *data,
       gsize length)
{
  self->fed += length;
  if (XML_Parse (self->expat, data, length, XML_FALSE) != XML_STATUS_OK && self->error == NULL)
    {
      enum XML_Error code = XML_GetErrorCode (self->expat);
      gboolean is_entity = code == XML_ERROR_UNDEFINED_ENTITY; /* other than XML's own five */

      fail (self,
            is_entity ? XMPP_STREAM_ERROR_RESTRICTED_XML : XMPP_STREAM_ERROR_NOT_WELL_FORMED,
            "%s",
            XML_ErrorString (code));
    }
}

static void
parse_deferred (XmppParser *self)
{
  if (self->error != NULL || self->fed == self->parsed)
    return;

  XML_SetReparseDeferralEnabled (self->expat, XML_FALSE);
  parse (self, "", 0);
  XML_SetReparseDeferralEnabled (self->expat, XML_TRUE);
}

static void
check_pending (XmppParser *self)
{
  /* What looks like a large token may be many small ones that are only put off. */
  if (self->fed - self->parsed > self->limits.max_token)
    parse_deferred (self);
  if (self->fed - self->parsed > self->limits.max_token)
    fail_token (self);
}

static gboolean
report (XmppParser *self,
        GError **error)
{
  if (self->error == NULL)
    return TRUE;

  if (error != NULL)
    *error = g_error_copy (self->error);

  return FALSE;
}

XmppParser *
xmpp_parser_new (const XmppParserLimits *limits)
{
  XmppParser *self = g_new0 (XmppParser, 1);
  XmppParserLimits *own = &self->limits;

  if (limits != NULL)
    *own = *limits;
  own->max_token = own->max_token > 0 ? own->max_token : 64 * 1024;
  own->max_stanza = own->max_stanza > 0 ? own->max_stanza : 4 * 1024 * 1024;
  own->max_unauthenticated = own->max_unauthenticated > 0 ? own->max_unauthenticated : 64 * 1024;
  own->max_depth = own->max_depth > 0 ? own->max_depth : 100;
  own->max_attrs = own->max_attrs > 0 ? own->max_attrs : 64;
  own->max_elements = own->max_elements > 0 ? own->max_elements : 65536;

  self->assembler = xmpp_assembler_new ();
  self->events = g_array_new (FALSE, FALSE, sizeof (QueuedEvent));

  /* No salt is ever set: expat's own is random (security.md P6). */
  self->expat = XML_ParserCreateNS ("UTF-8", XMPP_ASSEMBLER_SEPARATOR);
  XML_SetUserData (self->expat, self);
  XML_SetElementHandler (self->expat, start_element_cb, end_element_cb);
  XML_SetCharacterDataHandler (self->expat, character_data_cb);
  XML_SetStartNamespaceDeclHandler (self->expat, namespace_cb);
  XML_SetStartDoctypeDeclHandler (self->expat, doctype_cb);
  XML_SetProcessingInstructionHandler (self->expat, instruction_cb);
  XML_SetCommentHandler (self->expat, comment_cb);
  XML_SetXmlDeclHandler (self->expat, declaration_cb);

  return self;
}

void
xmpp_parser_free (XmppParser *self)
{
  XmppNode *node;

  g_return_if_fail (self != NULL);

  while (xmpp_parser_next (self, &node) != XMPP_PARSER_EVENT_NONE)
    g_clear_pointer (&node, xmpp_node_unref);
  XML_ParserFree (self->expat);
  xmpp_assembler_free (self->assembler);
  g_array_unref (self->events);
  g_clear_error (&self->error);
  g_free (self);
}

gboolean
xmpp_parser_feed (XmppParser *self,
                  const char *data,
                  gsize length,
                  GError **error)
{
  const XmppParserLimits *limits = &self->limits;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (data != NULL || length == 0, FALSE);

  while (length > 0 && self->error == NULL)
    {
      gsize slice = MIN (length, MAX_SLICE);
      gsize n;

      if (!self->authenticated)
        slice = MIN (slice, limits->max_unauthenticated - self->fed);
      n = xmpp_utf8_check (&self->utf8, data, slice);
      parse (self, data, n);
      check_pending (self);
      if (n == slice && n > 0)
        {
          data += n;
          length -= n;
          continue;
        }

      /* expat checks UTF-8 too, but takes other encodings for the asking, by a byte order mark for
       * instance. What was complete before the fault counts, however the bytes were cut. */
      parse_deferred (self);
      if (slice == 0)
        fail (self, XMPP_STREAM_ERROR_LIMIT, "%zu bytes before sign-in", limits->max_unauthenticated);
      else
        fail (self, XMPP_STREAM_ERROR_NOT_WELL_FORMED, "There is something that is not UTF-8");
    }

  return report (self, error);
}

gboolean
xmpp_parser_flush (XmppParser *self,
                   GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  parse_deferred (self);

  return report (self, error);
}

XmppParserEvent
xmpp_parser_next (XmppParser *self,
                  XmppNode **node)
{
  QueuedEvent queued;

  g_return_val_if_fail (self != NULL, XMPP_PARSER_EVENT_NONE);
  g_return_val_if_fail (node != NULL, XMPP_PARSER_EVENT_NONE);

  *node = NULL;
  if (self->next_event == self->events->len)
    {
      g_array_set_size (self->events, 0);
      self->next_event = 0;
      return XMPP_PARSER_EVENT_NONE;
    }

  queued = g_array_index (self->events, QueuedEvent, self->next_event++);
  *node = queued.node;

  return queued.event;
}

gboolean
xmpp_parser_is_drained (XmppParser *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->next_event == self->events->len && self->depth <= 1 && self->fed == self->parsed;
}

void
xmpp_parser_set_authenticated (XmppParser *self)
{
  g_return_if_fail (self != NULL);

  self->authenticated = TRUE;
}

XmppNode *
xmpp_node_parse (const char *xml,
                 gssize length,
                 const char *outer_ns,
                 GError **error)
{
  g_autoptr (XmppParser) parser = xmpp_parser_new (NULL);
  g_autoptr (GString) header = g_string_new ("<stream:stream xmlns:stream='" XMPP_NS_STREAM "'");
  g_autoptr (XmppNode) node = NULL;
  XmppNode *opened = NULL;

  g_return_val_if_fail (xml != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (outer_ns != NULL)
    {
      g_autofree char *escaped = g_markup_escape_text (outer_ns, -1);

      g_string_append_printf (header, " xmlns='%s'", escaped);
    }
  g_string_append_c (header, '>');

  xmpp_parser_set_authenticated (parser);
  if (!xmpp_parser_feed (parser, header->str, header->len, error) ||
      !xmpp_parser_feed (parser, xml, length < 0 ? strlen (xml) : (gsize) length, error) ||
      !xmpp_parser_flush (parser, error))
    return NULL;

  xmpp_parser_next (parser, &opened);
  g_clear_pointer (&opened, xmpp_node_unref);
  if (xmpp_parser_next (parser, &node) == XMPP_PARSER_EVENT_ELEMENT && xmpp_parser_is_drained (parser))
    return g_steal_pointer (&node);

  g_set_error_literal (error,
                       XMPP_STREAM_ERROR,
                       XMPP_STREAM_ERROR_NOT_WELL_FORMED,
                       "This is not one whole element");

  return NULL;
}
