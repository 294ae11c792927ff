/* Who a contact is, and what a person wants with them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-contact.h"

G_BEGIN_DECLS

/**
 * LinnetDetailsDialog:
 *
 * Follows the contact while it is open. What asks the server shows its failure in an alert and falls back to
 * what is true; what cannot be undone asks first.
 */
#define LINNET_TYPE_DETAILS_DIALOG (linnet_details_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LinnetDetailsDialog, linnet_details_dialog, LINNET, DETAILS_DIALOG, AdwDialog)

LinnetDetailsDialog *linnet_details_dialog_new (LinnetContact *contact);

G_END_DECLS
