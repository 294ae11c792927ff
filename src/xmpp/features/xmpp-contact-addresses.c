/* XEP-0157 Contact Addresses for XMPP Services, version 1.1.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-contact-addresses"

#include "config.h"

#include <string.h>

#include "xmpp-contact-addresses.h"

#define FORM_TYPE "http://jabber.org/network/serverinfo"
#define MAX_ADDRESSES 8
#define MAX_LENGTH 256

static const char *const fields[XMPP_N_CONTACTS] = {
  [XMPP_CONTACT_ABUSE] = "abuse-addresses",
  [XMPP_CONTACT_ADMIN] = "admin-addresses",
  [XMPP_CONTACT_FEEDBACK] = "feedback-addresses",
  [XMPP_CONTACT_SALES] = "sales-addresses",
  [XMPP_CONTACT_SECURITY] = "security-addresses",
  [XMPP_CONTACT_STATUS] = "status-addresses",
  [XMPP_CONTACT_SUPPORT] = "support-addresses",
};

/* A URI is ASCII without spaces (RFC 3986): whatever else is in one is there to look like something else. */
static gboolean
is_plain (const char *uri)
{
  for (const char *c = uri; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      return FALSE;

  return TRUE;
}

static gboolean
is_safe (const char *uri)
{
  static const char *const schemes[] = { "mailto:", "xmpp:", "https://" };

  if (strlen (uri) > MAX_LENGTH || !is_plain (uri))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_ascii_strncasecmp (uri, schemes[i], strlen (schemes[i])) == 0)
      return uri[strlen (schemes[i])] != '\0';

  return FALSE;
}

char **
xmpp_contact_addresses_dup (XmppDiscoInfo *info, XmppContactKind kind)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) values = NULL;
  guint n = 0;

  g_return_val_if_fail (info != NULL, NULL);
  g_return_val_if_fail (kind < XMPP_N_CONTACTS, NULL);

  values = xmpp_disco_info_dup_form_values (info, FORM_TYPE, fields[kind]);
  for (guint i = 0; values[i] != NULL && n < MAX_ADDRESSES; i++)
    {
      g_strstrip (values[i]);
      if (!is_safe (values[i]))
        continue;
      g_strv_builder_add (builder, values[i]);
      n++;
    }

  return g_strv_builder_end (builder);
}
