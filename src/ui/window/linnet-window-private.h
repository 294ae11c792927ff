/* What the parts of the window share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-account-manager.h"
#include "linnet-chat-page.h"
#include "linnet-first-run-page.h"
#include "linnet-setup.h"
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
  GPtrArray *pending_links;         /* strings: what came before there was an account to follow it with */
  LinnetSetup *adding;              /* weak, nullable: what the dialog for a further account shows */
};

void linnet_window_install_actions (LinnetWindow *self);
void linnet_window_update_page (LinnetWindow *self);
void linnet_window_install_links (LinnetWindow *self);
void linnet_window_follow_pending (LinnetWindow *self);
void linnet_window_keep_link (LinnetWindow *self, const char *text);

G_END_DECLS
