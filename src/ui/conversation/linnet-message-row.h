/* One message in the log
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "linnet-message.h"

G_BEGIN_DECLS

/**
 * LinnetMessageRow:
 *
 * A bubble on its side, with what stands above it (day, unread line) and below it (why it was not sent). Rows
 * are recycled: [method@Linnet.MessageRow.set_message] gives them their message, whose changes they follow.
 *
 * It lays itself out, measuring at the very width that it allocates; boxes and clamps around wrapped text do
 * not, and cut rows short (ui.md 5.13).
 *
 * Accessibility: an ARTICLE named "<sender>: <text>" and described by time and state; the list item takes
 * both over.
 *
 * Signals: `described` (name or description changed), `activate-link` (const char *uri).
 */
#define LINNET_TYPE_MESSAGE_ROW (linnet_message_row_get_type ())
G_DECLARE_FINAL_TYPE (LinnetMessageRow, linnet_message_row, LINNET, MESSAGE_ROW, GtkWidget)

GtkWidget *linnet_message_row_new (void);
void linnet_message_row_set_message (LinnetMessageRow *self, LinnetMessage *message);
LinnetMessage *linnet_message_row_get_message (LinnetMessageRow *self);
char *linnet_message_row_dup_name (LinnetMessageRow *self);
char *linnet_message_row_dup_description (LinnetMessageRow *self);
guint linnet_message_row_get_n_links (LinnetMessageRow *self);
int linnet_message_row_get_link_at (LinnetMessageRow *self, double x, double y);
char *linnet_message_row_dup_selection (LinnetMessageRow *self);
GtkWidget *linnet_message_row_get_bubble (LinnetMessageRow *self);
void linnet_message_row_appear (LinnetMessageRow *self);

G_END_DECLS
