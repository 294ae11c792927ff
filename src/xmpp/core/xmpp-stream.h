/* An XML stream over a connection: bytes to elements and back, RFC 6120 section 4
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "xmpp-jid.h"
#include "xmpp-node.h"

G_BEGIN_DECLS

/* Namespaces of what a stream carries besides stanzas. */
#define XMPP_NS_TLS "urn:ietf:params:xml:ns:xmpp-tls"

/* What a TLS peer must satisfy. The identity is always the JID's domain (RFC 6125); nothing relaxes it. */
typedef struct
{
  char *domain;        /* A-labels; SNI and certificate identity */
  char *pinned_sha256; /* nullable; lower-case hex of exactly the certificate that a person pinned */
  guint alpn : 1;      /* offer "xmpp-client" (XEP-0368): direct TLS only */
} XmppTlsPolicy;

/* What is known of the channel once TLS stands: the Connection page, channel binding, TOFU. */
typedef struct
{
  GTlsProtocolVersion version;
  char *cipher;        /* nullable */
  GBytes *certificate; /* DER */
  guint pinned : 1;    /* accepted by the pin, not by the system's trust */
} XmppTlsInfo;

#define XMPP_TYPE_STREAM (xmpp_stream_get_type ())
G_DECLARE_FINAL_TYPE (XmppStream, xmpp_stream, XMPP, STREAM, GObject)

/* @io: a connected transport, or in tests any pair of streams. */
XmppStream *xmpp_stream_new (GIOStream *io);

/**
 * xmpp_stream_open:
 * @domain: the JID's domain
 * @from: (nullable): own bare JID; give it only under TLS (servers offer FAST and SASL2 only then)
 *
 * Sends a stream header and waits for the server's. Also restarts a stream after TLS or SASL 1: the old
 * parser is dropped and any unread byte of the old stream is an error.
 *
 * Returns: (transfer full): a future that resolves to the `<stream:features/>` [struct@Xmpp.Node], or rejects
 * with XMPP_STREAM_ERROR
 */
DexFuture *xmpp_stream_open (XmppStream *self, const char *domain, XmppJid *from) G_GNUC_WARN_UNUSED_RESULT;

/* Resolves to the next top-level element (boxed XmppNode), in order. Rejects with XMPP_STREAM_ERROR (a
 * received <stream:error/> included, by xmpp_error_from_stream_error) or G_IO_ERROR, and from then on always
 * with the same. */
DexFuture *xmpp_stream_read (XmppStream *self) G_GNUC_WARN_UNUSED_RESULT;
/* What has been parsed already, without waiting; NULL when nothing has. Transfer full. */
XmppNode *xmpp_stream_try_read (XmppStream *self);

/* Queues an element (borrowed); bytes of one loop turn leave in one write. The future resolves when the
 * kernel has them; for most callers xmpp_stream_send() is enough: a write error ends the stream and shows up
 * in read. */
DexFuture *xmpp_stream_write (XmppStream *self, XmppNode *node) G_GNUC_WARN_UNUSED_RESULT;
void xmpp_stream_send (XmppStream *self, XmppNode *node);
void xmpp_stream_send_text (XmppStream *self, const char *xml); /* stored stanza bytes, sent as they are */

/* <starttls/> to finished handshake (RFC 6120 section 5); rejects with XMPP_STREAM_ERROR_NO_TLS,
 * _TLS_INJECTION, _TLS_VERSION or XMPP_CERTIFICATE_ERROR. Leaves the stream ready for xmpp_stream_open(). */
DexFuture *xmpp_stream_start_tls (XmppStream *self,
                                  XmppNode *features,
                                  const XmppTlsPolicy *policy) G_GNUC_WARN_UNUSED_RESULT;
/* The same handshake at once, without asking in clear (XEP-0368). */
DexFuture *xmpp_stream_direct_tls (XmppStream *self, const XmppTlsPolicy *policy) G_GNUC_WARN_UNUSED_RESULT;
gboolean xmpp_stream_is_secure (XmppStream *self);
const XmppTlsInfo *xmpp_stream_get_tls_info (XmppStream *self); /* nullable */
/* "tls-exporter" or "tls-server-end-point"; NULL when this connection has no such binding. Transfer full. */
GBytes *xmpp_stream_dup_channel_binding (XmppStream *self, const char *type);

/* How many bytes the server may send on one stream before sign-in, instead of the parser's 64 KiB: for
 * registration, whose forms carry pictures. Counts from the next xmpp_stream_open(). */
void xmpp_stream_set_budget (XmppStream *self, gsize max_unauthenticated);
/* After sign-in the limits of the time before it are lifted (security.md P3). */
void xmpp_stream_set_authenticated (XmppStream *self);
/* g_get_monotonic_time() of the last byte that came in. */
gint64 xmpp_stream_get_last_read (XmppStream *self);

/* </stream:stream>, then waits at most @timeout_ms for the server's; always resolves. */
DexFuture *xmpp_stream_close (XmppStream *self, guint timeout_ms) G_GNUC_WARN_UNUSED_RESULT;
/* Drops the connection at once, e.g. for a dead peer; pending reads reject. */
void xmpp_stream_abort (XmppStream *self);

/* The certificate could not be verified and is not pinned. */
#define XMPP_CERTIFICATE_ERROR (xmpp_certificate_error_quark ())
typedef enum
{
  XMPP_CERTIFICATE_ERROR_REJECTED,
  XMPP_CERTIFICATE_ERROR_CHANGED, /* another one than the pinned one: never offer to pin again */
} XmppCertificateError;
GQuark xmpp_certificate_error_quark (void);
/* An extended GError: what was wrong, and the certificate, for the dialog. @error is of that domain. */
GTlsCertificate *xmpp_certificate_error_get_certificate (const GError *error);
GTlsCertificateFlags xmpp_certificate_error_get_flags (const GError *error);
char *xmpp_certificate_dup_sha256 (GTlsCertificate *certificate); /* lower-case hex of the DER's SHA-256 */

G_END_DECLS
