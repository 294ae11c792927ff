/* Connecting to a real Prosody, and losing it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <libdex.h>

#include "linnet-spawn.h"
#include "linnet-test-prosody.h"
#include "linnet-test.h"
#include "xmpp-connector.h"
#include "xmpp-error.h"

static DexFuture *
start (guint16 port,
       gboolean direct_tls,
       const char *domain)
{
  XmppConnectOptions options = {
    .jid = xmpp_jid_new_from_parts ("ana", domain, NULL, NULL),
    .host = g_strdup ("127.0.0.1"),
    .port = port,
    .direct_tls = direct_tls,
  };
  DexFuture *future = xmpp_connect (&options);

  xmpp_connect_options_clear (&options);

  return future;
}

static XmppNode *
open_stream (XmppStream *stream)
{
  g_autoptr (XmppJid) jid = xmpp_jid_new_from_parts ("ana", linnet_test_prosody_get_domain (), NULL, NULL);
  g_autoptr (GError) error = NULL;
  XmppNode *features = NULL;

  features = dex_await_boxed (xmpp_stream_open (stream, linnet_test_prosody_get_domain (), jid), &error);
  g_assert_no_error (error);

  return features;
}

/* TLS by either way, every channel binding, and a goodbye that the server answers. */
static void
test_connect (gconstpointer data)
{
  gboolean direct = data != NULL;
  guint16 port = linnet_test_prosody_get_port (direct);
  g_autoptr (XmppStream) stream = NULL;
  g_autoptr (XmppNode) features = NULL;
  g_autoptr (GBytes) exporter = NULL;
  g_autoptr (GBytes) end_point = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start_time;

  stream = dex_await_object (start (port, direct, linnet_test_prosody_get_domain ()), &error);
  g_assert_no_error (error);
  features = open_stream (stream);
  g_assert_nonnull (xmpp_node_get_child (features, "mechanisms", "urn:ietf:params:xml:ns:xmpp-sasl"));
  g_assert_cmpint (xmpp_stream_get_tls_info (stream)->version, ==, G_TLS_PROTOCOL_VERSION_TLS_1_3);
  exporter = xmpp_stream_dup_channel_binding (stream, "tls-exporter");
  end_point = xmpp_stream_dup_channel_binding (stream, "tls-server-end-point");
  g_assert_cmpuint (g_bytes_get_size (exporter), ==, 32);
  g_assert_cmpuint (g_bytes_get_size (end_point), ==, 32);

  start_time = g_get_monotonic_time ();
  linnet_test_assert_resolves (xmpp_stream_close (stream, 10000));
  g_assert_cmpint (g_get_monotonic_time () - start_time, <, 9 * G_TIME_SPAN_SECOND);
  g_assert_finalize_object (g_steal_pointer (&stream));
}

/* The server does not answer for that name, in clear nor in the handshake. */
static void
test_wrong_name (gconstpointer data)
{
  gboolean direct = data != NULL;
  guint16 port = linnet_test_prosody_get_port (direct);

  linnet_test_assert_rejects (start (port, direct, "other.example"),
                              XMPP_STREAM_ERROR,
                              direct ? XMPP_STREAM_ERROR_NO_TLS : XMPP_STREAM_ERROR_HOST_UNKNOWN);
}

/* Each port expects the other kind of TLS. */
static void
test_wrong_port (gconstpointer data)
{
  gboolean direct = data != NULL;
  g_autoptr (GError) error = NULL;

  dex_await (start (linnet_test_prosody_get_port (!direct), direct, linnet_test_prosody_get_domain ()),
             &error);
  g_assert_nonnull (error);
  g_assert_true (error->domain == XMPP_STREAM_ERROR || error->domain == G_IO_ERROR);
}

static void
test_killed (gconstpointer data)
{
  g_autoptr (XmppStream) stream = NULL;
  g_autoptr (XmppNode) features = NULL;
  g_autoptr (GError) error = NULL;

  stream = dex_await_object (
      start (linnet_test_prosody_get_port (FALSE), FALSE, linnet_test_prosody_get_domain ()), &error);
  g_assert_no_error (error);
  features = open_stream (stream);
  linnet_test_prosody_command ("kill");
  dex_await (xmpp_stream_read (stream), &error);
  g_assert_nonnull (error);
  g_assert_true (error->domain == XMPP_STREAM_ERROR || error->domain == G_IO_ERROR);
  g_assert_finalize_object (g_steal_pointer (&stream));

  linnet_test_assert_rejects (
      start (linnet_test_prosody_get_port (FALSE), FALSE, linnet_test_prosody_get_domain ()),
      XMPP_STREAM_ERROR,
      XMPP_STREAM_ERROR_UNREACHABLE);
  linnet_test_prosody_command ("start");
  stream = dex_await_object (
      start (linnet_test_prosody_get_port (FALSE), FALSE, linnet_test_prosody_get_domain ()), &error);
  g_assert_nonnull (stream);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);
  linnet_test_prosody_trust ();

  linnet_test_add ("/connect/starttls", test_connect, NULL);
  linnet_test_add ("/connect/direct", test_connect, "direct");
  linnet_test_add ("/connect/wrong-name/starttls", test_wrong_name, NULL);
  linnet_test_add ("/connect/wrong-name/direct", test_wrong_name, "direct");
  linnet_test_add ("/connect/wrong-port/starttls", test_wrong_port, NULL);
  linnet_test_add ("/connect/wrong-port/direct", test_wrong_port, "direct");
  linnet_test_add ("/connect/killed", test_killed, NULL);

  return g_test_run ();
}
