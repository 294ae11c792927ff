/* A certificate that could not be verified, for the dialog about it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-certificate-problem"

#include "config.h"

#include "linnet-certificate-problem.h"
#include "linnet-error-private.h"
#include "xmpp-message.h"
#include "xmpp-stream.h"

static const struct
{
  GTlsCertificateFlags theirs;
  LinnetCertificateFlags ours;
} flag_map[] = {
  { G_TLS_CERTIFICATE_UNKNOWN_CA, LINNET_CERTIFICATE_UNKNOWN_CA },
  { G_TLS_CERTIFICATE_BAD_IDENTITY, LINNET_CERTIFICATE_WRONG_NAME },
  { G_TLS_CERTIFICATE_NOT_ACTIVATED, LINNET_CERTIFICATE_NOT_YET_VALID },
  { G_TLS_CERTIFICATE_EXPIRED, LINNET_CERTIFICATE_EXPIRED },
  { G_TLS_CERTIFICATE_REVOKED, LINNET_CERTIFICATE_REVOKED },
  { G_TLS_CERTIFICATE_INSECURE, LINNET_CERTIFICATE_INSECURE },
  { G_TLS_CERTIFICATE_GENERIC_ERROR, LINNET_CERTIFICATE_OTHER },
};

static LinnetCertificateFlags
translate_flags (GTlsCertificateFlags flags)
{
  LinnetCertificateFlags result = 0;

  for (guint i = 0; i < G_N_ELEMENTS (flag_map); i++)
    {
      if (flags & flag_map[i].theirs)
        result |= flag_map[i].ours;
    }

  return result;
}

/* A certificate says whatever its maker liked: it is cleaned like any other text from the network. */
static void
add_name (GPtrArray *names,
          GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autofree char *text = g_utf8_make_valid (data, size);
  char *name = xmpp_text_clean_name (text);

  if (name != NULL)
    g_ptr_array_add (names, name);
}

static GPtrArray *
list_names (GTlsCertificate *certificate)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) dns = g_tls_certificate_get_dns_names (certificate);
  g_autoptr (GPtrArray) addresses = g_tls_certificate_get_ip_addresses (certificate);

  for (guint i = 0; dns != NULL && i < dns->len; i++)
    add_name (names, g_ptr_array_index (dns, i));

  for (guint i = 0; addresses != NULL && i < addresses->len; i++)
    g_ptr_array_add (names, g_inet_address_to_string (g_ptr_array_index (addresses, i)));

  return names;
}

static char *
clean (char *text)
{
  char *result = text != NULL ? xmpp_text_clean_name (text) : NULL;

  g_free (text);

  return result;
}

/**
 * linnet_certificate_problem_from_error:
 * @error: any error
 *
 * Returns: (transfer full) (nullable): what the dialog shows; %NULL when @error is not about a certificate
 */
LinnetCertificateProblem *
linnet_certificate_problem_from_error (const GError *error)
{
  LinnetCertificateProblem *self;
  GTlsCertificate *certificate;

  g_return_val_if_fail (error != NULL, NULL);

  if (!g_error_matches (error, LINNET_ERROR, LINNET_ERROR_CERTIFICATE) &&
      !g_error_matches (error, LINNET_ERROR, LINNET_ERROR_CERTIFICATE_CHANGED))
    return NULL;

  certificate = linnet_error_get_certificate (error);
  if (certificate == NULL)
    return NULL;

  self = g_new0 (LinnetCertificateProblem, 1);
  self->domain = g_strdup (linnet_error_get_domain_name (error));
  self->subject = clean (g_tls_certificate_get_subject_name (certificate));
  self->issuer = clean (g_tls_certificate_get_issuer_name (certificate));
  self->sha256 = xmpp_certificate_dup_sha256 (certificate);
  self->not_before = g_tls_certificate_get_not_valid_before (certificate);
  self->not_after = g_tls_certificate_get_not_valid_after (certificate);
  self->names = list_names (certificate);
  self->flags = translate_flags (linnet_error_get_certificate_flags (error));
  self->changed = error->code == LINNET_ERROR_CERTIFICATE_CHANGED;

  return self;
}

void
linnet_certificate_problem_free (LinnetCertificateProblem *self)
{
  if (self == NULL)
    return;

  g_free (self->domain);
  g_free (self->subject);
  g_free (self->issuer);
  g_free (self->sha256);
  g_clear_pointer (&self->not_before, g_date_time_unref);
  g_clear_pointer (&self->not_after, g_date_time_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_free (self);
}
