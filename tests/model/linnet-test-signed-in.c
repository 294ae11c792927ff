/* An account that has signed in at a scripted server, over TLS and a real socket
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-test-signed-in.h"

LinnetTestSignedIn *
linnet_test_signed_in_new (const LinnetTestStep *steps)
{
  LinnetTestSignedIn *self = g_new0 (LinnetTestSignedIn, 1);
  g_autoptr (GTlsCertificate) certificate = NULL;
  LinnetSignIn sign_in = {
    .address = "ana@example.org",
    .password = "pencil",
    .host = "127.0.0.1",
    .allow_plain = TRUE,
  };

  self->ca = linnet_test_ca_new ();
  linnet_test_ca_trust (self->ca);
  self->server = linnet_test_server_new ();
  certificate = linnet_test_ca_issue (self->ca, NULL);
  linnet_test_server_set_certificate (self->server, certificate);
  self->port = linnet_test_server_listen (self->server, "127.0.0.1");
  sign_in.port = self->port;
  linnet_test_server_play (self->server, steps);

  self->directory = linnet_test_profile_new ();
  self->manager = linnet_account_manager_new (self->directory);
  linnet_test_assert_resolves (linnet_account_manager_load (self->manager));
  linnet_test_assert_resolves (linnet_account_manager_sign_in (self->manager, &sign_in));
  self->account = g_object_ref (linnet_account_manager_find_account (self->manager, "ana@example.org"));

  return self;
}

void
linnet_test_signed_in_free (LinnetTestSignedIn *self)
{
  g_clear_object (&self->account);
  linnet_test_assert_resolves (linnet_account_manager_shutdown (self->manager));
  linnet_test_assert_resolves (linnet_test_server_finish (self->server));
  linnet_test_settle ();
  g_assert_finalize_object (self->manager);
  g_object_unref (self->server);
  linnet_test_profile_free (self->directory);
  linnet_test_ca_free (self->ca);
  g_free (self);
}
