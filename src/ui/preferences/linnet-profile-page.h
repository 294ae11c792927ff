/* What a person shows of themselves
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account.h"

G_BEGIN_DECLS

/**
 * LinnetProfilePage:
 *
 * Picture, names and what else an account tells of itself, and who may see it. The picture changes at once,
 * the rest with "Save"; what was typed and not saved is asked about when the page goes away.
 */
#define LINNET_TYPE_PROFILE_PAGE (linnet_profile_page_get_type ())
G_DECLARE_FINAL_TYPE (LinnetProfilePage, linnet_profile_page, LINNET, PROFILE_PAGE, AdwNavigationPage)

AdwNavigationPage *linnet_profile_page_new (LinnetAccount *account);

G_END_DECLS
