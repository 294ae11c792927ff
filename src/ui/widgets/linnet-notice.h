/* What went wrong, above the fields that it is about
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LinnetNotice:
 *
 * One sentence on a red card; it is not there while there is nothing to say. Its text is plain, and may come
 * from others. Assistive tools find an alert with it, and read it out when it comes.
 */
#define LINNET_TYPE_NOTICE (linnet_notice_get_type ())
G_DECLARE_FINAL_TYPE (LinnetNotice, linnet_notice, LINNET, NOTICE, AdwBin)

void linnet_notice_set_text (LinnetNotice *self, const char *text);

G_END_DECLS
