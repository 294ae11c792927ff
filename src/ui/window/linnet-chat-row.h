/* One line of the chat list
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "linnet-conversation.h"

G_BEGIN_DECLS

/**
 * LinnetChatRow:
 *
 * Avatar with presence, name and time, preview and unread badge. Rows are recycled: a GtkListItem gives them
 * their conversation and takes its accessible name and description from
 * [method@Linnet.ChatRow.dup_description].
 *
 * Signals: `description-changed`.
 */
#define LINNET_TYPE_CHAT_ROW (linnet_chat_row_get_type ())
G_DECLARE_FINAL_TYPE (LinnetChatRow, linnet_chat_row, LINNET, CHAT_ROW, GtkWidget)

GtkWidget *linnet_chat_row_new (GListModel *accounts);
void linnet_chat_row_set_conversation (LinnetChatRow *self, LinnetConversation *conversation);
LinnetConversation *linnet_chat_row_get_conversation (LinnetChatRow *self);
char *linnet_chat_row_dup_description (LinnetChatRow *self);

G_END_DECLS
