/* Text of others inside files of several formats
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-export"

#include "config.h"

#include <string.h>

#include "linnet-export-escape.h"

#define MAX_NAME 100
/* RFC 6350, section 3.2: bytes of a line without its end. */
#define MAX_LINE 75

static gboolean
is_dropped (gunichar c)
{
  return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0) || c == 0xfeff;
}

/* Changes the direction of what follows, also beyond the text it is in. */
static gboolean
is_bidi_control (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

void
linnet_export_append_html (GString *out, const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_dropped (c))
        continue;
      switch (c)
        {
        case '&':
          g_string_append (out, "&amp;");
          break;
        case '<':
          g_string_append (out, "&lt;");
          break;
        case '>':
          g_string_append (out, "&gt;");
          break;
        case '"':
          g_string_append (out, "&quot;");
          break;
        case '\'':
          g_string_append (out, "&#39;");
          break;
        default:
          g_string_append_unichar (out, c);
        }
    }
}

void
linnet_export_append_json (GString *out, const char *text)
{
  if (text == NULL)
    {
      g_string_append (out, "null");
      return;
    }

  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '"' || c == '\\')
        g_string_append_printf (out, "\\%c", (char) c);
      else if (c == '\n')
        g_string_append (out, "\\n");
      else if (c == '\t')
        g_string_append (out, "\\t");
      else if (c == 0x2028 || c == 0x2029)
        g_string_append_printf (out, "\\u%04x", c);
      else if (!is_dropped (c))
        g_string_append_unichar (out, c);
    }
  g_string_append_c (out, '"');
}

void
linnet_export_append_plain (GString *out, const char *text, const char *indent)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\n' || c == 0x2028 || c == 0x2029)
        g_string_append_printf (out, "\n%s", indent);
      else if (!is_dropped (c) && !is_bidi_control (c))
        g_string_append_unichar (out, c);
    }
}

void
linnet_export_append_vcard (GString *out, const char *name, const char *text)
{
  g_autoptr (GString) line = g_string_new (name);
  gsize n = 0;

  g_string_append_c (line, ':');
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\n')
        g_string_append (line, "\\n");
      else if (c == ',' || c == ';' || c == '\\')
        g_string_append_printf (line, "\\%c", (char) c);
      else if (!is_dropped (c))
        g_string_append_unichar (line, c);
    }

  for (const char *p = line->str; *p != '\0'; p = g_utf8_next_char (p))
    {
      gsize length = (gsize) (g_utf8_next_char (p) - p);

      if (n + length > MAX_LINE)
        {
          g_string_append (out, "\r\n ");
          n = 1;
        }
      g_string_append_len (out, p, (gssize) length);
      n += length;
    }
  g_string_append (out, "\r\n");
}

/* On some systems these mean a device, with whatever ending. */
static gboolean
is_reserved (const char *name)
{
  static const char *const names[] = { "con", "prn", "aux", "nul" };
  gsize length = strcspn (name, ".");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (length == strlen (names[i]) && g_ascii_strncasecmp (name, names[i], length) == 0)
      return TRUE;

  return length == 4 && g_ascii_isdigit (name[3]) &&
         (g_ascii_strncasecmp (name, "com", 3) == 0 || g_ascii_strncasecmp (name, "lpt", 3) == 0);
}

char *
linnet_export_dup_file_name (const char *text, GHashTable *taken)
{
  g_autoptr (GString) base = g_string_new (NULL);
  g_autofree char *name = NULL;
  g_autofree char *key = NULL;

  g_return_val_if_fail (text != NULL && taken != NULL, NULL);

  for (const char *p = text; *p != '\0' && base->len < MAX_NAME - 10; p = g_utf8_next_char (p))
    g_string_append_c (base, g_ascii_isalnum (*p) || strchr ("@-_+.", *p) != NULL ? *p : '_');
  if (base->len == 0 || base->str[0] == '.' || base->str[0] == '-' || is_reserved (base->str))
    g_string_prepend_c (base, '_');
  /* Nor may a name end so. */
  if (base->str[base->len - 1] == '.')
    base->str[base->len - 1] = '_';

  name = g_strdup (base->str);
  key = g_ascii_strdown (name, -1);
  for (guint i = 2; g_hash_table_contains (taken, key); i++)
    {
      g_free (name);
      g_free (key);
      name = g_strdup_printf ("%s_%u", base->str, i);
      key = g_ascii_strdown (name, -1);
    }
  g_hash_table_add (taken, g_steal_pointer (&key));

  return g_steal_pointer (&name);
}
