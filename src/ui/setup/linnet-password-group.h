/* Choosing a new password
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LinnetPasswordGroup:
 *
 * A password that was made for the person, or one of their own with a word on how good it is.
 *
 * Signals: `changed`; `activated`: somebody is done with it.
 */
#define LINNET_TYPE_PASSWORD_GROUP (linnet_password_group_get_type ())
G_DECLARE_FINAL_TYPE (LinnetPasswordGroup, linnet_password_group, LINNET, PASSWORD_GROUP, AdwPreferencesGroup)

const char *linnet_password_group_get_password (LinnetPasswordGroup *self);
gboolean linnet_password_group_get_generated (LinnetPasswordGroup *self);
void linnet_password_group_set_name (LinnetPasswordGroup *self, const char *name);
void linnet_password_group_set_invalid (LinnetPasswordGroup *self, gboolean invalid);
void linnet_password_group_generate (LinnetPasswordGroup *self);
void linnet_password_group_clear (LinnetPasswordGroup *self);

G_END_DECLS
