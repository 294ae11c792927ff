/* A certificate authority that exists for one test run
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _LinnetTestCa LinnetTestCa;

/* What to put into a certificate; all zero is a valid one for example.org. */
typedef struct
{
  const char *names[4];    /* subjectAltName: DNS names, or IP addresses; none: "example.org" */
  const char *common_name; /* a certificate with this CN and no subjectAltName at all */
  int valid_from_days;     /* from now; 0: -1 */
  int valid_to_days;       /* from now; 0: +30 */
  guint self_signed : 1;   /* by its own key, not by the authority */
  guint is_ca : 1;         /* marked as an authority, hence no server's certificate */
} LinnetTestCertificate;

LinnetTestCa *linnet_test_ca_new (void);
void linnet_test_ca_free (LinnetTestCa *self);
/* Makes this authority, and no other, what this process trusts, until it is freed. */
void linnet_test_ca_trust (LinnetTestCa *self);
/* A certificate with its private key, for a server. @spec: NULL is all zero. */
GTlsCertificate *linnet_test_ca_issue (LinnetTestCa *self, const LinnetTestCertificate *spec);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetTestCa, linnet_test_ca_free)

G_END_DECLS
