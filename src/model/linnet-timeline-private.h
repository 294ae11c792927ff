/* What the model itself does with timelines
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-message.h"
#include "linnet-timeline.h"

G_BEGIN_DECLS

/* What a row next to the window looks like: runs and day pills at the window's edges depend on it. */
typedef struct
{
  gint64 time;
  guint32 day;
  guint outgoing : 1;
  guint known : 1; /* there is such a row */
} LinnetTimelineEdge;

struct _LinnetTimeline
{
  GObject parent_instance;

  LinnetConversation *conversation;
  GPtrArray *items; /* of LinnetMessage: the window */
  LinnetTimelineEdge before;
  LinnetTimelineEdge after;

  DexFuture *first_load; /* what load() gave */
  GPtrArray *late;       /* of LinnetMessage: came while a page was under way */
  LinnetMessage *first_unread;
  LinnetMessage *candidate; /* becomes first_unread if nobody reads it at once */
  guint candidate_source;
  guint unseen;
  guint generation; /* of the window: a page that was asked for by an older one is dropped */
  guint pages;      /* under way */
  guint loaded : 1;
  guint at_start : 1;
  guint at_end : 1;
};

LinnetTimeline *linnet_timeline_new (LinnetConversation *conversation);

/* New messages at the end of the conversation, oldest first (LinnetMessage). */
void linnet_timeline_append (LinnetTimeline *self, GPtrArray *messages);
/* The conversation's count of unread messages changed. */
void linnet_timeline_unread_changed (LinnetTimeline *self);

/* ---- between linnet-timeline.c and linnet-timeline-pages.c ---- */

/* Replaces @removed rows from @position on by @added (of LinnetMessage), keeps runs and days right, announces
 * it. */
void linnet_timeline_splice (LinnetTimeline *self, guint position, guint removed, GPtrArray *added);
void linnet_timeline_set_edge (LinnetTimelineEdge *edge, LinnetMessage *message); /* NULL: there is no row */
void linnet_timeline_set_ends (LinnetTimeline *self, gboolean at_start, gboolean at_end);
void linnet_timeline_begin_page (LinnetTimeline *self);
void linnet_timeline_end_page (LinnetTimeline *self);
/* Not more than @max rows, dropping the oldest or the newest. */
void linnet_timeline_drop_oldest (LinnetTimeline *self, guint max);
void linnet_timeline_drop_newest (LinnetTimeline *self, guint max);
/* @message: nullable. */
void linnet_timeline_set_first_unread (LinnetTimeline *self, LinnetMessage *message);

G_END_DECLS
