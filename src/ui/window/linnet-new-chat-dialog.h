/* Choosing somebody to write to
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account-manager.h"

G_BEGIN_DECLS

/**
 * LinnetNewChatDialog:
 *
 * The contacts of all accounts by name, narrowed down as one types; a whole address offers a chat with it and
 * its addition to the contacts. Enter takes the first row.
 *
 * Signals: `conversation-opened` (LinnetConversation), after which the dialog closes.
 */
#define LINNET_TYPE_NEW_CHAT_DIALOG (linnet_new_chat_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LinnetNewChatDialog, linnet_new_chat_dialog, LINNET, NEW_CHAT_DIALOG, AdwDialog)

LinnetNewChatDialog *linnet_new_chat_dialog_new (LinnetAccountManager *manager);

/* Begins with the page that adds a contact. */
void linnet_new_chat_dialog_show_add (LinnetNewChatDialog *self);

G_END_DECLS
