/* What the model itself does with messages
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-error.h"
#include "linnet-message.h"
#include "linnet-store-messages.h"

G_BEGIN_DECLS

/* The messages that exist as objects, by row id; it holds no reference to them. Shared by all of an account.
 */
GHashTable *linnet_message_table_new (void);

/* The object for a row: the one that exists already (state changes reach it by themselves), or a new one.
 * @contact: the other side. Transfer full. */
LinnetMessage *
linnet_message_table_ensure (GHashTable *table, LinnetContact *contact, LinnetStoreMessage *row);
/* Borrowed; NULL when nobody holds that message. */
LinnetMessage *linnet_message_table_lookup (GHashTable *table, gint64 id);

/* Its place in the conversation; the clock does not matter (R18). */
gint64 linnet_message_get_position (LinnetMessage *self);
/* The local date, counted in days. */
guint32 linnet_message_get_day (LinnetMessage *self);

/* @condition: nullable; with LINNET_STORE_STATE_FAILED the stanza error's condition. */
void linnet_message_set_state (LinnetMessage *self, LinnetStoreState state, const char *condition);
LinnetMessageState linnet_message_state_from_store (LinnetStoreState state);
void linnet_message_set_run (LinnetMessage *self, LinnetRunPosition run);
void linnet_message_set_starts_day (LinnetMessage *self, gboolean starts_day);
/* @unread_below: 0 takes the line away. */
void linnet_message_set_unread_line (LinnetMessage *self, guint unread_below);
void linnet_message_notify_sender (LinnetMessage *self);

G_END_DECLS
