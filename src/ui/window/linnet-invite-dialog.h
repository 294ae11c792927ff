/* Giving away the own address: as a code, or as an invitation
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account.h"

G_BEGIN_DECLS

/**
 * LinnetInviteDialog:
 *
 * A link as a QR code and as text, with a button that copies it. "Invite a Friend" makes an invitation when
 * it is shown, and a new one at a click; "My QR Code" shows the address, which does not change.
 *
 * Accessibility: the code is an image named "QR Code", described by the link; so is the link's label.
 */
#define LINNET_TYPE_INVITE_DIALOG (linnet_invite_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LinnetInviteDialog, linnet_invite_dialog, LINNET, INVITE_DIALOG, AdwDialog)

/* Transfer floating. */
LinnetInviteDialog *linnet_invite_dialog_new_invitation (LinnetAccount *account);
LinnetInviteDialog *linnet_invite_dialog_new_code (LinnetAccount *account);

G_END_DECLS
