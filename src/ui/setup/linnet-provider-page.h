/* Choosing where to have an account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-provider-list.h"

G_BEGIN_DECLS

/**
 * LinnetProviderPage:
 *
 * Providers to choose from, and any other server by its name. When it is shown, and not before, the list is
 * brought up to date over the network.
 *
 * Signals: `chosen` (const char *domain, LinnetProvider *nullable).
 */
#define LINNET_TYPE_PROVIDER_PAGE (linnet_provider_page_get_type ())
G_DECLARE_FINAL_TYPE (LinnetProviderPage, linnet_provider_page, LINNET, PROVIDER_PAGE, AdwNavigationPage)

LinnetProviderPage *linnet_provider_page_new (LinnetProviderList *providers);

G_END_DECLS
