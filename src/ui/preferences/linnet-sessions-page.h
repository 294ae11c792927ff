/* The programs that use an account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account.h"

G_BEGIN_DECLS

#define LINNET_TYPE_SESSIONS_PAGE (linnet_sessions_page_get_type ())
G_DECLARE_FINAL_TYPE (LinnetSessionsPage, linnet_sessions_page, LINNET, SESSIONS_PAGE, AdwNavigationPage)

AdwNavigationPage *linnet_sessions_page_new (LinnetAccount *account);

G_END_DECLS
