/* Signing out of an account, removing it from the computer, deleting it on its server
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account-manager.h"

G_BEGIN_DECLS

/* Each asks first, in @dialog, the one about @account; closes that when it is done, and tells when it did not
 * work. */
void linnet_leave_account_sign_out (LinnetAccountManager *manager, LinnetAccount *account, AdwDialog *dialog);
void linnet_leave_account_remove (LinnetAccountManager *manager, LinnetAccount *account, AdwDialog *dialog);
void linnet_leave_account_delete (LinnetAccountManager *manager, LinnetAccount *account, AdwDialog *dialog);

G_END_DECLS
