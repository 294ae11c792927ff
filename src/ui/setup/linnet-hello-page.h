/* How a new account shows itself
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account.h"

G_BEGIN_DECLS

/**
 * LinnetHelloPage:
 *
 * The last page of the set-up of a new account: name, picture, presence. All of it can be skipped.
 *
 * Signals: `finished`.
 */
#define LINNET_TYPE_HELLO_PAGE (linnet_hello_page_get_type ())
G_DECLARE_FINAL_TYPE (LinnetHelloPage, linnet_hello_page, LINNET, HELLO_PAGE, AdwNavigationPage)

LinnetHelloPage *linnet_hello_page_new (LinnetAccount *account);

G_END_DECLS
