/* XEP-0359 Unique and Stable Stanza IDs, version 0.7.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

#define XMPP_NS_SID "urn:xmpp:sid:0"

/* Fills in XmppMessage.origin_id, and .stanza_id if it is by the own account and that announces to give such
 * ids (security.md I7). */
#define XMPP_TYPE_STANZA_IDS (xmpp_stanza_ids_get_type ())
G_DECLARE_FINAL_TYPE (XmppStanzaIds, xmpp_stanza_ids, XMPP, STANZA_IDS, XmppFeature)

/* The attribute @name of @element, if it is an id that a message can have: not empty, and no longer than what
 * is kept of ids. Transfer full, nullable. */
char *xmpp_stanza_ids_dup (XmppNode *element, const char *name);

G_END_DECLS
