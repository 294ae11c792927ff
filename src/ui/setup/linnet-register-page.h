/* Making an address of one's own
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account-manager.h"

G_BEGIN_DECLS

/**
 * LinnetRegisterPage:
 *
 * Asks a server what it wants to know, has it filled in, and makes the account; or says that this is done on
 * the server's web site. When the page is left the server is left as well; what was typed stays here.
 *
 * Signals: `registered` (LinnetAccount): signed in; `sign-in` (const char *domain): an account was made
 * elsewhere.
 */
#define LINNET_TYPE_REGISTER_PAGE (linnet_register_page_get_type ())
G_DECLARE_FINAL_TYPE (LinnetRegisterPage, linnet_register_page, LINNET, REGISTER_PAGE, AdwNavigationPage)

LinnetRegisterPage *linnet_register_page_new (LinnetAccountManager *manager);
void linnet_register_page_set_domain (LinnetRegisterPage *self, const char *domain, const char *web_url);
void
linnet_register_page_set_invitation (LinnetRegisterPage *self, const char *token, const char *username);
void linnet_register_page_set_proxy (LinnetRegisterPage *self, const char *proxy);
gboolean linnet_register_page_get_submitting (LinnetRegisterPage *self);

G_END_DECLS
