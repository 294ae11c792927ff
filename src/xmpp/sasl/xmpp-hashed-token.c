/* The Hashed Token SASL mechanisms, draft-schmaus-kitten-sasl-ht-09, as XEP-0484 uses them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-hashed-token"

#include "config.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "xmpp-hashed-token.h"

#define MAC_LENGTH 32

/* Strongest first. */
static const XmppHashedToken mechanisms[] = {
  { "HT-SHA-256-EXPR", "tls-exporter" },
  { "HT-SHA-256-ENDP", "tls-server-end-point" },
};

static void
token_mac (const char *token,
           const char *role,
           GBytes *binding_data,
           guint8 *out)
{
  g_autoptr (GByteArray) text = g_byte_array_new ();
  gsize length;
  const guint8 *data = g_bytes_get_data (binding_data, &length);

  g_byte_array_append (text, (const guint8 *) role, strlen (role));
  g_byte_array_append (text, data, length);
  if (gnutls_hmac_fast (GNUTLS_MAC_SHA256, token, strlen (token), text->data, text->len, out) < 0)
    g_error ("GnuTLS cannot compute SHA-256");
}

const XmppHashedToken *
xmpp_hashed_token_lookup (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    if (g_strcmp0 (name, mechanisms[i].name) == 0)
      return &mechanisms[i];

  return NULL;
}

const XmppHashedToken *
xmpp_hashed_token_choose (const char *const *offered,
                          const char *const *available)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    if (g_strv_contains (offered, mechanisms[i].name) && g_strv_contains (available, mechanisms[i].binding))
      return &mechanisms[i];

  return NULL;
}

GBytes *
xmpp_hashed_token_initiate (const XmppHashedToken *self,
                            const char *username,
                            const char *token,
                            GBytes *binding_data)
{
  GByteArray *out = g_byte_array_new ();
  guint8 mac[MAC_LENGTH];

  g_return_val_if_fail (self != NULL && username != NULL && token != NULL && binding_data != NULL, NULL);

  token_mac (token, "Initiator", binding_data, mac);
  g_byte_array_append (out, (const guint8 *) username, strlen (username) + 1);
  g_byte_array_append (out, mac, sizeof mac);

  return g_byte_array_free_to_bytes (out);
}

gboolean
xmpp_hashed_token_verify (const XmppHashedToken *self,
                          const char *token,
                          GBytes *binding_data,
                          GBytes *answer)
{
  guint8 mac[MAC_LENGTH];

  g_return_val_if_fail (self != NULL && token != NULL && binding_data != NULL, FALSE);

  if (answer == NULL || g_bytes_get_size (answer) != sizeof mac)
    return FALSE;
  token_mac (token, "Responder", binding_data, mac);

  return gnutls_memcmp (mac, g_bytes_get_data (answer, NULL), sizeof mac) == 0;
}
