/* Parser events to elements
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-node.h"

G_BEGIN_DECLS

/* Stands between namespace and name in what expat reports. XML forbids the character, even escaped, so that
 * no namespace can hold it and pass for another one (security.md P2). */
#define XMPP_ASSEMBLER_SEPARATOR '\x1f'

/**
 * XmppAssembler:
 *
 * Builds one tree after the other from start tags, texts and end tags, which must be balanced.
 */
typedef struct _XmppAssembler XmppAssembler;

XmppAssembler *xmpp_assembler_new (void);
void xmpp_assembler_free (XmppAssembler *self);

/* @name and @atts: as expat gives them to a start element handler of a namespace-aware parser. */
void xmpp_assembler_start (XmppAssembler *self, const char *name, const char **atts);
void xmpp_assembler_text (XmppAssembler *self, const char *text, gsize length);
/* Ends the innermost element. Returns the outermost one (transfer full) when it was that, otherwise NULL. */
XmppNode *xmpp_assembler_end (XmppAssembler *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppAssembler, xmpp_assembler_free)

G_END_DECLS
