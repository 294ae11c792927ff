/* The check of the database after an unclean exit (R27)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _LinnetStoreCheck LinnetStoreCheck;

/* Called on the check's own thread. */
typedef void (*LinnetStoreDamaged) (gpointer user_data);

/* Reads the whole file beside the work that goes on, by a connection of its own that never writes. */
LinnetStoreCheck *linnet_store_check_start (const char *path, LinnetStoreDamaged damaged, gpointer user_data);
/* Ends it, finished or not. TRUE: it was finished and all was well. */
gboolean linnet_store_check_stop (LinnetStoreCheck *self);

G_END_DECLS
