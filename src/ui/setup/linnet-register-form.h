/* What a server wants to know of somebody new
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-registration.h"

G_BEGIN_DECLS

/**
 * LinnetRegisterForm:
 *
 * The fields of a [class@Linnet.Registration]: username and password first, then a puzzle, then whatever
 * else there is, each in a row of its kind. What is typed stays when a new form comes.
 *
 * Signals: `changed`; `refresh`: another puzzle is wanted; `activated`: somebody is done with the last field.
 */
#define LINNET_TYPE_REGISTER_FORM (linnet_register_form_get_type ())
G_DECLARE_FINAL_TYPE (LinnetRegisterForm, linnet_register_form, LINNET, REGISTER_FORM, GtkBox)

void linnet_register_form_set_registration (LinnetRegisterForm *self, LinnetRegistration *registration);
void linnet_register_form_commit (LinnetRegisterForm *self);
void
linnet_register_form_show_problems (LinnetRegisterForm *self, const char *text, const char *server_text);
void linnet_register_form_clear_problems (LinnetRegisterForm *self);
void linnet_register_form_suggest (LinnetRegisterForm *self, const char *const *names);
const char *linnet_register_form_get_username (LinnetRegisterForm *self);
const char *linnet_register_form_get_password (LinnetRegisterForm *self);
gboolean linnet_register_form_get_generated (LinnetRegisterForm *self);
void linnet_register_form_set_username (LinnetRegisterForm *self, const char *username, gboolean fixed);

G_END_DECLS
