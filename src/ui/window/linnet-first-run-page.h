/* What there is to do while there are no chats
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account.h"

G_BEGIN_DECLS

/**
 * LinnetFirstRunPage:
 *
 * Greets whoever has an account and nobody to talk to yet, and shows the ways to the first contact. Its rows
 * activate `win.add-contact`, `win.show-code` and `win.invite`, the latter two with the account's address.
 */
#define LINNET_TYPE_FIRST_RUN_PAGE (linnet_first_run_page_get_type ())
G_DECLARE_FINAL_TYPE (LinnetFirstRunPage, linnet_first_run_page, LINNET, FIRST_RUN_PAGE, AdwBin)

/* @account: nullable */
void linnet_first_run_page_set_account (LinnetFirstRunPage *self, LinnetAccount *account);

G_END_DECLS
