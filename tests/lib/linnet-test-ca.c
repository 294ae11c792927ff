/* A certificate authority that exists for one test run
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-test-ca"

#include "config.h"

#include <glib/gstdio.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "linnet-test-ca.h"

#define DAY (24 * 60 * 60)

struct _LinnetTestCa
{
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t certificate;
  guint32 serial;
  char *path; /* nullable: of what linnet_test_ca_trust() wrote */
};

/* Nothing here may fail; a test without certificates is worth nothing. */
#define CHECK(expression)                                           \
  G_STMT_START                                                      \
  {                                                                 \
    int check_ret = (expression);                                   \
    if (check_ret < 0)                                              \
      g_error ("%s: %s", #expression, gnutls_strerror (check_ret)); \
  }                                                                 \
  G_STMT_END

static gnutls_x509_privkey_t
make_key (void)
{
  gnutls_x509_privkey_t key;

  CHECK (gnutls_x509_privkey_init (&key));
  CHECK (gnutls_x509_privkey_generate (
      key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0));

  return key;
}

static void
set_name (gnutls_x509_crt_t certificate,
          const char *name)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (name);

  if (address != NULL)
    CHECK (gnutls_x509_crt_set_subject_alt_name (certificate,
                                                 GNUTLS_SAN_IPADDRESS,
                                                 g_inet_address_to_bytes (address),
                                                 g_inet_address_get_native_size (address),
                                                 GNUTLS_FSAN_APPEND));
  else
    CHECK (gnutls_x509_crt_set_subject_alt_name (
        certificate, GNUTLS_SAN_DNSNAME, name, strlen (name), GNUTLS_FSAN_APPEND));
}

static gnutls_x509_crt_t
make_certificate (LinnetTestCa *self,
                  const LinnetTestCertificate *spec,
                  gnutls_x509_privkey_t key)
{
  const char *common_name = spec->common_name != NULL ? spec->common_name : "Linnet test";
  guint32 serial = GUINT32_TO_BE (++self->serial);
  gboolean own = spec->self_signed || self->certificate == NULL;
  guint8 key_id[64];
  size_t key_id_size = sizeof key_id;
  gnutls_x509_crt_t certificate;
  time_t now = time (NULL);

  CHECK (gnutls_x509_crt_init (&certificate));
  CHECK (gnutls_x509_crt_set_version (certificate, 3));
  CHECK (gnutls_x509_crt_set_serial (certificate, &serial, sizeof serial));
  CHECK (gnutls_x509_crt_set_key (certificate, key));
  CHECK (gnutls_x509_crt_set_dn_by_oid (
      certificate, GNUTLS_OID_X520_COMMON_NAME, 0, common_name, strlen (common_name)));
  CHECK (gnutls_x509_crt_set_activation_time (
      certificate, now + DAY * (spec->valid_from_days != 0 ? spec->valid_from_days : -1)));
  CHECK (gnutls_x509_crt_set_expiration_time (
      certificate, now + DAY * (spec->valid_to_days != 0 ? spec->valid_to_days : 30)));
  CHECK (gnutls_x509_crt_set_basic_constraints (certificate, spec->is_ca, -1));
  CHECK (gnutls_x509_crt_set_key_usage (certificate,
                                        spec->is_ca ? GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN
                                                    : GNUTLS_KEY_DIGITAL_SIGNATURE));
  CHECK (gnutls_x509_crt_get_key_id (certificate, 0, key_id, &key_id_size));
  CHECK (gnutls_x509_crt_set_subject_key_id (certificate, key_id, key_id_size));

  if (!spec->is_ca)
    CHECK (gnutls_x509_crt_set_key_purpose_oid (certificate, GNUTLS_KP_TLS_WWW_SERVER, 0));
  if (!spec->is_ca && spec->common_name == NULL)
    {
      if (spec->names[0] == NULL)
        set_name (certificate, "example.org");
      for (gsize i = 0; i < G_N_ELEMENTS (spec->names) && spec->names[i] != NULL; i++)
        set_name (certificate, spec->names[i]);
    }

  CHECK (gnutls_x509_crt_sign2 (
      certificate, own ? certificate : self->certificate, own ? key : self->key, GNUTLS_DIG_SHA256, 0));

  return certificate;
}

static char *
dup_pem (gnutls_x509_crt_t certificate,
         gnutls_x509_privkey_t key)
{
  gnutls_datum_t certificate_pem = { NULL, 0 };
  gnutls_datum_t key_pem = { NULL, 0 };
  char *ret;

  CHECK (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &certificate_pem));
  if (key != NULL)
    CHECK (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, 0, &key_pem));

  ret = g_strdup_printf ("%.*s%.*s",
                         (int) certificate_pem.size,
                         certificate_pem.data,
                         (int) key_pem.size,
                         key_pem.data != NULL ? (char *) key_pem.data : "");
  gnutls_free (certificate_pem.data);
  gnutls_free (key_pem.data);

  return ret;
}

LinnetTestCa *
linnet_test_ca_new (void)
{
  /* Two authorities of one name would be one with a bad signature, not an unknown one. */
  g_autofree char *uuid = g_uuid_string_random ();
  const LinnetTestCertificate spec = { .common_name = uuid, .is_ca = TRUE };
  LinnetTestCa *self = g_new0 (LinnetTestCa, 1);

  self->key = make_key ();
  self->certificate = make_certificate (self, &spec, self->key);

  return self;
}

void
linnet_test_ca_free (LinnetTestCa *self)
{
  if (self->path != NULL)
    {
      g_tls_backend_set_default_database (g_tls_backend_get_default (), NULL);
      g_unlink (self->path);
      g_free (self->path);
    }

  gnutls_x509_crt_deinit (self->certificate);
  gnutls_x509_privkey_deinit (self->key);
  g_free (self);
}

void
linnet_test_ca_trust (LinnetTestCa *self)
{
  g_autofree char *pem = dup_pem (self->certificate, NULL);
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GError) error = NULL;
  int fd;

  g_return_if_fail (self->path == NULL);

  fd = g_file_open_tmp ("linnet-test-ca-XXXXXX.pem", &self->path, &error);
  g_assert_no_error (error);
  g_close (fd, NULL);
  g_file_set_contents (self->path, pem, -1, &error);
  g_assert_no_error (error);

  /* The file must stay: it is read again for each connection. */
  database = g_tls_file_database_new (self->path, &error);
  g_assert_no_error (error);

  g_tls_backend_set_default_database (g_tls_backend_get_default (), database);
}

GTlsCertificate *
linnet_test_ca_issue (LinnetTestCa *self,
                      const LinnetTestCertificate *spec)
{
  static const LinnetTestCertificate plain = { .names = { NULL } };
  gnutls_x509_privkey_t key = make_key ();
  gnutls_x509_crt_t certificate = make_certificate (self, spec != NULL ? spec : &plain, key);
  g_autofree char *pem = dup_pem (certificate, key);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *ret = g_tls_certificate_new_from_pem (pem, -1, &error);

  g_assert_no_error (error);
  gnutls_x509_crt_deinit (certificate);
  gnutls_x509_privkey_deinit (key);

  return ret;
}
