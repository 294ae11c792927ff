/* The way to an account, from the first page to the last
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "linnet-account-manager.h"

G_BEGIN_DECLS

/**
 * LinnetSetup:
 *
 * The pages that lead to an account, in an [class@Adw.NavigationView]: the window's own at the first start,
 * and a dialog's for a further account. Going back keeps what was typed on each page; dropping the whole
 * leaves nothing behind, neither on a server nor on this computer.
 *
 * Actions: `setup.create`, `setup.invitation`, `setup.proxy`, `setup.sign-in`.
 *
 * Signals: `finished`: there is an account, and nothing more to ask.
 */
#define LINNET_TYPE_SETUP (linnet_setup_get_type ())
G_DECLARE_FINAL_TYPE (LinnetSetup, linnet_setup, LINNET, SETUP, AdwBin)

LinnetSetup *linnet_setup_new (LinnetAccountManager *manager, gboolean first);
void linnet_setup_open_link (LinnetSetup *self, const char *text);
gboolean linnet_setup_get_busy (LinnetSetup *self);

G_END_DECLS
