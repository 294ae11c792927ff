/* Tests of going through proxies, and of going nowhere else
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-gio.h"
#include "linnet-spawn.h"
#include "linnet-test-ca.h"
#include "linnet-test-clock.h"
#include "linnet-test-resolver.h"
#include "linnet-test-server.h"
#include "linnet-test-stream.h"
#include "linnet-test.h"
#include "xmpp-connector-private.h"
#include "xmpp-error.h"
#include "xmpp-proxy.h"

/* ---- the person's settings ---- */

#define TEST_TYPE_SETTINGS (test_settings_get_type ())
G_DECLARE_FINAL_TYPE (TestSettings, test_settings, TEST, SETTINGS, GObject)

struct _TestSettings
{
  GObject parent_instance;
  const char *const *uris; /* NULL: it fails */
  char *asked;
};

static gboolean
test_settings_is_supported (GProxyResolver *resolver)
{
  return TRUE;
}

static void
test_settings_lookup_async (GProxyResolver *resolver,
                            const char *uri,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  TestSettings *self = TEST_SETTINGS (resolver);
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_free (self->asked);
  self->asked = g_strdup (uri);

  if (self->uris != NULL)
    g_task_return_pointer (task, g_strdupv ((char **) self->uris), (GDestroyNotify) g_strfreev);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "Nobody knows");
}

static GStrv
test_settings_lookup_finish (GProxyResolver *resolver,
                             GAsyncResult *result,
                             GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_settings_resolver_init (GProxyResolverInterface *iface)
{
  iface->is_supported = test_settings_is_supported;
  iface->lookup_async = test_settings_lookup_async;
  iface->lookup_finish = test_settings_lookup_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestSettings,
                               test_settings,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER, test_settings_resolver_init))

static void
test_settings_finalize (GObject *object)
{
  g_free (TEST_SETTINGS (object)->asked);

  G_OBJECT_CLASS (test_settings_parent_class)->finalize (object);
}

static void
test_settings_class_init (TestSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_settings_finalize;
}

static void
test_settings_init (TestSettings *self)
{
}

static TestSettings *
test_settings_new (const char *const *uris)
{
  TestSettings *self = g_object_new (TEST_TYPE_SETTINGS, NULL);

  self->uris = uris;

  return self;
}

typedef struct
{
  const char *name;
  const char *uris[4];
  const char *expected; /* with blanks between; NULL: it is refused */
} LookupRow;

static const LookupRow lookup_rows[] = {
  { .name = "direct", .uris = { "direct://" }, .expected = "" },
  { .name = "none", .expected = "" },
  { .name = "socks5", .uris = { "socks5://127.0.0.1:9050" }, .expected = "socks5://127.0.0.1:9050" },
  { .name = "socks", .uris = { "socks://127.0.0.1:9050" }, .expected = "socks://127.0.0.1:9050" },
  { .name = "http", .uris = { "http://proxy.example:3128" }, .expected = "http://proxy.example:3128" },
  { .name = "upper-case", .uris = { "SOCKS5://127.0.0.1" }, .expected = "SOCKS5://127.0.0.1" },
  { .name = "several",
    .uris = { "socks5://127.0.0.1", "http://127.0.0.1" },
    .expected = "socks5://127.0.0.1 http://127.0.0.1" },
  /* Never around it, though the settings would let us. */
  { .name = "or-direct", .uris = { "socks5://127.0.0.1", "direct://" }, .expected = "socks5://127.0.0.1" },
  { .name = "only-socks4", .uris = { "socks4://127.0.0.1" } },
  { .name = "socks4-or-direct", .uris = { "direct://", "socks4://127.0.0.1" } },
  { .name = "socks4-of-some", .uris = { "socks4://a", "socks4a://b" }, .expected = "socks4a://b" },
  { .name = "nonsense", .uris = { "nonsense" } },
};

static void
test_lookup (gconstpointer data)
{
  const LookupRow *row = data;
  g_autoptr (TestSettings) settings = test_settings_new (row->uris);
  g_auto (GStrv) uris = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *joined = NULL;

  uris = dex_await_boxed (xmpp_proxy_lookup (G_PROXY_RESOLVER (settings), "example.org", 5222), &error);
  g_assert_cmpstr (settings->asked, ==, "xmpp-client://example.org:5222");
  if (row->expected == NULL)
    {
      g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_PROXY);
      return;
    }

  g_assert_no_error (error);
  joined = g_strjoinv (" ", uris);
  g_assert_cmpstr (joined, ==, row->expected);
}

static void
test_lookup_fails (gconstpointer data)
{
  g_autoptr (TestSettings) settings = test_settings_new (NULL);

  linnet_test_assert_rejects (xmpp_proxy_lookup (G_PROXY_RESOLVER (settings), "2001:db8::1", 5222),
                              XMPP_STREAM_ERROR,
                              XMPP_STREAM_ERROR_PROXY);
  g_assert_cmpstr (settings->asked, ==, "xmpp-client://[2001:db8::1]:5222");
}

/* Without any settings of a test there is none here. */
static void
test_lookup_default (gconstpointer data)
{
  g_auto (GStrv) uris = dex_await_boxed (xmpp_proxy_lookup (NULL, "example.org", 5222), NULL);

  g_assert_nonnull (uris);
  g_assert_cmpuint (g_strv_length (uris), ==, 0);
}

/* ---- proxies ---- */

typedef struct
{
  const char *c; /* what must come; of HTTP only the beginning */
  gsize c_length;
  const char *s;
  gsize s_length;
} Exchange;

typedef struct
{
  const char *name;
  const char *uri;
  const char *dialled; /* the proxy */
  Exchange exchanges[4];
  int io_error;     /* of G_IO_ERROR */
  gboolean refuses; /* with neither it is connected */
} ProxyRow;

#define BYTES(text) (text), sizeof (text) - 1
#define SOCKS5_CONNECT "\x05\x01\x00\x03\x0b" \
                       "example.org"          \
                       "\x14\x66"
#define SOCKS5_DONE "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"

static const ProxyRow proxy_rows[] = {
  { .name = "socks5",
    .uri = "socks5://192.0.2.9:9050",
    .dialled = "192.0.2.9:9050",
    .exchanges = { { BYTES ("\x05\x01\x00"), BYTES ("\x05\x00") },
                   { BYTES (SOCKS5_CONNECT), BYTES (SOCKS5_DONE) } } },
  { .name = "socks",
    .uri = "socks://192.0.2.9",
    .dialled = "192.0.2.9:1080",
    .exchanges = { { BYTES ("\x05\x01\x00"), BYTES ("\x05\x00") },
                   { BYTES (SOCKS5_CONNECT), BYTES (SOCKS5_DONE) } } },
  { .name = "socks5-password",
    .uri = "socks5://ana:secret@192.0.2.9",
    .dialled = "192.0.2.9:1080",
    .exchanges = { { BYTES ("\x05\x02\x00\x02"), BYTES ("\x05\x02") },
                   { BYTES ("\x01\x03"
                            "ana"
                            "\x06"
                            "secret"),
                     BYTES ("\x01\x00") },
                   { BYTES (SOCKS5_CONNECT), BYTES (SOCKS5_DONE) } } },
  { .name = "socks5-wrong-password",
    .uri = "socks5://ana:secret@192.0.2.9",
    .dialled = "192.0.2.9:1080",
    .exchanges = { { BYTES ("\x05\x02\x00\x02"), BYTES ("\x05\x02") },
                   { BYTES ("\x01\x03"
                            "ana"
                            "\x06"
                            "secret"),
                     BYTES ("\x01\x01") } },
    .refuses = TRUE },
  { .name = "socks5-refused",
    .uri = "socks5://192.0.2.9",
    .dialled = "192.0.2.9:1080",
    .exchanges = { { BYTES ("\x05\x01\x00"), BYTES ("\x05\x00") },
                   { BYTES (SOCKS5_CONNECT), BYTES ("\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00") } },
    .io_error = G_IO_ERROR_CONNECTION_REFUSED },
  { .name = "http",
    .uri = "http://192.0.2.9:3128",
    .dialled = "192.0.2.9:3128",
    .exchanges = { { BYTES ("CONNECT example.org:5222 HTTP/1."), BYTES ("HTTP/1.0 200 OK\r\n\r\n") } } },
  { .name = "http-refused",
    .uri = "http://192.0.2.9:3128",
    .dialled = "192.0.2.9:3128",
    .exchanges = { { BYTES ("CONNECT example.org:5222 HTTP/1."), BYTES ("HTTP/1.0 403 Forbidden\r\n\r\n") } },
    .refuses = TRUE },
};

typedef struct
{
  const ProxyRow *row; /* NULL: nobody answers */
  LinnetTestResolver *resolver;
  LinnetTestClock *clock;
  LinnetTestServer *server; /* behind the proxy; nullable */
  XmppNetwork network;
  GString *dialled;
} World;

typedef struct
{
  World *world;
  GIOStream *io;
} Proxy;

static void
proxy_free (gpointer data)
{
  Proxy *self = data;

  g_object_unref (self->io);
  g_free (self);
}

static void
read_all (GIOStream *io,
          char *buffer,
          gsize size)
{
  GInputStream *input = g_io_stream_get_input_stream (io);

  for (gsize n = 0; n < size;)
    {
      gint64 got = dex_await_int64 (dex_input_stream_read (input, buffer + n, size - n, 0), NULL);

      g_assert_cmpint (got, >, 0);
      n += got;
    }
}

static DexFuture *
proxy_fiber (gpointer user_data)
{
  Proxy *self = user_data;
  const ProxyRow *row = self->world->row;

  for (gsize i = 0; i < G_N_ELEMENTS (row->exchanges) && row->exchanges[i].c != NULL; i++)
    {
      const Exchange *exchange = &row->exchanges[i];
      g_autofree char *got = g_malloc0 (4096);
      g_autoptr (GBytes) bytes = g_bytes_new (exchange->s, exchange->s_length);

      read_all (self->io, got, exchange->c_length);
      g_assert_cmpmem (got, exchange->c_length, exchange->c, exchange->c_length);
      for (gsize n = exchange->c_length; *exchange->c == 'C' && !g_str_has_suffix (got, "\r\n\r\n"); n++)
        read_all (self->io, got + n, 1);
      linnet_test_assert_resolves (linnet_gio_write_all (g_io_stream_get_output_stream (self->io), bytes));
    }

  if (self->world->server != NULL)
    linnet_test_server_serve (self->world->server, self->io);

  return dex_future_new_true ();
}

static DexFuture *
dial (GSocketAddress *address,
      gpointer user_data)
{
  World *self = user_data;
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);
  g_autofree char *host = g_inet_address_to_string (g_inet_socket_address_get_address (inet));
  LinnetTestStream *ours;
  LinnetTestStream *theirs;
  Proxy *proxy;

  g_string_append_printf (self->dialled, "%s:%u", host, g_inet_socket_address_get_port (inet));
  if (self->row == NULL)
    return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "refused");

  linnet_test_stream_new_pair (&ours, &theirs);
  /* GLib's SOCKS 5 does not put up with half an answer. */
  linnet_test_stream_set_chunks (ours, LINNET_TEST_CHUNKS_WHOLE);
  linnet_test_stream_set_chunks (theirs, LINNET_TEST_CHUNKS_WHOLE);
  proxy = g_new0 (Proxy, 1);
  proxy->world = self;
  proxy->io = G_IO_STREAM (theirs);
  linnet_spawn_detached ("test proxy", proxy_fiber, proxy, proxy_free);

  return dex_future_new_take_object (ours);
}

static void
world_init (World *self,
            const ProxyRow *row)
{
  *self = (World) {
    .row = row,
    .resolver = linnet_test_resolver_new (),
    .clock = linnet_test_clock_new (0),
    .dialled = g_string_new (NULL),
  };
  self->network = (XmppNetwork) {
    .resolver = G_RESOLVER (self->resolver),
    .clock = LINNET_CLOCK (self->clock),
    .dial = dial,
    .random = xmpp_srv_random,
    .user_data = self,
  };
}

/* security.md A10: whoever is behind the proxy is looked up by the proxy alone. */
static void
world_clear (World *self)
{
  g_autofree char *questions = linnet_test_resolver_dup_questions (self->resolver);

  g_assert_cmpstr (questions, ==, "");
  linnet_test_settle ();
  g_assert_finalize_object (self->resolver);
  g_assert_finalize_object (self->clock);
  g_string_free (self->dialled, TRUE);
}

static void
test_connect (gconstpointer data)
{
  const ProxyRow *row = data;
  g_autoptr (GIOStream) io = NULL;
  g_autoptr (GError) error = NULL;
  World world;

  world_init (&world, row);
  io = dex_await_object (xmpp_proxy_connect (&world.network, row->uri, "example.org", 5222), &error);
  g_assert_cmpstr (world.dialled->str, ==, row->dialled);
  if (row->refuses)
    g_assert_error (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_PROXY);
  else if (row->io_error == 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, G_IO_ERROR, row->io_error);
  world_clear (&world);
}

static void
test_connect_dead (gconstpointer data)
{
  World world;

  world_init (&world, NULL);
  linnet_test_assert_rejects (xmpp_proxy_connect (&world.network, "socks5://192.0.2.9", "example.org", 5222),
                              XMPP_STREAM_ERROR,
                              XMPP_STREAM_ERROR_PROXY);
  world_clear (&world);
}

/* ---- the connector behind a proxy ---- */

typedef struct
{
  LinnetTestCa *ca;
  const ProxyRow *row;
} Case;

static void
test_connector (gconstpointer data)
{
  const Case *test = data;
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN_TLS ("example.org"),
    { .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  const char *const uris[] = { "socks4://192.0.2.8", test->row->uri, "direct://", NULL };
  g_autoptr (TestSettings) settings = test_settings_new (uris);
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (test->ca, NULL);
  g_autoptr (LinnetTestServer) server = linnet_test_server_new ();
  g_autoptr (XmppStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  XmppConnectOptions options = {
    .jid = xmpp_jid_new ("ana@example.org", NULL),
    .proxy_resolver = G_PROXY_RESOLVER (g_object_ref (settings)),
  };
  World world;

  world_init (&world, test->row);
  linnet_test_server_set_certificate (server, certificate);
  linnet_test_server_play (server, steps);
  world.server = server;
  stream = dex_await_object (xmpp_connect_over (&options, &world.network), &error);
  xmpp_connect_options_clear (&options);
  g_assert_no_error (error);
  g_assert_true (xmpp_stream_is_secure (stream));
  g_assert_finalize_object (g_steal_pointer (&stream));
  linnet_test_assert_resolves (linnet_test_server_finish (server));
  world_clear (&world);
}

/* A proxy that is down is no reason to go around it. */
static void
test_connector_dead (gconstpointer data)
{
  const char *const uris[] = { "socks5://192.0.2.8", "http://192.0.2.8:1", "direct://", NULL };
  g_autoptr (TestSettings) settings = test_settings_new (uris);
  XmppConnectOptions options = {
    .jid = xmpp_jid_new ("ana@example.org", NULL),
    .proxy_resolver = G_PROXY_RESOLVER (g_object_ref (settings)),
  };
  World world;

  world_init (&world, NULL);
  linnet_test_assert_rejects (xmpp_connect_over (&options, &world.network),
                              XMPP_STREAM_ERROR,
                              XMPP_STREAM_ERROR_PROXY);
  g_assert_cmpstr (world.dialled->str, ==, "192.0.2.8:1080192.0.2.8:1");
  xmpp_connect_options_clear (&options);
  world_clear (&world);
}

int
main (int argc,
      char **argv)
{
  g_autoptr (LinnetTestCa) ca = NULL;
  Case socks_case;
  Case http_case;

  linnet_test_init (&argc, &argv);
  ca = linnet_test_ca_new ();
  linnet_test_ca_trust (ca);
  socks_case = (Case) { ca, &proxy_rows[0] };
  http_case = (Case) { ca, &proxy_rows[G_N_ELEMENTS (proxy_rows) - 2] };

  for (gsize i = 0; i < G_N_ELEMENTS (lookup_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/xmpp/proxy/lookup/", lookup_rows[i].name, NULL);

      linnet_test_add (path, test_lookup, &lookup_rows[i]);
    }
  linnet_test_add ("/xmpp/proxy/lookup/fails", test_lookup_fails, NULL);
  linnet_test_add ("/xmpp/proxy/lookup/default", test_lookup_default, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (proxy_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/xmpp/proxy/connect/", proxy_rows[i].name, NULL);

      linnet_test_add (path, test_connect, &proxy_rows[i]);
    }
  linnet_test_add ("/xmpp/proxy/connect/dead", test_connect_dead, NULL);
  linnet_test_add ("/xmpp/proxy/connector/socks5", test_connector, &socks_case);
  linnet_test_add ("/xmpp/proxy/connector/http", test_connector, &http_case);
  linnet_test_add ("/xmpp/proxy/connector/dead", test_connector_dead, NULL);

  return g_test_run ();
}
