/* The messages of a conversation
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "linnet-conversation.h"

G_BEGIN_DECLS

/**
 * LinnetChatLog:
 *
 * The log of one conversation: its timeline in a [class@Linnet.LogView], "typing…" as the last row, a button
 * back to the end, and a greeting where nothing was written yet. While it is shown it adds to the window the
 * actions `win.message-copy`, `win.message-copy-link`, `win.message-open-link` and `win.message-retry`, whose
 * target is a message's id as a string; for those about a link it may go on with "/" and the index of the
 * link.
 *
 * Accessibility: the LOG inside has a list item for each message, named "<sender>: <text>"; the arrow keys go
 * from one to the next, Menu or Shift+F10 opens its menu, Tab enters it for its links and buttons. New
 * messages of others are announced while the log is watched.
 */
#define LINNET_TYPE_CHAT_LOG (linnet_chat_log_get_type ())
G_DECLARE_FINAL_TYPE (LinnetChatLog, linnet_chat_log, LINNET, CHAT_LOG, GtkWidget)

GtkWidget *linnet_chat_log_new (void);
/* Once for each log. */
void linnet_chat_log_set_conversation (LinnetChatLog *self, LinnetConversation *conversation);
LinnetConversation *linnet_chat_log_get_conversation (LinnetChatLog *self);
/* A person can see it: what is shown at the end counts as read. */
void linnet_chat_log_set_watched (LinnetChatLog *self, gboolean watched);
void linnet_chat_log_update_days (LinnetChatLog *self); /* there is a new one */
void linnet_chat_log_jump_to_latest (LinnetChatLog *self);
/* The reader went to another conversation: the unread line goes. */
void linnet_chat_log_leave (LinnetChatLog *self);

G_END_DECLS
