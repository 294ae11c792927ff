/* How an account reaches its server, and what is known of that connection
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account.h"

G_BEGIN_DECLS

#define LINNET_TYPE_CONNECTION_PAGE (linnet_connection_page_get_type ())
G_DECLARE_FINAL_TYPE (
    LinnetConnectionPage, linnet_connection_page, LINNET, CONNECTION_PAGE, AdwNavigationPage)

AdwNavigationPage *linnet_connection_page_new (LinnetAccount *account);

G_END_DECLS
