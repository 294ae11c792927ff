/* What the parts of a sign-in share; for src/xmpp/sasl and its tests only
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-login.h"
#include "xmpp-mechanism.h"

G_BEGIN_DECLS

#define XMPP_NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define XMPP_NS_SASL2 "urn:xmpp:sasl:2"
#define XMPP_NS_SASL_CB "urn:xmpp:sasl-cb:0"
#define XMPP_NS_BIND "urn:ietf:params:xml:ns:xmpp-bind"
#define XMPP_NS_BIND2 "urn:xmpp:bind:0"
#define XMPP_NS_FAST "urn:xmpp:fast:0"

/**
 * XmppLoginChannel:
 *
 * What is under the stream: TLS and what it can bind to. Tests put in something of their own.
 */
typedef struct
{
  GBytes *exporter;  /* tls-exporter; nullable */
  GBytes *end_point; /* tls-server-end-point; nullable */
  char *authority;   /* who issued the server's certificate; nullable */
  char *key;         /* SHA-256 of the server's key; nullable */
  const char *nonce; /* SCRAM's; NULL: random */
  guint secure : 1;
} XmppLoginChannel;

/**
 * XmppLogin:
 *
 * One sign-in. All functions on it run on its fiber and fail with the errors of [func@Xmpp.login].
 */
typedef struct
{
  XmppStream *stream;
  XmppLoginRequest request;
  XmppLoginChannel channel;
  char *nonce;
  XmppNode *features; /* the newest */
  XmppLoginResult *result;
  guint revoke : 1; /* only have the token made invalid */
  guint resumption_failed : 1;
} XmppLogin;

DexFuture *xmpp_login_on_channel (XmppStream *stream,
                                  const XmppLoginRequest *request,
                                  const XmppLoginChannel *channel,
                                  gboolean revoke) G_GNUC_WARN_UNUSED_RESULT;

/* ---- xmpp-login.c ---- */

void xmpp_login_send (XmppLogin *self, XmppNode *node); /* transfer full */
XmppNode *xmpp_login_read (XmppLogin *self, GError **error);
/* Opens the stream (again) and takes its features. */
gboolean xmpp_login_open (XmppLogin *self, GError **error);
/* FALSE, so that it can be returned. */
gboolean xmpp_login_fail_protocol (GError **error, const char *text);
/* A full address with the account's bare address, or NULL. */
XmppJid *xmpp_login_parse_full_jid (XmppLogin *self, const char *text);

/* ---- xmpp-sasl-exchange.c ---- */

/* The texts of @parent's children of that name, as a vector. */
char **xmpp_sasl_get_texts (XmppNode *parent, const char *name, const char *ns);
/* Chooses by the memory and what @parent (<mechanisms/> or <authentication/>) and the features offer. */
XmppMechanism *xmpp_sasl_choose (XmppLogin *self,
                                 XmppNode *parent,
                                 XmppMechanismChoice *choice,
                                 GError **error);
XmppCredentials xmpp_sasl_get_credentials (XmppLogin *self, const char *secret, const char *binding);
/* NULL-terminated, at most two: the channel binding types that the channel can give. */
void xmpp_sasl_get_available (XmppLogin *self, const char *available[3]);
/* Sends @initiation (consumed) and answers challenges until the end. The success, after the server has
 * proven itself. */
XmppNode *xmpp_sasl_exchange (XmppLogin *self,
                              XmppMechanism *mechanism,
                              XmppNode *initiation,
                              const char *ns,
                              GError **error);
void xmpp_sasl_succeeded (XmppLogin *self, XmppMechanism *mechanism);

/* ---- xmpp-sasl1.c, xmpp-sasl2.c, xmpp-bind.c: features in, a bound or resumed stream out ---- */

gboolean xmpp_login_sasl1 (XmppLogin *self, XmppNode *mechanisms, GError **error);
gboolean xmpp_login_sasl2 (XmppLogin *self, XmppNode *authentication, GError **error);
/* Each after authentication: resuming what is to be resumed, binding, enabling stream management; by RFC
 * 6120 and
 * XEP-0198 outside of SASL 2. */
gboolean xmpp_login_resume (XmppLogin *self, GError **error);
gboolean xmpp_login_bind (XmppLogin *self, GError **error);

/* Whether there is a session to resume that has not been tried in vain. */
gboolean xmpp_login_wants_resumption (XmppLogin *self);
/* <resumed/> or <failed/>. */
gboolean xmpp_login_take_resumption (XmppLogin *self, XmppNode *answer, GError **error);
/* <enabled/>; anything else means that there is no stream management. */
void xmpp_login_take_enabled (XmppLogin *self, XmppNode *answer);

G_END_DECLS
