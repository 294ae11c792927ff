/* What the model itself does with the list of conversations
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-conversation-list.h"

G_BEGIN_DECLS

LinnetConversationList *linnet_conversation_list_new (void);
/* @conversations: of LinnetConversation, not in the list yet. Those that are listed (see
 * linnet_conversation_get_listed()) show up, now or when they become so. */
void linnet_conversation_list_add (LinnetConversationList *self, GPtrArray *conversations);
void linnet_conversation_list_remove_account (LinnetConversationList *self, LinnetAccount *account);
/* It was removed from the store. */
void linnet_conversation_list_remove (LinnetConversationList *self, LinnetConversation *conversation);

G_END_DECLS
