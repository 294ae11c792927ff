/* XEP-0231 Bits of Binary, version 1.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-node.h"

G_BEGIN_DECLS

#define XMPP_NS_BOB "urn:xmpp:bob"
/* The specification means some kilobytes; pictures and sounds of puzzles are larger. */
#define XMPP_BOB_MAX_SIZE (512 * 1024)

/* "sha1+<hex>@bob.xmpp.org" with a hash that we can check: SHA-1, SHA-256, SHA-512. */
gboolean xmpp_bob_cid_is_valid (const char *cid);

/**
 * xmpp_bob_parse:
 * @data: a `<data/>`
 * @cid: (nullable): which one it has to be
 *
 * Decodes it when it is small enough, and is what the hash in its content id says. Its media type is not
 * told: it is the sender's word only, and who looks at the bytes has to find out anyway.
 *
 * Returns: (transfer full) (nullable): the bytes
 */
GBytes *xmpp_bob_parse (XmppNode *data, const char *cid);

/**
 * xmpp_bob_find:
 * @parent: what a stanza carries
 * @cid: a content id
 *
 * Looks among the children of @parent (section 2.1 rule 2) as xmpp_bob_parse() does.
 *
 * Returns: (transfer full) (nullable): the bytes
 */
GBytes *xmpp_bob_find (XmppNode *parent, const char *cid);

/* The payload of the IQ get that asks for it (section 2.3). */
XmppNode *xmpp_bob_request (const char *cid);

G_END_DECLS
