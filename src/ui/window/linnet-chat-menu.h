/* The menu of a chat in the list
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-context-menu.h"

G_BEGIN_DECLS

/* What can be done with the chat that a [class@Linnet.ChatRow] shows, without opening it. */
LinnetContextMenu *linnet_chat_menu_new (GtkWidget *widget);

G_END_DECLS
