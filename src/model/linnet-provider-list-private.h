/* Where the list of providers is fetched from
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-fetch-private.h"
#include "linnet-provider-list.h"

G_BEGIN_DECLS

/* For tests, whose servers are on this machine. @policy: nullable; must outlive @self. */
void linnet_provider_list_set_source (LinnetProviderList *self,
                                      const char *url,
                                      const LinnetFetchPolicy *policy);

G_END_DECLS
