/* XEP-0059 Result Set Management, version 1.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-node.h"

G_BEGIN_DECLS

#define XMPP_NS_RSM "http://jabber.org/protocol/rsm"

/* Bytes of an item's id; what is longer is none. */
#define XMPP_RSM_MAX_ID 512

/* Where the page that came lies in the whole. What the other side did not say, or said in a way that makes no
 * sense, is NULL or not there; it is never needed for going on from one page to the next but for the ids. */
typedef struct
{
  char *first;   /* nullable; there is either both or none */
  char *last;    /* nullable */
  guint64 index; /* of the first item in the whole */
  guint64 count; /* of all items; an estimate maybe */
  guint has_index : 1;
  guint has_count : 1;
} XmppRsmSet;

/**
 * xmpp_rsm_build_after:
 * @max: how many items at most
 * @id: (nullable): after which item the page begins; %NULL: the first page
 *
 * Returns: (transfer full): a `<set/>` for a request (sections 2.1 and 2.2)
 */
XmppNode *xmpp_rsm_build_after (guint max, const char *id);
/* Likewise for the page that ends before @id; %NULL: the last page (sections 2.3 and 2.5). */
XmppNode *xmpp_rsm_build_before (guint max, const char *id);

/**
 * xmpp_rsm_set_parse:
 * @parent: (nullable): the element with the `<set/>` of an answer
 * @set: (out caller-allocates): filled in in any case
 *
 * Returns: whether there was one
 */
gboolean xmpp_rsm_set_parse (XmppNode *parent, XmppRsmSet *set);
void xmpp_rsm_set_clear (XmppRsmSet *set);
/* Whether an id that came is one to page from. */
gboolean xmpp_rsm_is_id (const char *id);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XmppRsmSet, xmpp_rsm_set_clear)

G_END_DECLS
