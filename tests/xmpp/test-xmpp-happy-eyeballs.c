/* Tests of reaching a host that has several addresses, without any network
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-spawn.h"
#include "linnet-test-clock.h"
#include "linnet-test-resolver.h"
#include "linnet-test-stream.h"
#include "linnet-test.h"
#include "xmpp-error.h"
#include "xmpp-happy-eyeballs.h"

#define HOST "xmpp.example.org"

typedef struct
{
  LinnetTestResolver *resolver;
  LinnetTestClock *clock;
  XmppNetwork network;
  GString *dialled;     /* addresses, with commas between */
  GHashTable *attempts; /* address → DexPromise */
} World;

static DexFuture *
dial (GSocketAddress *address,
      gpointer user_data)
{
  World *self = user_data;
  char *text = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
  DexPromise *promise = dex_promise_new_cancellable ();

  g_assert_cmpuint (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)), ==, 5222);
  g_string_append_printf (self->dialled, "%s%s", self->dialled->len > 0 ? "," : "", text);
  g_hash_table_insert (self->attempts, text, dex_ref (promise));

  return DEX_FUTURE (promise);
}

static void
world_init (World *self,
            const char *const *addresses)
{
  self->resolver = linnet_test_resolver_new ();
  for (guint i = 0; addresses[i] != NULL; i++)
    linnet_test_resolver_add_address (self->resolver, HOST, addresses[i]);
  self->clock = linnet_test_clock_new (0);
  self->dialled = g_string_new (NULL);
  self->attempts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, dex_unref);
  self->network = (XmppNetwork) {
    .resolver = G_RESOLVER (self->resolver),
    .clock = LINNET_CLOCK (self->clock),
    .dial = dial,
    .random = xmpp_srv_random,
    .user_data = self,
  };
}

static void
world_clear (World *self)
{
  linnet_test_settle ();
  g_assert_finalize_object (self->resolver);
  g_assert_finalize_object (self->clock);
  g_string_free (self->dialled, TRUE);
  g_hash_table_unref (self->attempts);
}

static DexPromise *
get_attempt (World *self,
             const char *address)
{
  DexPromise *promise = g_hash_table_lookup (self->attempts, address);

  g_assert_nonnull (promise);

  return promise;
}

static GIOStream *
answer (World *self,
        const char *address)
{
  LinnetTestStream *ours;
  g_autoptr (LinnetTestStream) theirs = NULL;

  linnet_test_stream_new_pair (&ours, &theirs);
  dex_promise_resolve_object (get_attempt (self, address), g_object_ref (ours));
  linnet_test_settle ();

  return G_IO_STREAM (ours);
}

static void
refuse (World *self,
        const char *address)
{
  dex_promise_reject (get_attempt (self, address),
                      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "refused"));
  linnet_test_settle ();
}

static void
pass (World *self,
      int milliseconds)
{
  linnet_test_clock_advance (self->clock, milliseconds * G_TIME_SPAN_MILLISECOND);
  linnet_test_settle ();
}

static gboolean
is_stopped (World *self,
            const char *address)
{
  return g_cancellable_is_cancelled (dex_promise_get_cancellable (get_attempt (self, address)));
}

static DexFuture *
start (World *self)
{
  DexFuture *future = xmpp_happy_eyeballs_connect (&self->network, HOST, 5222);

  linnet_test_settle ();

  return future;
}

#define WORLD(...)                                                             \
  World world;                                                                 \
  static const char *const addresses[] = { __VA_ARGS__ __VA_OPT__ (, ) NULL }; \
  g_autoptr (DexFuture) future = NULL;                                         \
                                                                               \
  world_init (&world, addresses);

/* security.md R22: a dead family costs 250 ms and no more. */
static void
test_dead_ipv6 (gconstpointer data)
{
  WORLD ("192.0.2.1", "2001:db8::1")
  g_autoptr (GIOStream) io = NULL;
  g_autoptr (GIOStream) result = NULL;

  future = start (&world);
  g_assert_cmpstr (world.dialled->str, ==, "2001:db8::1");
  pass (&world, 249);
  g_assert_cmpstr (world.dialled->str, ==, "2001:db8::1");
  pass (&world, 1);
  g_assert_cmpstr (world.dialled->str, ==, "2001:db8::1,192.0.2.1");
  g_assert_true (dex_future_is_pending (future));
  io = answer (&world, "192.0.2.1");
  result = dex_await_object (dex_ref (future), NULL);
  g_assert_true (result == io);
  /* The other one is not wanted any more. */
  g_assert_true (is_stopped (&world, "2001:db8::1"));
  world_clear (&world);
}

static void
test_ipv6_answers (gconstpointer data)
{
  WORLD ("192.0.2.1", "2001:db8::1")
  g_autoptr (GIOStream) io = NULL;
  g_autoptr (GIOStream) result = NULL;

  future = start (&world);
  io = answer (&world, "2001:db8::1");
  result = dex_await_object (dex_ref (future), NULL);
  g_assert_true (result == io);
  pass (&world, 1000);
  g_assert_cmpstr (world.dialled->str, ==, "2001:db8::1");
  world_clear (&world);
}

/* The late answer of the first one still wins. */
static void
test_slow_first (gconstpointer data)
{
  WORLD ("192.0.2.1", "2001:db8::1")
  g_autoptr (GIOStream) io = NULL;
  g_autoptr (GIOStream) result = NULL;

  future = start (&world);
  pass (&world, 250);
  io = answer (&world, "2001:db8::1");
  result = dex_await_object (dex_ref (future), NULL);
  g_assert_true (result == io);
  g_assert_true (is_stopped (&world, "192.0.2.1"));
  world_clear (&world);
}

/* Both at once: one is taken, the other closed. */
static void
test_both_at_once (gconstpointer data)
{
  WORLD ("192.0.2.1", "2001:db8::1")
  LinnetTestStream *first;
  LinnetTestStream *second;
  g_autoptr (LinnetTestStream) first_peer = NULL;
  g_autoptr (LinnetTestStream) second_peer = NULL;
  g_autoptr (GIOStream) result = NULL;

  future = start (&world);
  pass (&world, 250);
  linnet_test_stream_new_pair (&first, &first_peer);
  linnet_test_stream_new_pair (&second, &second_peer);
  dex_promise_resolve_object (get_attempt (&world, "2001:db8::1"), first);
  dex_promise_resolve_object (get_attempt (&world, "192.0.2.1"), second);
  result = dex_await_object (dex_ref (future), NULL);
  g_assert_true (result == G_IO_STREAM (first));
  g_hash_table_remove_all (world.attempts);
  linnet_test_settle ();
  g_assert_true (linnet_test_stream_is_peer_closed (second_peer));
  g_assert_false (linnet_test_stream_is_peer_closed (first_peer));
  world_clear (&world);
}

/* Families take turns, and whoever is refused waits no longer. */
static void
test_order (gconstpointer data)
{
  WORLD ("192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2", "2001:db8::3")

  future = start (&world);
  refuse (&world, "2001:db8::1");
  g_assert_cmpstr (world.dialled->str, ==, "2001:db8::1,192.0.2.1");
  pass (&world, 250);
  g_assert_cmpstr (world.dialled->str, ==, "2001:db8::1,192.0.2.1,2001:db8::2");
  refuse (&world, "192.0.2.1");
  refuse (&world, "192.0.2.2");
  g_assert_cmpstr (world.dialled->str, ==, "2001:db8::1,192.0.2.1,2001:db8::2,192.0.2.2,2001:db8::3");
  refuse (&world, "2001:db8::3");
  g_assert_true (dex_future_is_pending (future));
  refuse (&world, "2001:db8::2");
  linnet_test_assert_rejects (dex_ref (future), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_UNREACHABLE);
  world_clear (&world);
}

/* A slow answer for IPv6 costs 50 ms. */
static void
test_late_aaaa (gconstpointer data)
{
  WORLD ("192.0.2.1", "2001:db8::1")

  linnet_test_resolver_hold (world.resolver, HOST " AAAA");
  future = start (&world);
  g_assert_cmpstr (world.dialled->str, ==, "");
  pass (&world, 49);
  g_assert_cmpstr (world.dialled->str, ==, "");
  pass (&world, 1);
  g_assert_cmpstr (world.dialled->str, ==, "192.0.2.1");
  linnet_test_resolver_release (world.resolver, HOST " AAAA");
  linnet_test_settle ();
  g_assert_cmpstr (world.dialled->str, ==, "192.0.2.1");
  pass (&world, 250);
  g_assert_cmpstr (world.dialled->str, ==, "192.0.2.1,2001:db8::1");
  dex_clear (&future);
  world_clear (&world);
}

static void
test_aaaa_in_time (gconstpointer data)
{
  WORLD ("192.0.2.1", "2001:db8::1")

  linnet_test_resolver_hold (world.resolver, HOST " AAAA");
  future = start (&world);
  pass (&world, 30);
  linnet_test_resolver_release (world.resolver, HOST " AAAA");
  linnet_test_settle ();
  g_assert_cmpstr (world.dialled->str, ==, "2001:db8::1");
  dex_clear (&future);
  world_clear (&world);
}

/* The first family's attempts have failed before the other's addresses are known. */
static void
test_very_late_a (gconstpointer data)
{
  WORLD ("192.0.2.1", "2001:db8::1")

  linnet_test_resolver_hold (world.resolver, HOST " A");
  future = start (&world);
  refuse (&world, "2001:db8::1");
  g_assert_true (dex_future_is_pending (future));
  linnet_test_resolver_release (world.resolver, HOST " A");
  linnet_test_settle ();
  g_assert_cmpstr (world.dialled->str, ==, "2001:db8::1,192.0.2.1");
  refuse (&world, "192.0.2.1");
  linnet_test_assert_rejects (dex_ref (future), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_UNREACHABLE);
  world_clear (&world);
}

static void
test_one_family (gconstpointer data)
{
  WORLD ("192.0.2.1")

  future = start (&world);
  g_assert_cmpstr (world.dialled->str, ==, "192.0.2.1");
  refuse (&world, "192.0.2.1");
  linnet_test_assert_rejects (dex_ref (future), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_UNREACHABLE);
  world_clear (&world);
}

static void
test_no_address (gconstpointer data)
{
  WORLD ()
  g_autofree char *questions = NULL;

  future = start (&world);
  linnet_test_assert_rejects (dex_ref (future), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_HOST_NOT_FOUND);
  questions = linnet_test_resolver_dup_questions (world.resolver);
  g_assert_cmpstr (questions, ==, HOST " AAAA," HOST " A," HOST);
  world_clear (&world);
}

static void
test_no_dns (gconstpointer data)
{
  WORLD ()

  linnet_test_resolver_fail (world.resolver, HOST " A", G_RESOLVER_ERROR_TEMPORARY_FAILURE);
  future = start (&world);
  linnet_test_assert_rejects (dex_ref (future), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_UNREACHABLE);
  world_clear (&world);
}

/* What glibc does where there is only the loopback interface. */
static void
test_only_together (gconstpointer data)
{
  WORLD ("127.0.0.1")

  linnet_test_resolver_fail (world.resolver, HOST " A", G_RESOLVER_ERROR_NOT_FOUND);
  linnet_test_resolver_fail (world.resolver, HOST " AAAA", G_RESOLVER_ERROR_NOT_FOUND);
  future = start (&world);
  g_assert_cmpstr (world.dialled->str, ==, "127.0.0.1");
  dex_clear (&future);
  world_clear (&world);
}

static void
test_literal (gconstpointer data)
{
  WORLD ()
  g_autofree char *questions = NULL;

  future = xmpp_happy_eyeballs_connect (&world.network, data, 5222);
  linnet_test_settle ();
  g_assert_cmpstr (world.dialled->str, ==, data);
  questions = linnet_test_resolver_dup_questions (world.resolver);
  g_assert_cmpstr (questions, ==, "");
  refuse (&world, data);
  linnet_test_assert_rejects (dex_ref (future), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_UNREACHABLE);
  world_clear (&world);
}

/* Whoever no longer waits stops everything. */
static void
test_dropped (gconstpointer data)
{
  WORLD ("192.0.2.1", "2001:db8::1")

  linnet_test_resolver_hold (world.resolver, HOST " A");
  future = start (&world);
  dex_clear (&future);
  linnet_test_settle ();
  g_assert_true (is_stopped (&world, "2001:db8::1"));
  linnet_test_resolver_release (world.resolver, HOST " A");
  linnet_test_settle ();
  pass (&world, 1000);
  g_assert_cmpstr (world.dialled->str, ==, "2001:db8::1");
  world_clear (&world);
}

int
main (int argc,
      char **argv)
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/xmpp/happy-eyeballs/dead-ipv6", test_dead_ipv6, NULL);
  linnet_test_add ("/xmpp/happy-eyeballs/ipv6-answers", test_ipv6_answers, NULL);
  linnet_test_add ("/xmpp/happy-eyeballs/slow-first", test_slow_first, NULL);
  linnet_test_add ("/xmpp/happy-eyeballs/both-at-once", test_both_at_once, NULL);
  linnet_test_add ("/xmpp/happy-eyeballs/order", test_order, NULL);
  linnet_test_add ("/xmpp/happy-eyeballs/late-aaaa", test_late_aaaa, NULL);
  linnet_test_add ("/xmpp/happy-eyeballs/aaaa-in-time", test_aaaa_in_time, NULL);
  linnet_test_add ("/xmpp/happy-eyeballs/very-late-a", test_very_late_a, NULL);
  linnet_test_add ("/xmpp/happy-eyeballs/one-family", test_one_family, NULL);
  linnet_test_add ("/xmpp/happy-eyeballs/no-address", test_no_address, NULL);
  linnet_test_add ("/xmpp/happy-eyeballs/no-dns", test_no_dns, NULL);
  linnet_test_add ("/xmpp/happy-eyeballs/only-together", test_only_together, NULL);
  linnet_test_add ("/xmpp/happy-eyeballs/literal-ipv4", test_literal, "192.0.2.9");
  linnet_test_add ("/xmpp/happy-eyeballs/literal-ipv6", test_literal, "2001:db8::9");
  linnet_test_add ("/xmpp/happy-eyeballs/dropped", test_dropped, NULL);

  return g_test_run ();
}
