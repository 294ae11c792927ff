/* Preparing passwords, RFC 4013
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-saslprep"

#include "config.h"

#include <string.h>
#include <unicode/usprep.h>
#include <unicode/ustring.h>

#include "xmpp-saslprep.h"
#include "xmpp-secret.h"

static gboolean
is_plain_ascii (const char *text)
{
  for (const guchar *c = (const guchar *) text; *c != '\0'; c++)
    if (*c < 0x20 || *c >= 0x7f)
      return FALSE;

  return TRUE;
}

static void
wipe_uchars (UChar *text,
             gsize length)
{
  explicit_bzero (text, length * sizeof (UChar));
  g_free (text);
}

static char *
to_utf8 (const UChar *text,
         int32_t length)
{
  UErrorCode status = U_ZERO_ERROR;
  /* One UTF-16 unit takes at most three bytes of UTF-8. */
  char *out = g_malloc0 ((gsize) length * 3 + 1);

  u_strToUTF8 (out, length * 3 + 1, NULL, text, length, &status);
  if (U_FAILURE (status))
    g_clear_pointer (&out, xmpp_secret_free);

  return out;
}

char *
xmpp_saslprep (const char *text)
{
  UErrorCode status = U_ZERO_ERROR;
  UStringPrepProfile *profile;
  gsize capacity;
  UChar *from, *to;
  int32_t from_length, to_length;
  char *out = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (is_plain_ascii (text))
    return g_strdup (text);
  if (!g_utf8_validate (text, -1, NULL) || strlen (text) > 4096)
    return NULL;

  /* NFKC makes at most 18 characters out of one. */
  capacity = strlen (text) * 18 + 1;
  from = g_new0 (UChar, capacity);
  to = g_new0 (UChar, capacity);

  profile = usprep_openByType (USPREP_RFC4013_SASLPREP, &status);
  u_strFromUTF8 (from, (int32_t) capacity, &from_length, text, -1, &status);
  if (U_SUCCESS (status))
    {
      to_length = usprep_prepare (profile,
                                  from,
                                  from_length,
                                  to,
                                  (int32_t) capacity,
                                  USPREP_ALLOW_UNASSIGNED,
                                  NULL,
                                  &status);
      if (U_SUCCESS (status))
        out = to_utf8 (to, to_length);
    }
  if (profile != NULL)
    usprep_close (profile);
  wipe_uchars (from, capacity);
  wipe_uchars (to, capacity);

  return out;
}
