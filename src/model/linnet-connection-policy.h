/* What to do when a connection failed or ended
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-backoff.h"

G_BEGIN_DECLS

/* What happened so far; starts as zeroes. Times are monotonic, in microseconds. */
typedef struct
{
  LinnetBackoff backoff; /* attempts failed in a row */
  gint64 online_since;   /* 0: the connection that failed never was online */
  gint64 last_conflict;  /* 0: never */
  gint64 last_violation; /* 0: never */
  gint64 last_redirect;  /* 0: never */
} LinnetConnectionHistory;

typedef struct
{
  guint hold : 1;         /* only the person can help */
  guint new_resource : 1; /* somebody else has ours, so do not resume either */
  guint other_host : 1;   /* go where the server said */
  guint delay_ms;
} LinnetConnectionVerdict;

/**
 * linnet_connection_judge:
 * @history: what happened so far; brought up to date
 * @error: of any layer below: why the attempt failed or the connection ended
 * @now: g_get_monotonic_time()
 * @random: uniform in [0, 1)
 *
 * The reconnect policy (security.md R22) without any clock or network of its own.
 */
void linnet_connection_judge (LinnetConnectionHistory *history,
                              const GError *error,
                              gint64 now,
                              double random,
                              LinnetConnectionVerdict *verdict);

G_END_DECLS
