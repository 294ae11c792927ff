/* Whether a server's certificate will do
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-certificate"

#include "config.h"

#include "xmpp-certificate.h"

typedef struct
{
  GTlsCertificate *certificate; /* nullable */
  GTlsCertificateFlags flags;
} XmppCertificateErrorPrivate;

static void
xmpp_certificate_error_private_init (XmppCertificateErrorPrivate *priv)
{
}

static void
xmpp_certificate_error_private_copy (const XmppCertificateErrorPrivate *source,
                                     XmppCertificateErrorPrivate *dest)
{
  dest->certificate = source->certificate != NULL ? g_object_ref (source->certificate) : NULL;
  dest->flags = source->flags;
}

static void
xmpp_certificate_error_private_clear (XmppCertificateErrorPrivate *priv)
{
  g_clear_object (&priv->certificate);
}

G_DEFINE_EXTENDED_ERROR (XmppCertificateError, xmpp_certificate_error)

static GByteArray *
dup_der (GTlsCertificate *certificate)
{
  GByteArray *der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);

  return der;
}

static gboolean
has_alternative_name (GTlsCertificate *certificate)
{
  g_autoptr (GPtrArray) names = g_tls_certificate_get_dns_names (certificate);
  g_autoptr (GPtrArray) addresses = g_tls_certificate_get_ip_addresses (certificate);

  return (names != NULL && names->len > 0) || (addresses != NULL && addresses->len > 0);
}

static GError *
certificate_error_new (GTlsCertificate *certificate,
                       GTlsCertificateFlags flags,
                       gboolean changed)
{
  GError *error;
  XmppCertificateErrorPrivate *priv;

  error = g_error_new (XMPP_CERTIFICATE_ERROR,
                       changed ? XMPP_CERTIFICATE_ERROR_CHANGED : XMPP_CERTIFICATE_ERROR_REJECTED,
                       "The server's certificate is %s (flags 0x%x)",
                       changed ? "another one than the pinned one" : "not trusted",
                       flags);
  priv = xmpp_certificate_error_get_private (error);
  priv->certificate = g_object_ref (certificate);
  priv->flags = flags;

  return error;
}

void
xmpp_tls_policy_clear (XmppTlsPolicy *self)
{
  g_clear_pointer (&self->domain, g_free);
  g_clear_pointer (&self->pinned_sha256, g_free);
}

void
xmpp_tls_policy_copy (XmppTlsPolicy *self,
                      const XmppTlsPolicy *other)
{
  self->domain = g_strdup (other->domain);
  self->pinned_sha256 = g_strdup (other->pinned_sha256);
  self->alpn = other->alpn;
}

gboolean
xmpp_certificate_check (GTlsCertificate *certificate,
                        GTlsCertificateFlags flags,
                        const XmppTlsPolicy *policy,
                        gboolean *pinned,
                        GError **error)
{
  g_autofree char *sha256 = NULL;

  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), FALSE);

  *pinned = FALSE;

  if (!has_alternative_name (certificate))
    flags |= G_TLS_CERTIFICATE_BAD_IDENTITY;

  if (flags == G_TLS_CERTIFICATE_NO_FLAGS)
    return TRUE;

  sha256 = xmpp_certificate_dup_sha256 (certificate);
  if (policy->pinned_sha256 != NULL && g_str_equal (policy->pinned_sha256, sha256))
    {
      *pinned = TRUE;
      return TRUE;
    }

  g_propagate_error (error, certificate_error_new (certificate, flags, policy->pinned_sha256 != NULL));

  return FALSE;
}

/**
 * xmpp_certificate_error_get_certificate:
 *
 * Returns: (transfer none): the certificate that was not accepted
 */
GTlsCertificate *
xmpp_certificate_error_get_certificate (const GError *error)
{
  g_return_val_if_fail (error != NULL && error->domain == XMPP_CERTIFICATE_ERROR, NULL);

  return xmpp_certificate_error_get_private (error)->certificate;
}

/**
 * xmpp_certificate_error_get_flags:
 *
 * Returns: everything that is wrong with the certificate
 */
GTlsCertificateFlags
xmpp_certificate_error_get_flags (const GError *error)
{
  g_return_val_if_fail (error != NULL && error->domain == XMPP_CERTIFICATE_ERROR, 0);

  return xmpp_certificate_error_get_private (error)->flags;
}

/**
 * xmpp_certificate_dup_sha256:
 *
 * Returns: (transfer full): the SHA-256 of the certificate in DER, in lower-case hex; what a pin is compared
 * with
 */
char *
xmpp_certificate_dup_sha256 (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = NULL;

  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), NULL);

  der = dup_der (certificate);

  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
}
