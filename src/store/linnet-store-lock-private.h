/* One process per profile, and whether the last one ended well
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store.h"

G_BEGIN_DECLS

typedef struct _LinnetStoreLock LinnetStoreLock;

/* Makes @directory (0700) when needed and takes its lock. NULL and LOCKED_BY_OTHER when another process has
   it. */
LinnetStoreLock *linnet_store_lock_take (const char *directory, GError **error);
/* The last holder never released it: it crashed, was killed or lost power. */
gboolean linnet_store_lock_was_unclean (LinnetStoreLock *self);
/* The last holder found the database damaged. */
gboolean linnet_store_lock_was_damaged (LinnetStoreLock *self);
/* Says so to the next holder, however this one ends. From any thread. */
void linnet_store_lock_set_damaged (LinnetStoreLock *self);
/* From here on an end without release counts as unclean. */
gboolean linnet_store_lock_mark (LinnetStoreLock *self, GError **error);
/* @clean: everything was closed as it should be. */
void linnet_store_lock_release (LinnetStoreLock *self, gboolean clean);

G_END_DECLS
