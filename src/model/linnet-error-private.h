/* Turning the errors of the layers below into the model's
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-error.h"

G_BEGIN_DECLS

/* A new LINNET_ERROR for an error of any layer below (a copy when it is one already). With an
 * XMPP_CERTIFICATE_ERROR the certificate and @domain (nullable), whose it should be, go along. */
GError *linnet_error_from_lower (const GError *error, const char *domain);
LinnetError linnet_error_code_from_lower (const GError *error);
/* @condition: nullable; a stanza error's, such as "service-unavailable". */
LinnetError linnet_error_code_from_condition (const char *condition);

/* What went wrong is up to the person: trying again without them is no use. A server without TLS is not
 * meant: a handshake that breaks off in the middle looks the same, and to try again gives nothing away. */
gboolean linnet_error_needs_person (const GError *error);

/* Of a LINNET_ERROR_CERTIFICATE or _CHANGED. Borrowed, nullable. */
GTlsCertificate *linnet_error_get_certificate (const GError *error);
GTlsCertificateFlags linnet_error_get_certificate_flags (const GError *error);
const char *linnet_error_get_domain_name (const GError *error);

G_END_DECLS
