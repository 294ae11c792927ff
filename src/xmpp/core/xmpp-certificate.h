/* Whether a server's certificate will do
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-stream.h"

G_BEGIN_DECLS

void xmpp_tls_policy_clear (XmppTlsPolicy *self);
void xmpp_tls_policy_copy (XmppTlsPolicy *self, const XmppTlsPolicy *other);

/**
 * xmpp_certificate_check:
 * @flags: what GIO found wrong with @certificate for the policy's domain
 * @pinned: (out): set when the pin, and not the system's trust, speaks for it
 *
 * Accepts a certificate that nothing is wrong with, or exactly the pinned one. Nothing else relaxes it. A
 * name that stands only in the subject's CN is no name (RFC 9525 section 6.3), though GnuTLS takes it.
 *
 * Returns: %FALSE with XMPP_CERTIFICATE_ERROR
 */
gboolean xmpp_certificate_check (GTlsCertificate *certificate,
                                 GTlsCertificateFlags flags,
                                 const XmppTlsPolicy *policy,
                                 gboolean *pinned,
                                 GError **error);

G_END_DECLS
