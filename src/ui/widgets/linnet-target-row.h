/* Where a file or folder is to be written
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LinnetTargetRow:
 *
 * A row "Save to" with the place as its subtitle and a button "Choose…". Inside a sandbox, where a program
 * may only write to what a person chose, there is no place at first.
 *
 * Property `file` (GFile, nullable, readable).
 */
#define LINNET_TYPE_TARGET_ROW (linnet_target_row_get_type ())
G_DECLARE_FINAL_TYPE (LinnetTargetRow, linnet_target_row, LINNET, TARGET_ROW, AdwActionRow)

/* @name: (nullable): of a new file in the folder of documents; NULL: that folder itself */
void linnet_target_row_suggest (LinnetTargetRow *self, const char *name);
GFile *linnet_target_row_get_file (LinnetTargetRow *self); /* borrowed, nullable */

G_END_DECLS
