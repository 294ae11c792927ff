/* Fuzz target: whatever people write, exported it is text and nothing else, and reads back as it was
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include <json-glib/json-glib.h>

#include "linnet-export-escape.h"
#include "linnet-export-private.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What no file has: controls but tabulators and line ends, and what only marks the order of bytes. */
static char *
without_controls (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\t' || c == '\n' || (g_unichar_type (c) != G_UNICODE_CONTROL && c != 0xfeff))
        g_string_append_unichar (out, c);
    }

  return g_string_free_and_steal (out);
}

static void
check_json (const char *text,
            const char *clean)
{
  g_autoptr (GString) out = g_string_new ("[");
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonArray *array;

  linnet_export_append_json (out, text);
  g_assert (strpbrk (out->str, "\n\r\t") == NULL);
  g_string_append_c (out, ']');
  g_assert (json_parser_load_from_data (parser, out->str, (gssize) out->len, NULL));
  array = json_node_get_array (json_parser_get_root (parser));
  g_assert_cmpuint (json_array_get_length (array), ==, 1);
  g_assert_cmpstr (json_array_get_string_element (array, 0), ==, clean);
}

static void
starts_cb (GMarkupParseContext *context,
           const char *name,
           const char **attribute_names,
           const char **attribute_values,
           gpointer clean,
           GError **error)
{
  g_assert_cmpstr (name, ==, "p");
  g_assert_cmpstr (attribute_names[0], ==, "title");
  g_assert_null (attribute_names[1]);
  /* GMarkup makes spaces of tabulators and line ends in attributes, as XML does. */
  g_assert_cmpuint (strlen (attribute_values[0]), ==, strlen (clean));
}

static void
text_cb (GMarkupParseContext *context,
         const char *text,
         gsize length,
         gpointer clean,
         GError **error)
{
  g_assert_cmpmem (text, length, clean, strlen (clean));
}

static void
check_html (const char *text,
            const char *clean)
{
  static const GMarkupParser parser = { .start_element = starts_cb, .text = text_cb };
  g_autoptr (GString) out = g_string_new ("<p title=\"");
  g_autoptr (GMarkupParseContext) context =
      g_markup_parse_context_new (&parser, G_MARKUP_DEFAULT_FLAGS, (gpointer) clean, NULL);

  linnet_export_append_html (out, text);
  g_string_append (out, "\">");
  linnet_export_append_html (out, text);
  g_string_append (out, "</p>");
  g_assert (g_markup_parse_context_parse (context, out->str, (gssize) out->len, NULL));
  g_assert (g_markup_parse_context_end_parse (context, NULL));
}

/* No line of it begins as a message does. */
static void
check_plain (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;

  linnet_export_append_plain (out, text, "    ");
  g_assert (g_utf8_validate (out->str, -1, NULL));
  lines = g_strsplit (out->str, "\n", -1);
  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    g_assert (g_str_has_prefix (lines[i], "    "));
  for (const char *p = out->str; *p != '\0'; p = g_utf8_next_char (p))
    g_assert (*p == '\n' || *p == '\t' || g_unichar_type (g_utf8_get_char (p)) != G_UNICODE_CONTROL);
}

/* RFC 6350 sections 3.2 and 3.4; @line: with its end. Transfer full. */
static char *
read_vcard_line (const char *line,
                 const char *name)
{
  g_auto (GStrv) parts = g_strsplit (line, "\r\n ", -1);
  g_autofree char *unfolded = g_strjoinv (NULL, parts);
  GString *value = g_string_new (NULL);
  char *p = unfolded + strlen (name);

  for (guint i = 0; parts[i] != NULL; i++)
    g_assert (strlen (parts[i]) <= 77 && g_utf8_validate (parts[i], -1, NULL));
  g_assert (g_str_has_prefix (unfolded, name) && *p++ == ':');
  for (; *p != '\r'; p++)
    {
      gboolean escaped = *p == '\\';

      p += escaped;
      g_assert (*p != '\0' && *p != '\n');
      g_string_append_c (value, escaped && *p == 'n' ? '\n' : *p);
    }
  g_assert_cmpstr (p, ==, "\r\n");

  return g_string_free_and_steal (value);
}

static void
check_vcard (const char *text,
             const char *clean)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *value = NULL;

  linnet_export_append_vcard (out, "NOTE", text);
  value = read_vcard_line (out->str, "NOTE");
  g_assert_cmpstr (value, ==, clean);
}

/* Each is a single, visible, harmless part of a path, and no other one's. */
static void
check_names (const char *text)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *upper = g_ascii_strup (text, -1);
  const char *const texts[] = { text, upper, text };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *name = linnet_export_dup_file_name (texts[i], taken);

      g_assert (*name != '\0' && *name != '.' && *name != '-' && strlen (name) <= 100);
      g_assert (strspn (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "@-_+.") == strlen (name));
      g_assert (name[strlen (name) - 1] != '.');
      g_assert_cmpuint (g_hash_table_size (taken), ==, i + 1);
    }
}

/* One contact stays one, with the name that was written. */
static void
check_contacts (char *text,
                const char *clean)
{
  char *groups[] = { text, NULL };
  LinnetExportContact contact = { .address = text, .name = text, .groups = groups };
  g_autoptr (GPtrArray) contacts = g_ptr_array_new ();
  LinnetExport export = { .address = text, .contacts = contacts };
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autofree char *json = NULL;
  g_autofree char *vcard = NULL;
  const char *end;
  JsonObject *object;

  g_ptr_array_add (contacts, &contact);
  json = linnet_export_contacts_to_json (&export);
  vcard = linnet_export_contacts_to_vcard (&export);

  g_assert (json_parser_load_from_data (parser, json, -1, NULL));
  object = json_node_get_object (json_parser_get_root (parser));
  g_assert_cmpstr (json_object_get_string_member (object, "account"), ==, clean);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "contacts")), ==, 1);
  object = json_array_get_object_element (json_object_get_array_member (object, "contacts"), 0);
  g_assert_cmpstr (json_object_get_string_member (object, "name"), ==, clean);

  g_assert (g_str_has_prefix (vcard, "BEGIN:VCARD\r\n"));
  g_assert (strstr (vcard + 1, "\r\nBEGIN") == NULL);
  end = strstr (vcard, "\r\nEND");
  g_assert_cmpstr (end, ==, "\r\nEND:VCARD\r\n");
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autofree char *text = g_utf8_make_valid ((const char *) data, (gssize) size);
  g_autofree char *clean = without_controls (text);

  check_json (text, clean);
  check_html (text, clean);
  check_plain (text);
  check_vcard (text, clean);
  check_names (text);
  check_contacts (text, clean);

  return 0;
}
