/* What stands in the list of chats while there are none
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account.h"

G_BEGIN_DECLS

/**
 * LinnetNoChats:
 *
 * The way to the first chat. Where it stands alone, because there is no room for #LinnetFirstRunPage beside
 * it, it tells the own address, too. Its buttons activate `win.new-chat` and `win.show-code`.
 */
#define LINNET_TYPE_NO_CHATS (linnet_no_chats_get_type ())
G_DECLARE_FINAL_TYPE (LinnetNoChats, linnet_no_chats, LINNET, NO_CHATS, AdwBin)

/* @account: nullable, whose address it is */
void linnet_no_chats_set_account (LinnetNoChats *self, LinnetAccount *account);
void linnet_no_chats_set_alone (LinnetNoChats *self, gboolean alone);

G_END_DECLS
