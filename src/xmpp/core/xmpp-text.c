/* Text from the network, made fit for showing
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-text"

#include "config.h"

#include <string.h>

#include "xmpp-text.h"

#define MAX_NAME 256

static gboolean
is_control (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/* Nothing to see, but it changes the order or the equality of what is seen. */
static gboolean
is_invisible (gunichar c)
{
  return c == 0x00ad || c == 0x061c || c == 0x180e || c == 0x200b || c == 0x200e || c == 0x200f ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) || c == 0xfeff ||
         (c >= 0xfff9 && c <= 0xfffb) ||
         (c >= 0xe0000 && c <= 0xe0fff && !(c >= 0xe0020 && c <= 0xe007f)); /* tags draw flags */
}

static gsize
utf8_floor (const char *text,
            gsize length)
{
  while (length > 0 && ((guchar) text[length] & 0xc0) == 0x80)
    length--;

  return length;
}

char *
xmpp_text_clean (const char *text,
                 gsize max_bytes,
                 gboolean *truncated)
{
  g_autofree char *valid = NULL;
  char *out;
  gsize length = 0;
  gsize kept;

  g_return_val_if_fail (text != NULL, NULL);

  if (!g_utf8_validate (text, -1, NULL))
    text = valid = g_utf8_make_valid (text, -1);

  /* Nothing below grows the text. */
  out = g_malloc (strlen (text) + 1);
  for (const char *p = text; *p != '\0'; p++)
    {
      guchar c = *p;

      if (c == '\r')
        {
          if (p[1] != '\n')
            out[length++] = '\n';
        }
      else if (c == 0xc2 && (guchar) p[1] < 0xa0) /* U+0080…U+009F */
        p++;
      else if (c == '\n' || c == '\t' || !is_control (c) || c >= 0x80)
        out[length++] = c;
    }
  out[length] = '\0';

  kept = length > max_bytes ? utf8_floor (out, max_bytes) : length;
  if (truncated != NULL)
    *truncated = kept < length;
  out[kept] = '\0';

  if (kept == 0)
    g_clear_pointer (&out, g_free);

  return out;
}

char *
xmpp_text_clean_name (const char *text)
{
  g_autoptr (GString) out = NULL;
  g_autofree char *valid = NULL;
  gboolean space = FALSE;

  if (text == NULL)
    return NULL;

  if (!g_utf8_validate (text, -1, NULL))
    text = valid = g_utf8_make_valid (text, -1);

  out = g_string_new (NULL);
  for (const char *p = text; *p != '\0' && out->len <= MAX_NAME; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c))
        space = out->len > 0;
      else if (!is_control (c) && !is_invisible (c))
        {
          if (space)
            g_string_append_c (out, ' ');
          g_string_append_unichar (out, c);
          space = FALSE;
        }
    }

  if (out->len > MAX_NAME)
    g_string_truncate (out, utf8_floor (out->str, MAX_NAME));

  return out->len > 0 ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}
