/* A new database out of what is left of a damaged one (R27)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store.h"

G_BEGIN_DECLS

/**
 * linnet_store_salvage:
 * @path: the database, which nobody has open
 * @salvaged: set to %TRUE when the new one is in place
 *
 * Makes a new database of all that can still be read, and of the copy of the settings where that is not
 * enough, and puts it in the place of @path. The damaged file is not written to: it stays in the directory as
 * PATH.damaged-TIME.
 *
 * Returns: %FALSE when that could not be done; everything is as it was then
 */
gboolean linnet_store_salvage (const char *path, gboolean *salvaged, GError **error);
/* Goes on where a salvage was broken off at its very end. Before each opening. */
gboolean linnet_store_salvage_finish (const char *path, gboolean *salvaged, GError **error);

/* Whether @path is gone or empty although there was a database once. */
gboolean linnet_store_salvage_is_lost (const char *path);

/* After so long (µs) the settings are copied again. */
#define LINNET_STORE_SETTINGS_AGE G_TIME_SPAN_DAY
/* How old the copy of the settings is, up to that; as old when there is none. */
gint64 linnet_store_salvage_get_age (const char *path);
/* Makes the copy of the settings anew, on the store's thread between two jobs. */
gboolean linnet_store_salvage_copy_settings (const char *path, GError **error);
/* Somebody signed out: what was copied of them goes, too. */
void linnet_store_salvage_drop_copies (const char *path);

G_END_DECLS
