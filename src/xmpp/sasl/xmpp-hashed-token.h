/* The Hashed Token SASL mechanisms, draft-schmaus-kitten-sasl-ht-09, as XEP-0484 uses them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * XmppHashedToken:
 *
 * One mechanism that Linnet speaks. Those without channel binding (-NONE) are missing on purpose: whoever
 * sees the one
 * message of such an exchange can replay it (security.md A8). So is -UNIQ, which TLS 1.3 does not have.
 */
typedef struct
{
  const char *name;    /* "HT-SHA-256-EXPR", … */
  const char *binding; /* "tls-exporter" or "tls-server-end-point" */
} XmppHashedToken;

/* NULL for a mechanism Linnet does not use. */
const XmppHashedToken *xmpp_hashed_token_lookup (const char *name);

/* The strongest of @offered whose channel binding is among @available (both ended by NULL), or NULL. */
const XmppHashedToken *xmpp_hashed_token_choose (const char *const *offered, const char *const *available);

/* The one message of the client. @binding_data: the channel's, of the mechanism's type. */
GBytes *xmpp_hashed_token_initiate (const XmppHashedToken *self,
                                    const char *username,
                                    const char *token,
                                    GBytes *binding_data);

/* Whether the server's answer shows that it knows the token; FALSE for none. Takes the same time for any
 * wrong answer. */
gboolean xmpp_hashed_token_verify (const XmppHashedToken *self,
                                   const char *token,
                                   GBytes *binding_data,
                                   GBytes *answer);

G_END_DECLS
