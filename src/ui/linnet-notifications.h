/* Telling about messages while nobody looks
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-account-manager.h"

G_BEGIN_DECLS

/**
 * LinnetNotifications:
 *
 * One notification for each conversation, replaced by the next message, withdrawn when it is read. Its
 * default action is `app.open-chat` with account and address, its button `app.mark-read`. Not for the chat
 * that a person looks at.
 */
#define LINNET_TYPE_NOTIFICATIONS (linnet_notifications_get_type ())
G_DECLARE_FINAL_TYPE (LinnetNotifications, linnet_notifications, LINNET, NOTIFICATIONS, GObject)

LinnetNotifications *
linnet_notifications_new (GApplication *application, LinnetAccountManager *manager, GSettings *settings);
/* The conversation on screen in an active window, or NULL. */
void linnet_notifications_set_watched (LinnetNotifications *self, LinnetConversation *conversation);

G_END_DECLS
