/* A puzzle that only people are meant to solve
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-registration.h"

G_BEGIN_DECLS

/**
 * LinnetCaptchaGroup:
 *
 * The picture, question or sound of a puzzle, and what to answer. Where there are several to choose from, one
 * is shown, and rows lead to others of another kind. A sound is opened, and a web page, only when somebody
 * asks for it.
 *
 * Signals: `refresh`: another puzzle is wanted; `activated`: somebody is done with it.
 */
#define LINNET_TYPE_CAPTCHA_GROUP (linnet_captcha_group_get_type ())
G_DECLARE_FINAL_TYPE (LinnetCaptchaGroup, linnet_captcha_group, LINNET, CAPTCHA_GROUP, AdwPreferencesGroup)

void linnet_captcha_group_set_fields (LinnetCaptchaGroup *self,
                                      GPtrArray *fields,
                                      LinnetRegistration *registration);
/* A field of it that has a problem; borrowed, nullable. */
LinnetFormField *linnet_captcha_group_find_problem (LinnetCaptchaGroup *self);
void linnet_captcha_group_set_invalid (LinnetCaptchaGroup *self, gboolean invalid);

G_END_DECLS
