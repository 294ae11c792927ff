/* Checking UTF-8 that comes in pieces
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All zero to begin with. */
typedef struct
{
  guchar partial[4]; /* a character whose end has not come */
  guint n_partial;
} XmppUtf8;

/* How much of @data is good: all of it also when it ends within a character, 0 when it completes one
 * wrongly. U+0000 is not good. */
gsize xmpp_utf8_check (XmppUtf8 *self, const char *data, gsize length);

G_END_DECLS
