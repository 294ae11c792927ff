/* Who vouches for a server's key
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-voucher"

#include "config.h"

#include <gnutls/x509.h>

#include "xmpp-voucher.h"

#define KEY_BYTES 32
#define MAX_NAME 1024

static char *
dup_authority (gnutls_x509_crt_t certificate)
{
  char name[MAX_NAME];
  size_t size = sizeof name;

  if (gnutls_x509_crt_get_issuer_dn_by_oid (
          certificate, GNUTLS_OID_X520_ORGANIZATION_NAME, 0, 0, name, &size) < 0)
    {
      size = sizeof name;
      if (gnutls_x509_crt_get_issuer_dn (certificate, name, &size) < 0)
        return NULL;
    }

  return g_utf8_make_valid (name, (gssize) strnlen (name, size));
}

static char *
dup_key (gnutls_x509_crt_t certificate)
{
  guint8 hash[KEY_BYTES];
  size_t size = sizeof hash;
  GString *hex;

  if (gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA256, hash, &size) < 0)
    return NULL;

  hex = g_string_sized_new (2 * KEY_BYTES);
  for (size_t i = 0; i < size; i++)
    g_string_append_printf (hex, "%02x", hash[i]);

  return g_string_free_and_steal (hex);
}

gboolean
xmpp_voucher_read (GBytes *der,
                   char **authority,
                   char **key)
{
  gnutls_x509_crt_t certificate;
  gnutls_datum_t data;
  gsize size;

  g_return_val_if_fail (der != NULL && authority != NULL && key != NULL, FALSE);

  *authority = *key = NULL;
  data.data = (unsigned char *) g_bytes_get_data (der, &size);
  data.size = (unsigned int) size;

  if (gnutls_x509_crt_init (&certificate) < 0)
    return FALSE;
  if (gnutls_x509_crt_import (certificate, &data, GNUTLS_X509_FMT_DER) == 0)
    {
      *authority = dup_authority (certificate);
      *key = dup_key (certificate);
    }
  gnutls_x509_crt_deinit (certificate);

  if (*authority != NULL && *key != NULL)
    return TRUE;
  g_clear_pointer (authority, g_free);
  g_clear_pointer (key, g_free);

  return FALSE;
}
