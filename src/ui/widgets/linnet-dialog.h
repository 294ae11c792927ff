/* Showing dialogs
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void linnet_dialog_present (AdwDialog *dialog, GtkWidget *parent);

G_END_DECLS
