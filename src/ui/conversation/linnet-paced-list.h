/* A list that shows what is appended no faster than it can be drawn
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LinnetPacedList:
 *
 * The rows of another list, the source, of which new ones at the end come a few at a time: a row costs more
 * than a millisecond to build, and a thousand messages may come in a second. While a reader follows the end,
 * a flood is skipped, as nobody can read it; the rows that were left out come when they are asked for.
 */
#define LINNET_TYPE_PACED_LIST (linnet_paced_list_get_type ())
G_DECLARE_FINAL_TYPE (LinnetPacedList, linnet_paced_list, LINNET, PACED_LIST, GObject)

LinnetPacedList *linnet_paced_list_new (GListModel *source);
void linnet_paced_list_set_skipping (LinnetPacedList *self, gboolean skipping);
gboolean linnet_paced_list_reveal_older (LinnetPacedList *self);
void linnet_paced_list_show_all (LinnetPacedList *self);

G_END_DECLS
