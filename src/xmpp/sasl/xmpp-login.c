/* Signing in on an open stream: SASL 1 and bind, or SASL 2 with Bind 2, FAST and stream resumption
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-login"

#include "config.h"

#include "linnet-spawn.h"
#include "xmpp-error.h"
#include "xmpp-login-private.h"
#include "xmpp-secret.h"
#include "xmpp-voucher.h"

#define CLOSE_TIMEOUT_MS 2000

G_DEFINE_BOXED_TYPE (XmppLoginResult, xmpp_login_result, xmpp_login_result_copy, xmpp_login_result_free)

static void
memory_copy (XmppLoginMemory *to,
             const XmppLoginMemory *from)
{
  *to = *from;
  to->mechanism = g_strdup (from->mechanism);
  to->channel_binding = g_strdup (from->channel_binding);
  to->authority = g_strdup (from->authority);
  to->key = g_strdup (from->key);
}

static void
memory_clear (XmppLoginMemory *self)
{
  g_clear_pointer (&self->mechanism, g_free);
  g_clear_pointer (&self->channel_binding, g_free);
  g_clear_pointer (&self->authority, g_free);
  g_clear_pointer (&self->key, g_free);
}

static void
request_copy (XmppLoginRequest *to,
              const XmppLoginRequest *from)
{
  *to = *from;
  to->jid = xmpp_jid_ref (from->jid);
  to->password = g_strdup (from->password);
  to->fast_token = g_strdup (from->fast_token);
  to->fast_mechanism = g_strdup (from->fast_mechanism);
  to->user_agent_id = g_strdup (from->user_agent_id);
  to->tag = g_strdup (from->tag);
  memory_copy (&to->memory, &from->memory);
  to->sm_id = g_strdup (from->sm_id);
}

static XmppLogin *
login_new (XmppStream *stream,
           const XmppLoginRequest *request,
           const XmppLoginChannel *channel)
{
  XmppLogin *self = g_new0 (XmppLogin, 1);

  self->stream = g_object_ref (stream);
  request_copy (&self->request, request);
  self->nonce = g_strdup (channel->nonce);
  self->channel = *channel;
  self->channel.nonce = self->nonce;
  self->channel.authority = g_strdup (channel->authority);
  self->channel.key = g_strdup (channel->key);
  if (channel->exporter != NULL)
    g_bytes_ref (channel->exporter);
  if (channel->end_point != NULL)
    g_bytes_ref (channel->end_point);
  self->result = g_new0 (XmppLoginResult, 1);
  memory_copy (&self->result->memory, &request->memory);

  return self;
}

static void
login_free (gpointer data)
{
  XmppLogin *self = data;

  g_object_unref (self->stream);
  xmpp_login_request_clear (&self->request);
  g_free (self->nonce);
  g_clear_pointer (&self->channel.exporter, g_bytes_unref);
  g_clear_pointer (&self->channel.end_point, g_bytes_unref);
  g_free (self->channel.authority);
  g_free (self->channel.key);
  g_clear_pointer (&self->features, xmpp_node_unref);
  g_clear_pointer (&self->result, xmpp_login_result_free);
  g_free (self);
}

static gboolean
authenticate (XmppLogin *self,
              GError **error)
{
  XmppNode *authentication = xmpp_node_get_child (self->features, "authentication", XMPP_NS_SASL2);
  XmppNode *mechanisms = xmpp_node_get_child (self->features, "mechanisms", XMPP_NS_SASL);

  /* The features are replaced on the way; what was offered must stay to be looked at. */
  if (authentication != NULL)
    {
      g_autoptr (XmppNode) offer = xmpp_node_ref (authentication);

      return xmpp_login_sasl2 (self, offer, error);
    }
  if (mechanisms != NULL && !self->revoke)
    {
      g_autoptr (XmppNode) offer = xmpp_node_ref (mechanisms);

      return xmpp_login_sasl1 (self, offer, error);
    }
  g_set_error_literal (error,
                       XMPP_SASL_ERROR,
                       XMPP_SASL_ERROR_NO_MECHANISM,
                       "The server offers no way to sign in");

  return FALSE;
}

static DexFuture *
login_fiber (gpointer user_data)
{
  XmppLogin *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!self->channel.secure)
    return dex_future_new_reject (XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_NO_TLS, "Signing in takes TLS");
  if (xmpp_jid_get_local (self->request.jid) == NULL)
    return dex_future_new_reject (XMPP_SASL_ERROR,
                                  XMPP_SASL_ERROR_NOT_AUTHORIZED,
                                  "An address without a user");

  if (!xmpp_login_open (self, &error) || !authenticate (self, &error))
    {
      /* A token that the server has forgotten already is as invalid as one can wish. */
      if (self->revoke && self->result->fast_rejected)
        return dex_future_new_true ();
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  if (self->revoke)
    {
      dex_await (xmpp_stream_close (self->stream, CLOSE_TIMEOUT_MS), NULL);
      return dex_future_new_true ();
    }
  if (!self->result->sasl2 || !self->result->resumed)
    self->result->features = xmpp_node_ref (self->features);

  return dex_future_new_take_boxed (XMPP_TYPE_LOGIN_RESULT, g_steal_pointer (&self->result));
}

DexFuture *
xmpp_login_on_channel (XmppStream *stream,
                       const XmppLoginRequest *request,
                       const XmppLoginChannel *channel,
                       gboolean revoke)
{
  XmppLogin *login = login_new (stream, request, channel);

  login->revoke = revoke;

  /* A fiber goes on when its last reference is dropped; under another future it is cancelled. */
  return dex_future_first (linnet_spawn ("sign-in", login_fiber, login, login_free), NULL);
}

void
xmpp_login_send (XmppLogin *self,
                 XmppNode *node)
{
  xmpp_stream_send (self->stream, node);
  xmpp_node_unref (node);
}

XmppNode *
xmpp_login_read (XmppLogin *self,
                 GError **error)
{
  return dex_await_boxed (xmpp_stream_read (self->stream), error);
}

gboolean
xmpp_login_open (XmppLogin *self,
                 GError **error)
{
  g_autoptr (XmppJid) from = xmpp_jid_to_bare (self->request.jid);
  XmppNode *features = NULL;

  /* Only a server that is told who comes offers FAST, and with some SASL 2 at all (XEP-0388 section 2.1). */
  features = dex_await_boxed (xmpp_stream_open (self->stream, xmpp_jid_get_domain (from), from), error);
  if (features == NULL)
    return FALSE;
  g_clear_pointer (&self->features, xmpp_node_unref);
  self->features = features;

  return TRUE;
}

gboolean
xmpp_login_fail_protocol (GError **error,
                          const char *text)
{
  g_set_error_literal (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_PROTOCOL, text);

  return FALSE;
}

XmppJid *
xmpp_login_parse_full_jid (XmppLogin *self,
                           const char *text)
{
  g_autoptr (XmppJid) jid = xmpp_jid_new (text, NULL);

  if (jid == NULL || xmpp_jid_is_bare (jid) || !xmpp_jid_bare_equal (jid, self->request.jid))
    return NULL;

  return g_steal_pointer (&jid);
}

static DexFuture *
login_on_stream (XmppStream *stream,
                 const XmppLoginRequest *request,
                 gboolean revoke)
{
  g_autoptr (GBytes) exporter = xmpp_stream_dup_channel_binding (stream, "tls-exporter");
  g_autoptr (GBytes) end_point = xmpp_stream_dup_channel_binding (stream, "tls-server-end-point");
  const XmppTlsInfo *tls = xmpp_stream_get_tls_info (stream);
  g_autofree char *authority = NULL, *key = NULL;
  XmppLoginChannel channel = {
    .exporter = exporter,
    .end_point = end_point,
    .secure = xmpp_stream_is_secure (stream),
  };

  /* A certificate that a person pinned needs nobody's word. */
  if (tls != NULL && !tls->pinned && xmpp_voucher_read (tls->certificate, &authority, &key))
    {
      channel.authority = authority;
      channel.key = key;
    }

  return xmpp_login_on_channel (stream, request, &channel, revoke);
}

DexFuture *
xmpp_login (XmppStream *stream,
            const XmppLoginRequest *request)
{
  g_return_val_if_fail (XMPP_IS_STREAM (stream), NULL);
  g_return_val_if_fail (request != NULL && request->jid != NULL, NULL);
  g_return_val_if_fail (request->password != NULL || request->fast_token != NULL, NULL);

  return login_on_stream (stream, request, FALSE);
}

DexFuture *
xmpp_login_revoke_token (XmppStream *stream,
                         const XmppLoginRequest *request)
{
  g_return_val_if_fail (XMPP_IS_STREAM (stream), NULL);
  g_return_val_if_fail (request != NULL && request->jid != NULL && request->fast_token != NULL, NULL);

  return login_on_stream (stream, request, TRUE);
}

void
xmpp_login_request_clear (XmppLoginRequest *self)
{
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  xmpp_secret_clear (&self->password);
  xmpp_secret_clear (&self->fast_token);
  g_clear_pointer (&self->fast_mechanism, g_free);
  g_clear_pointer (&self->user_agent_id, g_free);
  g_clear_pointer (&self->tag, g_free);
  memory_clear (&self->memory);
  g_clear_pointer (&self->sm_id, g_free);
}

XmppLoginResult *
xmpp_login_result_copy (const XmppLoginResult *self)
{
  XmppLoginResult *copy = g_new0 (XmppLoginResult, 1);

  *copy = *self;
  copy->full_jid = self->full_jid != NULL ? xmpp_jid_ref (self->full_jid) : NULL;
  copy->features = self->features != NULL ? xmpp_node_ref (self->features) : NULL;
  copy->sm_id = g_strdup (self->sm_id);
  copy->sm_location = g_strdup (self->sm_location);
  copy->mechanism = g_strdup (self->mechanism);
  copy->channel_binding = g_strdup (self->channel_binding);
  memory_copy (&copy->memory, &self->memory);
  copy->fast_token = g_strdup (self->fast_token);
  copy->fast_mechanism = g_strdup (self->fast_mechanism);
  copy->early = self->early != NULL ? g_ptr_array_ref (self->early) : NULL;

  return copy;
}

void
xmpp_login_result_free (XmppLoginResult *self)
{
  g_clear_pointer (&self->full_jid, xmpp_jid_unref);
  g_clear_pointer (&self->features, xmpp_node_unref);
  g_free (self->sm_id);
  g_free (self->sm_location);
  g_free (self->mechanism);
  g_free (self->channel_binding);
  memory_clear (&self->memory);
  xmpp_secret_clear (&self->fast_token);
  g_free (self->fast_mechanism);
  g_clear_pointer (&self->early, g_ptr_array_unref);
  g_free (self);
}
