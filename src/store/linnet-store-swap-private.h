/* Putting a restored profile in the place of the one that is there
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store.h"

G_BEGIN_DECLS

/* All of these under the profile's lock, and before anything in it is opened. */

/**
 * linnet_store_swap:
 *
 * If there is a restored profile, moves what belongs to the present one into a directory of its own, and the
 * restored one to its place. Where it was interrupted it goes on.
 *
 * Returns: %FALSE when something could not be moved: nothing may be opened then
 */
gboolean linnet_store_swap (const char *directory, GError **error);
/* The database in place could not be opened: what was put aside by linnet_store_swap() comes back, if there
 * is something. TRUE when it did. */
gboolean linnet_store_swap_undo (const char *directory);
/* It could: what was put aside goes for good. */
void linnet_store_swap_settle (const char *directory);

G_END_DECLS
