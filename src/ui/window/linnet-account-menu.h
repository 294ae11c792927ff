/* The menu of accounts and of the own presence
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "linnet-account-manager.h"

G_BEGIN_DECLS

/* Keeps a GMenuModel in step with the accounts: an item for each (win.account), presence (win.presence), and
 * "Add Account…" (win.add-account). */
#define LINNET_TYPE_ACCOUNT_MENU (linnet_account_menu_get_type ())
G_DECLARE_FINAL_TYPE (LinnetAccountMenu, linnet_account_menu, LINNET, ACCOUNT_MENU, GObject)

LinnetAccountMenu *linnet_account_menu_new (LinnetAccountManager *manager);
GMenuModel *linnet_account_menu_get_model (LinnetAccountMenu *self);

G_END_DECLS
