/* One SASL exchange seen from the client, whatever the mechanism: RFC 4616, RFC 5802, Hashed Token
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-hashed-token.h"
#include "xmpp-mechanism-choice.h"

G_BEGIN_DECLS

/**
 * XmppMechanism:
 *
 * What SASL and SASL 2 share: base64 in, base64 out. Errors are of %XMPP_SASL_ERROR.
 */
typedef struct _XmppMechanism XmppMechanism;

/**
 * XmppCredentials:
 * @secret: the password or token
 * @binding_data: the channel's, of the type that the mechanism binds to; NULL when it binds to none
 * @offer: from [func@Xmpp.scram_offer_new]; SCRAM only
 * @nonce: (nullable): for tests
 */
typedef struct
{
  const char *username;
  const char *secret;
  GBytes *binding_data;
  const char *offer;
  const char *nonce;
} XmppCredentials;

/* NULL with %XMPP_SASL_ERROR_NOT_AUTHORIZED for a password that no server can have. @credentials are copied.
 * */
XmppMechanism *xmpp_mechanism_new (const XmppMechanismChoice *choice,
                                   const XmppCredentials *credentials,
                                   GError **error);
XmppMechanism *xmpp_mechanism_new_for_token (const XmppHashedToken *token,
                                             const XmppCredentials *credentials);
void xmpp_mechanism_free (XmppMechanism *self);

const char *xmpp_mechanism_get_name (XmppMechanism *self);
const char *xmpp_mechanism_get_binding (XmppMechanism *self); /* nullable */
/* A refusal may be the server's word for "this is not the channel that I see". */
gboolean xmpp_mechanism_depends_on_channel (XmppMechanism *self);

char *xmpp_mechanism_dup_initial (XmppMechanism *self);

/* The answer to a challenge, NULL with an error. Only on a fiber: SCRAM's slow hash is awaited. */
char *xmpp_mechanism_respond (XmppMechanism *self, const char *challenge, GError **error);

/**
 * xmpp_mechanism_finish:
 * @data: (nullable): what came with the server's success
 *
 * Returns: %FALSE with %XMPP_SASL_ERROR_SERVER_UNTRUSTED unless the server proved that it knows the secret.
 * PLAIN alone
 *   has no such proof.
 */
gboolean xmpp_mechanism_finish (XmppMechanism *self, const char *data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppMechanism, xmpp_mechanism_free)

G_END_DECLS
