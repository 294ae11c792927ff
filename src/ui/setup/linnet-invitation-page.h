/* An invitation that somebody sent
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-link.h"

G_BEGIN_DECLS

/**
 * LinnetInvitationPage:
 *
 * Takes the link of an invitation and says what would come of it, before anything does (security.md I14).
 *
 * Signals: `accepted` (LinnetLink, gboolean): it is to be followed; with a new account, or with one that the
 * person has.
 */
#define LINNET_TYPE_INVITATION_PAGE (linnet_invitation_page_get_type ())
G_DECLARE_FINAL_TYPE (
    LinnetInvitationPage, linnet_invitation_page, LINNET, INVITATION_PAGE, AdwNavigationPage)

LinnetInvitationPage *linnet_invitation_page_new (void);
void linnet_invitation_page_set_text (LinnetInvitationPage *self, const char *text);
void linnet_invitation_page_set_proxy (LinnetInvitationPage *self, const char *proxy);
const char *linnet_invitation_page_get_text (LinnetInvitationPage *self);

G_END_DECLS
