/* Names of countries
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-country"

#include "config.h"

#include <unicode/uloc.h>

#include "linnet-country.h"

#define MAX_NAME 64

/**
 * linnet_country_dup_name:
 * @code: of ISO 3166-1, two letters
 *
 * Returns: (transfer full): the country's name in the person's language; @code where there is none
 */
char *
linnet_country_dup_name (const char *code)
{
  g_autofree char *locale = NULL;
  UErrorCode status = U_ZERO_ERROR;
  UChar name[MAX_NAME];
  int32_t length;
  char *ret;

  g_return_val_if_fail (code != NULL, NULL);

  locale = g_strdup_printf ("und_%s", code);
  length = uloc_getDisplayCountry (locale, NULL, name, G_N_ELEMENTS (name), &status);
  if (U_FAILURE (status) || length <= 0 || length > MAX_NAME)
    return g_strdup (code);

  ret = g_utf16_to_utf8 ((const gunichar2 *) name, length, NULL, NULL, NULL);

  return ret != NULL ? ret : g_strdup (code);
}
