/* Tests of what is known about providers: those that come with Linnet, their order, searching
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-model-resources.h"
#include "linnet-provider-private.h"
#include "linnet-test.h"

static const char *const german[] = { "de_DE.UTF-8", "de_DE", "de", "C", NULL };
static const char *const american[] = { "en_US", "en", "C", NULL };

static GPtrArray *
parse_shipped (const char *const *languages,
               GDateTime **updated)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *providers;

  bytes = g_resource_lookup_data (linnet_model_get_resource (),
                                  "/im/linnet/Linnet/model/providers.json",
                                  G_RESOURCE_LOOKUP_FLAGS_NONE,
                                  &error);
  g_assert_no_error (error);
  providers = linnet_provider_parse (bytes, languages, updated, &error);
  g_assert_no_error (error);

  return providers;
}

static LinnetProvider *
find (GPtrArray *providers,
      const char *domain)
{
  for (guint i = 0; i < providers->len; i++)
    if (g_str_equal (linnet_provider_get_domain (providers->pdata[i]), domain))
      return providers->pdata[i];

  g_assert_not_reached ();
}

/* Each can be registered with, and has what a person is told. */
static void
test_shipped (gconstpointer data)
{
  g_autoptr (GDateTime) updated = NULL;
  g_autoptr (GPtrArray) providers = parse_shipped (american, &updated);
  g_autofree char *date = g_date_time_format (updated, "%F");
  guint in_app = 0;

  g_assert_cmpuint (providers->len, ==, 18);
  g_assert_cmpstr (date, ==, "2026-07-22");

  for (guint i = 0; i < providers->len; i++)
    {
      LinnetProvider *provider = providers->pdata[i];

      in_app += linnet_provider_get_in_app (provider);
      g_assert_cmpstr (linnet_provider_get_category (provider),
                       ==,
                       linnet_provider_get_in_app (provider) ? "A" : "B");
      g_assert_true (linnet_provider_get_in_app (provider) ||
                     linnet_provider_get_registration_url (provider) != NULL);
      g_assert_true (!linnet_provider_get_in_app (provider) ||
                     linnet_provider_get_captcha (provider) != LINNET_TRISTATE_UNKNOWN);
      g_assert_nonnull (linnet_provider_get_website (provider));
      g_assert_nonnull (linnet_provider_get_countries (provider)[0]);
      g_assert_cmpuint (linnet_provider_get_since (provider), >=, 2004);
      g_assert_cmpint (linnet_provider_get_free (provider), ==, LINNET_TRISTATE_YES);
      g_assert_nonnull (linnet_provider_get_source_date (provider));
    }
  g_assert_cmpuint (in_app, ==, 13);
}

static void
test_facts (gconstpointer data)
{
  g_autoptr (GDateTime) updated = NULL;
  g_autoptr (GPtrArray) providers = parse_shipped (american, &updated);
  LinnetProvider *hookipa = find (providers, "hookipa.net");
  LinnetProvider *disroot = find (providers, "disroot.org");
  LinnetProvider *vg = find (providers, "jabber.vg");

  g_assert_cmpint (linnet_provider_get_storage_days (hookipa), ==, 365);
  g_assert_cmpint (linnet_provider_get_upload_mb (hookipa), ==, 104);
  g_assert_cmpint (linnet_provider_get_upload_total_mb (hookipa), ==, LINNET_PROVIDER_UNLIMITED);
  g_assert_cmpint (linnet_provider_get_upload_days (hookipa), ==, 30);
  g_assert_cmpint (linnet_provider_get_bus_factor (hookipa), ==, 2);
  g_assert_cmpint (linnet_provider_get_captcha (hookipa), ==, LINNET_TRISTATE_YES);
  g_assert_cmpint (linnet_provider_get_email_needed (hookipa), ==, LINNET_TRISTATE_NO);
  g_assert_cmpstr (linnet_provider_get_countries (hookipa)[0], ==, "DE");
  g_assert_cmpuint (linnet_provider_get_since (hookipa), ==, 2008);
  g_assert_cmpstr (linnet_provider_get_software (hookipa), ==, "ejabberd 26.4");
  g_assert_cmpstr (linnet_provider_get_website (hookipa), ==, "https://hookipa.net/en/front-page/");
  g_assert_null (linnet_provider_get_registration_url (hookipa));

  /* "trunk" is no version; what the page on the web asks for is not known. */
  g_assert_cmpstr (linnet_provider_get_software (disroot), ==, "Prosody");
  g_assert_cmpstr (linnet_provider_get_registration_url (disroot), ==, "https://user.disroot.org");
  g_assert_cmpint (linnet_provider_get_captcha (disroot), ==, LINNET_TRISTATE_UNKNOWN);

  g_assert_null (linnet_provider_get_software (vg));
  g_assert_cmpint (linnet_provider_get_bus_factor (vg), ==, LINNET_PROVIDER_UNKNOWN);
}

static void
assert_first (const char *const *languages,
              const char *const *expected)
{
  g_autoptr (GDateTime) updated = NULL;
  g_autoptr (GPtrArray) providers = parse_shipped (languages, &updated);
  gboolean web = FALSE;

  for (guint i = 0; expected[i] != NULL; i++)
    g_assert_cmpstr (linnet_provider_get_domain (providers->pdata[i]), ==, expected[i]);

  for (guint i = 0; i < providers->len; i++)
    {
      web |= !linnet_provider_get_in_app (providers->pdata[i]);
      g_assert_cmpint (linnet_provider_get_in_app (providers->pdata[i]), ==, !web);
    }
}

/* In-app first, those of several people first, near ones first, those without a puzzle first. */
static void
test_order (gconstpointer data)
{
  static const char *const for_germans[] = { "yax.im", "hookipa.net", "jabber.fr", "chalec.org", NULL };
  static const char *const for_americans[] = { "yax.im", "hookipa.net", "projectsegfau.lt", NULL };

  assert_first (german, for_germans);
  assert_first (american, for_americans);
}

typedef struct
{
  const char *text;
  gboolean matches;
} MatchRow;

static const MatchRow match_rows[] = {
  { "", TRUE },
  { "  ", TRUE },
  { "hook", TRUE },
  { "HOOK", TRUE },
  { "pa.net", TRUE },
  { "de", TRUE },
  { "ejabberd", TRUE },
  { "ejabberd de", TRUE },
  { "hookipa.net\tde", TRUE },
  { "fr", FALSE },
  { "prosody", FALSE },
  { "ejabberd fr", FALSE },
  { "hookipa.net.", FALSE },
  { "\xc3\xa4", FALSE },
};

static void
test_matches (gconstpointer data)
{
  g_autoptr (GDateTime) updated = NULL;
  g_autoptr (GPtrArray) providers = parse_shipped (american, &updated);
  LinnetProvider *hookipa = find (providers, "hookipa.net");

  for (gsize i = 0; i < G_N_ELEMENTS (match_rows); i++)
    {
      g_test_message ("\"%s\"", match_rows[i].text);
      g_assert_cmpint (linnet_provider_matches (hookipa, match_rows[i].text), ==, match_rows[i].matches);
    }
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_data_func ("/model/provider/shipped", NULL, test_shipped);
  g_test_add_data_func ("/model/provider/facts", NULL, test_facts);
  g_test_add_data_func ("/model/provider/order", NULL, test_order);
  g_test_add_data_func ("/model/provider/matches", NULL, test_matches);

  return g_test_run ();
}
