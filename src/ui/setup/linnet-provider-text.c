/* A provider's facts in words
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-provider-text"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-country.h"
#include "linnet-provider-text.h"

/**
 * linnet_provider_text_dup_size:
 * @megabytes: a size that is known and limited
 *
 * Returns: (transfer full): for example "80 MB" or "1.2 GB"
 */
char *
linnet_provider_text_dup_size (int megabytes)
{
  if (megabytes < 1000)
    /* Translators: megabytes */
    return g_strdup_printf (_ ("%d MB"), megabytes);

  if (megabytes % 1000 < 50 || megabytes >= 10000)
    /* Translators: gigabytes */
    return g_strdup_printf (_ ("%d GB"), (megabytes + 500) / 1000);

  /* Translators: gigabytes */
  return g_strdup_printf (_ ("%.1f GB"), megabytes / 1000.);
}

/**
 * linnet_provider_text_dup_places:
 * @countries: ISO 3166-1 codes
 *
 * Returns: (transfer full) (nullable): their names, or %NULL when there are none
 */
char *
linnet_provider_text_dup_places (const char *const *countries)
{
  g_autoptr (GStrvBuilder) builder = NULL;
  g_auto (GStrv) names = NULL;

  if (countries == NULL || countries[0] == NULL)
    return NULL;

  builder = g_strv_builder_new ();
  for (guint i = 0; countries[i] != NULL; i++)
    g_strv_builder_take (builder, linnet_country_dup_name (countries[i]));
  names = g_strv_builder_end (builder);

  /* Translators: between the names of countries */
  return g_strjoinv (C_ ("countries", ", "), names);
}

/**
 * linnet_provider_text_dup_effort:
 *
 * Returns: (transfer full): what it takes to get an account there
 */
char *
linnet_provider_text_dup_effort (LinnetProvider *provider)
{
  g_return_val_if_fail (LINNET_IS_PROVIDER (provider), NULL);

  if (!linnet_provider_get_in_app (provider))
    return g_strdup (_ ("You sign up on its website"));

  if (linnet_provider_get_captcha (provider) == LINNET_TRISTATE_YES)
    return g_strdup (_ ("Asks you to solve a picture puzzle"));

  return g_strdup (_ ("You sign up right here"));
}

/**
 * linnet_provider_text_dup_keeping:
 *
 * Returns: (transfer full) (nullable): how long it keeps messages, if that is known
 */
char *
linnet_provider_text_dup_keeping (LinnetProvider *provider)
{
  int days;

  g_return_val_if_fail (LINNET_IS_PROVIDER (provider), NULL);

  days = linnet_provider_get_storage_days (provider);
  if (days == LINNET_PROVIDER_UNLIMITED)
    return g_strdup (_ ("Keeps messages forever"));

  return days > 0 ? g_strdup_printf (ngettext ("Keeps messages %d day", "Keeps messages %d days", days), days)
                  : NULL;
}

/**
 * linnet_provider_text_dup_chips:
 *
 * Returns: (transfer full) (array zero-terminated=1): the facts that help to choose, in few words each
 */
char **
linnet_provider_text_dup_chips (LinnetProvider *provider)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  char *places;
  int upload;

  g_return_val_if_fail (LINNET_IS_PROVIDER (provider), NULL);

  upload = linnet_provider_get_upload_mb (provider);
  if (upload == LINNET_PROVIDER_UNLIMITED)
    {
      g_strv_builder_add (builder, _ ("Files of any size"));
    }
  else if (upload > 0)
    {
      g_autofree char *size = linnet_provider_text_dup_size (upload);

      /* Translators: %s is a size such as “80 MB” */
      g_strv_builder_take (builder, g_strdup_printf (_ ("Files up to %s"), size));
    }

  places = linnet_provider_text_dup_places (linnet_provider_get_countries (provider));
  if (places != NULL)
    g_strv_builder_take (builder, places);

  if (linnet_provider_get_since (provider) > 0)
    /* Translators: %u is a year */
    g_strv_builder_take (builder, g_strdup_printf (_ ("Since %u"), linnet_provider_get_since (provider)));

  return g_strv_builder_end (builder);
}
