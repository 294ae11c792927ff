/* One attempt to reach the server and sign in
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store-accounts.h"
#include "xmpp-login.h"
#include "xmpp-stream.h"

G_BEGIN_DECLS

typedef struct
{
  LinnetStoreAccount *account; /* server, pin, what it remembers */
  char *password;              /* nullable with a token */
  char *proxy_password;        /* nullable: for the account's proxy */
  char *token;                 /* nullable, XEP-0484 */
  gboolean token_rejected;     /* there was one that the server did not take */
  gboolean allow_plain;
  gboolean must_bind;    /* the password only bound to the channel: see XmppLoginRequest */
  gboolean new_resource; /* do not ask for the one of last time */
  char *tag;             /* nullable: what a resource by Bind 2 is to begin with */
  char *sm_id;           /* nullable: a stream to resume */
  guint32 sm_h;
  char *other_host; /* nullable: where the server sent us, "host" or "host:port" */
  char *location;   /* likewise: where it would rather have the stream resumed, if it can be reached */
} LinnetSignOnRequest;

void linnet_sign_on_request_free (LinnetSignOnRequest *self); /* wipes the secrets */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetSignOnRequest, linnet_sign_on_request_free)

typedef struct
{
  XmppStream *stream;
  XmppLoginResult *login;
  gatomicrefcount ref_count;
} LinnetSignedOn;

#define LINNET_TYPE_SIGNED_ON (linnet_signed_on_get_type ())
GType linnet_signed_on_get_type (void) G_GNUC_CONST;
LinnetSignedOn *linnet_signed_on_ref (LinnetSignedOn *self);
void linnet_signed_on_unref (LinnetSignedOn *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetSignedOn, linnet_signed_on_unref)

/**
 * linnet_sign_on:
 * @request: (transfer full):
 *
 * Connects and signs in, the latter within a minute. A redirection is followed only when it came from a
 * server that had proved its identity (security.md A7); the identity to be proved stays the same. A token
 * that is no longer accepted is followed by the password, if there is one.
 *
 * Returns: (transfer full): a future that resolves to a boxed [struct@Linnet.SignedOn], or rejects with the
 * errors of [func@Xmpp.connect] and [func@Xmpp.login]. Dropping it ends the attempt.
 */
DexFuture *linnet_sign_on (LinnetSignOnRequest *request) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_sign_on_revoke:
 * @request: (transfer full): with a token
 *
 * Connects once more to have the token made invalid, so that nobody who may have got hold of it can sign in
 * with it (security.md A8), within five seconds.
 *
 * Returns: (transfer full): a future that resolves to true, also when the server had forgotten the token, or
 * rejects like [func@Linnet.sign_on] when it could not be asked
 */
DexFuture *linnet_sign_on_revoke (LinnetSignOnRequest *request) G_GNUC_WARN_UNUSED_RESULT;

/* What the result says about the account is written into @account. */
void linnet_sign_on_remember (const XmppLoginResult *login, LinnetStoreAccount *account);

/* "host", "host:port", "[v6]:port" from the network; FALSE when it is none. @port: 0 when it is not told. */
gboolean linnet_sign_on_parse_host (const char *text, char **host, guint16 *port);

G_END_DECLS
