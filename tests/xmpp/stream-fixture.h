/* A stream without TLS to a server that plays a transcript
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-spawn.h"
#include "linnet-test-server.h"
#include "linnet-test.h"
#include "xmpp-stream.h"

#define DOMAIN "example.org"
#define FEATURES "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"

typedef struct
{
  LinnetTestServer *server;
  XmppStream *stream;
  XmppNode *features;
} Fixture;

static void
fixture_init (Fixture *self,
              const LinnetTestStep *steps)
{
  g_autoptr (GIOStream) io = NULL;

  self->server = linnet_test_server_new ();
  linnet_test_server_play (self->server, steps);
  io = linnet_test_server_connect (self->server);
  self->stream = xmpp_stream_new (io);
}

static void
fixture_open (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  self->features = dex_await_boxed (xmpp_stream_open (self->stream, DOMAIN, NULL), &error);
  g_assert_no_error (error);
}

static void
fixture_clear (Fixture *self)
{
  linnet_test_assert_resolves (linnet_test_server_finish (self->server));
  g_clear_pointer (&self->features, xmpp_node_unref);
  if (self->stream != NULL)
    g_assert_finalize_object (g_steal_pointer (&self->stream));
  g_clear_object (&self->server);
}

static XmppNode *
read_node (XmppStream *stream)
{
  g_autoptr (GError) error = NULL;
  XmppNode *node = dex_await_boxed (xmpp_stream_read (stream), &error);

  g_assert_no_error (error);

  return node;
}
