/* Strict base64, RFC 4648 section 4
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-base64"

#include "config.h"

#include <string.h>

#include "xmpp-base64.h"

static gboolean
is_space (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int
sextet (char c)
{
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  if (c == '+')
    return 62;
  return c == '/' ? 63 : -1;
}

GBytes *
xmpp_base64_decode (const char *text,
                    gsize max_length)
{
  g_autoptr (GByteArray) out = NULL;
  gsize length, padding = 0;
  guint32 bits = 0;

  g_return_val_if_fail (text != NULL, NULL);

  while (is_space (*text))
    text++;
  length = strlen (text);
  while (length > 0 && is_space (text[length - 1]))
    length--;

  if (length % 4 != 0 || length / 4 > max_length / 3 + 1)
    return NULL;
  while (padding < 2 && padding < length && text[length - 1 - padding] == '=')
    padding++;

  out = g_byte_array_sized_new (length / 4 * 3);
  for (gsize i = 0; i < length; i++)
    {
      int value = i < length - padding ? sextet (text[i]) : 0;
      guint8 bytes[3];

      if (value < 0)
        return NULL;
      bits = bits << 6 | (guint32) value;
      if (i % 4 != 3)
        continue;

      bytes[0] = bits >> 16 & 0xff;
      bytes[1] = bits >> 8 & 0xff;
      bytes[2] = bits & 0xff;
      if (i + 1 == length && padding > 0)
        {
          /* Bits that no byte takes must be zero, else two texts would mean the same bytes. */
          if (bytes[3 - padding] != 0)
            return NULL;
          g_byte_array_append (out, bytes, 3 - padding);
        }
      else
        g_byte_array_append (out, bytes, 3);
      bits = 0;
    }

  if (out->len > max_length)
    return NULL;

  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}
