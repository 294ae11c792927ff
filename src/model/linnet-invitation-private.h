/* What the model itself does with invitations
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-invitation.h"

G_BEGIN_DECLS

/* @page: nullable; @expires: seconds since 1970, 0: never. */
LinnetInvitation *linnet_invitation_new (const char *uri, const char *page, gint64 expires);

/**
 * linnet_account_admit:
 * @address: somebody who asks to see our presence
 * @token: (nullable): what they say proves that we invited them (XEP-0379 section 3.5)
 *
 * Accepts them when they were invited, or are who we asked by an invitation; uses that up.
 *
 * Returns: (transfer full): a future that resolves to a boolean: FALSE when they are neither, and the person
 *   has to be asked
 */
DexFuture *linnet_account_admit (LinnetAccount *self,
                                 const char *address,
                                 const char *token) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
