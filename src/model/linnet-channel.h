/* What is known of the way to the server while there is a connection
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-login.h"
#include "xmpp-stream.h"

G_BEGIN_DECLS

typedef struct
{
  const char *tls_version; /* "TLS 1.3"; static */
  char *cipher;            /* nullable */
  char *mechanism;         /* that this sign-in used */
  char *channel_binding;   /* nullable: none */
  gboolean pinned;         /* the person vouches for the certificate, nobody else */
} LinnetChannel;

LinnetChannel *linnet_channel_new (XmppStream *stream, const XmppLoginResult *login);
void linnet_channel_free (LinnetChannel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetChannel, linnet_channel_free)

G_END_DECLS
