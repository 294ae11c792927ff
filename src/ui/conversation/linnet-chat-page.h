/* An open conversation: header, log, composer
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-conversation.h"

G_BEGIN_DECLS

/**
 * LinnetChatPage:
 *
 * Shows one conversation at a time; the last five logs are kept for an instant return. The header's title
 * button activates `win.details` with the account's and the contact's address.
 */
#define LINNET_TYPE_CHAT_PAGE (linnet_chat_page_get_type ())
G_DECLARE_FINAL_TYPE (LinnetChatPage, linnet_chat_page, LINNET, CHAT_PAGE, AdwBin)

GtkWidget *linnet_chat_page_new (GSettings *settings);
void linnet_chat_page_set_conversation (LinnetChatPage *self,
                                        LinnetConversation *conversation); /* nullable */
/* A person can see the page: what is on it counts as read. */
void linnet_chat_page_set_watched (LinnetChatPage *self, gboolean watched);
void linnet_chat_page_set_names_account (LinnetChatPage *self, gboolean names_account);
/* What is told by how long ago it was: when a contact was seen, and with @new_day the days of messages. */
void linnet_chat_page_update_age (LinnetChatPage *self, gboolean new_day);
void linnet_chat_page_focus_composer (LinnetChatPage *self);
/* A conversation that will not come back: its log is dropped. */
void linnet_chat_page_forget (LinnetChatPage *self, LinnetConversation *conversation);

G_END_DECLS
