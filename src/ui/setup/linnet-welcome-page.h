/* Where somebody begins who has no account here yet
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LinnetWelcomePage:
 *
 * The ways to an account: a new one, one that exists, an invitation, a backup. Its buttons activate the
 * actions of [class@Linnet.Setup] around it.
 */
#define LINNET_TYPE_WELCOME_PAGE (linnet_welcome_page_get_type ())
G_DECLARE_FINAL_TYPE (LinnetWelcomePage, linnet_welcome_page, LINNET, WELCOME_PAGE, AdwNavigationPage)

LinnetWelcomePage *linnet_welcome_page_new (gboolean first);

G_END_DECLS
