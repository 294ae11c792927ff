/* Finding and reaching a server: RFC 6120 section 3.2, XEP-0368, Happy Eyeballs (RFC 8305)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "xmpp-jid.h"
#include "xmpp-stream.h"

G_BEGIN_DECLS

typedef struct
{
  XmppJid *jid;                   /* the account's; its domain is the identity that TLS must prove */
  char *host;                     /* nullable; a person's manual server: no DNS SRV then */
  guint16 port;                   /* with @host; 0 = 5222, or 5223 with direct TLS */
  guint direct_tls : 1;           /* with @host */
  char *first_host;               /* nullable; to be tried before all others, unless there is a @host */
  guint16 first_port;             /* with @first_host; 0 = 5222 */
  char *pinned_sha256;            /* nullable */
  GProxyResolver *proxy_resolver; /* nullable: the default one */
} XmppConnectOptions;

void xmpp_connect_options_clear (XmppConnectOptions *self);

/**
 * xmpp_connect:
 *
 * Looks up SRV for `_xmpps-client` and `_xmpp-client`, mixes them by priority and weight, falls back to
 * A/AAAA, tries every address (250 ms apart), and brings the first that answers under TLS. A server gets 10 s
 * to accept a connection (but not through a proxy, which may need longer) and 30 s to prove who it is.
 * @options is copied.
 *
 * Returns: (transfer full): a future that resolves to an [class@Xmpp.Stream] under verified TLS, not yet
 * opened; or rejects with XMPP_STREAM_ERROR (HOST_NOT_FOUND, UNREACHABLE, NO_TLS, …), XMPP_CERTIFICATE_ERROR
 * or G_IO_ERROR. Dropping the future stops every attempt.
 */
DexFuture *xmpp_connect (const XmppConnectOptions *options) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
