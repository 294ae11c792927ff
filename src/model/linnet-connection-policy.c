/* What to do when a connection failed or ended
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-connection"

#include "config.h"

#include "linnet-connection-policy.h"
#include "linnet-error-private.h"
#include "xmpp-error.h"

/* A server that lets us in only to throw us out again must not be hammered: shorter connections count as
 * failures. */
#define STABLE_AFTER (30 * G_TIME_SPAN_SECOND)
/* Twice within this time is once too often. */
#define CONFLICT_WINDOW (10 * G_TIME_SPAN_MINUTE)
#define VIOLATION_WINDOW (10 * G_TIME_SPAN_MINUTE)
#define REDIRECT_WINDOW (10 * G_TIME_SPAN_MINUTE)
#define VIOLATION_DELAY_MS 60000
/* A restart takes a while; all clients of that server are waiting for it. */
#define SHUTDOWN_MIN_MS 2000

static gboolean
is_again (gint64 *last,
          gint64 now,
          gint64 window)
{
  gboolean again = *last != 0 && now - *last < window;

  *last = now;

  return again;
}

static void
judge_stream_error (LinnetConnectionHistory *history,
                    const GError *error,
                    gint64 now,
                    LinnetConnectionVerdict *verdict)
{
  switch (error->code)
    {
    case XMPP_STREAM_ERROR_CONFLICT:
      /* With another resource both can live; if even that one is taken, two copies of one profile fight. */
      verdict->new_resource = TRUE;
      verdict->hold = is_again (&history->last_conflict, now, CONFLICT_WINDOW);
      break;
    case XMPP_STREAM_ERROR_POLICY_VIOLATION:
      /* Doing the same again at once would only be punished harder. */
      verdict->delay_ms = VIOLATION_DELAY_MS;
      verdict->hold = is_again (&history->last_violation, now, VIOLATION_WINDOW);
      break;
    case XMPP_STREAM_ERROR_SYSTEM_SHUTDOWN:
    case XMPP_STREAM_ERROR_RESET:
      verdict->delay_ms = MAX (verdict->delay_ms, SHUTDOWN_MIN_MS);
      break;
    case XMPP_STREAM_ERROR_SEE_OTHER_HOST:
      /* Only of a connection that was online: its server has proved who it is (security.md A7). */
      verdict->other_host = history->online_since != 0;
      /* Two servers that send us to and fro are not followed at the speed of light. */
      if (verdict->other_host && !is_again (&history->last_redirect, now, REDIRECT_WINDOW))
        verdict->delay_ms = 0;
      break;
    default:
      break;
    }
}

void
linnet_connection_judge (LinnetConnectionHistory *history,
                         const GError *error,
                         gint64 now,
                         double random,
                         LinnetConnectionVerdict *verdict)
{
  g_autoptr (GError) ours = NULL;
  gboolean was_stable;

  g_return_if_fail (history != NULL && error != NULL && verdict != NULL);

  ours = linnet_error_from_lower (error, NULL);
  *verdict = (LinnetConnectionVerdict) { 0 };
  was_stable = history->online_since != 0 && now - history->online_since >= STABLE_AFTER;

  if (was_stable)
    linnet_backoff_reset (&history->backoff);
  verdict->delay_ms = linnet_backoff_next (&history->backoff, random);

  if (error->domain == XMPP_STREAM_ERROR)
    judge_stream_error (history, error, now, verdict);

  if (linnet_error_needs_person (ours))
    verdict->hold = TRUE;

  history->online_since = 0;
}
