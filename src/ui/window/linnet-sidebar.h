/* The list of chats, its search and its menus
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account-manager.h"
#include "linnet-conversation.h"

G_BEGIN_DECLS

/**
 * LinnetSidebar:
 *
 * Everything in it is reachable by keyboard: the search field by Ctrl+K, the list with Down from there. The
 * list selects on arrow keys, and a selected chat is an open chat, except while collapsed.
 *
 * Signals: `conversation-chosen` (LinnetConversation, gboolean browsing): a person or a test chose a row;
 * while browsing, the next key is for the list again, so the focus has to stay there.
 */
#define LINNET_TYPE_SIDEBAR (linnet_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (LinnetSidebar, linnet_sidebar, LINNET, SIDEBAR, GtkWidget)

void linnet_sidebar_set_manager (LinnetSidebar *self, LinnetAccountManager *manager);
/* Shows @conversation (nullable) as the open one, without announcing it. */
void linnet_sidebar_select (LinnetSidebar *self, LinnetConversation *conversation);
/* While collapsed no row is shown selected: the list is a page of its own. */
void linnet_sidebar_set_collapsed (LinnetSidebar *self, gboolean collapsed);
void linnet_sidebar_focus_search (LinnetSidebar *self);
/* On the row of the chat that was open last, or the first. */
void linnet_sidebar_focus_list (LinnetSidebar *self);
/* The row @offset further down; with @unread_only the next one with unread messages. */
/* Times of last messages are told by the day: call it when there is a new one. */
void linnet_sidebar_update_days (LinnetSidebar *self);
void linnet_sidebar_move (LinnetSidebar *self, int offset, gboolean unread_only);
void linnet_sidebar_open_nth (LinnetSidebar *self, guint n);

G_END_DECLS
