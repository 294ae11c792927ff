/* What the parts of the log share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-chat-log.h"
#include "linnet-message-menu.h"
#include "linnet-message-row.h"
#include "linnet-paced-list.h"
#include "linnet-timeline.h"

G_BEGIN_DECLS

/* Where a log that has unread messages goes before it is shown. */
typedef enum
{
  LINNET_PLACE_DONE,
  LINNET_PLACE_AT_END, /* shown from the end, if the first unread one fits there too */
  LINNET_PLACE_AT_ROW, /* shown from the first unread one */
} LinnetPlace;

struct _LinnetChatLog
{
  GtkWidget parent_instance;

  GtkOverlay *overlay;
  GtkStack *stack;
  GtkWidget *empty_avatar;
  GtkLabel *empty_name;
  GtkLabel *empty_greeting;
  GtkRevealer *jump_revealer;
  GtkWidget *jump_button;
  GtkLabel *jump_badge;

  GtkWidget *view; /* LinnetLogView; NULL until the timeline is loaded */
  LinnetContextMenu *menu;
  GSimpleActionGroup *actions;

  LinnetConversation *conversation;
  LinnetTimeline *timeline;
  LinnetPacedList *paced; /* what the view shows of the timeline; NULL without view */
  GListStore *typing;     /* empty, or one item while the other side writes */
  GPtrArray *appearing;   /* of LinnetMessage: those that rise when they are bound */
  LinnetPlace place;
  guint watched : 1;
  guint loading : 1; /* a page is on its way */
  guint left : 1;    /* the reader is in another conversation */
};

/* ---- linnet-chat-log-rows.c ---- */

GtkListItemFactory *linnet_chat_log_create_factory (LinnetChatLog *self);
LinnetMessageRow *linnet_chat_log_find_row (LinnetChatLog *self, LinnetMessage *message);

/* ---- linnet-chat-log-place.c ---- */

/* The newest message is shown, and so will the next one be. */
gboolean linnet_chat_log_follows_end (LinnetChatLog *self);
void linnet_chat_log_update_read (LinnetChatLog *self);
void linnet_chat_log_update_jump (LinnetChatLog *self);
void linnet_chat_log_trim (LinnetChatLog *self, guint above);
void linnet_chat_log_begin_placing (LinnetChatLog *self);
/* The view is laid out: goes on with placing, or ends it. */
void linnet_chat_log_settle (LinnetChatLog *self);

/* ---- linnet-chat-log-actions.c ---- */

void linnet_chat_log_open_uri (LinnetChatLog *self, const char *uri);
void linnet_chat_log_add_actions (LinnetChatLog *self);
void linnet_chat_log_remove_actions (LinnetChatLog *self);

G_END_DECLS
