/* Checking UTF-8 that comes in pieces
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-utf8"

#include "config.h"

#include <string.h>

#include "xmpp-utf8.h"

#define LAST_LEAD_BYTE 0xf4 /* U+10FFFF */

/* TRUE for the beginning of a character. */
static gboolean
is_incomplete (const char *bytes,
               gsize length)
{
  return (guchar) bytes[0] <= LAST_LEAD_BYTE && memchr (bytes, '\0', length) == NULL &&
         g_utf8_get_char_validated (bytes, length) == (gunichar) -2;
}

/* Adds to the character begun earlier, and counts in @n how many bytes of @data belong to it. */
static gboolean
complete_character (XmppUtf8 *self,
                    const char *data,
                    gsize length,
                    gsize *n)
{
  guint size = g_utf8_skip[self->partial[0]];

  *n = MIN (size - self->n_partial, length);
  memcpy (self->partial + self->n_partial, data, *n);
  self->n_partial += *n;
  if (self->n_partial < size)
    return is_incomplete ((const char *) self->partial, self->n_partial);
  self->n_partial = 0;

  return g_utf8_validate_len ((const char *) self->partial, size, NULL);
}

gsize
xmpp_utf8_check (XmppUtf8 *self,
                 const char *data,
                 gsize length)
{
  const char *bad;
  gsize n = 0;
  gsize rest;

  if (self->n_partial > 0 && !complete_character (self, data, length, &n))
    return 0;
  if (g_utf8_validate_len (data + n, length - n, &bad))
    return length;

  rest = data + length - bad;
  if (rest >= sizeof self->partial || !is_incomplete (bad, rest))
    return bad - data;

  memcpy (self->partial, bad, rest);
  self->n_partial = rest;

  return length;
}
