/* Tests of what an account signs in with, where there is no keyring
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * With a keyring: tests/integration/test-model.c.
 */
#include "config.h"

#include <string.h>

#include "linnet-credentials.h"
#include "linnet-error.h"
#include "linnet-test-online.h"
#include "linnet-test.h"

static void
assert_string (DexFuture *future,
               const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *string = dex_await_string (future, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (string, ==, expected);
}

/* Nothing of it is in a file. */
static void
assert_not_in (const char *directory,
               const char *secret)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      g_autofree char *content = NULL;
      gsize length;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        assert_not_in (path, secret);
      else if (g_file_get_contents (path, &content, &length, NULL))
        g_assert_null (memmem (content, length, secret, strlen (secret)));
    }
}

/* What was typed or received serves for this run of the program (L1). */
static void
test_memory (gconstpointer data)
{
  g_autofree char *proxy = NULL;
  g_autoptr (LinnetTestOnline) online = linnet_test_online_new (NULL, 0);
  g_autoptr (LinnetCredentials) credentials = linnet_credentials_new (online->account);
  g_autofree char *typed = NULL;

  linnet_test_assert_rejects (
      linnet_credentials_lookup_password (credentials), LINNET_ERROR, LINNET_ERROR_KEYRING_MISSING);
  linnet_test_assert_rejects (
      linnet_credentials_lookup_token (credentials), LINNET_ERROR, LINNET_ERROR_KEYRING_MISSING);
  g_assert_null (linnet_credentials_dup_typed_password (credentials));

  linnet_credentials_set_password (credentials, "Secret-4711");
  linnet_credentials_save_password (credentials);
  assert_string (linnet_credentials_lookup_password (credentials), "Secret-4711");
  typed = linnet_credentials_dup_typed_password (credentials);
  g_assert_cmpstr (typed, ==, "Secret-4711");
  linnet_credentials_take_token (credentials, "Token-1");
  linnet_credentials_take_token (credentials, "Token-2");
  assert_string (linnet_credentials_lookup_token (credentials), "Token-2");

  linnet_test_settle ();
  g_assert_false (online->account->password_saved);
  linnet_test_assert_resolves (linnet_store_accounts_save (online->account->store, online->account->row));
  assert_not_in (linnet_store_get_directory (online->account->store), "Secret-4711");
  assert_not_in (linnet_store_get_directory (online->account->store), "Token-");

  linnet_credentials_forget_token (credentials);
  linnet_test_assert_rejects (
      linnet_credentials_lookup_token (credentials), LINNET_ERROR, LINNET_ERROR_KEYRING_MISSING);
  linnet_credentials_set_password (credentials, NULL);
  linnet_test_assert_rejects (
      linnet_credentials_lookup_password (credentials), LINNET_ERROR, LINNET_ERROR_KEYRING_MISSING);

  linnet_test_assert_rejects (
      linnet_credentials_clear (credentials), LINNET_ERROR, LINNET_ERROR_KEYRING_MISSING);

  linnet_credentials_set_password (credentials, "Secret-4711");
  linnet_credentials_take_token (credentials, "Token-3");
  linnet_credentials_take_proxy_password (credentials, "Proxy-1");
  proxy = dex_await_string (linnet_credentials_lookup_proxy_password (credentials), NULL);
  g_assert_cmpstr (proxy, ==, "Proxy-1");
  linnet_credentials_forget (credentials);
  linnet_test_assert_rejects (
      linnet_credentials_lookup_proxy_password (credentials), LINNET_ERROR, LINNET_ERROR_KEYRING_MISSING);
  g_assert_null (linnet_credentials_dup_typed_password (credentials));
  linnet_test_assert_rejects (
      linnet_credentials_lookup_token (credentials), LINNET_ERROR, LINNET_ERROR_KEYRING_MISSING);
  linnet_credentials_close (credentials);
  linnet_test_settle ();
  g_assert_finalize_object (g_steal_pointer (&credentials));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/credentials/memory", test_memory, NULL);

  return g_test_run ();
}
