/* Tests of GIO's calls as futures
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-gio.h"
#include "linnet-spawn.h"
#include "linnet-test-ca.h"
#include "linnet-test-server.h"
#include "linnet-test-stream.h"
#include "linnet-test.h"

static void
test_write_all (gconstpointer data)
{
  g_autoptr (LinnetTestStream) a = NULL;
  g_autoptr (LinnetTestStream) b = NULL;
  g_autofree char *long_text = g_strnfill (200000, 'x');
  g_autoptr (GBytes) bytes = g_bytes_new (long_text, 200000);
  g_autoptr (DexFuture) written = NULL;
  gsize total = 0;

  linnet_test_stream_new_pair (&a, &b);
  written = linnet_gio_write_all (g_io_stream_get_output_stream (G_IO_STREAM (a)), bytes);
  linnet_test_settle ();
  g_assert_true (dex_future_is_pending (written));
  g_assert_cmpuint (linnet_test_stream_get_unread (a), ==, 64 * 1024);

  while (total < 200000)
    {
      g_autoptr (GBytes) chunk = dex_await_boxed (
          dex_input_stream_read_bytes (g_io_stream_get_input_stream (G_IO_STREAM (b)), 50000, 0), NULL);

      g_assert_cmpuint (g_bytes_get_size (chunk), >, 0);
      total += g_bytes_get_size (chunk);
    }

  linnet_test_assert_resolves (dex_ref (written));
}

static void
test_write_fails (gconstpointer data)
{
  g_autoptr (LinnetTestStream) a = NULL;
  g_autoptr (LinnetTestStream) b = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("0123456789", 10);
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");

  linnet_test_stream_new_pair (&a, &b);
  linnet_test_stream_fail_writes (a, 4, error);
  linnet_test_assert_rejects (linnet_gio_write_all (g_io_stream_get_output_stream (G_IO_STREAM (a)), bytes),
                              G_IO_ERROR,
                              G_IO_ERROR_NO_SPACE);
  g_assert_cmpuint (linnet_test_stream_get_unread (a), ==, 4);
}

/* A dropped future stops its call and frees what the call holds. */
static void
test_write_dropped (gconstpointer data)
{
  g_autoptr (LinnetTestStream) a = NULL;
  g_autoptr (LinnetTestStream) b = NULL;
  g_autofree char *long_text = g_strnfill (200000, 'x');
  g_autoptr (GBytes) bytes = g_bytes_new (long_text, 200000);
  DexCancellable *cancellable = dex_cancellable_new ();
  g_autoptr (DexFuture) both = NULL;

  linnet_test_stream_new_pair (&a, &b);
  both = dex_future_first (linnet_gio_write_all (g_io_stream_get_output_stream (G_IO_STREAM (a)), bytes),
                           dex_ref (DEX_FUTURE (cancellable)),
                           NULL);
  dex_cancellable_cancel (cancellable);
  dex_unref (cancellable);
  linnet_test_settle ();

  g_assert_false (g_output_stream_has_pending (g_io_stream_get_output_stream (G_IO_STREAM (a))));
  g_assert_finalize_object (g_steal_pointer (&a));
}

static void
test_handshake (gconstpointer data)
{
  g_autoptr (LinnetTestCa) ca = linnet_test_ca_new ();
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (ca, NULL);
  g_autoptr (LinnetTestServer) server = linnet_test_server_new ();
  g_autoptr (GSocketConnectable) identity = g_network_address_new ("example.org", 5222);
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) io = NULL;
  g_autoptr (GIOStream) tls = NULL;
  static const LinnetTestStep steps[] = {
    { .act = LINNET_TEST_START_TLS },
    { .c = LINNET_TEST_STREAM_C ("example.org") },
    { .c = "</stream:stream>", .act = LINNET_TEST_CLOSE },
    {},
  };
  static const char text[] = "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' to='example.org' version='1.0'></stream:stream>";
  g_autoptr (GBytes) hello = g_bytes_new_static (text, strlen (text));

  linnet_test_ca_trust (ca);
  linnet_test_server_set_certificate (server, certificate);
  linnet_test_server_play (server, steps);

  if (data != NULL)
    {
      g_autoptr (GSocketClient) client = g_socket_client_new ();
      g_autoptr (GSocketConnectable) address =
          g_network_address_new ("127.0.0.1", linnet_test_server_listen (server, "127.0.0.1"));

      io = dex_await_object (dex_socket_client_connect (client, address), NULL);
    }
  else
    {
      io = linnet_test_server_connect (server);
    }

  tls = g_tls_client_connection_new (io, identity, &error);
  g_assert_no_error (error);
  linnet_test_assert_resolves (linnet_gio_handshake (G_TLS_CONNECTION (tls)));
  linnet_test_assert_resolves (linnet_gio_write_all (g_io_stream_get_output_stream (tls), hello));
  linnet_test_assert_resolves (linnet_test_server_finish (server));
  g_assert_cmpstr (linnet_test_server_get_clear (server), ==, "");
  g_assert_true (g_str_has_suffix (linnet_test_server_get_received (server), "</stream:stream>"));
}

static void
test_lookups (gconstpointer data)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  g_autoptr (GProxyResolver) proxies = g_simple_proxy_resolver_new ("socks5://127.0.0.1:9050", NULL);
  g_auto (GStrv) uris = NULL;
  GList *addresses;

  addresses = dex_await_boxed (
      linnet_gio_lookup_by_name (resolver, "127.0.0.1", G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT), NULL);
  g_assert_cmpuint (g_list_length (addresses), ==, 1);
  g_resolver_free_addresses (addresses);

  uris = dex_await_boxed (linnet_gio_lookup_proxies (proxies, "xmpp-client://example.org:5222"), NULL);
  g_assert_cmpstr (uris[0], ==, "socks5://127.0.0.1:9050");
}

int
main (int argc,
      char **argv)
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/base/gio/write-all", test_write_all, NULL);
  linnet_test_add ("/base/gio/write-fails", test_write_fails, NULL);
  linnet_test_add ("/base/gio/write-dropped", test_write_dropped, NULL);
  linnet_test_add ("/base/gio/handshake-memory", test_handshake, NULL);
  linnet_test_add ("/base/gio/handshake-tcp", test_handshake, "tcp");
  linnet_test_add ("/base/gio/lookups", test_lookups, NULL);

  return g_test_run ();
}
