/* Saving contacts and conversations as files that anybody can read
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account.h"

G_BEGIN_DECLS

/**
 * LinnetExportPage:
 *
 * Asks what to export and where to, shows how far it is, and opens the folder with it. For an
 * AdwNavigationView; linnet_export_page_present() has a dialog of its own around it. Works at 360 px.
 */
#define LINNET_TYPE_EXPORT_PAGE (linnet_export_page_get_type ())
G_DECLARE_FINAL_TYPE (LinnetExportPage, linnet_export_page, LINNET, EXPORT_PAGE, AdwNavigationPage)

AdwNavigationPage *linnet_export_page_new (LinnetAccount *account);
/* Transfer none: the dialog, which is there till the person closes it. */
AdwDialog *linnet_export_page_present (LinnetAccount *account, GtkWidget *parent);

G_END_DECLS
