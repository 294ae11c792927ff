/* The banner over the list of chats: what keeps an account from working
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account-manager.h"

G_BEGIN_DECLS

/**
 * LinnetTroubleBanner:
 *
 * Speaks of the first account that needs a person, with the button that helps (`win.repair-account`), and is
 * folded away when there is none.
 *
 * Properties: `connecting` (read-only; some account is on its way to its server).
 *
 * # Accessibility
 *
 * The banner has no title while it is folded away: assistive technologies find it all the same.
 */
#define LINNET_TYPE_TROUBLE_BANNER (linnet_trouble_banner_get_type ())
G_DECLARE_FINAL_TYPE (LinnetTroubleBanner, linnet_trouble_banner, LINNET, TROUBLE_BANNER, AdwBin)

/* To be called once. */
void linnet_trouble_banner_set_manager (LinnetTroubleBanner *self, LinnetAccountManager *manager);

G_END_DECLS
