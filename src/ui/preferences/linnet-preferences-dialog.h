/* Preferences; nothing in it needs an "Apply"
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account-manager.h"

G_BEGIN_DECLS

#define LINNET_TYPE_PREFERENCES_DIALOG (linnet_preferences_dialog_get_type ())
G_DECLARE_FINAL_TYPE (
    LinnetPreferencesDialog, linnet_preferences_dialog, LINNET, PREFERENCES_DIALOG, AdwPreferencesDialog)

LinnetPreferencesDialog *linnet_preferences_dialog_new (LinnetAccountManager *manager, GSettings *settings);

G_END_DECLS
