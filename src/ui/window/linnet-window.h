/* The window: set-up, or chats beside the open one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-application.h"

G_BEGIN_DECLS

#define LINNET_TYPE_WINDOW (linnet_window_get_type ())
G_DECLARE_FINAL_TYPE (LinnetWindow, linnet_window, LINNET, WINDOW, AdwApplicationWindow)

LinnetWindow *linnet_window_new (LinnetApplication *application);

G_END_DECLS
