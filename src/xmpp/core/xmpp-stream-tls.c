/* TLS of a stream: RFC 6120 section 5, XEP-0368, RFC 5929, RFC 9266
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-stream"

#include "config.h"

#include "linnet-gio.h"
#include "linnet-spawn.h"
#include "xmpp-builder.h"
#include "xmpp-certificate.h"
#include "xmpp-error.h"
#include "xmpp-stream-private.h"

/* Only tells GIO that the identity is a host's name; the port is never looked at. */
#define IDENTITY_PORT 5222

typedef struct
{
  XmppStream *stream;
  XmppNode *features; /* NULL: TLS at once */
  XmppTlsPolicy policy;
  GError *rejection; /* what accept_certificate_cb() found; nullable */
} StartTls;

static void
start_tls_free (gpointer data)
{
  StartTls *self = data;

  g_object_unref (self->stream);
  g_clear_pointer (&self->features, xmpp_node_unref);
  xmpp_tls_policy_clear (&self->policy);
  g_clear_error (&self->rejection);
  g_free (self);
}

static gboolean
accept_certificate_cb (GTlsConnection *connection,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags flags,
                       gpointer user_data)
{
  StartTls *self = user_data;
  gboolean pinned;

  g_clear_error (&self->rejection);

  return xmpp_certificate_check (certificate, flags, &self->policy, &pinned, &self->rejection);
}

/* What went wrong, in the words of our own domains. */
static GError *
translate_error (StartTls *self,
                 GError *error)
{
  g_autoptr (GError) owned = error;

  if (self->rejection != NULL)
    return g_steal_pointer (&self->rejection);

  if (owned->domain == G_TLS_ERROR)
    return g_error_new (
        XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_NO_TLS, "TLS did not come about: %s", owned->message);

  return g_steal_pointer (&owned);
}

/* Once more after the handshake: a certificate that nothing is wrong with, or of a resumed session, passes
 * without accept_certificate_cb(). */
static gboolean
check_connection (GTlsConnection *connection,
                  const XmppTlsPolicy *policy,
                  gboolean *pinned,
                  GError **error)
{
  GTlsCertificate *certificate = g_tls_connection_get_peer_certificate (connection);

  if (g_tls_connection_get_protocol_version (connection) < G_TLS_PROTOCOL_VERSION_TLS_1_2)
    {
      g_set_error_literal (
          error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_TLS_VERSION, "The server's TLS is older than 1.2");
      return FALSE;
    }

  if (certificate == NULL)
    {
      g_set_error_literal (
          error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_NO_TLS, "The server has no certificate");
      return FALSE;
    }

  return xmpp_certificate_check (certificate,
                                 g_tls_connection_get_peer_certificate_errors (connection),
                                 policy,
                                 pinned,
                                 error);
}

static XmppTlsInfo *
tls_info_new (GTlsConnection *connection,
              gboolean pinned)
{
  XmppTlsInfo *info = g_new0 (XmppTlsInfo, 1);
  GByteArray *der = NULL;

  g_object_get (g_tls_connection_get_peer_certificate (connection), "certificate", &der, NULL);
  info->version = g_tls_connection_get_protocol_version (connection);
  info->cipher = g_tls_connection_get_ciphersuite_name (connection);
  info->certificate = g_byte_array_free_to_bytes (der);
  info->pinned = !!pinned;

  return info;
}

/* The server has to wait for our ClientHello; what is there before it was put there by somebody else (P7). */
static gboolean
is_quiet (XmppStream *self)
{
  GPollableInputStream *input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (self->io));
  g_autoptr (GError) error = NULL;
  guint8 byte;

  return g_pollable_input_stream_read_nonblocking (input, &byte, 1, NULL, &error) <= 0;
}

static GError *
shake_hands (StartTls *state)
{
  static const char *const protocols[] = { "xmpp-client", NULL };
  XmppStream *self = state->stream;
  g_autoptr (GSocketConnectable) identity = g_network_address_new (state->policy.domain, IDENTITY_PORT);
  g_autoptr (GIOStream) tls = NULL;
  g_autoptr (GError) error = NULL;
  gboolean pinned = FALSE;
  gulong handler;
  gboolean shaken;

  /* From here on nothing may be written in clear, and the next header is the first of a new stream. */
  self->header_sent = FALSE;

  tls = g_tls_client_connection_new (self->io, identity, &error);
  if (tls == NULL)
    return translate_error (state, g_steal_pointer (&error));

  if (state->policy.alpn)
    g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (tls), protocols);

  handler = g_signal_connect (tls, "accept-certificate", G_CALLBACK (accept_certificate_cb), state);
  shaken = dex_await (linnet_gio_handshake (G_TLS_CONNECTION (tls)), &error);
  g_signal_handler_disconnect (tls, handler);

  if (!shaken)
    return translate_error (state, g_steal_pointer (&error));

  if (!check_connection (G_TLS_CONNECTION (tls), &state->policy, &pinned, &error))
    return g_steal_pointer (&error);

  g_set_object (&self->io, tls);
  xmpp_stream_writer_set_output (self->writer, g_io_stream_get_output_stream (tls));
  self->tls_info = tls_info_new (G_TLS_CONNECTION (tls), pinned);
  self->secure = TRUE;

  return NULL;
}

/* Asks for TLS in clear; returns what went wrong, or NULL. */
static GError *
ask (StartTls *state)
{
  XmppStream *self = state->stream;
  g_autoptr (XmppNode) starttls = NULL;
  g_autoptr (XmppNode) proceed = NULL;
  g_autoptr (GError) error = NULL;

  if (xmpp_node_get_child (state->features, "starttls", XMPP_NS_TLS) == NULL)
    return g_error_new_literal (XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_NO_TLS, "The server offers no TLS");

  if (self->parser == NULL || self->nodes.length > 0 || !xmpp_parser_is_drained (self->parser))
    return g_error_new_literal (
        XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_PROTOCOL, "Something came in clear after the features");

  starttls = xmpp_el ("starttls", XMPP_NS_TLS);
  xmpp_stream_send (self, starttls);
  proceed = dex_await_boxed (xmpp_stream_expect (self, XMPP_STREAM_PHASE_PROCEED), &error);
  if (proceed == NULL)
    return g_steal_pointer (&error);

  g_clear_pointer (&self->parser, xmpp_parser_free);
  if (!is_quiet (self))
    return g_error_new_literal (
        XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_TLS_INJECTION, "Clear text came after <proceed/>");

  return NULL;
}

static DexFuture *
start_tls_fiber (gpointer user_data)
{
  StartTls *state = user_data;
  XmppStream *self = state->stream;
  GError *error = NULL;

  if (self->error != NULL)
    return dex_future_new_for_error (g_error_copy (self->error));

  if (state->features != NULL)
    error = ask (state);
  if (error == NULL)
    error = shake_hands (state);
  if (error == NULL)
    return dex_future_new_true ();

  /* Nobody is to read what came in clear. */
  g_queue_clear_full (&self->nodes, (GDestroyNotify) xmpp_node_unref);
  xmpp_stream_fail (self, g_error_copy (error));

  return dex_future_new_for_error (error);
}

static DexFuture *
start (XmppStream *self,
       XmppNode *features,
       const XmppTlsPolicy *policy)
{
  StartTls *state = g_new0 (StartTls, 1);

  state->stream = g_object_ref (self);
  state->features = features != NULL ? xmpp_node_ref (features) : NULL;
  xmpp_tls_policy_copy (&state->policy, policy);

  return xmpp_stream_unless_ended (self,
                                   linnet_spawn ("TLS of a stream", start_tls_fiber, state, start_tls_free));
}

DexFuture *
xmpp_stream_start_tls (XmppStream *self,
                       XmppNode *features,
                       const XmppTlsPolicy *policy)
{
  g_return_val_if_fail (XMPP_IS_STREAM (self), NULL);
  g_return_val_if_fail (features != NULL, NULL);
  g_return_val_if_fail (policy != NULL && policy->domain != NULL, NULL);
  g_return_val_if_fail (!self->secure, NULL);

  return start (self, features, policy);
}

DexFuture *
xmpp_stream_direct_tls (XmppStream *self,
                        const XmppTlsPolicy *policy)
{
  g_return_val_if_fail (XMPP_IS_STREAM (self), NULL);
  g_return_val_if_fail (policy != NULL && policy->domain != NULL, NULL);
  g_return_val_if_fail (!self->secure, NULL);

  return start (self, NULL, policy);
}

GBytes *
xmpp_stream_dup_channel_binding (XmppStream *self,
                                 const char *type)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  GTlsChannelBindingType which;

  g_return_val_if_fail (XMPP_IS_STREAM (self), NULL);
  g_return_val_if_fail (type != NULL, NULL);

  if (!self->secure)
    return NULL;

  /* RFC 9266 section 4.2: below TLS 1.3 it binds only under conditions that GIO does not tell. */
  if (g_str_equal (type, "tls-exporter") && self->tls_info->version >= G_TLS_PROTOCOL_VERSION_TLS_1_3)
    which = G_TLS_CHANNEL_BINDING_TLS_EXPORTER;
  else if (g_str_equal (type, "tls-server-end-point"))
    which = G_TLS_CHANNEL_BINDING_TLS_SERVER_END_POINT;
  else
    return NULL;

  if (!g_tls_connection_get_channel_binding_data (G_TLS_CONNECTION (self->io), which, data, NULL))
    return NULL;

  return g_byte_array_free_to_bytes (g_steal_pointer (&data));
}
