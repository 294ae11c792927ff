/* What the parts of the window share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-account-manager.h"
#include "linnet-chat-page.h"
#include "linnet-first-run-page.h"
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
  LinnetFirstRunPage *first_run;

  LinnetAccountManager *manager;
  GSettings *settings;
  GBindingGroup *conversation_bindings;
  LinnetWallClock *clock;
  LinnetChatPage *chat_page;
  LinnetConversation *conversation; /* the open one */
  LinnetConversation *watched;      /* the same while a person can see it */
  char *pending_link;               /* nullable: what came before there was an account */
};

void linnet_window_install_actions (LinnetWindow *self);
void linnet_window_update_page (LinnetWindow *self);
void linnet_window_install_links (LinnetWindow *self);
void linnet_window_follow_pending (LinnetWindow *self);

G_END_DECLS
