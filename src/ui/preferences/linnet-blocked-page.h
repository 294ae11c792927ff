/* Whom an account has blocked
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account.h"

G_BEGIN_DECLS

#define LINNET_TYPE_BLOCKED_PAGE (linnet_blocked_page_get_type ())
G_DECLARE_FINAL_TYPE (LinnetBlockedPage, linnet_blocked_page, LINNET, BLOCKED_PAGE, AdwNavigationPage)

AdwNavigationPage *linnet_blocked_page_new (LinnetAccount *account);

G_END_DECLS
