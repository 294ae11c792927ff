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

/* Where the port begins in @host, or NULL. The colons of an IPv6 address are none's. */
static char *
find_port (char *host)
{
  char *colon = strrchr (host, ':');

  if (colon == NULL || (strchr (host, ':') != colon && colon > host && colon[-1] != ']'))
    return NULL;

  return colon;
}

/**
 * linnet_address_dup_typed_domain:
 * @text: what a person typed or pasted
 *
 * Understands "lark.chat", and what leads there: "mira@lark.chat", "lark.chat:5222", "xmpp:mira@lark.chat"
 * and the address of a web page. The port is left out.
 *
 * Returns: (transfer full) (nullable): the domain in the one form in which domains are compared
 */
char *
linnet_address_dup_typed_domain (const char *text)
{
  g_autofree char *trimmed = NULL;
  g_autoptr (XmppJid) jid = NULL;
  char *start, *end, *port;

  g_return_val_if_fail (text != NULL, NULL);

  trimmed = g_strstrip (g_strdup (text));
  start = trimmed;
  if (g_ascii_strncasecmp (start, "xmpp:", strlen ("xmpp:")) == 0)
    start += strlen ("xmpp:");
  else if ((end = strstr (start, "://")) != NULL)
    start = end + strlen ("://");

  end = start + strcspn (start, "/?#");
  *end = '\0';
  end = strrchr (start, '@');
  if (end != NULL)
    start = end + 1;

  port = find_port (start);
  if (port != NULL && port[1 + strspn (port + 1, "0123456789")] == '\0')
    *port = '\0';

  jid = xmpp_jid_new_from_parts (NULL, start, NULL, NULL);

  return jid != NULL ? g_strdup (xmpp_jid_get_domain (jid)) : NULL;
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
