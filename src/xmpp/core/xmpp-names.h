/* Names and namespaces that XMPP uses over and over
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * XmppNames:
 *
 * An index over the program's own copies of frequent names. A parser keeps one, so that its elements point
 * at such a copy instead of having their own. It never grows: what the network sends must not stay in
 * memory.
 */
typedef struct
{
  guint8 slots[512]; /* number of the name there plus one; 0: none */
} XmppNames;

void xmpp_names_init (XmppNames *self);
/* A string that lives as long as the program, or NULL. */
const char *xmpp_names_lookup (const XmppNames *self, const char *text, gsize length);

G_END_DECLS
