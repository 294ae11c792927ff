/* Literal XML with wildcards, compared with what came over the wire
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-test-xml"

#include "config.h"

#include <expat.h>
#include <string.h>

#include "linnet-test-xml.h"

#define NS_STREAM "http://etherx.jabber.org/streams"
#define OPEN "<root xmlns='jabber:client' xmlns:stream='" NS_STREAM "'>"
#define CLOSE "</root>"

struct _LinnetTestXml
{
  char *name; /* NULL: a text */
  GString *text;
  GHashTable *attributes;
  GPtrArray *attribute_order; /* names, borrowed from @attributes */
  GPtrArray *children;
};

typedef struct
{
  GPtrArray *stack; /* unowned LinnetTestXml */
  GPtrArray *top;
} Parse;

static LinnetTestXml *
node_new (void)
{
  LinnetTestXml *self = g_new0 (LinnetTestXml, 1);

  self->text = g_string_new (NULL);
  self->attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->attribute_order = g_ptr_array_new ();
  self->children = g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_test_xml_free);

  return self;
}

static gboolean
is_blank (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0';
}

static gboolean
has_elements (LinnetTestXml *self)
{
  for (guint i = 0; i < self->children->len; i++)
    if (((LinnetTestXml *) g_ptr_array_index (self->children, i))->name != NULL)
      return TRUE;

  return FALSE;
}

/* The children that count: without the blanks that only indent. */
static GPtrArray *
significant_children (LinnetTestXml *self)
{
  GPtrArray *ret = g_ptr_array_new ();
  gboolean elements = has_elements (self);

  for (guint i = 0; i < self->children->len; i++)
    {
      LinnetTestXml *child = g_ptr_array_index (self->children, i);

      if (child->name != NULL || !elements || !is_blank (child->text->str))
        g_ptr_array_add (ret, child);
    }

  return ret;
}

/* The part of @value for which the `*` (or {name}) between @prefix and @suffix stands, or NULL. */
static char *
match_around (const char *prefix,
              gsize prefix_length,
              const char *suffix,
              const char *value)
{
  gsize length = strlen (value);
  gsize suffix_length = strlen (suffix);

  if (length < prefix_length + suffix_length ||
      strncmp (value, prefix, prefix_length) != 0 ||
      strcmp (value + length - suffix_length, suffix) != 0)
    return NULL;

  return g_strndup (value + prefix_length, length - prefix_length - suffix_length);
}

static gboolean
match_value (const char *pattern,
             const char *value,
             GPtrArray *captures,
             GHashTable *names)
{
  g_autofree char *expanded = NULL;
  const char *wildcard;
  char *part;

  if (strstr (pattern, "${") != NULL)
    {
      g_autoptr (GPtrArray) none = g_ptr_array_new ();
      g_autoptr (LinnetTestXml) text = NULL;
      g_autofree char *xml = linnet_test_xml_expand (pattern, none, names);
      g_autoptr (GPtrArray) nodes = NULL;

      /* Through the parser, because what expand() inserts is escaped. */
      expanded = g_strdup_printf ("<e>%s</e>", xml);
      nodes = linnet_test_xml_parse (expanded);
      text = g_ptr_array_steal_index (nodes, 0);
      return text->children->len == 1 &&
             g_str_equal (((LinnetTestXml *) g_ptr_array_index (text->children, 0))->text->str, value);
    }

  if ((wildcard = strchr (pattern, '{')) != NULL && strchr (wildcard, '}') != NULL)
    {
      const char *end = strchr (wildcard, '}');

      if (!(part = match_around (pattern, wildcard - pattern, end + 1, value)))
        return FALSE;
      g_hash_table_insert (names, g_strndup (wildcard + 1, end - wildcard - 1), part);
      return TRUE;
    }

  if ((wildcard = strchr (pattern, '*')) != NULL)
    {
      if (!(part = match_around (pattern, wildcard - pattern, wildcard + 1, value)))
        return FALSE;
      g_ptr_array_add (captures, part);
      return TRUE;
    }

  return g_str_equal (pattern, value);
}

static gboolean
match_attributes (LinnetTestXml *pattern,
                  LinnetTestXml *actual,
                  GPtrArray *captures,
                  GHashTable *names,
                  char **why)
{
  for (guint i = 0; i < pattern->attribute_order->len; i++)
    {
      const char *name = g_ptr_array_index (pattern->attribute_order, i);
      const char *wanted = g_hash_table_lookup (pattern->attributes, name);
      const char *value = g_hash_table_lookup (actual->attributes, name);

      if (g_str_equal (wanted, "?"))
        continue;

      if (value == NULL || !match_value (wanted, value, captures, names))
        {
          *why = g_strdup_printf ("<%s> has %s='%s', expected '%s'",
                                  actual->name,
                                  name,
                                  value != NULL ? value : "(none)",
                                  wanted);
          return FALSE;
        }
    }

  for (guint i = 0; i < actual->attribute_order->len; i++)
    {
      const char *name = g_ptr_array_index (actual->attribute_order, i);

      if (!g_hash_table_contains (pattern->attributes, name))
        {
          *why = g_strdup_printf ("<%s> has the unexpected attribute %s", actual->name, name);
          return FALSE;
        }
    }

  return TRUE;
}

static void
start_element_cb (void *user_data, const char *name, const char **attributes)
{
  Parse *parse = user_data;
  LinnetTestXml *element = linnet_test_xml_new (name, attributes);

  if (parse->stack->len == 1)
    g_ptr_array_add (parse->top, element);
  else if (parse->stack->len > 1)
    linnet_test_xml_add_child (g_ptr_array_index (parse->stack, parse->stack->len - 1), element);
  else
    g_clear_pointer (&element, linnet_test_xml_free);

  g_ptr_array_add (parse->stack, element);
}

static void
end_element_cb (void *user_data, const char *name)
{
  Parse *parse = user_data;

  g_ptr_array_set_size (parse->stack, parse->stack->len - 1);
}

static void
text_cb (void *user_data, const char *text, int length)
{
  Parse *parse = user_data;

  if (parse->stack->len > 1)
    linnet_test_xml_add_text (g_ptr_array_index (parse->stack, parse->stack->len - 1), text, length);
}

static void
append_xml (LinnetTestXml *self, GString *out)
{
  const char *space = strrchr (self->name, ' ');

  g_string_append_printf (out, "<%s", space != NULL ? space + 1 : self->name);
  if (space != NULL)
    g_string_append_printf (out, " xmlns='%.*s'", (int) (space - self->name), self->name);

  for (guint i = 0; i < self->attribute_order->len; i++)
    {
      const char *name = g_ptr_array_index (self->attribute_order, i);
      g_autofree char *escaped = g_markup_escape_text (g_hash_table_lookup (self->attributes, name), -1);

      g_string_append_printf (out, " %s='%s'", name, escaped);
    }
  g_string_append (out, self->children->len > 0 ? ">" : "/>");

  for (guint i = 0; i < self->children->len; i++)
    {
      LinnetTestXml *child = g_ptr_array_index (self->children, i);

      if (child->name != NULL)
        {
          append_xml (child, out);
        }
      else
        {
          g_autofree char *escaped = g_markup_escape_text (child->text->str, -1);

          g_string_append (out, escaped);
        }
    }

  if (self->children->len > 0)
    g_string_append_printf (out, "</%s>", space != NULL ? space + 1 : self->name);
}

LinnetTestXml *
linnet_test_xml_new (const char *expat_name, const char *const *expat_attributes)
{
  LinnetTestXml *self = node_new ();

  self->name = g_strdup (expat_name);
  for (guint i = 0; expat_attributes[i] != NULL; i += 2)
    {
      char *name = g_strdup (expat_attributes[i]);

      g_hash_table_insert (self->attributes, name, g_strdup (expat_attributes[i + 1]));
      g_ptr_array_add (self->attribute_order, name);
    }

  return self;
}

void
linnet_test_xml_free (LinnetTestXml *self)
{
  g_free (self->name);
  g_string_free (self->text, TRUE);
  g_ptr_array_unref (self->attribute_order);
  g_hash_table_unref (self->attributes);
  g_ptr_array_unref (self->children);
  g_free (self);
}

void
linnet_test_xml_add_child (LinnetTestXml *self, LinnetTestXml *child)
{
  g_ptr_array_add (self->children, child);
}

void
linnet_test_xml_add_text (LinnetTestXml *self, const char *text, gsize length)
{
  LinnetTestXml *last =
      self->children->len > 0 ? g_ptr_array_index (self->children, self->children->len - 1) : NULL;

  if (last == NULL || last->name != NULL)
    {
      last = node_new ();
      g_ptr_array_add (self->children, last);
    }

  g_string_append_len (last->text, text, length);
}

const char *
linnet_test_xml_get_name (LinnetTestXml *self)
{
  return self->name;
}

GPtrArray *
linnet_test_xml_parse (const char *text)
{
  g_autoptr (GPtrArray) top = g_ptr_array_new_with_free_func ((GDestroyNotify) linnet_test_xml_free);
  g_autoptr (GPtrArray) stack = g_ptr_array_new ();
  g_autofree char *closed = NULL;
  Parse parse = { stack, top };
  XML_Parser parser = XML_ParserCreateNS (NULL, ' ');

  if (g_str_has_prefix (text, "<?xml"))
    text = strstr (text, "?>") + 2;
  while (g_ascii_isspace (*text))
    text++;
  if (g_str_has_prefix (text, "<stream:stream") && strstr (text, "</stream:stream>") == NULL)
    text = closed = g_strconcat (text, "</stream:stream>", NULL);

  XML_SetUserData (parser, &parse);
  XML_SetElementHandler (parser, start_element_cb, end_element_cb);
  XML_SetCharacterDataHandler (parser, text_cb);

  if (!XML_Parse (parser, OPEN, strlen (OPEN), FALSE) || !XML_Parse (parser, text, strlen (text), FALSE) ||
      !XML_Parse (parser, CLOSE, strlen (CLOSE), TRUE))
    g_error ("Not well-formed (%s): %s", XML_ErrorString (XML_GetErrorCode (parser)), text);

  XML_ParserFree (parser);

  return g_steal_pointer (&top);
}

gboolean
linnet_test_xml_match (
    LinnetTestXml *pattern, LinnetTestXml *actual, GPtrArray *captures, GHashTable *names, char **why)
{
  g_autoptr (GPtrArray) wanted = significant_children (pattern);
  g_autoptr (GPtrArray) got = significant_children (actual);

  if (!g_str_equal (pattern->name, actual->name))
    {
      *why = g_strdup_printf ("<%s>, expected <%s>", actual->name, pattern->name);
      return FALSE;
    }

  if (!match_attributes (pattern, actual, captures, names, why))
    return FALSE;

  if (wanted->len != got->len)
    {
      *why = g_strdup_printf ("<%s> has %u children, expected %u", actual->name, got->len, wanted->len);
      return FALSE;
    }

  for (guint i = 0; i < wanted->len; i++)
    {
      LinnetTestXml *a = g_ptr_array_index (wanted, i);
      LinnetTestXml *b = g_ptr_array_index (got, i);

      if ((a->name == NULL) != (b->name == NULL))
        {
          *why = g_strdup_printf (
              "child %u of <%s> is %s", i, actual->name, b->name != NULL ? "an element" : "text");
          return FALSE;
        }

      if (a->name != NULL)
        {
          if (!linnet_test_xml_match (a, b, captures, names, why))
            return FALSE;
        }
      else if (!match_value (a->text->str, b->text->str, captures, names))
        {
          *why = g_strdup_printf (
              "<%s> has the text \"%s\", expected \"%s\"", actual->name, b->text->str, a->text->str);
          return FALSE;
        }
    }

  return TRUE;
}

char *
linnet_test_xml_expand (const char *text, GPtrArray *captures, GHashTable *names)
{
  GString *out = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      g_autofree char *name = NULL;
      g_autofree char *escaped = NULL;
      const char *value = NULL;

      if (p[0] == '$' && g_ascii_isdigit (p[1]) && p[1] != '0' && (guint) (p[1] - '1') < captures->len)
        {
          value = g_ptr_array_index (captures, p[1] - '1');
          p++;
        }
      else if (p[0] == '$' && p[1] == '{' && strchr (p, '}') != NULL)
        {
          const char *end = strchr (p, '}');

          name = g_strndup (p + 2, end - p - 2);
          if (!(value = g_hash_table_lookup (names, name)))
            g_error ("Nothing is kept under the name %s: %s", name, text);
          p = end;
        }

      if (value != NULL)
        g_string_append (out, (escaped = g_markup_escape_text (value, -1)));
      else
        g_string_append_c (out, *p);
    }

  return g_string_free (out, FALSE);
}

char *
linnet_test_xml_to_string (LinnetTestXml *self)
{
  GString *out = g_string_new (NULL);

  append_xml (self, out);

  return g_string_free (out, FALSE);
}
