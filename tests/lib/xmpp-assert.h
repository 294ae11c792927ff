/* Comparing elements with literal XML
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-node.h"

G_BEGIN_DECLS

/**
 * xmpp_assert_node:
 * @node: (nullable): what came out; %NULL fails
 * @xml: what it must be, as one element inside a stream, with the wildcards of [struct@Linnet.TestXml]
 *
 * Compares canonically: the order of attributes, prefixes and blanks between elements do not count.
 */
#define xmpp_assert_node(node, xml) xmpp_assert_node_at ((node), (xml), __FILE__, __LINE__, G_STRFUNC)

void xmpp_assert_node_at (XmppNode *node, const char *xml, const char *file, int line, const char *func);

/* The same as a question. @why: (out) (optional): says what differs. */
gboolean xmpp_node_matches (XmppNode *node, const char *xml, char **why);

/* @xml as an element inside a stream; aborts when it is none. Transfer full. */
XmppNode *xmpp_node_from_literal (const char *xml);

G_END_DECLS
