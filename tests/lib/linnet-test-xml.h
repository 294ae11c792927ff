/* Literal XML with wildcards, compared with what came over the wire
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LinnetTestXml:
 *
 * An element as expat sees it; shares no code with the parser under test.
 *
 * In a pattern, an attribute's value or a text may hold wildcards:
 * `*` matches anything, alone or after and before literal text ("urn:*", "*@example.org", "a*b"), and is
 * captured;
 * `{name}` matches anything and keeps it under that name, `${name}` matches what is kept;
 * `?` as a whole attribute value matches anything and also the attribute's absence.
 * Blanks between elements do not count; the order of attributes does not either.
 */
typedef struct _LinnetTestXml LinnetTestXml;

LinnetTestXml *linnet_test_xml_new (const char *expat_name, const char *const *expat_attributes);
void linnet_test_xml_free (LinnetTestXml *self);
void linnet_test_xml_add_child (LinnetTestXml *self, LinnetTestXml *child); /* consumes @child */
void linnet_test_xml_add_text (LinnetTestXml *self, const char *text, gsize length);
const char *linnet_test_xml_get_name (LinnetTestXml *self); /* "namespace name" */

/* Top-level elements of @text, read inside a stream: default namespace jabber:client, prefix stream. Aborts
 * when @text is not well-formed. A stream header may stand alone, unclosed. */
GPtrArray *linnet_test_xml_parse (const char *text);

/* @captures: gets what `*` matched, in document order. @names: what is kept under names. @why: says what
 * differs. */
gboolean linnet_test_xml_match (LinnetTestXml *pattern,
                                LinnetTestXml *actual,
                                GPtrArray *captures,
                                GHashTable *names,
                                char **why);

/* Replaces $1…$9 by captures and ${name} by what is kept, escaped for XML. */
char *linnet_test_xml_expand (const char *text, GPtrArray *captures, GHashTable *names);

/* For messages. */
char *linnet_test_xml_to_string (LinnetTestXml *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetTestXml, linnet_test_xml_free)

G_END_DECLS
