/* Profiles and vCards
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-profile.h"
#include "xmpp-vcard-info.h"

G_BEGIN_DECLS

/* @info: (transfer full) */
LinnetProfile *linnet_profile_new_for_info (XmppVcardInfo *info);
const XmppVcardInfo *linnet_profile_get_info (const LinnetProfile *self);

G_END_DECLS
