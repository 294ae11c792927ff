/* Building elements and stanzas
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-jid.h"
#include "xmpp-node.h"

G_BEGIN_DECLS

/* Marks the end of an item list. NULL items before it are skipped, so that an optional part is
 * `cond ? xmpp_attr (…) : NULL`. */
#define XMPP_END ((XmppNode *) GINT_TO_POINTER (-1))

/**
 * xmpp_el:
 * @name: the element's name
 * @ns: its namespace
 * @...: attributes, texts and child elements; each is consumed, NULL is skipped
 *
 * Builds an element.
 *
 * Returns: (transfer full): the new element
 */
#define xmpp_el(name, ns, ...) \
  xmpp_node_build ((name), (ns), (XmppNode *const[]) { __VA_ARGS__ __VA_OPT__ (, ) XMPP_END })

XmppNode *xmpp_node_build (const char *name, const char *ns, XmppNode *const *items);
/* A NULL value gives NULL, so that xmpp_attr ("id", maybe) leaves the attribute out. The last one of a name
 * counts. */
XmppNode *xmpp_attr (const char *name, const char *value);
XmppNode *xmpp_attr_ns (const char *name, const char *ns, const char *value);
XmppNode *xmpp_attr_uint (const char *name, guint64 value);
XmppNode *xmpp_text (const char *text);

/* RFC 6120 section 8. @to may be NULL (the own server); the id is set by the session when it sends.
 * @payload is consumed. */
XmppNode *xmpp_iq_get (XmppJid *to, XmppNode *payload);
XmppNode *xmpp_iq_set (XmppJid *to, XmppNode *payload);
XmppNode *xmpp_iq_result (XmppNode *request, XmppNode *payload);
XmppNode *xmpp_iq_error (XmppNode *request, const char *type, const char *condition);

/**
 * xmpp_message:
 * @to: (nullable): a [struct@Xmpp.Jid]
 * @type: (nullable)
 * @id: (nullable)
 * @...: its children; each is consumed, NULL is skipped
 *
 * Builds a message stanza.
 *
 * Returns: (transfer full): the new element
 */
#define xmpp_message(to, type, id, ...)                                      \
  xmpp_el ("message",                                                        \
           XMPP_NS_CLIENT,                                                   \
           (to) != NULL ? xmpp_attr ("to", xmpp_jid_get_string (to)) : NULL, \
           xmpp_attr ("type", (type)),                                       \
           xmpp_attr ("id", (id)) __VA_OPT__ (, ) __VA_ARGS__)

G_END_DECLS
