/* A message's text with its time in the same corner
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "linnet-types.h"

G_BEGIN_DECLS

/**
 * LinnetTextMeta:
 *
 * The text, selectable, and behind its last line the time and state; when they do not fit there they stand
 * below. The widget asks for no more width than the wrapped text needs, so that a bubble hugs it.
 *
 * Signals: `activate-link` (const char *uri).
 */
#define LINNET_TYPE_TEXT_META (linnet_text_meta_get_type ())
G_DECLARE_FINAL_TYPE (LinnetTextMeta, linnet_text_meta, LINNET, TEXT_META, GtkWidget)

GtkWidget *linnet_text_meta_new (void);
void linnet_text_meta_set_text (LinnetTextMeta *self, const char *text, gboolean cut);
void linnet_text_meta_set_time (LinnetTextMeta *self, const char *time);
void linnet_text_meta_set_state (LinnetTextMeta *self, LinnetMessageState state);
const char *linnet_text_meta_get_text (LinnetTextMeta *self);
const char *linnet_text_meta_get_state_name (LinnetMessageState state);
guint linnet_text_meta_get_n_links (LinnetTextMeta *self);
int linnet_text_meta_get_link_at (LinnetTextMeta *self, GtkWidget *relative, double x, double y);
char *linnet_text_meta_dup_selection (LinnetTextMeta *self);

G_END_DECLS
