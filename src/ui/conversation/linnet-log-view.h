/* A list that stays at its end
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LinnetLogView:
 *
 * A scrolled [class@Gtk.ListView] for rows of any height that follows its last row until the person scrolls
 * away, and again once they are back. What it does and why is measured in ui.md section 6; in short:
 * GtkListView keeps the row at the top in place by itself, so the adjustment is never corrected, and
 * following works only from a tick callback.
 *
 * Properties: `sticky` (gboolean, read-only: the end is shown and followed), `has-end` (gboolean: the model's
 * last row is really the last; while FALSE the bottom is not followed).
 *
 * Signals: `older-wanted`, `newer-wanted`: less than two pages are left in that direction; emitted again at
 * every movement, so the receiver ignores it while a page is on its way. `settled`: a jump is over and the
 * rows are where they will stay.
 */
#define LINNET_TYPE_LOG_VIEW (linnet_log_view_get_type ())
G_DECLARE_FINAL_TYPE (LinnetLogView, linnet_log_view, LINNET, LOG_VIEW, GtkWidget)

GtkWidget *linnet_log_view_new (GListModel *model, GtkListItemFactory *factory);
GtkListView *linnet_log_view_get_list (LinnetLogView *self);
gboolean linnet_log_view_get_sticky (LinnetLogView *self);
void linnet_log_view_set_has_end (LinnetLogView *self, gboolean has_end);
void linnet_log_view_stick (LinnetLogView *self);
void linnet_log_view_glide_to_end (LinnetLogView *self);
void linnet_log_view_show_row (LinnetLogView *self, guint position);
void linnet_log_view_check_edges (LinnetLogView *self);

G_END_DECLS
