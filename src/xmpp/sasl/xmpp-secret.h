/* Keeping passwords and keys no longer than they are needed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/**
 * xmpp_secret_free:
 * @secret: (nullable) (transfer full): a string
 *
 * Overwrites a string before it is freed, in a way no compiler removes.
 */
static inline void
xmpp_secret_free (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

#define xmpp_secret_clear(pointer) g_clear_pointer (pointer, xmpp_secret_free)

typedef char XmppSecret;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppSecret, xmpp_secret_free)

G_END_DECLS
