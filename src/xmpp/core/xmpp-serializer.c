/* Elements to text: the only place that writes XML
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-serializer"

#include "config.h"

#include <string.h>

#include "xmpp-node-private.h"

typedef struct
{
  XmppNode *node;
  const char *ns;  /* the default namespace inside the element */
  guint next;      /* the child to write next */
  guint32 written; /* how much of the text is written */
} Frame;

static gboolean
is_name_char (char c,
              gboolean first)
{
  return g_ascii_isalpha (c) || c == '_' || (!first && (g_ascii_isdigit (c) || c == '-' || c == '.'));
}

/* Surrogates and what lies above U+10FFFF cannot stand here: the text has been made valid UTF-8 before. */
static gboolean
is_xml_char (gunichar c)
{
  return c >= 0x20 ? c != 0xfffe && c != 0xffff : c == '\t' || c == '\n' || c == '\r';
}

static void
append_escaped (GString *out,
                const char *text,
                gsize length,
                gboolean in_attr)
{
  const char *start = text;
  const char *end = text + length;

  for (const char *p = text; p < end; p++)
    {
      const char *entity = NULL;

      /* A parser turns bare line ends and tabs of an attribute into spaces, and a bare CR into LF. */
      switch (*p)
        {
        case '&':
          entity = "&amp;";
          break;
        case '<':
          entity = "&lt;";
          break;
        case '>':
          entity = "&gt;";
          break;
        case '\r':
          entity = "&#13;";
          break;
        case '\'':
          entity = in_attr ? "&apos;" : NULL;
          break;
        case '"':
          entity = in_attr ? "&quot;" : NULL;
          break;
        case '\t':
          entity = in_attr ? "&#9;" : NULL;
          break;
        case '\n':
          entity = in_attr ? "&#10;" : NULL;
          break;
        default:
          break;
        }
      if (entity == NULL)
        continue;
      g_string_append_len (out, start, p - start);
      g_string_append (out, entity);
      start = p + 1;
    }
  g_string_append_len (out, start, end - start);
}

static void
append_attr (GString *out,
             const char *prefix,
             const char *name,
             const char *value)
{
  g_string_append_c (out, ' ');
  g_string_append (out, prefix);
  g_string_append (out, name);
  g_string_append (out, "='");
  append_escaped (out, value, strlen (value), TRUE);
  g_string_append_c (out, '\'');
}

/* The xml namespace may not be declared as the default one: its elements keep their prefix. */
static gboolean
needs_xml_prefix (XmppNode *node)
{
  return strcmp (node->ns, XMPP_NS_XML) == 0;
}

static void
append_start_tag (GString *out,
                  XmppNode *node,
                  const char *outer_ns)
{
  g_string_append (out, needs_xml_prefix (node) ? "<xml:" : "<");
  g_string_append (out, node->name);
  if (!needs_xml_prefix (node) && strcmp (node->ns, outer_ns) != 0)
    append_attr (out, "", "xmlns", node->ns);

  for (guint i = 0; i < node->n_attrs; i++)
    {
      const XmppAttr *attr = &node->attrs[i];
      char prefix[16];
      char declaration[16];

      if (attr->ns == NULL)
        {
          append_attr (out, "", attr->name, attr->value);
        }
      else if (strcmp (attr->ns, XMPP_NS_XML) == 0)
        {
          append_attr (out, "xml:", attr->name, attr->value);
        }
      else
        {
          g_snprintf (declaration, sizeof declaration, "n%u", i);
          g_snprintf (prefix, sizeof prefix, "n%u:", i);
          append_attr (out, "xmlns:", declaration, attr->ns);
          append_attr (out, prefix, attr->name, attr->value);
        }
    }
}

/* Writes the start of @node, and all of it when it is empty. FALSE when its content is to follow. */
static gboolean
append_open (GString *out,
             XmppNode *node,
             const char *outer_ns)
{
  gboolean is_empty = node->n_children == 0 && node->text_length == 0;

  append_start_tag (out, node, outer_ns);
  g_string_append (out, is_empty ? "/>" : ">");

  return is_empty;
}

/* Writes the text before the next child, and the end tag after the last one; returns that child or NULL. */
static XmppNode *
append_next (GString *out,
             Frame *frame)
{
  XmppNode *node = frame->node;
  gboolean at_end = frame->next == node->n_children;
  guint32 until = at_end || node->offsets == NULL ? node->text_length : node->offsets[frame->next];

  append_escaped (out, node->text + frame->written, until - frame->written, FALSE);
  frame->written = until;
  if (!at_end)
    return node->children[frame->next++];

  g_string_append (out, needs_xml_prefix (node) ? "</xml:" : "</");
  g_string_append (out, node->name);
  g_string_append_c (out, '>');

  return NULL;
}

void
xmpp_node_append_to (XmppNode *self,
                     const char *outer_ns,
                     GString *out)
{
  g_autoptr (GArray) frames = NULL;
  XmppNode *node = self;
  const char *ns = outer_ns != NULL ? outer_ns : "";

  g_return_if_fail (self != NULL && self->kind == XMPP_NODE_ELEMENT);
  g_return_if_fail (out != NULL);

  /* A stack of our own rather than recursion: trees may be deep. */
  frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  do
    {
      Frame *frame;

      if (node != NULL && !append_open (out, node, ns))
        {
          Frame opened = { .node = node, .ns = needs_xml_prefix (node) ? ns : node->ns };

          g_array_append_val (frames, opened);
        }
      if (frames->len == 0)
        break;
      frame = &g_array_index (frames, Frame, frames->len - 1);
      ns = frame->ns;
      node = append_next (out, frame);
      if (node == NULL)
        g_array_set_size (frames, frames->len - 1);
    }
  while (TRUE);
}

char *
xmpp_node_to_string (XmppNode *self,
                     const char *outer_ns)
{
  GString *out;

  g_return_val_if_fail (self != NULL && self->kind == XMPP_NODE_ELEMENT, NULL);

  out = g_string_sized_new (256);
  xmpp_node_append_to (self, outer_ns, out);

  return g_string_free_and_steal (out);
}

gboolean
xmpp_node_is_name (const char *text)
{
  if (text == NULL || !is_name_char (text[0], TRUE) || strcmp (text, "xmlns") == 0)
    return FALSE;

  for (const char *p = text + 1; *p != '\0'; p++)
    if (!is_name_char (*p, FALSE))
      return FALSE;

  return TRUE;
}

char *
xmpp_node_sanitize_text (const char *text)
{
  char *clean = g_utf8_make_valid (text, -1);
  char *to = clean;

  for (const char *from = clean; *from != '\0';)
    {
      const char *next = g_utf8_next_char (from);

      if (is_xml_char (g_utf8_get_char (from)))
        {
          memmove (to, from, next - from);
          to += next - from;
        }
      from = next;
    }
  *to = '\0';

  return clean;
}
