/* Names of countries
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <locale.h>

#include "linnet-country.h"

static const struct
{
  const char *code;
  const char *name;
} countries[] = {
  { .code = "DE", .name = "Germany" },
  { .code = "US", .name = "United States" },
  /* Nobody's: then the code has to do. */
  { .code = "QX", .name = "QX" },
  { .code = "", .name = "" },
  { .code = "not a country at all, and far too long for one", .name = NULL },
};

static void
test_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (countries); i++)
    {
      g_autofree char *name = linnet_country_dup_name (countries[i].code);

      g_assert_cmpstr (name, ==, countries[i].name != NULL ? countries[i].name : countries[i].code);
    }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/country/names", test_names);

  return g_test_run ();
}
