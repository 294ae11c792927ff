/* Asking the desktop's portal to be allowed to run without a window
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

/* What the desktop lets a program do. */
typedef enum
{
  LINNET_BACKGROUND_LEAVE_NONE = 0,
  LINNET_BACKGROUND_LEAVE_RUN = 1 << 0,   /* without a window */
  LINNET_BACKGROUND_LEAVE_START = 1 << 1, /* when the person logs in */
} LinnetBackgroundLeave;

DexFuture *linnet_background_portal_request (GDBusConnection *connection,
                                             const char *reason,
                                             const char *const *command) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
