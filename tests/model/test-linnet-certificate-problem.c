/* Tests of what the dialog about a certificate is given
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-certificate-problem.h"
#include "linnet-error-private.h"
#include "linnet-test-ca.h"
#include "linnet-test.h"
#include "xmpp-certificate.h"

static GError *
refuse (GTlsCertificate *certificate,
        GTlsCertificateFlags flags,
        const char *pin)
{
  XmppTlsPolicy policy = { .domain = (char *) "example.org", .pinned_sha256 = (char *) pin };
  g_autoptr (GError) lower = NULL;
  gboolean pinned;

  g_assert_false (xmpp_certificate_check (certificate, flags, &policy, &pinned, &lower));

  return linnet_error_from_lower (lower, "example.org");
}

static void
test_problem (void)
{
  static const LinnetTestCertificate spec = { .names = { "other.example", "*.example.net" },
                                              .valid_to_days = 3 };
  g_autoptr (LinnetTestCa) ca = linnet_test_ca_new ();
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (ca, &spec);
  g_autoptr (GError) error =
      refuse (certificate, G_TLS_CERTIFICATE_UNKNOWN_CA | G_TLS_CERTIFICATE_BAD_IDENTITY, NULL);
  g_autoptr (GError) copy = g_error_copy (error);
  g_autoptr (LinnetCertificateProblem) problem = linnet_certificate_problem_from_error (copy);
  g_autofree char *sha256 = xmpp_certificate_dup_sha256 (certificate);

  g_assert_nonnull (problem);
  g_assert_cmpstr (problem->domain, ==, "example.org");
  g_assert_cmpstr (problem->sha256, ==, sha256);
  g_assert_cmpuint (problem->names->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (problem->names, 0), ==, "other.example");
  g_assert_cmpint (problem->flags, ==, LINNET_CERTIFICATE_UNKNOWN_CA | LINNET_CERTIFICATE_WRONG_NAME);
  g_assert_nonnull (problem->not_before);
  g_assert_cmpint (g_date_time_compare (problem->not_before, problem->not_after), <, 0);
  g_assert_false (problem->changed);
}

static void
test_changed (void)
{
  g_autoptr (LinnetTestCa) ca = linnet_test_ca_new ();
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (ca, NULL);
  g_autofree char *other = g_strnfill (64, 'a');
  g_autoptr (GError) error = refuse (certificate, G_TLS_CERTIFICATE_UNKNOWN_CA, other);
  g_autoptr (LinnetCertificateProblem) problem = linnet_certificate_problem_from_error (error);

  g_assert_error (error, LINNET_ERROR, LINNET_ERROR_CERTIFICATE_CHANGED);
  g_assert_true (problem->changed);
}

static void
test_other_errors (void)
{
  g_autoptr (GError) error = g_error_new_literal (LINNET_ERROR, LINNET_ERROR_NO_TLS, "");
  g_autoptr (GError) bare = g_error_new_literal (LINNET_ERROR, LINNET_ERROR_CERTIFICATE, "");

  g_assert_null (linnet_certificate_problem_from_error (error));
  g_assert_null (linnet_certificate_problem_from_error (bare));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/model/certificate-problem/problem", test_problem);
  g_test_add_func ("/model/certificate-problem/changed", test_changed);
  g_test_add_func ("/model/certificate-problem/other-errors", test_other_errors);

  return g_test_run ();
}
