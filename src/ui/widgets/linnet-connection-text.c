/* A connection that is down, in words
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-connection-text"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-connection-text.h"
#include "linnet-error.h"

/**
 * linnet_connection_text:
 * @state: any but %LINNET_CONNECTION_ONLINE
 * @error: (nullable): LinnetAccount:error
 * @domain: the server's name
 * @retry_in: seconds till the next attempt, or 0
 *
 * Returns: (transfer full): why there is no connection, and what comes next
 */
char *
linnet_connection_text (LinnetConnectionState state,
                        const GError *error,
                        const char *domain,
                        guint retry_in)
{
  guint minutes = retry_in / 60 + (retry_in % 60 > 0);
  g_autofree char *why = NULL, *when = NULL;

  g_return_val_if_fail (domain != NULL, NULL);

  if (state == LINNET_CONNECTION_OFFLINE || error == NULL)
    return g_strdup (_ ("You are offline. Messages will be sent when you are back."));

  /* While it is tried again and again there is nothing to do, so the short form is enough. */
  if (state == LINNET_CONNECTION_RECONNECTING &&
      g_error_matches (error, LINNET_ERROR, LINNET_ERROR_SERVER_UNREACHABLE))
    why = g_strdup_printf (_ ("%s does not answer."), domain);
  else
    why = linnet_error_to_text (error, domain);
  if (state != LINNET_CONNECTION_RECONNECTING || retry_in == 0)
    return g_steal_pointer (&why);

  if (retry_in < 60)
    when = g_strdup_printf (ngettext ("Next attempt in %u second.", "Next attempt in %u seconds.", retry_in),
                            retry_in);
  else
    when = g_strdup_printf (ngettext ("Next attempt in %u minute.", "Next attempt in %u minutes.", minutes),
                            minutes);

  /* Translators: two sentences, one after the other: what happened, when Linnet tries again */
  return g_strdup_printf (C_ ("sentences", "%s %s"), why, when);
}

/**
 * linnet_connection_needs_password:
 * @error: (nullable): LinnetAccount:error
 *
 * Returns: whether a password is what the account waits for
 */
gboolean
linnet_connection_needs_password (const GError *error)
{
  return g_error_matches (error, LINNET_ERROR, LINNET_ERROR_WRONG_PASSWORD) ||
         g_error_matches (error, LINNET_ERROR, LINNET_ERROR_NO_PASSWORD) ||
         g_error_matches (error, LINNET_ERROR, LINNET_ERROR_KEYRING_LOCKED) ||
         g_error_matches (error, LINNET_ERROR, LINNET_ERROR_KEYRING_MISSING);
}

/**
 * linnet_connection_text_action:
 * @state: any but %LINNET_CONNECTION_ONLINE
 * @error: (nullable): LinnetAccount:error
 *
 * Returns: (transfer none): the label of the button that helps
 */
const char *
linnet_connection_text_action (LinnetConnectionState state, const GError *error)
{
  if (state != LINNET_CONNECTION_FAILED || error == NULL)
    return _ ("Reconnect");

  switch ((LinnetError) error->code)
    {
    case LINNET_ERROR_CERTIFICATE:
    case LINNET_ERROR_CERTIFICATE_CHANGED:
      return _ ("Show Certificate…");
    case LINNET_ERROR_AUTHORITY_CHANGED:
      return _ ("Details…");
    case LINNET_ERROR_PLAIN_CONSENT:
      return _ ("Sign In…");
    default:
      return linnet_connection_needs_password (error) ? _ ("Sign In…") : _ ("Reconnect");
    }
}
