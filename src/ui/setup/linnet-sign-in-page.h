/* Signing in with an account that exists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account-manager.h"

G_BEGIN_DECLS

/**
 * LinnetSignInPage:
 *
 * Address, password and, folded away, the server. An error stands above the fields, the field that caused it
 * is marked and has the focus, and everything typed stays.
 *
 * Signals: `signed-in` (LinnetAccount).
 */
#define LINNET_TYPE_SIGN_IN_PAGE (linnet_sign_in_page_get_type ())
G_DECLARE_FINAL_TYPE (LinnetSignInPage, linnet_sign_in_page, LINNET, SIGN_IN_PAGE, AdwNavigationPage)

LinnetSignInPage *linnet_sign_in_page_new (LinnetAccountManager *manager);
void linnet_sign_in_page_set_address (LinnetSignInPage *self, const char *address);
void linnet_sign_in_page_set_proxy (LinnetSignInPage *self, const char *proxy);
gboolean linnet_sign_in_page_get_busy (LinnetSignInPage *self);

G_END_DECLS
