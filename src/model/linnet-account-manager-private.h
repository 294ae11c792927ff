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
/* Nothing shows @account any more. FALSE: it is not there, or the program ends anyway. */
gboolean linnet_account_manager_take_out (LinnetAccountManager *self, LinnetAccount *account);
/* @removal: what shutting down has to wait for. */
void linnet_account_manager_add_removal (LinnetAccountManager *self, DexFuture *removal);
/* @forgetting: (transfer full): what takes back the secrets of @address. Shutting down waits for it, but not
 * long; it is given up when the same address is added again. */
void linnet_account_manager_add_forgetting (LinnetAccountManager *self,
                                            const char *address,
                                            DexFuture *forgetting);

G_END_DECLS
