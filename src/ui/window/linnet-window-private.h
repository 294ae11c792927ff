/* What the parts of the window share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-account-manager.h"
#include "linnet-chat-page.h"
#include "linnet-wall-clock.h"
#include "linnet-sidebar.h"
#include "linnet-window.h"

G_BEGIN_DECLS

struct _LinnetWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwBin *setup_bin;
  AdwStatusPage *trouble;
  GtkWidget *open_backup;
  AdwNavigationSplitView *split;
  LinnetSidebar *sidebar;
  AdwNavigationPage *content_page;
  GtkStack *content;
  AdwStatusPage *empty;

  LinnetAccountManager *manager;
  GSettings *settings;
  GBindingGroup *conversation_bindings;
  GSignalGroup *account_signals; /* of the first account, whom the empty page greets */
  LinnetWallClock *clock;
  LinnetChatPage *chat_page;
  LinnetConversation *conversation; /* the open one */
  LinnetConversation *watched;      /* the same while a person can see it */
};

void linnet_window_install_actions (LinnetWindow *self);
void linnet_window_update_page (LinnetWindow *self);

G_END_DECLS
