/* Tests of the sentences about errors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "linnet-error.h"
#include "linnet-test.h"

/* Each its own sentence: the person must be able to tell them apart (issue 2, section 2). */
static void
test_distinct (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int code = LINNET_ERROR_FAILED; code < LINNET_N_ERRORS; code++)
    {
      g_autoptr (GError) error = g_error_new_literal (LINNET_ERROR, code, "for the log");
      char *text = linnet_error_to_text (error, "lark.chat");

      g_assert_nonnull (text);
      g_assert_cmpuint (strlen (text), >, 10);
      g_assert_null (strstr (text, "for the log"));
      g_assert_true (g_hash_table_add (seen, text));
    }
}

static void
test_domain (void)
{
  g_autoptr (GError) error = g_error_new_literal (LINNET_ERROR, LINNET_ERROR_WRONG_PASSWORD, "");
  g_autofree char *with = linnet_error_to_text (error, "lark.chat");
  g_autofree char *without = linnet_error_to_text (error, NULL);

  g_assert_true (g_str_has_prefix (with, "lark.chat "));
  g_assert_true (g_str_has_prefix (without, "The server "));
}

/* What a server or a library wrote is never shown, and can be no format. */
static void
test_foreign (void)
{
  g_autoptr (GError) foreign = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "%s <b>fooled</b>");
  g_autoptr (GError) error = g_error_new_literal (LINNET_ERROR, LINNET_ERROR_NO_TLS, "%s%s%n");
  g_autofree char *text = linnet_error_to_text (foreign, "lark.chat");
  g_autofree char *other = linnet_error_to_text (error, "%s%n.example");

  g_assert_null (strstr (text, "fooled"));
  g_assert_true (g_str_has_prefix (other, "%s%n.example "));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/model/error-text/distinct", test_distinct);
  g_test_add_func ("/model/error-text/domain", test_domain);
  g_test_add_func ("/model/error-text/foreign", test_foreign);

  return g_test_run ();
}
