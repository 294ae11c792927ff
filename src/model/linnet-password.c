/* Passwords: making good ones, telling bad ones
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-password"

#include "config.h"

#include <math.h>
#include <string.h>
#include <sys/random.h>

#include "linnet-password.h"
#include "xmpp-precis.h"
#include "xmpp-saslprep.h"
#include "xmpp-secret.h"

#define GROUPS 4
#define GROUP_LENGTH 4
#define MIN_LENGTH 8

/* Without 0 o, 1 l i, which look like each other. */
static const char alphabet[] = "23456789abcdefghjkmnpqrstuvwxyz";

/* What is tried first, as of the lists that breaches have left: the beginnings are enough. */
static const char *const common[] = {
  "password",
  "passwort",
  "qwerty",
  "qwertz",
  "azerty",
  "letmein",
  "welcome",
  "iloveyou",
  "admin",
  "monkey",
  "dragon",
  "football",
  "baseball",
  "sunshine",
  "princess",
  "hallo",
  "schatz",
  "abc123",
};

G_DEFINE_FLAGS_TYPE (LinnetPasswordReasons,
                     linnet_password_reasons,
                     G_DEFINE_ENUM_VALUE (LINNET_PASSWORD_FINE, "fine"),
                     G_DEFINE_ENUM_VALUE (LINNET_PASSWORD_TOO_SHORT, "too-short"),
                     G_DEFINE_ENUM_VALUE (LINNET_PASSWORD_COMMON, "common"),
                     G_DEFINE_ENUM_VALUE (LINNET_PASSWORD_HAS_NAME, "has-name"),
                     G_DEFINE_ENUM_VALUE (LINNET_PASSWORD_REPEATS, "repeats"),
                     G_DEFINE_ENUM_VALUE (LINNET_PASSWORD_FEW_KINDS, "few-kinds"),
                     G_DEFINE_ENUM_VALUE (LINNET_PASSWORD_UNUSABLE, "unusable"))

static guint8
get_random_byte (void)
{
  guint8 byte;

  if (getrandom (&byte, 1, 0) != 1)
    g_error ("The kernel gives no random bytes");

  return byte;
}

static char
get_random_character (void)
{
  const guint n = strlen (alphabet);
  guint8 byte;

  /* Each must be as likely as the others. */
  do
    byte = get_random_byte ();
  while (byte >= 256 / n * n);

  return alphabet[byte % n];
}

char *
linnet_password_generate (void)
{
  char *password = g_malloc (GROUPS * (GROUP_LENGTH + 1));
  char *out = password;

  for (guint i = 0; i < GROUPS; i++)
    {
      for (guint j = 0; j < GROUP_LENGTH; j++)
        *out++ = get_random_character ();
      *out++ = i + 1 < GROUPS ? '-' : '\0';
    }

  return password;
}

/* How many characters there are of the kinds that occur. */
static guint
get_pool (const char *text)
{
  gboolean lower = FALSE, upper = FALSE, digit = FALSE, sign = FALSE, other = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      lower |= c < 128 && g_ascii_islower ((char) c);
      upper |= c < 128 && g_ascii_isupper ((char) c);
      digit |= c < 128 && g_ascii_isdigit ((char) c);
      sign |= c < 128 && !g_ascii_isalnum ((char) c);
      other |= c >= 128;
    }

  return (lower ? 26u : 0) + (upper ? 26u : 0) + (digit ? 10u : 0) + (sign ? 33u : 0) + (other ? 100u : 0);
}

/* A character that follows from those before it is none that had to be guessed. */
static gboolean
is_predictable (const gunichar *text,
                glong i)
{
  if (i >= 1 && text[i] == text[i - 1])
    return TRUE;
  if (i >= 2 && (gint64) text[i] - text[i - 1] == (gint64) text[i - 1] - text[i - 2] &&
      ABS ((gint64) text[i] - text[i - 1]) == 1)
    return TRUE;
  for (glong period = 2; period <= 4 && i >= 2 * period - 1; period++)
    {
      if (memcmp (text + i - period + 1, text + i - 2 * period + 1, (gsize) period * sizeof *text) == 0)
        return TRUE;
    }

  return FALSE;
}

static glong
count_guessed (const char *password,
               glong length)
{
  g_autofree gunichar *text = g_utf8_to_ucs4_fast (password, -1, NULL);
  glong n = 0;

  for (glong i = 0; i < length; i++)
    n += is_predictable (text, i) ? 0 : 1;
  explicit_bzero (text, (gsize) length * sizeof *text);

  return n;
}

/* How much of @folded is words that need no guessing. */
static glong
count_known (const char *folded,
             const char *name,
             LinnetPasswordReasons *reasons)
{
  glong known = 0;

  for (guint i = 0; i < G_N_ELEMENTS (common); i++)
    {
      if (strstr (folded, common[i]) == NULL)
        continue;
      *reasons |= LINNET_PASSWORD_COMMON;
      known = MAX (known, (glong) strlen (common[i]) - 1);
    }

  if (name != NULL && g_utf8_strlen (name, -1) >= 3)
    {
      g_autofree char *folded_name = g_utf8_casefold (name, -1);

      if (strstr (folded, folded_name) != NULL)
        {
          *reasons |= LINNET_PASSWORD_HAS_NAME;
          known += g_utf8_strlen (folded_name, -1) - 1;
        }
    }

  return known;
}

guint
linnet_password_strength (const char *password,
                          const char *name,
                          LinnetPasswordReasons *reasons)
{
  static const double limits[LINNET_PASSWORD_STRENGTH_MAX] = { 28, 40, 55, 70 };
  LinnetPasswordReasons found = LINNET_PASSWORD_FINE;
  g_autoptr (XmppSecret) usable = NULL;
  g_autoptr (XmppSecret) folded = NULL;
  glong length, guessed;
  guint pool, score = 0;
  double bits;

  g_return_val_if_fail (password != NULL, 0);

  usable = g_utf8_validate (password, -1, NULL) ? xmpp_precis_opaque_string (password) : NULL;
  if (usable == NULL)
    {
      if (reasons != NULL)
        *reasons = *password == '\0' ? LINNET_PASSWORD_TOO_SHORT : LINNET_PASSWORD_UNUSABLE;
      return 0;
    }

  length = g_utf8_strlen (usable, -1);
  folded = g_utf8_casefold (usable, -1);
  guessed = count_guessed (usable, length);
  pool = get_pool (usable);
  if (length < MIN_LENGTH)
    found |= LINNET_PASSWORD_TOO_SHORT;
  if (guessed * 3 < length * 2)
    found |= LINNET_PASSWORD_REPEATS;
  if (pool <= 10 || (pool <= 26 && length < 2 * MIN_LENGTH))
    found |= LINNET_PASSWORD_FEW_KINDS;
  bits = (double) MAX (guessed - count_known (folded, name, &found), 1) * log2 (MAX (pool, 2));

  while (score < G_N_ELEMENTS (limits) && bits >= limits[score])
    score++;
  if (length < MIN_LENGTH)
    score = MIN (score, 1);
  if (reasons != NULL)
    *reasons = found;

  return score;
}

char *
linnet_password_prepare (const char *password)
{
  g_autoptr (XmppSecret) usable = NULL;
  g_autoptr (XmppSecret) prepared = NULL;

  g_return_val_if_fail (password != NULL, NULL);

  if (!g_utf8_validate (password, -1, NULL) || (usable = xmpp_precis_opaque_string (password)) == NULL)
    return NULL;

  prepared = xmpp_saslprep (password);

  return prepared != NULL && *prepared != '\0' ? g_steal_pointer (&prepared) : NULL;
}
