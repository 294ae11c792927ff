/* How long to wait before the next attempt
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* security.md R22: the limit grows 1, 2, 4 … 60 s, and the delay is anything below it, so that a thousand
 * clients that lost the same server do not come back in step. */
typedef struct
{
  guint attempts;
} LinnetBackoff;

void linnet_backoff_reset (LinnetBackoff *self);
/* The delay in milliseconds, at least 100; each call counts as an attempt. @random: uniform in [0, 1). */
guint linnet_backoff_next (LinnetBackoff *self, double random);

G_END_DECLS
