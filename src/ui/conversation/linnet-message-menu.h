/* The menu of a message
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-context-menu.h"

G_BEGIN_DECLS

/* What can be done with the message that a [class@Linnet.MessageRow] shows. */
LinnetContextMenu *linnet_message_menu_new (GtkWidget *widget);

G_END_DECLS
