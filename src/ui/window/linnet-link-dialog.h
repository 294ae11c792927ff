/* Following links, after asking
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-account-manager.h"
#include "linnet-window.h"

G_BEGIN_DECLS

/**
 * linnet_link_dialog_open:
 * @window: where to ask, and to show what came of it
 * @text: a link that was clicked, pasted or dropped
 *
 * Says what the link would do, and does it when the person agrees; before that nothing leaves this computer
 * (security.md I14). There must be an account.
 */
void linnet_link_dialog_open (LinnetWindow *window, LinnetAccountManager *manager, const char *text);

G_END_DECLS
