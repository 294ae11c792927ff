/* Immutable XML elements
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define XMPP_NS_CLIENT "jabber:client"
#define XMPP_NS_STREAM "http://etherx.jabber.org/streams"
#define XMPP_NS_STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"
#define XMPP_NS_STREAMS "urn:ietf:params:xml:ns:xmpp-streams"

/**
 * XmppNode:
 *
 * An immutable, atomically reference-counted XML element (or, inside the builder only, an attribute or a
 * piece of text).
 *
 * Nodes have no parent, so one node may be shared by several trees and threads. Every name is looked up
 * together with its namespace. Text and attribute values are always valid UTF-8 without characters that XML
 * 1.0 forbids.
 */
typedef struct _XmppNode XmppNode;

#define XMPP_TYPE_NODE (xmpp_node_get_type ())
GType xmpp_node_get_type (void) G_GNUC_CONST;

/* A reference to any element keeps the whole stanza that it came in. Thread-safe. */
XmppNode *xmpp_node_ref (XmppNode *self);
void xmpp_node_unref (XmppNode *self);

/* All getters borrow: what they return lives as long as @self. */
const char *xmpp_node_get_name (XmppNode *self);
const char *xmpp_node_get_ns (XmppNode *self); /* "" when there is none */
gboolean xmpp_node_is (XmppNode *self, const char *name, const char *ns);

/* The text directly inside the element, "" when there is none; children's text is not included. */
const char *xmpp_node_get_text (XmppNode *self);

/* Attributes without a namespace; "xml:lang" is asked for as get_attr_ns (self, "lang", XMPP_NS_XML). */
#define XMPP_NS_XML "http://www.w3.org/XML/1998/namespace"
const char *xmpp_node_get_attr (XmppNode *self, const char *name);
const char *xmpp_node_get_attr_ns (XmppNode *self, const char *name, const char *ns);
/* Strict decimal digits only, no sign, no space; FALSE (and @out untouched) when absent, malformed or above
 * @max. */
gboolean xmpp_node_get_attr_uint (XmppNode *self, const char *name, guint64 max, guint64 *out);
gboolean xmpp_node_get_attr_bool (XmppNode *self, const char *name, gboolean *out);
guint xmpp_node_get_n_attrs (XmppNode *self);
/* Returns the value; @name and @ns are borrowed and may be NULL, *@ns is NULL for an attribute without a
 * namespace. */
const char *xmpp_node_get_nth_attr (XmppNode *self, guint index, const char **name, const char **ns);

guint xmpp_node_get_n_children (XmppNode *self);
/* Children are elements only. NULL when there is no such child. */
XmppNode *xmpp_node_get_nth_child (XmppNode *self, guint index);
XmppNode *xmpp_node_get_child (XmppNode *self, const char *name, const char *ns);
const char *xmpp_node_get_child_text (XmppNode *self, const char *name, const char *ns);
/* The first child in @ns whatever its name: the payload of an IQ, say. */
XmppNode *xmpp_node_get_child_in_ns (XmppNode *self, const char *ns);
XmppNode *xmpp_node_get_first_child (XmppNode *self);
/* What a reference to @self keeps in memory, in bytes: all of the stanza that it came with. */
gsize xmpp_node_get_memory (XmppNode *self);
/* Walks name, namespace pairs down from @self; ends with NULL. */
XmppNode *xmpp_node_find (XmppNode *self, const char *name, const char *ns, ...) G_GNUC_NULL_TERMINATED;

/* New elements that share the children of @self, which stays as it is and yours. */
XmppNode *xmpp_node_with_child (XmppNode *self, XmppNode *child); /* @child is consumed */
/* @value replaces what is there; NULL removes it. */
XmppNode *xmpp_node_with_attr (XmppNode *self, const char *name, const char *value);
/* Without any child of that name and namespace. */
XmppNode *xmpp_node_without (XmppNode *self, const char *name, const char *ns);

/* Same names, namespaces, texts and children in the same order; attributes in any. */
gboolean xmpp_node_equal (XmppNode *a, XmppNode *b);
/* @outer_ns: the default namespace in force where the text will stand, or NULL. */
char *xmpp_node_to_string (XmppNode *self, const char *outer_ns);
/* Appends the same to @out. */
void xmpp_node_append_to (XmppNode *self, const char *outer_ns, GString *out);
/* Exactly one element, under the same rules and limits as the stream's; else XMPP_STREAM_ERROR. @length: -1
 * for all. */
XmppNode *xmpp_node_parse (const char *xml, gssize length, const char *outer_ns, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppNode, xmpp_node_unref)

G_END_DECLS
