/* Whom to turn to about an account's server
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account.h"

G_BEGIN_DECLS

#define LINNET_TYPE_SERVER_CONTACT_PAGE (linnet_server_contact_page_get_type ())
G_DECLARE_FINAL_TYPE (LinnetServerContactPage,
                      linnet_server_contact_page,
                      LINNET,
                      SERVER_CONTACT_PAGE,
                      AdwNavigationPage)

AdwNavigationPage *linnet_server_contact_page_new (LinnetAccount *account);

G_END_DECLS
