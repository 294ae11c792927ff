/* What the model itself does with the manager
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-account-manager.h"
#include "linnet-account-private.h"
#include "linnet-store.h"

G_BEGIN_DECLS

/* NULL before it is loaded and after it was shut down. */
LinnetStore *linnet_account_manager_get_store (LinnetAccountManager *self);
/* @account: loaded, not started. */
void linnet_account_manager_add (LinnetAccountManager *self, LinnetAccount *account);

G_END_DECLS
