/* What the registration itself does with its fields
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-form-field.h"
#include "xmpp-register-form.h"

G_BEGIN_DECLS

/* NULL for what a person does not see: hidden fields, and those that belong to a puzzle. Transfer full. */
LinnetFormField *linnet_form_field_new (const XmppDataField *field, XmppRegisterForm *form);
/* Whether it is the same question, so that the value can stay. */
gboolean linnet_form_field_matches (LinnetFormField *self, const XmppDataField *field);
/* Takes what is new about the question, but for the value of a puzzle's answer nothing of the value. */
void linnet_form_field_update (LinnetFormField *self, const XmppDataField *field, XmppRegisterForm *form);
/* Puts the value into the form that goes to the server. */
void linnet_form_field_write (LinnetFormField *self, XmppDataField *field);
void linnet_form_field_set_problem (LinnetFormField *self, LinnetFormProblem problem);
/* Overwrites what was typed. */
void linnet_form_field_wipe (LinnetFormField *self);

G_END_DECLS
