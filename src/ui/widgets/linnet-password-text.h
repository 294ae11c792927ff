/* What is to be said of a password while somebody chooses it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The one thing that is most worth saying: what makes @password easily guessed, or how good it is.
 * @name: (nullable): the name in the address. Not to be freed. */
const char *linnet_password_text_get (const char *password, const char *name);

G_END_DECLS
