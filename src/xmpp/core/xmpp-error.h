/* Error domains of the protocol layer
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-node.h"

G_BEGIN_DECLS

/* What ends or prevents a stream: RFC 6120 section 4.9.3 and our own findings. */
#define XMPP_STREAM_ERROR (xmpp_stream_error_quark ())
GQuark xmpp_stream_error_quark (void);

typedef enum
{
  /* what the server said */
  XMPP_STREAM_ERROR_UNDEFINED,
  XMPP_STREAM_ERROR_CONFLICT,
  XMPP_STREAM_ERROR_HOST_UNKNOWN,
  XMPP_STREAM_ERROR_NOT_AUTHORIZED,
  XMPP_STREAM_ERROR_POLICY_VIOLATION,
  XMPP_STREAM_ERROR_RESET,
  XMPP_STREAM_ERROR_SEE_OTHER_HOST,
  XMPP_STREAM_ERROR_SYSTEM_SHUTDOWN,
  XMPP_STREAM_ERROR_REMOTE_OTHER,
  /* what we found */
  XMPP_STREAM_ERROR_CLOSED,          /* </stream> or end of file */
  XMPP_STREAM_ERROR_NOT_WELL_FORMED, /* not XML, or not XMPP */
  XMPP_STREAM_ERROR_RESTRICTED_XML,  /* DOCTYPE, processing instruction, comment */
  XMPP_STREAM_ERROR_LIMIT,           /* token, stanza, depth or attribute limit */
  XMPP_STREAM_ERROR_NO_TLS,          /* the server offers no encryption, or none that works */
  XMPP_STREAM_ERROR_TLS_INJECTION,   /* clear text after <proceed/> */
  XMPP_STREAM_ERROR_TLS_VERSION,     /* below TLS 1.2 */
  XMPP_STREAM_ERROR_HOST_NOT_FOUND,  /* DNS knows no such server */
  XMPP_STREAM_ERROR_UNREACHABLE,     /* no address of it answered */
  XMPP_STREAM_ERROR_PROXY,           /* it does not answer, or lets nobody through */
  XMPP_STREAM_ERROR_TIMEOUT,
  XMPP_STREAM_ERROR_NO_XMPP_SERVICE, /* SRV target "." */
  XMPP_STREAM_ERROR_PROTOCOL,        /* an answer that the protocol does not allow */
} XmppStreamError;

/* RFC 6120 section 8.3.3; what an IQ or message was answered with. */
#define XMPP_STANZA_ERROR (xmpp_stanza_error_quark ())
GQuark xmpp_stanza_error_quark (void);

typedef enum
{
  XMPP_STANZA_ERROR_UNDEFINED_CONDITION,
  XMPP_STANZA_ERROR_BAD_REQUEST,
  XMPP_STANZA_ERROR_CONFLICT,
  XMPP_STANZA_ERROR_FEATURE_NOT_IMPLEMENTED,
  XMPP_STANZA_ERROR_FORBIDDEN,
  XMPP_STANZA_ERROR_GONE,
  XMPP_STANZA_ERROR_INTERNAL_SERVER_ERROR,
  XMPP_STANZA_ERROR_ITEM_NOT_FOUND,
  XMPP_STANZA_ERROR_JID_MALFORMED,
  XMPP_STANZA_ERROR_NOT_ACCEPTABLE,
  XMPP_STANZA_ERROR_NOT_ALLOWED,
  XMPP_STANZA_ERROR_NOT_AUTHORIZED,
  XMPP_STANZA_ERROR_POLICY_VIOLATION,
  XMPP_STANZA_ERROR_RECIPIENT_UNAVAILABLE,
  XMPP_STANZA_ERROR_REDIRECT,
  XMPP_STANZA_ERROR_REGISTRATION_REQUIRED,
  XMPP_STANZA_ERROR_REMOTE_SERVER_NOT_FOUND,
  XMPP_STANZA_ERROR_REMOTE_SERVER_TIMEOUT,
  XMPP_STANZA_ERROR_RESOURCE_CONSTRAINT,
  XMPP_STANZA_ERROR_SERVICE_UNAVAILABLE,
  XMPP_STANZA_ERROR_SUBSCRIPTION_REQUIRED,
  XMPP_STANZA_ERROR_UNEXPECTED_REQUEST,
  /* ours: the IQ was never answered */
  XMPP_STANZA_ERROR_TIMED_OUT,
  XMPP_STANZA_ERROR_DISCONNECTED,
} XmppStanzaError;

/* Sign-in; RFC 6120 section 6.5 and the checks of RFC 5802, XEP-0440, XEP-0474. */
#define XMPP_SASL_ERROR (xmpp_sasl_error_quark ())
GQuark xmpp_sasl_error_quark (void);

typedef enum
{
  XMPP_SASL_ERROR_NOT_AUTHORIZED, /* wrong address or password */
  XMPP_SASL_ERROR_ACCOUNT_DISABLED,
  XMPP_SASL_ERROR_CREDENTIALS_EXPIRED,
  XMPP_SASL_ERROR_TEMPORARY,
  XMPP_SASL_ERROR_ABORTED,
  XMPP_SASL_ERROR_REMOTE_OTHER,
  XMPP_SASL_ERROR_NO_MECHANISM,      /* nothing we support */
  XMPP_SASL_ERROR_PLAIN_CONSENT,     /* only PLAIN is offered and nobody agreed to it */
  XMPP_SASL_ERROR_DOWNGRADE,         /* weaker than what this account used before; XEP-0474 */
  XMPP_SASL_ERROR_SERVER_UNTRUSTED,  /* the server could not prove that it knows the password */
  XMPP_SASL_ERROR_CHANNEL_BINDING,   /* the channel is not the one the server sees */
  XMPP_SASL_ERROR_AUTHORITY_CHANGED, /* nothing but another authority's word speaks for the server */
  XMPP_SASL_ERROR_MALFORMED,
  XMPP_SASL_ERROR_TOKEN_REJECTED, /* FAST: go on with the password */
  XMPP_SASL_ERROR_TOKEN_MISBOUND, /* FAST: go on with the password, but only bound to the channel */
  XMPP_SASL_ERROR_TASK_REQUIRED,  /* SASL 2: a second factor or a new password, which Linnet cannot give */
} XmppSaslError;

/* @stream_error: <stream:error/>, @stanza: type='error'. A new error; never NULL. The text is for logs, not
 * for people. */
GError *xmpp_error_from_stream_error (XmppNode *stream_error);
GError *xmpp_error_from_stanza (XmppNode *stanza);
/* Where a <see-other-host/> points (RFC 6120 section 4.9.3.19), as the server wrote it; NULL: nowhere. */
const char *xmpp_stream_error_get_other_host (const GError *error);
const char *xmpp_stanza_error_to_condition (XmppStanzaError code);

G_END_DECLS
