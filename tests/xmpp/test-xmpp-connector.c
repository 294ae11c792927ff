/* Tests of finding and reaching a server, over a network that exists only here
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "connector-fixture.h"
#include "linnet-spawn.h"
#include "xmpp-error.h"

#define SRV_QUESTIONS "_xmpps-client._tcp.example.org,_xmpp-client._tcp.example.org"

static const Row rows[] = {
  /* ---- where to ---- */
  { .name = "srv",
    .plain = { { 0, 0, 5222, "xmpp.example.org" } },
    .addresses = { { "xmpp.example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.1:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222",
    .questions = SRV_QUESTIONS ",xmpp.example.org AAAA,xmpp.example.org A" },
  { .name = "srv-direct",
    .direct = { { 0, 0, 443, "xmpp.example.org." } },
    .addresses = { { "xmpp.example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.1:443", GOOD_DIRECT } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:443" },
  { .name = "srv-mixed-by-priority",
    .direct = { { 20, 0, 443, "b.example.org" } },
    .plain = { { 10, 0, 5222, "a.example.org" }, { 30, 0, 5222, "c.example.org" } },
    .addresses = { { "a.example.org", "192.0.2.1" },
                   { "b.example.org", "192.0.2.2" },
                   { "c.example.org", "192.0.2.3" } },
    .servers = { { "192.0.2.1:5222", REFUSING }, { "192.0.2.2:443", REFUSING }, { "192.0.2.3:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222,192.0.2.2:443,192.0.2.3:5222" },
  { .name = "no-srv",
    .addresses = { { "example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.1:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222",
    .questions = SRV_QUESTIONS ",example.org AAAA,example.org A" },
  { .name = "srv-fails",
    .addresses = { { "example.org", "192.0.2.1" } },
    .failing = "_xmpp-client._tcp.example.org",
    .servers = { { "192.0.2.1:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222" },
  { .name = "one-srv-fails",
    .direct = { { 0, 0, 443, "xmpp.example.org" } },
    .addresses = { { "xmpp.example.org", "192.0.2.1" } },
    .failing = "_xmpp-client._tcp.example.org",
    .servers = { { "192.0.2.1:443", GOOD_DIRECT } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:443" },
  { .name = "srv-never-answers",
    .addresses = { { "example.org", "192.0.2.1" } },
    .held = "_xmpps-client._tcp.example.org",
    .servers = { { "192.0.2.1:5222", GOOD } },
    .advance_ms = 10000,
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222" },
  { .name = "no-service",
    .plain = { { 0, 0, 0, "." } },
    .addresses = { { "example.org", "192.0.2.1" } },
    .code = XMPP_STREAM_ERROR_NO_XMPP_SERVICE,
    .dialled = "",
    .questions = SRV_QUESTIONS },
  { .name = "neither-service",
    .direct = { { 0, 0, 0, "." } },
    .plain = { { 0, 0, 0, "." } },
    .code = XMPP_STREAM_ERROR_NO_XMPP_SERVICE,
    .dialled = "" },
  { .name = "no-direct-service",
    .direct = { { 0, 0, 0, "." } },
    .addresses = { { "example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.1:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222" },
  { .name = "only-direct-service",
    .direct = { { 0, 0, 443, "xmpp.example.org" } },
    .plain = { { 0, 0, 0, "." } },
    .addresses = { { "xmpp.example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.1:443", GOOD_DIRECT } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:443" },
  { .name = "no-such-host", .code = XMPP_STREAM_ERROR_HOST_NOT_FOUND, .dialled = "" },
  { .name = "no-dns",
    .failing = "example.org A",
    .code = XMPP_STREAM_ERROR_UNREACHABLE,
    .dialled = "" },
  /* RFC 6120 section 3.2.1: where there are SRV records they count alone. */
  { .name = "srv-without-fallback",
    .plain = { { 0, 0, 5222, "xmpp.example.org" } },
    .addresses = { { "example.org", "192.0.2.1" }, { "xmpp.example.org", "192.0.2.2" } },
    .servers = { { "192.0.2.1:5222", GOOD }, { "192.0.2.2:5222", REFUSING } },
    .code = XMPP_STREAM_ERROR_UNREACHABLE,
    .dialled = "192.0.2.2:5222" },
  { .name = "international",
    .jid = "ana@bücher.example",
    .addresses = { { "xn--bcher-kva.example", "192.0.2.1" } },
    .code = XMPP_STREAM_ERROR_UNREACHABLE,
    .servers = { { "192.0.2.1:5222", REFUSING } },
    .dialled = "192.0.2.1:5222",
    .questions = "_xmpps-client._tcp.xn--bcher-kva.example,_xmpp-client._tcp.xn--bcher-kva.example,"
                 "xn--bcher-kva.example AAAA,xn--bcher-kva.example A" },
  { .name = "literal-ipv4",
    .jid = "ana@192.0.2.1",
    .servers = { { "192.0.2.1:5222", REFUSING } },
    .code = XMPP_STREAM_ERROR_UNREACHABLE,
    .dialled = "192.0.2.1:5222",
    .questions = "" },
  { .name = "literal-ipv6",
    .jid = "ana@[2001:db8::1]",
    .servers = { { "2001:db8::1:5222", REFUSING } },
    .code = XMPP_STREAM_ERROR_UNREACHABLE,
    .dialled = "2001:db8::1:5222",
    .questions = "" },

  /* ---- a person's own server ---- */
  { .name = "manual",
    .host = "box.example",
    .port = 5299,
    .addresses = { { "box.example", "192.0.2.1" } },
    .servers = { { "192.0.2.1:5299", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5299",
    .questions = "box.example AAAA,box.example A" },
  { .name = "manual-default-port",
    .host = "192.0.2.1",
    .servers = { { "192.0.2.1:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222",
    .questions = "" },
  { .name = "manual-direct-default-port",
    .host = "192.0.2.1",
    .direct_tls = TRUE,
    .servers = { { "192.0.2.1:5223", GOOD_DIRECT } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5223",
    .questions = "" },
  { .name = "manual-pinned",
    .host = "192.0.2.1",
    .pinned = TRUE,
    .servers = { { "192.0.2.1:5222", EXPIRED } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222" },

  /* ---- where a stream is to be resumed (XEP-0198 section 3) ---- */
  { .name = "location",
    .first_host = "192.0.2.9",
    .first_port = 5299,
    .addresses = { { "example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.9:5299", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.9:5299" },
  { .name = "location-refuses",
    .first_host = "192.0.2.9",
    .plain = { { 0, 0, 5222, "xmpp.example.org" } },
    .addresses = { { "xmpp.example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.9:5222", REFUSING }, { "192.0.2.1:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.9:5222,192.0.2.1:5222" },
  { .name = "location-unreachable",
    .first_host = "192.0.2.9",
    .addresses = { { "example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.9:5222", UNREACHABLE }, { "192.0.2.1:5222", GOOD } },
    .advance_ms = 10000,
    .code = SUCCESS,
    .dialled = "192.0.2.9:5222,192.0.2.1:5222" },
  { .name = "location-of-somebody-else",
    .first_host = "192.0.2.9",
    .addresses = { { "example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.9:5222", OTHER_NAME }, { "192.0.2.1:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.9:5222,192.0.2.1:5222" },
  { .name = "location-once",
    .first_host = "b.example.org",
    .plain = { { 0, 0, 5222, "a.example.org" }, { 1, 0, 5222, "b.example.org" } },
    .addresses = { { "a.example.org", "192.0.2.1" }, { "b.example.org", "192.0.2.2" } },
    .servers = { { "192.0.2.1:5222", REFUSING }, { "192.0.2.2:5222", REFUSING } },
    .code = XMPP_STREAM_ERROR_UNREACHABLE,
    .dialled = "192.0.2.2:5222,192.0.2.1:5222" },
  { .name = "location-and-manual",
    .first_host = "192.0.2.9",
    .host = "192.0.2.1",
    .servers = { { "192.0.2.1:5222", REFUSING } },
    .code = XMPP_STREAM_ERROR_UNREACHABLE,
    .dialled = "192.0.2.1:5222" },

  /* ---- several addresses ---- */
  { .name = "second-address",
    .addresses = { { "example.org", "192.0.2.1" }, { "example.org", "192.0.2.2" } },
    .servers = { { "192.0.2.1:5222", REFUSING }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222,192.0.2.2:5222" },
  { .name = "dead-ipv6",
    .addresses = { { "example.org", "2001:db8::1" }, { "example.org", "192.0.2.2" } },
    .servers = { { "2001:db8::1:5222", UNREACHABLE }, { "192.0.2.2:5222", GOOD } },
    .advance_ms = 250,
    .code = SUCCESS,
    .dialled = "2001:db8::1:5222,192.0.2.2:5222" },

/* ---- what goes wrong on the way, and who comes next ---- */
#define TWO_TARGETS                                                              \
  .plain = { { 0, 0, 5222, "a.example.org" }, { 1, 0, 5222, "b.example.org" } }, \
  .addresses = { { "a.example.org", "192.0.2.1" }, { "b.example.org", "192.0.2.2" } }
#define BOTH .dialled = "192.0.2.1:5222,192.0.2.2:5222"
  { .name = "next-after-unreachable",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", UNREACHABLE }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    BOTH },
  { .name = "next-after-three-unreachable",
    .plain = { { 0, 0, 5222, "a.example.org" },
               { 1, 0, 5222, "b.example.org" },
               { 2, 0, 5222, "c.example.org" },
               { 3, 0, 5222, "d.example.org" } },
    .addresses = { { "a.example.org", "192.0.2.1" },
                   { "b.example.org", "192.0.2.2" },
                   { "c.example.org", "192.0.2.3" },
                   { "d.example.org", "192.0.2.4" } },
    .servers = { { "192.0.2.1:5222", UNREACHABLE },
                 { "192.0.2.2:5222", UNREACHABLE },
                 { "192.0.2.3:5222", UNREACHABLE },
                 { "192.0.2.4:5222", GOOD } },
    .advance_ms = 10000,
    .code = SUCCESS,
    .dialled = "192.0.2.1:5222,192.0.2.2:5222,192.0.2.3:5222,192.0.2.4:5222" },
  { .name = "next-after-silence",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", SILENT }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    BOTH },
  { .name = "next-after-close",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", CLOSING }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    BOTH },
  { .name = "next-after-reset",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", RESETTING }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    BOTH },
  { .name = "next-after-close-in-tls",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", CLOSING_IN_TLS }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    BOTH },
  { .name = "next-after-http",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", HTTP }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    BOTH },
  { .name = "next-after-no-tls",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", NO_TLS }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    BOTH },
  { .name = "next-after-certificate",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", EXPIRED }, { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    BOTH },
  { .name = "next-has-no-address",
    .plain = { { 0, 0, 5222, "a.example.org" }, { 1, 0, 5222, "b.example.org" } },
    .addresses = { { "b.example.org", "192.0.2.2" } },
    .servers = { { "192.0.2.2:5222", GOOD } },
    .code = SUCCESS,
    .dialled = "192.0.2.2:5222" },

  /* ---- what a person is told when nothing works ---- */
  { .name = "all-silent",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", SILENT }, { "192.0.2.2:5222", UNREACHABLE } },
    .code = XMPP_STREAM_ERROR_TIMEOUT,
    BOTH },
  { .name = "certificate-before-unreachable",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", EXPIRED }, { "192.0.2.2:5222", REFUSING } },
    .code = CERTIFICATE,
    BOTH },
  { .name = "certificate-after-unreachable",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", REFUSING }, { "192.0.2.2:5222", EXPIRED } },
    .code = CERTIFICATE,
    BOTH },
  { .name = "certificate-before-no-tls",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", EXPIRED }, { "192.0.2.2:5222", NO_TLS } },
    .code = CERTIFICATE,
    BOTH },
  { .name = "certificate-direct",
    .direct = { { 0, 0, 443, "a.example.org" } },
    .addresses = { { "a.example.org", "192.0.2.1" } },
    .servers = { { "192.0.2.1:443", EXPIRED_DIRECT } },
    .code = CERTIFICATE,
    .dialled = "192.0.2.1:443" },
  /* security.md A2: SRV says where, never who. */
  { .name = "evil-srv",
    .plain = { { 0, 0, 5222, "evil.example" } },
    .addresses = { { "evil.example", "192.0.2.1" } },
    .servers = { { "192.0.2.1:5222", OTHER_NAME } },
    .code = CERTIFICATE,
    .dialled = "192.0.2.1:5222" },
  { .name = "no-tls",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", NO_TLS }, { "192.0.2.2:5222", REFUSING } },
    .code = XMPP_STREAM_ERROR_NO_TLS,
    BOTH },
  { .name = "injecting",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", CLOSING }, { "192.0.2.2:5222", INJECTING } },
    .code = XMPP_STREAM_ERROR_TLS_INJECTION,
    BOTH },
  { .name = "host-unknown",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", HOST_UNKNOWN }, { "192.0.2.2:5222", CLOSING } },
    .code = XMPP_STREAM_ERROR_HOST_UNKNOWN,
    BOTH },
  /* security.md A7: nobody is sent elsewhere before TLS. */
  { .name = "redirecting",
    TWO_TARGETS,
    .servers = { { "192.0.2.1:5222", REDIRECTING }, { "192.0.2.2:5222", REFUSING } },
    .code = XMPP_STREAM_ERROR_PROTOCOL,
    BOTH },
};

static void
test_row (gconstpointer data)
{
  const Case *test = data;
  const Row *row = test->row;
  g_autoptr (DexFuture) future = NULL;
  g_autoptr (XmppStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *questions = NULL;
  XmppConnectOptions options;
  World world;

  world_init (&world, test, &options);
  future = xmpp_connect_over (&options, &world.network);
  xmpp_connect_options_clear (&options);
  world_run (&world, future);

  stream = dex_await_object (dex_ref (future), &error);
  dex_clear (&future);
  g_assert_cmpstr (world.dialled->str, ==, row->dialled);
  if (row->code == SUCCESS)
    {
      g_assert_no_error (error);
      g_assert_true (xmpp_stream_is_secure (stream));
      g_assert_cmpint (xmpp_stream_get_tls_info (stream)->pinned, ==, row->pinned);
      g_assert_finalize_object (g_steal_pointer (&stream));
    }
  else
    {
      GQuark domain = row->code == CERTIFICATE ? XMPP_CERTIFICATE_ERROR : XMPP_STREAM_ERROR;
      int code = row->code == CERTIFICATE ? (int) XMPP_CERTIFICATE_ERROR_REJECTED : row->code;

      g_assert_error (error, domain, code);
    }

  questions = linnet_test_resolver_dup_questions (world.resolver);
  if (row->questions != NULL)
    g_assert_cmpstr (questions, ==, row->questions);
  world_clear (&world);
}

int
main (int argc,
      char **argv)
{
  g_autoptr (GPtrArray) cases = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (LinnetTestCa) ca = NULL;

  linnet_test_init (&argc, &argv);
  ca = linnet_test_ca_new ();
  linnet_test_ca_trust (ca);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    world_add_test (cases, ca, "/xmpp/connector/", &rows[i], test_row);

  return g_test_run ();
}
