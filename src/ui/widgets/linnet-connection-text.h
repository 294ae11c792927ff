/* A connection that is down, in words
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include "linnet-types.h"

G_BEGIN_DECLS

char *linnet_connection_text (LinnetConnectionState state,
                              const GError *error,
                              const char *domain,
                              guint retry_in);
const char *linnet_connection_text_action (LinnetConnectionState state, const GError *error);

G_END_DECLS
