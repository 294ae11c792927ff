/* Tests of the decision about certificates; test-xmpp-stream-tls.c has it within real handshakes
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-test-ca.h"
#include "xmpp-certificate.h"

typedef enum
{
  NO_PIN,
  THIS_PIN,
  OTHER_PIN,
  UPPER_CASE_PIN,
  SHORT_PIN,
} Pin;

typedef struct
{
  const char *name;
  LinnetTestCertificate certificate;
  GTlsCertificateFlags flags; /* what GIO says */
  Pin pin;
  int code; /* -1: accepted */
  gboolean pinned;
  GTlsCertificateFlags told; /* what a person is told; 0: flags */
} Row;

static const Row rows[] = {
  { .name = "good", .code = -1 },
  { .name = "good-and-pinned", .pin = THIS_PIN, .code = -1 },
  { .name = "good-and-other-pinned", .pin = OTHER_PIN, .code = -1 },
  { .name = "bad", .flags = G_TLS_CERTIFICATE_EXPIRED, .code = XMPP_CERTIFICATE_ERROR_REJECTED },
  { .name = "any-flag", .flags = G_TLS_CERTIFICATE_GENERIC_ERROR, .code = XMPP_CERTIFICATE_ERROR_REJECTED },
  { .name = "revoked", .flags = G_TLS_CERTIFICATE_REVOKED, .code = XMPP_CERTIFICATE_ERROR_REJECTED },
  { .name = "bad-and-pinned",
    .flags = G_TLS_CERTIFICATE_EXPIRED,
    .pin = THIS_PIN,
    .code = -1,
    .pinned = TRUE },
  { .name = "all-bad-and-pinned",
    .flags = G_TLS_CERTIFICATE_VALIDATE_ALL,
    .pin = THIS_PIN,
    .code = -1,
    .pinned = TRUE },
  { .name = "bad-and-other-pinned",
    .flags = G_TLS_CERTIFICATE_UNKNOWN_CA,
    .pin = OTHER_PIN,
    .code = XMPP_CERTIFICATE_ERROR_CHANGED },
  /* A pin is compared as it is stored, in lower case and whole. */
  { .name = "upper-case-pin",
    .flags = G_TLS_CERTIFICATE_UNKNOWN_CA,
    .pin = UPPER_CASE_PIN,
    .code = XMPP_CERTIFICATE_ERROR_CHANGED },
  { .name = "short-pin",
    .flags = G_TLS_CERTIFICATE_UNKNOWN_CA,
    .pin = SHORT_PIN,
    .code = XMPP_CERTIFICATE_ERROR_CHANGED },
  { .name = "only-common-name",
    .certificate = { .common_name = "example.org" },
    .code = XMPP_CERTIFICATE_ERROR_REJECTED,
    .told = G_TLS_CERTIFICATE_BAD_IDENTITY },
  { .name = "only-common-name-pinned",
    .certificate = { .common_name = "example.org" },
    .pin = THIS_PIN,
    .code = -1,
    .pinned = TRUE },
  { .name = "only-address", .certificate = { .names = { "2001:db8::1" } }, .code = -1 },
};

typedef struct
{
  LinnetTestCa *ca;
  const Row *row;
} Case;

static char *
make_pin (Pin pin,
          GTlsCertificate *certificate,
          GTlsCertificate *other)
{
  g_autofree char *sha256 = xmpp_certificate_dup_sha256 (pin == OTHER_PIN ? other : certificate);

  switch (pin)
    {
    case THIS_PIN:
    case OTHER_PIN:
      return g_steal_pointer (&sha256);
    case UPPER_CASE_PIN:
      return g_ascii_strup (sha256, -1);
    case SHORT_PIN:
      return g_strndup (sha256, 32);
    case NO_PIN:
    default:
      return NULL;
    }
}

static void
test_row (gconstpointer data)
{
  const Case *test = data;
  const Row *row = test->row;
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (test->ca, &row->certificate);
  g_autoptr (GTlsCertificate) other = linnet_test_ca_issue (test->ca, &row->certificate);
  g_autofree char *pin = make_pin (row->pin, certificate, other);
  XmppTlsPolicy policy = { .domain = (char *) "example.org", .pinned_sha256 = pin };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) copy = NULL;
  gboolean pinned = !row->pinned;

  g_assert_cmpint (
      xmpp_certificate_check (certificate, row->flags, &policy, &pinned, &error), ==, row->code < 0);
  g_assert_cmpint (pinned, ==, row->pinned);
  if (row->code < 0)
    {
      g_assert_no_error (error);
      return;
    }

  /* What the error knows survives being copied, as it is on its way through futures. */
  g_assert_error (error, XMPP_CERTIFICATE_ERROR, row->code);
  copy = g_error_copy (error);
  g_clear_error (&error);
  g_assert_true (xmpp_certificate_error_get_certificate (copy) == certificate);
  g_assert_cmphex (xmpp_certificate_error_get_flags (copy), ==, row->told != 0 ? row->told : row->flags);
}

static void
test_sha256 (void)
{
  /* Some certificate and what `openssl x509 -fingerprint -sha256` says of it. */
  static const char pem[] =
      "-----BEGIN CERTIFICATE-----\n"
      "MIIBLjCB4aADAgECAhRZDXp8Snc/oQessVQKgC3awti/szAFBgMrZXAwDDEKMAgG\n"
      "A1UEAwwBYTAgFw0yNjExMjQxNzUwMjdaGA8yMTI2MTAzMTE3NTAyN1owDDEKMAgG\n"
      "A1UEAwwBYTAqMAUGAytlcAMhAAwIxHayDu1yKpaGP2GrVr4zwBriSHzdT/xLLE0Y\n"
      "kaRKo1MwUTAdBgNVHQ4EFgQU6d7oQbDc1LQmIdU1zcoRz5N2rnAwHwYDVR0jBBgw\n"
      "FoAU6d7oQbDc1LQmIdU1zcoRz5N2rnAwDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXAD\n"
      "QQC0rH8YinoWgMuF7PTY1qHUvs0OLR+hLWHLhyfG0z95MUWAz/m+YdIUfsUjAVb7\n"
      "+Lq3wzGaiVKtn462DxaVYKwM\n"
      "-----END CERTIFICATE-----\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_autofree char *sha256 = NULL;

  g_assert_no_error (error);
  sha256 = xmpp_certificate_dup_sha256 (certificate);
  g_assert_cmpstr (sha256, ==, "a85cd413c2d7134757bc84112c101bc6664b30514bb691e6c7412b78e2a6c473");
}

static void
test_policy (void)
{
  const XmppTlsPolicy policy = { .domain = (char *) "example.org",
                                 .pinned_sha256 = (char *) "abc",
                                 .alpn = TRUE };
  XmppTlsPolicy copy = { NULL };

  xmpp_tls_policy_copy (&copy, &policy);
  g_assert_cmpstr (copy.domain, ==, "example.org");
  g_assert_true (copy.domain != policy.domain);
  g_assert_cmpstr (copy.pinned_sha256, ==, "abc");
  g_assert_true (copy.alpn);
  xmpp_tls_policy_clear (&copy);
  g_assert_null (copy.domain);
  g_assert_null (copy.pinned_sha256);
}

int
main (int argc,
      char **argv)
{
  g_autoptr (LinnetTestCa) ca = NULL;
  Case cases[G_N_ELEMENTS (rows)];

  g_test_init (&argc, &argv, NULL);
  ca = linnet_test_ca_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/xmpp/certificate/", rows[i].name, NULL);

      cases[i] = (Case) { ca, &rows[i] };
      g_test_add_data_func (path, &cases[i], test_row);
    }
  g_test_add_func ("/xmpp/certificate/sha256", test_sha256);
  g_test_add_func ("/xmpp/certificate/policy", test_policy);

  return g_test_run ();
}
