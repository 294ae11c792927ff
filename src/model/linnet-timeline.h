/* A window on the messages of a conversation
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"

G_BEGIN_DECLS

/**
 * LinnetTimeline:
 *
 * A [iface@Gio.ListModel] of [class@Linnet.Message], oldest first: about 40 rows around where the reader is,
 * paged from the store both ways (ui.md section 6). New messages are appended while the window reaches the
 * end
 * (`at-end`); several that arrive together are announced together. One LinnetMessage object per stored row.
 *
 * Properties: `loading` (gboolean), `at-start`, `at-end` (gboolean), `first-unread` (LinnetMessage, nullable:
 * the one below the unread line; fixed while the conversation is open, see reset_unread), `unseen` (guint:
 * incoming messages beyond a window that does not reach the end).
 */
#define LINNET_TYPE_TIMELINE (linnet_timeline_get_type ())
G_DECLARE_FINAL_TYPE (LinnetTimeline, linnet_timeline, LINNET, TIMELINE, GObject)

LinnetConversation *linnet_timeline_get_conversation (LinnetTimeline *self);
/* Resolves to true once the first window is there: the newest 40, or around the first unread one. */
DexFuture *linnet_timeline_load (LinnetTimeline *self) G_GNUC_WARN_UNUSED_RESULT;
/* One page of 25 more; resolves to true, at once when there is nothing more or a page is under way. */
DexFuture *linnet_timeline_load_older (LinnetTimeline *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *linnet_timeline_load_newer (LinnetTimeline *self) G_GNUC_WARN_UNUSED_RESULT;
/* Replaces the window by the newest 40. */
DexFuture *linnet_timeline_jump_to_latest (LinnetTimeline *self) G_GNUC_WARN_UNUSED_RESULT;
/* Rows far from the reader may go: keeps at most @max rows at the end. Call when the reader is at the end. */
void linnet_timeline_trim (LinnetTimeline *self, guint max);
/* The reader left the conversation: the unread line goes. */
void linnet_timeline_reset_unread (LinnetTimeline *self);
gboolean linnet_timeline_get_at_start (LinnetTimeline *self);
gboolean linnet_timeline_get_at_end (LinnetTimeline *self);
gboolean linnet_timeline_get_loading (LinnetTimeline *self);

G_END_DECLS
