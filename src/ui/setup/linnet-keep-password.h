/* Seeing to it that somebody keeps a password that nobody has typed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-registration.h"

G_BEGIN_DECLS

GtkWidget *linnet_keep_password_row_new (const char *password);

/* On a fiber only. */
void linnet_keep_password_show (LinnetAccount *account, GtkWidget *parent);
void linnet_keep_password_offer (LinnetAccount *account, const char *password, GtkWidget *parent);
gboolean linnet_keep_password_confirm_leave (LinnetRegistration *registration,
                                             const char *password,
                                             GtkWidget *parent);

G_END_DECLS
