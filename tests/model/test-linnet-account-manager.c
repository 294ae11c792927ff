/* Tests of the profile as a whole
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-account-manager-private.h"
#include "linnet-error.h"
#include "linnet-secrets.h"
#include "linnet-test-model.h"
#include "linnet-test.h"

static const LinnetTestMessage messages[] = {
  { .body = "Hello", .state = LINNET_MESSAGE_RECEIVED },
  { .body = "Are you there?", .state = LINNET_MESSAGE_RECEIVED },
};

static const LinnetTestContact contacts[] = {
  { .address = "mira@lark.test", .name = "Mira", .messages = messages, .n_messages = 2 },
  { .address = "sofia@lark.test" },
};

static const LinnetTestAccount accounts[] = {
  { .address = "ana@lark.test", .contacts = contacts, .n_contacts = G_N_ELEMENTS (contacts) },
  { .address = "ana@other.test", .contacts = contacts, .n_contacts = G_N_ELEMENTS (contacts) },
};

static guint
n_conversations (LinnetAccountManager *manager)
{
  return g_list_model_get_n_items (G_LIST_MODEL (linnet_account_manager_get_conversations (manager)));
}

static void
test_load (gconstpointer data)
{
  LinnetAccountManager *manager = linnet_test_manager_new (accounts, G_N_ELEMENTS (accounts));
  LinnetConversation *conversation;
  gboolean loaded;

  g_object_get (manager, "loaded", &loaded, NULL);
  g_assert_true (loaded);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, 2);
  g_assert_cmpuint (n_conversations (manager), ==, 2);
  g_assert_cmpuint (linnet_account_manager_get_unread_count (manager), ==, 4);

  conversation =
      linnet_account_manager_find_conversation (manager, "ana@other.test", "mira@lark.test");
  g_assert_nonnull (conversation);
  g_assert_true (conversation !=
                 linnet_account_manager_find_conversation (manager, "ana@lark.test", "mira@lark.test"));
  g_assert_null (linnet_account_manager_find_conversation (manager, "ana@lark.test", "sofia@lark.test"));
  g_assert_null (linnet_account_manager_find_conversation (manager, "tom@lark.test", "mira@lark.test"));
  g_assert_null (linnet_account_manager_find_account (manager, "mira@lark.test"));

  linnet_test_manager_free (manager);
}

static void
test_after_shutdown (gconstpointer data)
{
  LinnetAccountManager *manager = linnet_test_manager_new (accounts, G_N_ELEMENTS (accounts));
  LinnetSignIn sign_in = { .address = "mira@lark.test", .password = "secret" };

  linnet_test_assert_resolves (linnet_account_manager_shutdown (manager));
  linnet_test_assert_resolves (linnet_account_manager_shutdown (manager));
  g_assert_null (linnet_account_manager_get_store (manager));
  linnet_test_assert_rejects (
      linnet_account_manager_sign_in (manager, &sign_in), LINNET_ERROR, LINNET_ERROR_DATABASE);
  linnet_test_manager_free (manager);
}

/* ---- what the person is told about the disk ---- */

static void
error_cb (GArray *codes,
          const GError *error)
{
  g_assert_true (error->domain == LINNET_ERROR);
  g_array_append_val (codes, error->code);
}

/* A failure that lasts is told once, another one at once. */
static void
test_report (gconstpointer data)
{
  LinnetAccountManager *manager = linnet_test_manager_new (accounts, G_N_ELEMENTS (accounts));
  g_autoptr (GArray) codes = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GError) full = g_error_new_literal (LINNET_STORE_ERROR, LINNET_STORE_ERROR_FULL, "");
  g_autoptr (GError) io = g_error_new_literal (LINNET_STORE_ERROR, LINNET_STORE_ERROR_IO, "");

  g_signal_connect_swapped (manager, "error", G_CALLBACK (error_cb), codes);
  linnet_account_manager_report (manager, full);
  linnet_account_manager_report (manager, full);
  linnet_account_manager_report (manager, io);

  g_assert_cmpuint (codes->len, ==, 2);
  g_assert_cmpint (g_array_index (codes, int, 0), ==, LINNET_ERROR_DISK_FULL);
  g_assert_cmpint (g_array_index (codes, int, 1), ==, LINNET_ERROR_DATABASE);
  linnet_test_manager_free (manager);
}

/* R27: what could be read is shown, and the person knows that this may not be all. */
static void
test_salvaged (gconstpointer data)
{
  char *directory = linnet_test_profile_new ();
  g_autofree char *lock = g_build_filename (directory, "lock", NULL);
  g_autoptr (GArray) codes = g_array_new (FALSE, FALSE, sizeof (int));
  LinnetAccountManager *manager;

  linnet_test_profile_fill (directory, accounts, G_N_ELEMENTS (accounts));
  g_assert_true (g_file_set_contents (lock, "!", 1, NULL));

  manager = linnet_account_manager_new (directory);
  g_signal_connect_swapped (manager, "error", G_CALLBACK (error_cb), codes);
  linnet_test_assert_resolves (linnet_account_manager_load (manager));
  g_assert_cmpuint (codes->len, ==, 1);
  g_assert_cmpint (g_array_index (codes, int, 0), ==, LINNET_ERROR_DATABASE_SALVAGED);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, 2);
  g_assert_cmpuint (n_conversations (manager), ==, 2);

  /* Found in the middle of work. */
  g_signal_emit_by_name (linnet_account_manager_get_store (manager), "damaged");
  g_assert_cmpuint (codes->len, ==, 2);
  g_assert_cmpint (g_array_index (codes, int, 1), ==, LINNET_ERROR_DATABASE_DAMAGED);

  linnet_test_assert_resolves (linnet_account_manager_shutdown (manager));
  linnet_test_settle ();
  g_assert_finalize_object (manager);
  linnet_test_profile_free (directory);
}

/* R27: a row that cannot be what it says does not keep the others from being shown. */
static void
test_damaged_rows (gconstpointer data)
{
  static const LinnetTestContact damaged_contacts[] = {
    { .address = "mira@lark.test", .messages = messages, .n_messages = 2 },
    { .address = "sofia@", .stranger = TRUE, .messages = messages, .n_messages = 2 },
  };
  static const LinnetTestAccount damaged[] = {
    { .address = "@other.test" },
    { .address = "ana@lark.test", .contacts = damaged_contacts, .n_contacts = 2 },
    { .address = "ANA@lark.test" },
  };
  LinnetAccountManager *manager = linnet_test_manager_new (damaged, G_N_ELEMENTS (damaged));

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, 1);
  g_assert_cmpuint (n_conversations (manager), ==, 1);
  g_assert_nonnull (
      linnet_account_manager_find_conversation (manager, "ana@lark.test", "mira@lark.test"));
  linnet_test_manager_free (manager);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/account-manager/load", test_load, NULL);
  linnet_test_add ("/model/account-manager/after-shutdown", test_after_shutdown, NULL);
  linnet_test_add ("/model/account-manager/report", test_report, NULL);
  linnet_test_add ("/model/account-manager/salvaged", test_salvaged, NULL);
  linnet_test_add ("/model/account-manager/damaged-rows", test_damaged_rows, NULL);

  return g_test_run ();
}
