/* One account: profile, connection, sign-out
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account-manager.h"

G_BEGIN_DECLS

#define LINNET_TYPE_ACCOUNT_DIALOG (linnet_account_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LinnetAccountDialog, linnet_account_dialog, LINNET, ACCOUNT_DIALOG, AdwDialog)

LinnetAccountDialog *linnet_account_dialog_new (LinnetAccountManager *manager, LinnetAccount *account);

G_END_DECLS
