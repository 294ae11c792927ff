/* How long to wait before the next attempt
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-backoff"

#include "config.h"

#include "linnet-backoff.h"

#define MIN_DELAY 100
#define MAX_DELAY 60000
#define DOUBLINGS 6 /* 1 s << 6 is beyond MAX_DELAY */

void
linnet_backoff_reset (LinnetBackoff *self)
{
  g_return_if_fail (self != NULL);

  self->attempts = 0;
}

guint
linnet_backoff_next (LinnetBackoff *self,
                     double random)
{
  guint limit;

  g_return_val_if_fail (self != NULL, MAX_DELAY);
  g_return_val_if_fail (random >= 0.0 && random < 1.0, MAX_DELAY);

  limit = MIN (1000u << MIN (self->attempts, DOUBLINGS), MAX_DELAY);
  self->attempts++;

  return MAX ((guint) (limit * random), MIN_DELAY);
}
