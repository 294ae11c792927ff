/* What a contact tells of themselves
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-contact.h"

G_BEGIN_DECLS

/**
 * LinnetContactProfile:
 *
 * A group of rows that asks for the profile of a contact. It says that it asks, and when it could not; when
 * there is nothing it is not there, and of strangers it asks nothing.
 */
#define LINNET_TYPE_CONTACT_PROFILE (linnet_contact_profile_get_type ())
G_DECLARE_FINAL_TYPE (LinnetContactProfile, linnet_contact_profile, LINNET, CONTACT_PROFILE, AdwBin)

void linnet_contact_profile_set_contact (LinnetContactProfile *self, LinnetContact *contact);

G_END_DECLS
