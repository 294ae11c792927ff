/* Links that invite, and other xmpp: links
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"

G_BEGIN_DECLS

/* What following a link would do. Nothing does it before a person agreed (security.md I14). */
typedef enum
{
  LINNET_LINK_CHAT,        /* open the chat with the address */
  LINNET_LINK_MESSAGE,     /* the same, with a text to begin with */
  LINNET_LINK_SUBSCRIBE,   /* make the address a contact */
  LINNET_LINK_ROSTER,      /* the same, perhaps with a token by which they agreed before */
  LINNET_LINK_REGISTER,    /* make an account on the domain, perhaps with a token */
  LINNET_LINK_JOIN,        /* enter a group */
  LINNET_LINK_PAGE,        /* a web page that may hold one of the others: linnet_link_resolve() */
  LINNET_LINK_UNSUPPORTED, /* something that Linnet does not do from a link */
} LinnetLinkKind;

/**
 * LinnetLink:
 *
 * A link, understood and immutable. All of it was written by a stranger: names and texts are made fit for
 * showing, nothing is checked with a server. Properties: none; a getter answers %NULL where the kind has no
 * such thing.
 */
#define LINNET_TYPE_LINK (linnet_link_get_type ())
G_DECLARE_FINAL_TYPE (LinnetLink, linnet_link, LINNET, LINK, GObject)

/**
 * linnet_link_parse:
 * @text: a link as it was clicked, pasted or dropped: an xmpp: link, or the https: address of a page that
 *   shows one
 *
 * Returns: (transfer full) (nullable): the link, or %NULL with LINNET_ERROR_BAD_LINK
 */
LinnetLink *linnet_link_parse (const char *text, GError **error);
/* Whether it is worth to try linnet_link_parse() on what somebody typed or pasted. */
gboolean linnet_link_looks_like_one (const char *text);

/**
 * linnet_link_find_in_page:
 * @html: a landing page, of anybody
 *
 * Returns: (transfer full) (nullable): the first invitation that the page links to
 */
LinnetLink *linnet_link_find_in_page (const char *html);

/**
 * linnet_link_resolve:
 * @self: of the kind LINNET_LINK_PAGE, after the person agreed that its host is asked
 * @account: by whose proxy
 *
 * Returns: (transfer full): a future that resolves to the invitation that the page shows, or rejects with
 *   LINNET_ERROR: BAD_LINK when there is none, and those of linnet_fetch()
 */
DexFuture *linnet_link_resolve (LinnetLink *self, LinnetAccount *account) G_GNUC_WARN_UNUSED_RESULT;
/* The same before there is an account. @proxy: (nullable): as for linnet_account_set_proxy() */
DexFuture *linnet_link_resolve_through (LinnetLink *self, const char *proxy) G_GNUC_WARN_UNUSED_RESULT;

LinnetLinkKind linnet_link_get_kind (LinnetLink *self);
/* Whom or what it is about: a bare address. For LINNET_LINK_REGISTER the account to make, when the
 * invitation says which: it must not be changed then (XEP-0445 section 2.1). */
const char *linnet_link_get_address (LinnetLink *self);
/* Of LINNET_LINK_REGISTER, and of LINNET_LINK_ROSTER that linnet_link_get_can_register(): where an account
 * can be made. Unicode. */
const char *linnet_link_get_domain (LinnetLink *self);
/* What proves the invitation (XEP-0379, XEP-0445). A secret of sorts: never log it. */
const char *linnet_link_get_token (LinnetLink *self);
/* What the link says they are called. Never show it without the address (XEP-0379 section 6.4). */
const char *linnet_link_get_name (LinnetLink *self);
/* The text of LINNET_LINK_MESSAGE. */
const char *linnet_link_get_body (LinnetLink *self);
/* The token is good for an account on the domain as well. */
gboolean linnet_link_get_can_register (LinnetLink *self);
/* The xmpp: link itself, tidied; NULL of LINNET_LINK_PAGE. */
const char *linnet_link_get_uri (LinnetLink *self);
/* The https: address of LINNET_LINK_PAGE, and its host for showing. */
const char *linnet_link_get_page (LinnetLink *self);
const char *linnet_link_get_host (LinnetLink *self);

G_END_DECLS
