/* Signing in on an open stream: SASL 1 and bind, or SASL 2 with Bind 2, FAST and stream resumption
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libdex.h>

#include "xmpp-jid.h"
#include "xmpp-stream.h"

G_BEGIN_DECLS

/**
 * XmppLoginMemory:
 *
 * What an account remembers from its sign-ins so that nobody can talk it down later (security.md A3, A5). The
 * strings are
 * stored by the model; NULL or 0 in a new account.
 */
typedef struct
{
  char *mechanism;       /* the strongest ever used, e.g. "SCRAM-SHA-256-PLUS" */
  char *channel_binding; /* the strongest ever used, e.g. "tls-exporter" */
  char *authority;       /* of the last certificate: who issued it, see xmpp_voucher_read() */
  char *key;             /* of the last certificate: the SHA-256 of its key */
  guint had_sasl2 : 1;
} XmppLoginMemory;

typedef struct
{
  XmppJid *jid;         /* bare, or full to ask for a resource */
  char *password;       /* nullable when there is a token */
  char *fast_token;     /* nullable, XEP-0484 */
  char *fast_mechanism; /* nullable, e.g. "HT-SHA-256-EXPR" */
  guint64 fast_count;   /* how often this token was used before; told to the server when over 0 */
  char *user_agent_id;  /* a random UUID v4 of this installation and account */
  /* nullable: instead of "Linnet", for another resource by Bind 2: servers derive it from the tag and the
   * user agent */
  char *tag;
  guint allow_plain : 1; /* a person agreed to PLAIN for this sign-in */
  guint must_bind : 1;   /* after XMPP_SASL_ERROR_TOKEN_MISBOUND: the password only bound to the channel */
  XmppLoginMemory memory;

  /* a stream to resume, XEP-0198; sm_id NULL: none. @jid should be its full address then. */
  char *sm_id;
  guint32 sm_h;
} XmppLoginRequest;

/**
 * XmppLoginResult:
 *
 * Boxed. Either the stream was resumed (then @resumed and @sm_h count), or a resource was bound.
 *
 * After a resumption by SASL 2 Prosody sends another `<stream:features/>` after the stanzas that it sends
 * again, which
 * XEP-0198 section 9.2 forbids: whoever reads the stream then skips it.
 */
typedef struct
{
  XmppJid *full_jid;  /* after a resumption the request's, unless the server told it */
  XmppNode *features; /* in force from now on; NULL after a resumption inside SASL 2: the old ones are */
  guint resumed : 1;
  guint sm_enabled : 1; /* stream management runs from here on, counters at 0 (or as resumed) */
  guint sm_resumable : 1;
  guint carbons_enabled : 1; /* inlined by Bind 2 */
  guint csi_active : 1;
  guint sasl2 : 1;
  guint32 sm_h; /* with @resumed, or with a failed resume that told it: what the server handled */
  guint sm_h_known : 1;
  char *sm_id;       /* nullable */
  char *sm_location; /* nullable */
  guint sm_max;      /* seconds; 0 unknown */
  char *mechanism;
  char *channel_binding;  /* nullable */
  XmppLoginMemory memory; /* to be stored: the request's, strengthened */
  char *fast_token;       /* nullable: a new token to keep instead of the old one */
  char *fast_mechanism;
  gint64 fast_expiry;      /* Unix seconds, 0 unknown */
  guint fast_rejected : 1; /* forget the request's token: the server did not take it */
  /* XmppNode: stanzas from before <enabled/>; to be handled first, but not counted */
  GPtrArray *early;
} XmppLoginResult;

#define XMPP_TYPE_LOGIN_RESULT (xmpp_login_result_get_type ())
GType xmpp_login_result_get_type (void) G_GNUC_CONST;
XmppLoginResult *xmpp_login_result_copy (const XmppLoginResult *self);
void xmpp_login_result_free (XmppLoginResult *self);
void xmpp_login_request_clear (XmppLoginRequest *self); /* wipes password and token */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppLoginResult, xmpp_login_result_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XmppLoginRequest, xmpp_login_request_clear)

/**
 * xmpp_login:
 * @stream: under TLS, not opened yet: what [func@Xmpp.connect] gave
 *
 * Opens the stream, chooses the strongest mechanism (XEP-0440, XEP-0474), authenticates, resumes or binds,
 * and enables
 * stream management. With SASL 2 all of it in one round trip (XEP-0388, 0386, 0484); otherwise RFC 6120
 * sections 6
 * and 7, then XEP-0198. A token that the server does not take is followed by the password, if there is one
 * and the
 * server goes on. @request is copied. There is no time limit: drop the future to give up.
 *
 * Returns: (transfer full): a future that resolves to a boxed [struct@Xmpp.LoginResult], or rejects with
 *   XMPP_SASL_ERROR, XMPP_STREAM_ERROR, XMPP_STANZA_ERROR (bind) or G_IO_ERROR. The stream is of no use then.
 *   XMPP_SASL_ERROR_TOKEN_REJECTED: forget the token and sign in again, on a new stream, with the password.
 *   XMPP_SASL_ERROR_TOKEN_MISBOUND: the same, with @must_bind, for the server saw another channel than we.
 */
DexFuture *xmpp_login (XmppStream *stream, const XmppLoginRequest *request) G_GNUC_WARN_UNUSED_RESULT;

/**
 * xmpp_login_revoke_token:
 * @stream: as for [func@Xmpp.login]
 *
 * Signing out: authenticates with @request's token one last time to have it made invalid (XEP-0484 section
 * 3.6), and
 * closes the stream. No resource is bound.
 *
 * Returns: (transfer full): a future that resolves to true, also when the server knows the token no more;
 * rejects like
 *   [func@Xmpp.login] when it could not be asked
 */
DexFuture *xmpp_login_revoke_token (XmppStream *stream,
                                    const XmppLoginRequest *request) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
