/* Presence in words
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-presence-text"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-format.h"
#include "linnet-presence-text.h"

/**
 * linnet_presence_text:
 *
 * Returns: (transfer none): one word or two
 */
const char *
linnet_presence_text (LinnetShow show)
{
  switch (show)
    {
    case LINNET_SHOW_ONLINE:
    case LINNET_SHOW_CHAT:
      return _ ("online");
    case LINNET_SHOW_AWAY:
    case LINNET_SHOW_EXTENDED_AWAY:
      return _ ("away");
    case LINNET_SHOW_BUSY:
      return _ ("busy");
    case LINNET_SHOW_OFFLINE:
    default:
      return _ ("offline");
    }
}

/**
 * linnet_presence_text_for_contact:
 *
 * Presence is known only of those who share it, and only while there is a connection: otherwise nothing is
 * said rather than "offline".
 *
 * Returns: (transfer full): for example "online", "away · At lunch", "last seen 12 minutes ago", or ""
 */
char *
linnet_presence_text_for_contact (LinnetContact *contact)
{
  LinnetAccount *account;
  LinnetShow show;
  const char *status;

  g_return_val_if_fail (LINNET_IS_CONTACT (contact), NULL);

  /* The server tells nothing of them any more, so what was known last may be wrong. */
  if (linnet_contact_get_blocked (contact))
    return g_strdup (_ ("blocked"));

  account = linnet_contact_get_account (contact);
  show = linnet_contact_get_show (contact);
  status = linnet_contact_get_status_text (contact);

  if (show == LINNET_SHOW_OFFLINE)
    {
      gint64 last_seen = linnet_contact_get_last_seen (contact);

      if (account == NULL || linnet_account_get_state (account) != LINNET_CONNECTION_ONLINE)
        return g_strdup ("");
      if (!(linnet_contact_get_subscription (contact) & LINNET_SUBSCRIPTION_TO))
        return g_strdup ("");
      if (last_seen > 0)
        return linnet_format_last_seen (last_seen);
    }

  if (status != NULL && *status != '\0')
    {
      g_autofree char *line = linnet_format_one_line (status, 120);

      return g_strdup_printf ("%s · %s", linnet_presence_text (show), line);
    }

  return g_strdup (linnet_presence_text (show));
}
