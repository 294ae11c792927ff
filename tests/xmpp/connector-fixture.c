/* A network that exists only here
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "connector-fixture.h"
#include "xmpp-certificate.h"

#define STARTTLS "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
#define PROCEED "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

/* In clear nothing tells who comes. */
static const LinnetTestStep good_steps[] = {
  { .c = "<stream:stream to='" DOMAIN "' version='1.0' xml:lang='en'>",
    .s = LINNET_TEST_STREAM_S (DOMAIN) "<stream:features>" STARTTLS "</stream:features>" },
  { .c = STARTTLS, .s = PROCEED, .act = LINNET_TEST_START_TLS },
  { .act = LINNET_TEST_WAIT_EOF },
  {},
};
static const LinnetTestStep good_direct_steps[] = {
  { .act = LINNET_TEST_START_TLS },
  { .act = LINNET_TEST_WAIT_EOF },
  {},
};
static const LinnetTestStep refused_steps[] = {
  LINNET_TEST_OPEN (DOMAIN, STARTTLS),
  { .c = STARTTLS, .s = PROCEED, .act = LINNET_TEST_REFUSED_TLS },
  {},
};
static const LinnetTestStep refused_direct_steps[] = {
  { .act = LINNET_TEST_REFUSED_TLS },
  {},
};
static const LinnetTestStep no_tls_steps[] = {
  LINNET_TEST_OPEN (DOMAIN, "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"),
  { .act = LINNET_TEST_WAIT_EOF },
  {},
};
static const LinnetTestStep injecting_steps[] = {
  LINNET_TEST_OPEN (DOMAIN, STARTTLS),
  { .c = STARTTLS, .s = PROCEED "<message/>", .act = LINNET_TEST_WAIT_EOF },
  {},
};
static const LinnetTestStep redirecting_steps[] = {
  { .c = LINNET_TEST_STREAM_C (DOMAIN),
    .s = LINNET_TEST_STREAM_S (
        DOMAIN) "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>"
                "evil.example</see-other-host></stream:error></stream:stream>",
    .act = LINNET_TEST_WAIT_EOF },
  {},
};
static const LinnetTestStep host_unknown_steps[] = {
  { .c = LINNET_TEST_STREAM_C (DOMAIN),
    .s = LINNET_TEST_STREAM_S (
        DOMAIN) "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                "</stream:error></stream:stream>",
    .act = LINNET_TEST_WAIT_EOF },
  {},
};
static const LinnetTestStep closing_steps[] = {
  { .c = LINNET_TEST_STREAM_C (DOMAIN), .act = LINNET_TEST_CLOSE },
  {},
};
static const LinnetTestStep resetting_steps[] = {
  { .c = LINNET_TEST_STREAM_C (DOMAIN), .act = LINNET_TEST_RESET },
  {},
};
static const LinnetTestStep http_steps[] = {
  { .c = LINNET_TEST_STREAM_C (DOMAIN),
    .s = "HTTP/1.1 400 Bad Request\r\n\r\n",
    .act = LINNET_TEST_WAIT_EOF },
  {},
};
static const LinnetTestStep closing_in_tls_steps[] = {
  LINNET_TEST_OPEN (DOMAIN, STARTTLS),
  { .c = STARTTLS, .s = PROCEED, .act = LINNET_TEST_CLOSE },
  {},
};
static const LinnetTestStep silent_steps[] = {
  { .c = LINNET_TEST_STREAM_C (DOMAIN), .act = LINNET_TEST_WAIT_EOF },
  {},
};

static const LinnetTestStep *const steps_by_kind[] = {
  [GOOD] = good_steps,
  [GOOD_DIRECT] = good_direct_steps,
  [EXPIRED] = refused_steps,
  [EXPIRED_DIRECT] = refused_direct_steps,
  [OTHER_NAME] = refused_steps,
  [NO_TLS] = no_tls_steps,
  [INJECTING] = injecting_steps,
  [REDIRECTING] = redirecting_steps,
  [HOST_UNKNOWN] = host_unknown_steps,
  [CLOSING] = closing_steps,
  [RESETTING] = resetting_steps,
  [HTTP] = http_steps,
  [CLOSING_IN_TLS] = closing_in_tls_steps,
  [SILENT] = silent_steps,
};

static const LinnetTestCertificate expired = { .valid_from_days = -10, .valid_to_days = -1 };
static const LinnetTestCertificate other_name = { .names = { "evil.example" } };

static const Server *
find_server (World *self,
             const char *endpoint)
{
  for (gsize i = 0; self->row != NULL && i < G_N_ELEMENTS (self->row->servers); i++)
    if (g_strcmp0 (self->row->servers[i].endpoint, endpoint) == 0)
      return &self->row->servers[i];

  g_error ("There is no server at %s", endpoint);
}

static DexFuture *
dial (GSocketAddress *address,
      gpointer user_data)
{
  World *self = user_data;
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);
  g_autofree char *host = g_inet_address_to_string (g_inet_socket_address_get_address (inet));
  g_autofree char *endpoint = g_strdup_printf ("%s:%u", host, g_inet_socket_address_get_port (inet));
  const Server *server = find_server (self, endpoint);
  DexPromise *promise;

  g_string_append_printf (self->dialled, "%s%s", self->dialled->len > 0 ? "," : "", endpoint);

  if (server->kind == SILENT || server->kind == UNREACHABLE)
    self->n_stuck++;
  if (server->kind == REFUSING)
    return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "refused");
  if (server->kind != UNREACHABLE)
    return dex_future_new_take_object (
        linnet_test_server_connect (g_hash_table_lookup (self->servers, endpoint)));

  promise = dex_promise_new_cancellable ();
  g_ptr_array_add (self->pending, dex_ref (promise));

  return DEX_FUTURE (promise);
}

static GTlsCertificate *
issue (World *self,
       Kind kind)
{
  if (kind == EXPIRED || kind == EXPIRED_DIRECT)
    return linnet_test_ca_issue (self->ca, &expired);
  if (kind == OTHER_NAME)
    return linnet_test_ca_issue (self->ca, &other_name);

  return linnet_test_ca_issue (self->ca, NULL);
}

static guint32
draw (guint32 max,
      gpointer user_data)
{
  return max;
}

static void
add_records (World *self,
             const char *service,
             const Record *records,
             gsize n_records)
{
  g_autofree char *name = g_strdup_printf ("_%s._tcp." DOMAIN, service);

  for (gsize i = 0; i < n_records && records[i].target != NULL; i++)
    linnet_test_resolver_add_srv (self->resolver,
                                  name,
                                  records[i].priority,
                                  records[i].weight,
                                  records[i].port,
                                  records[i].target);
}

static void
add_server (World *self,
            const Server *server,
            char **pin)
{
  static const char *const protocols[] = { "xmpp-client", NULL };
  g_autoptr (GTlsCertificate) certificate = issue (self, server->kind);
  LinnetTestServer *played = linnet_test_server_new ();

  linnet_test_server_set_certificate (played, certificate);
  linnet_test_server_set_protocols (played, protocols);
  /* A pinned certificate is accepted whatever is wrong with it. */
  linnet_test_server_play (played, self->row->pinned ? good_steps : steps_by_kind[server->kind]);
  g_hash_table_insert (self->servers, g_strdup (server->endpoint), played);

  if (self->row->pinned && *pin == NULL)
    *pin = xmpp_certificate_dup_sha256 (certificate);
}

const LinnetTestStep *
world_get_steps (Kind kind)
{
  return steps_by_kind[kind];
}

void
world_init (World *self,
            const Case *test,
            XmppConnectOptions *options)
{
  const Row *row = test->row;

  *self = (World) {
    .row = row,
    .ca = test->ca,
    .resolver = linnet_test_resolver_new (),
    .clock = linnet_test_clock_new (0),
    .servers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref),
    .dialled = g_string_new (NULL),
    .pending = g_ptr_array_new_with_free_func (dex_unref),
  };
  self->network = (XmppNetwork) { G_RESOLVER (self->resolver), LINNET_CLOCK (self->clock), dial, draw, self };

  add_records (self, "xmpps-client", row->direct, G_N_ELEMENTS (row->direct));
  add_records (self, "xmpp-client", row->plain, G_N_ELEMENTS (row->plain));
  for (gsize i = 0; i < G_N_ELEMENTS (row->addresses) && row->addresses[i].host != NULL; i++)
    linnet_test_resolver_add_address (self->resolver, row->addresses[i].host, row->addresses[i].address);
  if (row->failing != NULL)
    linnet_test_resolver_fail (self->resolver, row->failing, G_RESOLVER_ERROR_TEMPORARY_FAILURE);
  if (row->held != NULL)
    {
      linnet_test_resolver_hold (self->resolver, row->held);
      self->n_stuck++;
    }

  *options = (XmppConnectOptions) {
    .jid = xmpp_jid_new (row->jid != NULL ? row->jid : "ana@" DOMAIN, NULL),
    .host = g_strdup (row->host),
    .port = row->port,
    .direct_tls = row->direct_tls,
    .first_host = g_strdup (row->first_host),
    .first_port = row->first_port,
  };
  for (gsize i = 0; i < G_N_ELEMENTS (row->servers) && row->servers[i].endpoint != NULL; i++)
    if (steps_by_kind[row->servers[i].kind] != NULL)
      add_server (self, &row->servers[i], &options->pinned_sha256);
}

/* security.md A9, XEP-0368 section 3: where TLS comes first it says what for. */
static void
check_protocol (World *self,
                const char *endpoint,
                LinnetTestServer *server)
{
  GTlsConnection *tls = linnet_test_server_get_tls (server);
  Kind kind = find_server (self, endpoint)->kind;

  if (tls != NULL && (kind == GOOD || kind == GOOD_DIRECT))
    g_assert_cmpstr (g_tls_connection_get_negotiated_protocol (tls),
                     ==,
                     kind == GOOD_DIRECT ? "xmpp-client" : NULL);
}

void
world_clear (World *self)
{
  GHashTableIter iter;
  gpointer endpoint;
  gpointer server;

  linnet_test_settle ();
  if (self->row->held != NULL)
    linnet_test_resolver_release (self->resolver, self->row->held);
  linnet_test_settle ();

  /* Whoever was called got what he was to get, and nothing more. */
  g_hash_table_iter_init (&iter, self->servers);
  while (g_hash_table_iter_next (&iter, &endpoint, &server))
    {
      if (linnet_test_server_get_n_connections (server) == 0)
        continue;

      linnet_test_assert_resolves (linnet_test_server_finish (server));
      check_protocol (self, endpoint, server);
    }
  for (guint i = 0; i < self->pending->len; i++)
    g_assert_true (
        g_cancellable_is_cancelled (dex_promise_get_cancellable (g_ptr_array_index (self->pending, i))));

  linnet_test_settle ();
  g_hash_table_unref (self->servers);
  g_ptr_array_unref (self->pending);
  g_string_free (self->dialled, TRUE);
  g_assert_finalize_object (self->resolver);
  g_assert_finalize_object (self->clock);
}

void
world_run (World *self,
           DexFuture *future)
{
  while (dex_future_is_pending (future))
    {
      linnet_test_settle ();
      if (self->n_stuck > 0 && dex_future_is_pending (future))
        {
          guint ms = self->row->advance_ms != 0 ? self->row->advance_ms : 30000;

          self->n_stuck--;
          linnet_test_clock_advance (self->clock, ms * G_TIME_SPAN_MILLISECOND);
        }
    }
}

void
world_add_test (GPtrArray *cases,
                LinnetTestCa *ca,
                const char *prefix,
                const Row *row,
                LinnetTestFunc func)
{
  g_autofree char *path = g_strconcat (prefix, row->name, NULL);
  Case *test = g_new0 (Case, 1);

  test->ca = ca;
  test->row = row;
  g_ptr_array_add (cases, test);
  linnet_test_add (path, func, test);
}
