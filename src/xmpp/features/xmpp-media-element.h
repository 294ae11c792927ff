/* XEP-0221 Data Forms Media Element, version 1.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-node.h"

G_BEGIN_DECLS

#define XMPP_NS_MEDIA_ELEMENT "urn:xmpp:media-element"

/* Where a picture or sound is: either @cid or @url is set. */
typedef struct
{
  char *type; /* "image/png": lower case, without parameters */
  char *cid;  /* nullable; a valid content id of XEP-0231, without the scheme */
  char *url;  /* nullable; https, with a host, without a user name */
} XmppMediaUri;

typedef struct
{
  guint width; /* pixels, 0: not told, at most 4096 */
  guint height;
  GPtrArray *uris; /* of XmppMediaUri, in the order of the sender, at least one */
} XmppMediaElement;

/**
 * xmpp_media_element_parse:
 * @media: any element
 *
 * Keeps what may be fetched at all: `cid:` and `https:`. Whoever fetches an `https:` one has to look at where
 * it leads (security.md F4).
 *
 * Returns: (transfer full) (nullable): %NULL when it is no media element, or one without anything usable
 */
XmppMediaElement *xmpp_media_element_parse (XmppNode *media);
void xmpp_media_element_free (XmppMediaElement *self);
/* The first of that kind ("image", "audio"); borrowed, nullable. @cid: one by content id, not https. */
const XmppMediaUri *xmpp_media_element_find (const XmppMediaElement *self, const char *kind, gboolean cid);

/* Whether @url is one that a server may make a client open: https, a host, no user name, no spaces or control
 * characters, at most 2000 bytes. */
gboolean xmpp_media_url_is_safe (const char *url);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppMediaElement, xmpp_media_element_free)

G_END_DECLS
