/* Tests of looking for a server that is given up, and of the machine's own network
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "connector-fixture.h"
#include "linnet-spawn.h"

/* ---- dropped on the way: nothing is left ---- */

static const Row dropped_rows[] = {
  { .name = "looking-up", .held = "_xmpp-client._tcp.example.org", .dialled = "" },
  { .name = "looking-up-address",
    .plain = { { 0, 0, 5222, "xmpp.example.org" } },
    .held = "xmpp.example.org A",
    .dialled = "" },
  { .name = "dialling",
    .addresses = { { "example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.1:5222", UNREACHABLE } },
    .dialled = "192.0.2.1:5222" },
  { .name = "opening",
    .addresses = { { "example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.1:5222", SILENT } },
    .dialled = "192.0.2.1:5222" },
};

static void
test_dropped (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (DexFuture) future = NULL;
  XmppConnectOptions options;
  World world;

  world_init (&world, test, &options);
  future = xmpp_connect_over (&options, &world.network);
  xmpp_connect_options_clear (&options);
  linnet_test_settle ();
  g_assert_true (dex_future_is_pending (future));
  g_assert_cmpstr (world.dialled->str, ==, test->row->dialled);
  dex_clear (&future);
  world_clear (&world);
}

/* The same within an await that is given up, in the middle of TLS too. */
static void
test_dropped_in_time (gconstpointer data)
{
  const Case *test = data;

  for (guint turns = 0; turns < 100; turns += 3)
    {
      g_autoptr (DexFuture) future = NULL;
      g_autoptr (DexPromise) stop = dex_promise_new ();
      XmppConnectOptions options;
      World world;

      world_init (&world, test, &options);
      linnet_test_server_allow_hang_up (g_hash_table_lookup (world.servers, "192.0.2.1:5222"));
      future =
          dex_future_first (xmpp_connect_over (&options, &world.network), dex_ref (DEX_FUTURE (stop)), NULL);
      xmpp_connect_options_clear (&options);
      for (guint i = 0; i < turns && dex_future_is_pending (future); i++)
        linnet_test_turn ();
      dex_promise_reject (stop, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "enough"));
      dex_clear (&future);
      linnet_test_settle ();

      /* The server is cut off in the middle of its transcript. */
      g_hash_table_remove_all (world.servers);
      world_clear (&world);
    }
}

/* ---- over the machine's own network ---- */

static void
test_real (gconstpointer data)
{
  const Case *test = data;
  gboolean direct = test->row->direct_tls;
  g_autoptr (LinnetTestServer) server = linnet_test_server_new ();
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (test->ca, NULL);
  g_autoptr (LinnetTestResolver) resolver = linnet_test_resolver_new ();
  g_autoptr (GResolver) old_resolver = g_resolver_get_default ();
  g_autoptr (XmppStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  XmppConnectOptions options = { .jid = xmpp_jid_new ("ana@" DOMAIN, NULL) };
  guint16 port;

  linnet_test_server_set_certificate (server, certificate);
  linnet_test_server_play (server, world_get_steps (direct ? GOOD_DIRECT : GOOD));
  port = linnet_test_server_listen (server, "127.0.0.1");
  if (test->row->host != NULL)
    {
      options.host = g_strdup (test->row->host);
      options.port = port;
      options.direct_tls = direct;
    }
  linnet_test_resolver_add_srv (resolver,
                                direct ? "_xmpps-client._tcp." DOMAIN : "_xmpp-client._tcp." DOMAIN,
                                0,
                                0,
                                port,
                                "xmpp.example.org");
  linnet_test_resolver_add_address (resolver, "xmpp.example.org", "127.0.0.1");
  g_resolver_set_default (G_RESOLVER (resolver));

  stream = dex_await_object (xmpp_connect (&options), &error);
  g_assert_no_error (error);
  g_assert_true (xmpp_stream_is_secure (stream));
  g_assert_finalize_object (g_steal_pointer (&stream));
  linnet_test_assert_resolves (linnet_test_server_finish (server));
  xmpp_connect_options_clear (&options);
  g_resolver_set_default (old_resolver);
}

static const Row real_rows[] = {
  { .name = "srv" },
  { .name = "srv-direct", .direct_tls = TRUE },
  { .name = "manual", .host = "127.0.0.1" },
  { .name = "manual-direct", .host = "127.0.0.1", .direct_tls = TRUE },
};

static const Row whole_row = {
  .name = "whole",
  .addresses = { { "example.org", "192.0.2.1" } },
  .servers = { { "192.0.2.1:5222", GOOD } },
};

int
main (int argc,
      char **argv)
{
  g_autoptr (GPtrArray) cases = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (LinnetTestCa) ca = NULL;

  linnet_test_init (&argc, &argv);
  ca = linnet_test_ca_new ();
  linnet_test_ca_trust (ca);

  for (gsize i = 0; i < G_N_ELEMENTS (dropped_rows); i++)
    world_add_test (cases, ca, "/xmpp/connector-life/dropped/", &dropped_rows[i], test_dropped);
  world_add_test (cases, ca, "/xmpp/connector-life/dropped/", &whole_row, test_dropped_in_time);
  for (gsize i = 0; i < G_N_ELEMENTS (real_rows); i++)
    world_add_test (cases, ca, "/xmpp/connector-life/real/", &real_rows[i], test_real);

  return g_test_run ();
}
