/* The window: signing in, or chats beside the open one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-application.h"
#include "linnet-conversation.h"

G_BEGIN_DECLS

/**
 * LinnetWindow:
 *
 * The only window. Its actions (`win.*`) are exported on the bus, so that tests and assistive tools reach
 * what a widget does not offer them. Under 700 sp the list and the open chat are pages of their own.
 *
 * Properties: `watched` (LinnetConversation, nullable): the conversation that is on screen in an active
 * window.
 */
#define LINNET_TYPE_WINDOW (linnet_window_get_type ())
G_DECLARE_FINAL_TYPE (LinnetWindow, linnet_window, LINNET, WINDOW, AdwApplicationWindow)

LinnetWindow *linnet_window_new (LinnetApplication *application);
void linnet_window_open_conversation (LinnetWindow *self, LinnetConversation *conversation);
LinnetConversation *linnet_window_get_open (LinnetWindow *self);
LinnetConversation *linnet_window_get_watched (LinnetWindow *self);
void linnet_window_add_account (LinnetWindow *self, const char *link);
void linnet_window_open_link (LinnetWindow *self, const char *text);
void linnet_window_show_trouble (LinnetWindow *self, const GError *error);

G_END_DECLS
