/* Tests of making passwords and judging them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-password.h"
#include "linnet-test.h"

static void
test_generate (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean used[128] = { FALSE };
  guint n_used = 0;

  for (guint i = 0; i < 1000; i++)
    {
      char *password = linnet_password_generate ();
      LinnetPasswordReasons reasons;

      g_assert_cmpuint (strlen (password), ==, 19);
      for (guint j = 0; j < 19; j++)
        {
          if (j % 5 == 4)
            g_assert_cmpint (password[j], ==, '-');
          else
            g_assert_nonnull (strchr ("23456789abcdefghjkmnpqrstuvwxyz", password[j]));
          used[(guint) password[j]] = TRUE;
        }
      g_assert_cmpuint (linnet_password_strength (password, "ana", &reasons), >=, 3);
      g_assert_true (g_hash_table_add (seen, password));
    }

  /* Of sixteen thousand characters none is left out. */
  for (guint i = 0; i < G_N_ELEMENTS (used); i++)
    n_used += used[i] ? 1 : 0;
  g_assert_cmpuint (n_used, ==, 32);
}

static const struct
{
  const char *password;
  const char *name;
  guint least;
  guint most;
  LinnetPasswordReasons reasons; /* that must be among them */
} rows[] = {
  { "", NULL, 0, 0, LINNET_PASSWORD_TOO_SHORT },
  { "a", NULL, 0, 0, LINNET_PASSWORD_TOO_SHORT },
  { "password", NULL, 0, 0, LINNET_PASSWORD_COMMON },
  { "Passwort1!", NULL, 0, 1, LINNET_PASSWORD_COMMON },
  { "12345678", NULL, 0, 0, LINNET_PASSWORD_REPEATS | LINNET_PASSWORD_FEW_KINDS },
  { "87654321", NULL, 0, 0, LINNET_PASSWORD_REPEATS },
  { "aaaaaaaaaaaaaaaa", NULL, 0, 0, LINNET_PASSWORD_REPEATS },
  { "abcabcabcabcabc", NULL, 0, 0, LINNET_PASSWORD_REPEATS },
  { "marialuisa7", "MariaLuisa", 0, 0, LINNET_PASSWORD_HAS_NAME },
  { "7031926584", NULL, 0, 1, LINNET_PASSWORD_FEW_KINDS },
  { "kestrel9", NULL, 1, 2, LINNET_PASSWORD_FINE },
  { "wet lamp under seven kites", NULL, 4, 4, LINNET_PASSWORD_FINE },
  { "Zw\xc3\xb6lf gr\xc3\xbcne V\xc3\xb6gel", NULL, 4, 4, LINNET_PASSWORD_FINE },
  { "tab\tinside it", NULL, 0, 0, LINNET_PASSWORD_UNUSABLE },
  { "\xff\xfe", NULL, 0, 0, LINNET_PASSWORD_UNUSABLE },
};

static void
test_strength (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      LinnetPasswordReasons reasons;
      guint strength = linnet_password_strength (rows[i].password, rows[i].name, &reasons);

      g_test_message ("%s: %u, 0x%x", rows[i].password, strength, reasons);
      g_assert_cmpuint (strength, >=, rows[i].least);
      g_assert_cmpuint (strength, <=, rows[i].most);
      if (rows[i].reasons == LINNET_PASSWORD_FINE)
        g_assert_cmphex (reasons, ==, LINNET_PASSWORD_FINE);
      else
        g_assert_cmphex (reasons & rows[i].reasons, ==, rows[i].reasons);
    }
}

static void
test_prepare (void)
{
  static const struct
  {
    const char *password;
    const char *prepared; /* NULL: none */
  } preparations[] = {
    { "pencil", "pencil" },
    { "cra\uff59on", "crayon" },       /* as wide as an ideograph */
    { "two\u00a0words", "two words" }, /* a space that does not break */
    { "\ufb01sh", "fish" },            /* a ligature */
    { "A\u030angstr\u00f6m", "\u00c5ngstr\u00f6m" },
    { "", NULL },
    { "tab\there", NULL },
    { "so\u00adft", NULL },
    { "\xff", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (preparations); i++)
    {
      g_autofree char *prepared = linnet_password_prepare (preparations[i].password);

      g_assert_cmpstr (prepared, ==, preparations[i].prepared);
    }
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/model/password/generate", test_generate);
  g_test_add_func ("/model/password/strength", test_strength);
  g_test_add_func ("/model/password/prepare", test_prepare);

  return g_test_run ();
}
