/* Addresses as a person types them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-address"

#include "config.h"

#include <string.h>

#include "linnet-account-manager.h"
#include "linnet-error.h"
#include "xmpp-jid.h"

/**
 * linnet_address_normalize:
 * @text: what a person typed
 * @error: return location for LINNET_ERROR_BAD_ADDRESS
 *
 * Returns: (transfer full) (nullable): the address in the one form in which addresses are compared
 */
char *
linnet_address_normalize (const char *text,
                          GError **error)
{
  g_autofree char *trimmed = NULL;
  g_autoptr (XmppJid) jid = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  trimmed = g_strstrip (g_strdup (text));
  jid = xmpp_jid_new (trimmed, NULL);

  if (jid == NULL || !xmpp_jid_is_bare (jid) || xmpp_jid_get_local (jid) == NULL)
    {
      g_set_error_literal (error, LINNET_ERROR, LINNET_ERROR_BAD_ADDRESS, "Not of the form user@domain");
      return NULL;
    }

  return g_strdup (xmpp_jid_get_string (jid));
}

/**
 * linnet_address_get_domain:
 * @address: a bare address
 *
 * Returns: (transfer none): the part after the @
 */
const char *
linnet_address_get_domain (const char *address)
{
  const char *at;

  g_return_val_if_fail (address != NULL, NULL);

  at = strchr (address, '@');

  return at != NULL ? at + 1 : address;
}
