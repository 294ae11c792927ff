/* Text as it is compared while somebody searches
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @text without what does not matter to who searches: case, and the way in which letters are composed.
 * Transfer full. */
char *linnet_search_text_fold (const char *text);

G_END_DECLS
