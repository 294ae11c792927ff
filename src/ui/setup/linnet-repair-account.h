/* Asking what an account needs to sign in again
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account.h"

G_BEGIN_DECLS

void linnet_repair_account (LinnetAccount *account, GtkWidget *parent);

G_END_DECLS
