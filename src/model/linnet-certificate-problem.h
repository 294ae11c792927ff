/* A certificate that could not be verified, for the dialog about it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  LINNET_CERTIFICATE_UNKNOWN_CA = 1 << 0,
  LINNET_CERTIFICATE_WRONG_NAME = 1 << 1,
  LINNET_CERTIFICATE_NOT_YET_VALID = 1 << 2,
  LINNET_CERTIFICATE_EXPIRED = 1 << 3,
  LINNET_CERTIFICATE_REVOKED = 1 << 4,
  LINNET_CERTIFICATE_INSECURE = 1 << 5,
  LINNET_CERTIFICATE_OTHER = 1 << 6,
} LinnetCertificateFlags;

typedef struct
{
  char *domain;          /* the name it should prove */
  char *subject;         /* nullable; as the certificate says */
  char *issuer;          /* nullable */
  char *sha256;          /* 64 lower-case hex digits; what linnet_account_pin_certificate() takes */
  GDateTime *not_before; /* nullable */
  GDateTime *not_after;  /* nullable */
  GPtrArray *names;      /* of char *: DNS names in it */
  LinnetCertificateFlags flags;
  gboolean changed; /* another one was pinned before: trust must not be offered */
} LinnetCertificateProblem;

void linnet_certificate_problem_free (LinnetCertificateProblem *self);
/* NULL when @error is no LINNET_ERROR_CERTIFICATE or _CHANGED. Transfer full. */
LinnetCertificateProblem *linnet_certificate_problem_from_error (const GError *error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetCertificateProblem, linnet_certificate_problem_free)

G_END_DECLS
