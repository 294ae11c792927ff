/* How an element lies in memory; for the builder and the parser
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-node.h"

G_BEGIN_DECLS

/* All memory of a stanza: elements, their arrays and their strings. A reference to any element of it is one
 * to the arena, so that what arrives together costs one count and a few allocations. An element made by the
 * builder has an arena of its own, in exactly the size it needs. */
typedef struct _XmppArena XmppArena;

typedef enum
{
  XMPP_NODE_ELEMENT,
  XMPP_NODE_ATTR, /* only on its way into xmpp_node_build() */
  XMPP_NODE_TEXT, /* the same */
} XmppNodeKind;

typedef struct
{
  const char *name;
  const char *ns; /* NULL: none */
  const char *value;
} XmppAttr;

struct _XmppNode
{
  XmppArena *arena;
  const char *name;
  const char *ns;   /* "": none */
  const char *text; /* all text directly inside; an attribute's value */
  const XmppAttr *attrs;
  XmppNode *const *children;
  const guint32 *offsets; /* how much of the text stands before each child; NULL without text or children */
  guint32 text_length;
  guint32 n_children;
  guint32 n_attrs;
  XmppNodeKind kind;
};

/* @size: bytes for what will be allocated first; more is added as needed. */
XmppArena *xmpp_arena_new (gsize size);
void xmpp_arena_ref (XmppArena *self);
void xmpp_arena_unref (XmppArena *self);
gsize xmpp_arena_get_size (XmppArena *self); /* in bytes */
gpointer xmpp_arena_alloc (XmppArena *self, gsize size);
const char *xmpp_arena_add_string (XmppArena *self, const char *text, gsize length);

/* A plain name that the builder may use: an ASCII NCName other than "xmlns". */
gboolean xmpp_node_is_name (const char *text);

/* A copy of @text with everything removed that XML 1.0 forbids (security.md P8); bytes that are no UTF-8
 * become U+FFFD. */
char *xmpp_node_sanitize_text (const char *text);

/* An element with an arena of its own. Copies everything but the references to @children, which it takes. */
XmppNode *xmpp_node_new_full (const XmppNode *template);

G_END_DECLS
