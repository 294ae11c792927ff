/* Blocking somebody, after a question
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "linnet-contact.h"

G_BEGIN_DECLS

gboolean linnet_block_contact_is_possible (LinnetContact *contact);
void linnet_block_contact (LinnetContact *contact, gboolean block, GtkWidget *parent);

G_END_DECLS
