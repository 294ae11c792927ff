/* A web server under TLS that says what a test wants, truthfully or not
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  const char *path; /* NULL ends a table */
  const char *head; /* the answer's first lines, without the empty one */
  const char *body; /* nullable */
  gboolean endless; /* the body comes again and again, till the client has gone */
  gboolean no_end;  /* of the head: the body goes on with it */
  gboolean silent;  /* after that nothing comes, nor does it hang up */
} LinnetTestPage;

/**
 * LinnetTestWeb:
 *
 * Answers one request a connection. A path that is in no table is a fault of the test.
 */
#define LINNET_TYPE_TEST_WEB (linnet_test_web_get_type ())
G_DECLARE_FINAL_TYPE (LinnetTestWeb, linnet_test_web, LINNET, TEST_WEB, GObject)

/* On 127.0.0.1. @pages: a table that stays. */
LinnetTestWeb *linnet_test_web_new (GTlsCertificate *certificate, const LinnetTestPage *pages);
guint16 linnet_test_web_get_port (LinnetTestWeb *self);
guint linnet_test_web_get_n_connections (LinnetTestWeb *self);
/* All that came, request after request. */
const char *linnet_test_web_get_requests (LinnetTestWeb *self);

G_END_DECLS
