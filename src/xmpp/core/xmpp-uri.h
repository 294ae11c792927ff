/* xmpp: links, RFC 5122 and XEP-0147 "XMPP URI Scheme Query Components", version 1.2
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-jid.h"

G_BEGIN_DECLS

/**
 * XmppUri:
 *
 * An xmpp: link taken apart: the address it is about, what to do with it (XEP-0147's querytype), and pairs
 * of keys and values. Everything in it was written by a stranger.
 */
typedef struct _XmppUri XmppUri;

#define XMPP_URI_ERROR (xmpp_uri_error_quark ())
GQuark xmpp_uri_error_quark (void);

typedef enum
{
  XMPP_URI_ERROR_SCHEME,    /* not an xmpp: link */
  XMPP_URI_ERROR_ENCODING,  /* a wrong %-sequence, or no UTF-8 */
  XMPP_URI_ERROR_ADDRESS,   /* no address, or one that is none */
  XMPP_URI_ERROR_AUTHORITY, /* only says which account to use, which is not for a link to say */
  XMPP_URI_ERROR_TOO_LONG,
} XmppUriError;

/**
 * xmpp_uri_parse:
 * @text: a link; also an IRI, that is, with characters that should have been encoded
 *
 * The account that the form "xmpp://account@host/address" names is left out: whose account is used is the
 * person's choice. So is a fragment, which RFC 5122 section 2.7 gives no meaning. Of two values of one key
 * the first counts.
 *
 * Returns: (transfer full) (nullable): the link, or %NULL with XMPP_URI_ERROR
 */
XmppUri *xmpp_uri_parse (const char *text, GError **error);

/**
 * xmpp_uri_new:
 * @action: (nullable): the querytype
 *
 * Returns: (transfer full): a link to build on with xmpp_uri_add()
 */
XmppUri *xmpp_uri_new (XmppJid *jid, const char *action);
/* A pair at the end; nothing when @key is there already. */
void xmpp_uri_add (XmppUri *self, const char *key, const char *value);
void xmpp_uri_free (XmppUri *self);

XmppJid *xmpp_uri_get_jid (XmppUri *self);
/* The querytype in lower case; NULL: none. */
const char *xmpp_uri_get_action (XmppUri *self);
/* @key: in lower case. NULL: not there. */
const char *xmpp_uri_get_value (XmppUri *self, const char *key);
/* As RFC 5122 wants it: ASCII, everything that could be misread encoded. Transfer full. */
char *xmpp_uri_to_string (XmppUri *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppUri, xmpp_uri_free)

G_END_DECLS
