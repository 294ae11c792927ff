/* One attempt to reach the server and sign in
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-sign-on"

#include "config.h"

#include <string.h>

#include "linnet-proxy.h"
#include "linnet-sign-on.h"
#include "linnet-spawn.h"
#include "xmpp-connector.h"
#include "xmpp-error.h"
#include "xmpp-stream-features.h"

/* For signing in. How long reaching the server may take depends on how many there are; the connector sees to
 * it. */
#define LOGIN_TIMEOUT_S 60
/* Nobody waits for it but the end of the program. */
#define REVOKE_TIMEOUT_S 5
#define MAX_REDIRECTS 3

G_DEFINE_BOXED_TYPE (LinnetSignedOn, linnet_signed_on, linnet_signed_on_ref, linnet_signed_on_unref)

static void
wipe (char **secret)
{
  if (*secret != NULL)
    explicit_bzero (*secret, strlen (*secret));
  g_clear_pointer (secret, g_free);
}

void
linnet_sign_on_request_free (LinnetSignOnRequest *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->account, linnet_store_account_free);
  wipe (&self->password);
  wipe (&self->token);
  wipe (&self->proxy_password);
  g_free (self->tag);
  g_free (self->sm_id);
  g_free (self->other_host);
  g_free (self->location);
  g_free (self);
}

LinnetSignedOn *
linnet_signed_on_ref (LinnetSignedOn *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
linnet_signed_on_unref (LinnetSignedOn *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_object (&self->stream);
  g_clear_pointer (&self->login, xmpp_login_result_free);
  g_free (self);
}

gboolean
linnet_sign_on_parse_host (const char *text,
                           char **host,
                           guint16 *port)
{
  g_autoptr (GSocketConnectable) address = NULL;

  g_return_val_if_fail (text != NULL, FALSE);

  if (strpbrk (text, "/@ \t\r\n") != NULL || *text == '\0' || strlen (text) > 300)
    return FALSE;

  address = g_network_address_parse (text, 0, NULL);
  if (address == NULL)
    return FALSE;

  *host = g_strdup (g_network_address_get_hostname (G_NETWORK_ADDRESS (address)));
  *port = g_network_address_get_port (G_NETWORK_ADDRESS (address));

  return TRUE;
}

static XmppStream *
connect_stream (LinnetSignOnRequest *request,
                XmppJid *jid,
                GError **error)
{
  LinnetStoreAccount *account = request->account;
  g_autofree char *proxy = linnet_proxy_with_password (account->proxy, request->proxy_password);
  XmppConnectOptions options = { 0 };
  DexFuture *future;

  options.jid = xmpp_jid_ref (jid);
  options.pinned_sha256 = g_strdup (account->pinned_sha256);
  options.proxy_resolver = linnet_proxy_get_resolver (proxy);

  if (request->other_host == NULL ||
      !linnet_sign_on_parse_host (request->other_host, &options.host, &options.port))
    {
      options.host = g_strdup (account->host);
      options.port = account->port;
      options.direct_tls = account->direct_tls;
      if (request->location != NULL)
        linnet_sign_on_parse_host (request->location, &options.first_host, &options.first_port);
    }

  future = xmpp_connect (&options);
  xmpp_connect_options_clear (&options);

  return dex_await_object (future, error);
}

static void
fill_login (LinnetSignOnRequest *request,
            XmppJid *jid,
            XmppLoginRequest *login)
{
  LinnetStoreAccount *account = request->account;

  if (account->resource != NULL && !request->new_resource)
    login->jid = xmpp_jid_with_resource (jid, account->resource, NULL);
  if (login->jid == NULL)
    login->jid = xmpp_jid_ref (jid);
  login->password = g_strdup (request->password);
  login->user_agent_id = g_strdup (account->user_agent_id);
  login->tag = g_strdup (request->tag);
  login->allow_plain = request->allow_plain;
  login->must_bind = request->must_bind;
  login->memory.mechanism = g_strdup (account->mechanism);
  login->memory.channel_binding = g_strdup (account->channel_binding);
  login->memory.authority = g_strdup (account->authority);
  login->memory.key = g_strdup (account->server_key);
  login->memory.had_sasl2 = account->had_sasl2;
  login->sm_id = g_strdup (request->sm_id);
  login->sm_h = request->sm_h;

  if (request->token != NULL)
    {
      login->fast_token = g_strdup (request->token);
      login->fast_mechanism = g_strdup (account->fast_mechanism);
      login->fast_count = account->fast_count;
    }
}

static XmppLoginResult *
log_in (LinnetSignOnRequest *request,
        XmppJid *jid,
        XmppStream *stream,
        GError **error)
{
  g_auto (XmppLoginRequest) login = { 0 };

  fill_login (request, jid, &login);

  return dex_await_boxed (
      dex_future_first (xmpp_login (stream, &login), dex_timeout_new_seconds (LOGIN_TIMEOUT_S), NULL), error);
}

static gboolean
revoke_token (LinnetSignOnRequest *request,
              XmppJid *jid,
              XmppStream *stream,
              GError **error)
{
  g_auto (XmppLoginRequest) login = { 0 };

  fill_login (request, jid, &login);

  return dex_await (xmpp_login_revoke_token (stream, &login), error);
}

static gboolean
is_about_token (const GError *error)
{
  return g_error_matches (error, XMPP_SASL_ERROR, XMPP_SASL_ERROR_TOKEN_REJECTED) ||
         g_error_matches (error, XMPP_SASL_ERROR, XMPP_SASL_ERROR_TOKEN_MISBOUND);
}

/* Whether another attempt, with what @error taught us, makes sense. Any error of xmpp_login() comes from a
 * server that has proved who it is: connecting ends with that. */
static gboolean
learn (LinnetSignOnRequest *request,
       const GError *error,
       guint *redirects)
{
  if (is_about_token (error) && request->token != NULL)
    {
      request->must_bind |= error->code == XMPP_SASL_ERROR_TOKEN_MISBOUND;
      wipe (&request->token);
      request->token_rejected = TRUE;
      return request->password != NULL;
    }

  if (g_error_matches (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_SEE_OTHER_HOST) &&
      (*redirects)++ < MAX_REDIRECTS)
    {
      const char *host = xmpp_stream_error_get_other_host (error);

      return host != NULL && g_set_str (&request->other_host, host);
    }

  return FALSE;
}

static DexFuture *
linnet_sign_on_fiber (gpointer data)
{
  LinnetSignOnRequest *request = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XmppJid) jid = xmpp_jid_new (request->account->address, &error);
  guint redirects = 0;

  if (jid == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  for (;;)
    {
      g_autoptr (XmppStream) stream = NULL;
      XmppLoginResult *login;

      g_clear_error (&error);

      if (!(stream = connect_stream (request, jid, &error)))
        break;

      if ((login = log_in (request, jid, stream, &error)))
        {
          LinnetSignedOn *result = g_new0 (LinnetSignedOn, 1);

          g_atomic_ref_count_init (&result->ref_count);
          result->stream = g_steal_pointer (&stream);
          result->login = login;
          login->fast_rejected |= request->token_rejected;

          return dex_future_new_take_boxed (LINNET_TYPE_SIGNED_ON, result);
        }

      xmpp_stream_abort (stream);
      if (!learn (request, error, &redirects))
        break;
    }

  return dex_future_new_for_error (g_steal_pointer (&error));
}

DexFuture *
linnet_sign_on (LinnetSignOnRequest *request)
{
  DexFuture *fiber;

  g_return_val_if_fail (request != NULL, NULL);

  fiber =
      linnet_spawn ("sign-on", linnet_sign_on_fiber, request, (GDestroyNotify) linnet_sign_on_request_free);

  /* A set of one: unlike a fiber alone it stops when it is dropped. */
  return dex_future_first (fiber, NULL);
}

static DexFuture *
linnet_sign_on_revoke_fiber (gpointer data)
{
  LinnetSignOnRequest *request = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XmppJid) jid = xmpp_jid_new (request->account->address, &error);
  guint redirects = 0;

  while (jid != NULL)
    {
      g_autoptr (XmppStream) stream = NULL;

      g_clear_error (&error);

      if (!(stream = connect_stream (request, jid, &error)))
        break;
      if (revoke_token (request, jid, stream, &error))
        return dex_future_new_true ();

      xmpp_stream_abort (stream);
      if (!learn (request, error, &redirects))
        break;
    }

  return dex_future_new_for_error (g_steal_pointer (&error));
}

DexFuture *
linnet_sign_on_revoke (LinnetSignOnRequest *request)
{
  DexFuture *fiber;

  g_return_val_if_fail (request != NULL && request->token != NULL, NULL);

  /* Without it there is no second way in: a server that takes the token no more has done what was wanted. */
  wipe (&request->password);
  fiber = linnet_spawn (
      "revoke-token", linnet_sign_on_revoke_fiber, request, (GDestroyNotify) linnet_sign_on_request_free);

  return dex_future_first (fiber, dex_timeout_new_seconds (REVOKE_TIMEOUT_S), NULL);
}

void
linnet_sign_on_remember (const XmppLoginResult *login,
                         LinnetStoreAccount *account)
{
  g_set_str (&account->mechanism, login->memory.mechanism);
  g_set_str (&account->channel_binding, login->memory.channel_binding);
  g_set_str (&account->authority, login->memory.authority);
  g_set_str (&account->server_key, login->memory.key);
  account->had_sasl2 = login->memory.had_sasl2;

  if (login->fast_rejected)
    g_clear_pointer (&account->fast_mechanism, g_free);

  if (login->fast_token != NULL)
    {
      g_set_str (&account->fast_mechanism, login->fast_mechanism);
      account->fast_expiry = login->fast_expiry;
      account->fast_count = 0;
    }

  if (login->resumed)
    return;

  g_set_str (&account->resource, xmpp_jid_get_resource (login->full_jid));
  g_set_str (&account->sm_id, login->sm_enabled && login->sm_resumable ? login->sm_id : NULL);
  g_set_str (&account->sm_location, login->sm_location);
  g_clear_pointer (&account->features, g_free);
  if (account->sm_id != NULL && login->features != NULL)
    account->features = xmpp_stream_features_to_text (login->features);
  account->sm_h = 0;
}
