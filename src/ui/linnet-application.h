/* The application: one profile, its model, its window
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account-manager.h"

G_BEGIN_DECLS

#define LINNET_TYPE_APPLICATION (linnet_application_get_type ())
G_DECLARE_FINAL_TYPE (LinnetApplication, linnet_application, LINNET, APPLICATION, AdwApplication)

LinnetApplication *linnet_application_new (void);
LinnetAccountManager *linnet_application_get_manager (LinnetApplication *self);
GSettings *linnet_application_get_settings (LinnetApplication *self);

G_END_DECLS
