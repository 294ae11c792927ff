/* Tests of what errors ask a person
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <gio/gio.h>

#include "linnet-error-question.h"
#include "linnet-error.h"
#include "linnet-test.h"

typedef struct
{
  const char *name;
  LinnetError code;
  LinnetErrorQuestion expect;
} Row;

static const Row rows[] = {
  { "wrong-password", LINNET_ERROR_WRONG_PASSWORD, LINNET_ERROR_QUESTION_PASSWORD },
  { "no-password", LINNET_ERROR_NO_PASSWORD, LINNET_ERROR_QUESTION_PASSWORD },
  { "keyring-locked", LINNET_ERROR_KEYRING_LOCKED, LINNET_ERROR_QUESTION_PASSWORD },
  { "keyring-missing", LINNET_ERROR_KEYRING_MISSING, LINNET_ERROR_QUESTION_PASSWORD },
  { "plain", LINNET_ERROR_PLAIN_CONSENT, LINNET_ERROR_QUESTION_PLAIN },
  { "certificate", LINNET_ERROR_CERTIFICATE, LINNET_ERROR_QUESTION_CERTIFICATE },
  { "certificate-changed", LINNET_ERROR_CERTIFICATE_CHANGED, LINNET_ERROR_QUESTION_CERTIFICATE },
  { "authority", LINNET_ERROR_AUTHORITY_CHANGED, LINNET_ERROR_QUESTION_AUTHORITY },
  /* A password cannot help against these, and asking for it would hand it to the wrong one. */
  { "disabled", LINNET_ERROR_ACCOUNT_DISABLED, LINNET_ERROR_QUESTION_NONE },
  { "downgrade", LINNET_ERROR_DOWNGRADE, LINNET_ERROR_QUESTION_NONE },
  { "untrusted", LINNET_ERROR_SERVER_UNTRUSTED, LINNET_ERROR_QUESTION_NONE },
  { "tampered", LINNET_ERROR_TAMPERED, LINNET_ERROR_QUESTION_NONE },
  { "no-mechanism", LINNET_ERROR_NO_MECHANISM, LINNET_ERROR_QUESTION_NONE },
  /* Here the server or the network has to do something. */
  { "no-tls", LINNET_ERROR_NO_TLS, LINNET_ERROR_QUESTION_NONE },
  { "lost", LINNET_ERROR_CONNECTION_LOST, LINNET_ERROR_QUESTION_NONE },
  { "conflict", LINNET_ERROR_CONFLICT, LINNET_ERROR_QUESTION_NONE },
  { "policy", LINNET_ERROR_POLICY_VIOLATION, LINNET_ERROR_QUESTION_NONE },
  { "later", LINNET_ERROR_TRY_LATER, LINNET_ERROR_QUESTION_NONE },
  { "failed", LINNET_ERROR_FAILED, LINNET_ERROR_QUESTION_NONE },
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GError) error = g_error_new_literal (LINNET_ERROR, row->code, "for the log");
  g_autoptr (GError) foreign = g_error_new_literal (G_IO_ERROR, row->code, "for the log");

  g_assert_cmpint (linnet_error_question_from_error (error), ==, row->expect);
  g_assert_cmpint (linnet_error_question_from_error (foreign), ==, LINNET_ERROR_QUESTION_NONE);
}

static void
test_no_error (void)
{
  g_assert_cmpint (linnet_error_question_from_error (NULL), ==, LINNET_ERROR_QUESTION_NONE);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/error-question/%s", rows[i].name);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/model/error-question/no-error", test_no_error);

  return g_test_run ();
}
