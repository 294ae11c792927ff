/* Saving a profile into one file, and restoring it from one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account-manager.h"

G_BEGIN_DECLS

/**
 * LinnetBackupDialog:
 *
 * Asks for the passphrase, and for the place of a new backup; shows how far it is; tells what came of it. An
 * error stands above the fields, which keep what was typed. Works at 360 px.
 */
#define LINNET_TYPE_BACKUP_DIALOG (linnet_backup_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LinnetBackupDialog, linnet_backup_dialog, LINNET, BACKUP_DIALOG, AdwDialog)

/* @file: (nullable): what to restore; NULL to save */
AdwDialog *linnet_backup_dialog_new (LinnetAccountManager *manager, GSettings *settings, GFile *file);

/* Lets the person choose a file, and presents the dialog about it. */
void linnet_backup_dialog_choose (LinnetAccountManager *manager, GSettings *settings, GtkWidget *parent);

G_END_DECLS
