/* What is known of the way to the server while there is a connection
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-channel"

#include "config.h"

#include "linnet-channel.h"

static const char *
tls_version_to_text (GTlsProtocolVersion version)
{
  switch (version)
    {
    case G_TLS_PROTOCOL_VERSION_TLS_1_2:
      return "TLS 1.2";
    case G_TLS_PROTOCOL_VERSION_TLS_1_3:
      return "TLS 1.3";
    case G_TLS_PROTOCOL_VERSION_UNKNOWN:
    case G_TLS_PROTOCOL_VERSION_SSL_3_0:
    case G_TLS_PROTOCOL_VERSION_TLS_1_0:
    case G_TLS_PROTOCOL_VERSION_TLS_1_1:
    case G_TLS_PROTOCOL_VERSION_DTLS_1_0:
    case G_TLS_PROTOCOL_VERSION_DTLS_1_2:
    default:
      return "TLS"; /* older ones are refused: a newer one then */
    }
}

LinnetChannel *
linnet_channel_new (XmppStream *stream,
                    const XmppLoginResult *login)
{
  const XmppTlsInfo *tls = xmpp_stream_get_tls_info (stream);
  LinnetChannel *self = g_new0 (LinnetChannel, 1);

  self->tls_version = tls_version_to_text (tls != NULL ? tls->version : G_TLS_PROTOCOL_VERSION_UNKNOWN);
  self->cipher = tls != NULL ? g_strdup (tls->cipher) : NULL;
  self->pinned = tls != NULL && tls->pinned;
  self->mechanism = g_strdup (login->mechanism);
  self->channel_binding = g_strdup (login->channel_binding);

  return self;
}

void
linnet_channel_free (LinnetChannel *self)
{
  g_free (self->cipher);
  g_free (self->mechanism);
  g_free (self->channel_binding);
  g_free (self);
}
