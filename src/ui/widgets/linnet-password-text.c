/* What is to be said of a password while somebody chooses it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-password-text"

#include "config.h"

#include "linnet-password-text.h"

#include <glib/gi18n.h>

#include "linnet-password.h"

static const struct
{
  LinnetPasswordReasons reason;
  const char *text;
} weaknesses[] = {
  { LINNET_PASSWORD_UNUSABLE, N_ ("This password has characters that a password cannot have.") },
  { LINNET_PASSWORD_COMMON, N_ ("Weak: this is one of the first passwords that anybody would try.") },
  { LINNET_PASSWORD_TOO_SHORT, N_ ("Weak: use at least 8 characters.") },
  { LINNET_PASSWORD_HAS_NAME, N_ ("Weak: your username is in it.") },
  { LINNET_PASSWORD_REPEATS, N_ ("Weak: it repeats itself.") },
  { LINNET_PASSWORD_FEW_KINDS, N_ ("Weak: mix letters and numbers, or use several words.") },
};

const char *
linnet_password_text_get (const char *password, const char *name)
{
  LinnetPasswordReasons reasons;
  guint strength;

  g_return_val_if_fail (password != NULL, NULL);

  strength = linnet_password_strength (password, name, &reasons);
  for (guint i = 0; i < G_N_ELEMENTS (weaknesses); i++)
    if ((reasons & weaknesses[i].reason) != 0)
      return _ (weaknesses[i].text);

  if (strength < 2)
    return _ ("Weak: make it longer.");

  return strength < LINNET_PASSWORD_STRENGTH_MAX ? _ ("Good") : _ ("Very strong");
}
