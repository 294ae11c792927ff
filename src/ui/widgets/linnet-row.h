/* What rows of lists tell assistive tools
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void linnet_row_set_title (AdwPreferencesRow *row,
                           const char *title);
void linnet_row_set_subtitle (AdwActionRow *row,
                              const char *subtitle);
void linnet_row_set_invalid (AdwEntryRow *row,
                             gboolean invalid);

G_END_DECLS
