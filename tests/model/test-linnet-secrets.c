/* Tests of secrets where there is no Secret Service
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-error.h"
#include "linnet-secrets.h"
#include "linnet-test.h"

/* Test programs run without a bus (see linnet_test_init): nothing is stored anywhere, and the reason is
 * told. */
static void
test_missing (gconstpointer data)
{
  static const char *const addresses[] = { "mira@lark.test", NULL };

  linnet_test_assert_rejects (
      linnet_secrets_store ("/p", "mira@lark.test", LINNET_SECRET_PASSWORD, "Secret-4711"),
      LINNET_ERROR,
      LINNET_ERROR_KEYRING_MISSING);
  linnet_test_assert_rejects (linnet_secrets_lookup ("/p", "mira@lark.test", LINNET_SECRET_PASSWORD),
                              LINNET_ERROR,
                              LINNET_ERROR_KEYRING_MISSING);
  linnet_test_assert_rejects (linnet_secrets_clear ("/p", "mira@lark.test", LINNET_SECRET_TOKEN),
                              LINNET_ERROR,
                              LINNET_ERROR_KEYRING_MISSING);
  linnet_test_assert_rejects (
      linnet_secrets_clear_all ("/p", "mira@lark.test"), LINNET_ERROR, LINNET_ERROR_KEYRING_MISSING);
  linnet_test_assert_rejects (
      linnet_secrets_clear_others ("/p", addresses), LINNET_ERROR, LINNET_ERROR_KEYRING_MISSING);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/secrets/missing", test_missing, NULL);

  return g_test_run ();
}
