/* One thing that a server asks for, to fill in
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-form-field.h"

G_BEGIN_DECLS

/* A row of its kind for @field, whose values it sets as they are typed. "entry-activated" of an
 * [class@Adw.EntryRow] says that somebody is done with it. Transfer floating. */
GtkWidget *linnet_form_row_new (LinnetFormField *field);
/* What @row has no room for and is shown below it: another row, or %NULL. Transfer floating. */
GtkWidget *linnet_form_row_new_description (GtkWidget *row);
const char *linnet_form_row_get_label (LinnetFormField *field);
/* What the row was made for; borrowed. */
LinnetFormField *linnet_form_row_get_field (GtkWidget *row);
/* Marks it as wrong, or not any more. */
void linnet_form_row_set_invalid (GtkWidget *row, gboolean invalid);

G_END_DECLS
