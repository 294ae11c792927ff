/* One message of a conversation
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"

G_BEGIN_DECLS

/**
 * LinnetMessage:
 *
 * One object per stored row; changes are property changes.
 *
 * Properties: `id` (gint64, the store's, immutable), `body` (plain text, never markup), `outgoing`,
 * `sender-name`, `time` (gint64, Unix µs: when it was written), `state` (LinnetMessageState), `error-text`
 * (nullable; why it failed, a sentence), `run` (LinnetRunPosition), `starts-day` (gboolean: a day pill stands
 * above), `starts-unread` (gboolean: the unread line stands above), `unread-below` (guint: how many, for that
 * line).
 */
#define LINNET_TYPE_MESSAGE (linnet_message_get_type ())
G_DECLARE_FINAL_TYPE (LinnetMessage, linnet_message, LINNET, MESSAGE, GObject)

gint64 linnet_message_get_id (LinnetMessage *self);
const char *linnet_message_get_body (LinnetMessage *self);
gboolean linnet_message_get_outgoing (LinnetMessage *self);
const char *linnet_message_get_sender_name (LinnetMessage *self);
gint64 linnet_message_get_time (LinnetMessage *self);
LinnetMessageState linnet_message_get_state (LinnetMessage *self);
const char *linnet_message_get_error_text (LinnetMessage *self);
LinnetRunPosition linnet_message_get_run (LinnetMessage *self);
gboolean linnet_message_get_starts_day (LinnetMessage *self);
gboolean linnet_message_get_starts_unread (LinnetMessage *self);
guint linnet_message_get_unread_below (LinnetMessage *self);

G_END_DECLS
