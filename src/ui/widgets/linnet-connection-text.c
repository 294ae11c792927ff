/* A connection that is down, in words
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-connection-text"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-connection-text.h"
#include "linnet-error-question.h"
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
 * linnet_connection_text_action:
 * @state: any but %LINNET_CONNECTION_ONLINE
 * @error: (nullable): LinnetAccount:error
 *
 * Returns: (transfer none): the label of the button that helps
 */
const char *
linnet_connection_text_action (LinnetConnectionState state, const GError *error)
{
  if (state != LINNET_CONNECTION_FAILED)
    return _ ("Reconnect");

  switch (linnet_error_question_from_error (error))
    {
    case LINNET_ERROR_QUESTION_CERTIFICATE:
      return _ ("Show Certificate…");
    case LINNET_ERROR_QUESTION_AUTHORITY:
      return _ ("Details…");
    case LINNET_ERROR_QUESTION_PASSWORD:
    case LINNET_ERROR_QUESTION_PLAIN:
      return _ ("Sign In…");
    case LINNET_ERROR_QUESTION_NONE:
    default:
      return _ ("Reconnect");
    }
}
