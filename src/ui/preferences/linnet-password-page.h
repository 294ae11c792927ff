/* Another password for an account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account.h"

G_BEGIN_DECLS

#define LINNET_TYPE_PASSWORD_PAGE (linnet_password_page_get_type ())
G_DECLARE_FINAL_TYPE (LinnetPasswordPage, linnet_password_page, LINNET, PASSWORD_PAGE, AdwNavigationPage)

AdwNavigationPage *linnet_password_page_new (LinnetAccount *account);

G_END_DECLS
