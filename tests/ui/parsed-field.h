/* What a server asks for, as the model gives it to widgets
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-form-field.h"

G_BEGIN_DECLS

/* The first field of a form that is seen. @fields: what is in the form; @rest: what comes along with it, or
 * NULL. Transfer full. */
LinnetFormField *parsed_field_new (const char *fields, const char *rest);
/* Has @self take the field from another form, as when the server is asked again. */
void parsed_field_update (LinnetFormField *self, const char *fields, const char *rest);

/* The first widget in @top, or that itself, of @type; with @name only one that a template calls so. Borrowed,
 * nullable. */
GtkWidget *parsed_field_find (GtkWidget *top, GType type, const char *name);

G_END_DECLS
