/* Tests of where a server may send us, and of what is remembered of a sign-in
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-sign-on.h"
#include "linnet-spawn.h"
#include "linnet-test-ca.h"
#include "linnet-test-resolver.h"
#include "linnet-test-server.h"
#include "linnet-test.h"
#include "xmpp-builder.h"
#include "xmpp-error.h"

/* 63 characters and a dot */
#define LONG_LABEL "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."

/* RFC 6120 section 4.9.3.19, from a server that may be hostile. */
static void
test_hosts (void)
{
  static const struct
  {
    const char *text;
    const char *host; /* NULL: refused */
    guint16 port;
  } rows[] = {
    { "xmpp.example.org", "xmpp.example.org", 0 },
    { "xmpp.example.org:5223", "xmpp.example.org", 5223 },
    { "192.0.2.1:80", "192.0.2.1", 80 },
    { "[2001:db8::1]:5222", "2001:db8::1", 5222 },
    { "", NULL, 0 },
    { "user@evil.example", NULL, 0 },
    { "https://evil.example/", NULL, 0 },
    { "evil.example:99999", NULL, 0 },
    { "evil.example\nother", NULL, 0 },
    { LONG_LABEL LONG_LABEL LONG_LABEL LONG_LABEL LONG_LABEL "example", NULL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *host = NULL;
      guint16 port = 0;

      g_assert_cmpint (linnet_sign_on_parse_host (rows[i].text, &host, &port), ==, rows[i].host != NULL);
      g_assert_cmpstr (host, ==, rows[i].host);
      g_assert_cmpuint (port, ==, rows[i].port);
    }
}

static void
test_remember (void)
{
  g_autoptr (LinnetStoreAccount) account = linnet_store_account_new ("ana@example.org");
  g_autoptr (XmppJid) jid = xmpp_jid_new ("ana@example.org/desk", NULL);
  g_autoptr (XmppNode) features =
      xmpp_el ("features", XMPP_NS_STREAM, xmpp_el ("csi", "urn:xmpp:csi:0", xmpp_text ("x")));
  XmppLoginResult login = {
    .full_jid = jid,
    .sm_enabled = TRUE,
    .sm_resumable = TRUE,
    .sm_id = (char *) "id1",
    .features = features,
    .memory = { .mechanism = (char *) "SCRAM-SHA-256-PLUS",
                .channel_binding = (char *) "tls-exporter",
                .authority = (char *) "Some Authority",
                .key = (char *) "0123",
                .had_sasl2 = TRUE },
    .fast_token = (char *) "secret",
    .fast_mechanism = (char *) "HT-SHA-256-EXPR",
    .fast_expiry = 12345,
  };

  account->fast_count = 7;
  account->sm_h = 9;
  linnet_sign_on_remember (&login, account);
  g_assert_cmpstr (account->mechanism, ==, "SCRAM-SHA-256-PLUS");
  g_assert_cmpstr (account->channel_binding, ==, "tls-exporter");
  g_assert_cmpstr (account->authority, ==, "Some Authority");
  g_assert_cmpstr (account->server_key, ==, "0123");
  g_assert_true (account->had_sasl2);
  g_assert_cmpstr (account->resource, ==, "desk");
  g_assert_cmpstr (account->sm_id, ==, "id1");
  g_assert_cmpuint (account->sm_h, ==, 0);
  g_assert_cmpstr (account->fast_mechanism, ==, "HT-SHA-256-EXPR");
  g_assert_cmpuint (account->fast_count, ==, 0);

  /* A resumed stream goes on counting. */
  account->sm_h = 9;
  login.resumed = TRUE;
  login.sm_id = NULL;
  login.features = NULL;
  linnet_sign_on_remember (&login, account);
  g_assert_cmpstr (
      account->features,
      ==,
      "<features xmlns='" XMPP_NS_STREAM "'><csi xmlns='urn:xmpp:csi:0'/></features>");
  g_assert_cmpstr (account->sm_id, ==, "id1");
  g_assert_cmpuint (account->sm_h, ==, 9);

  /* A token that was refused is not tried again, unless there is another. */
  login.fast_rejected = TRUE;
  linnet_sign_on_remember (&login, account);
  g_assert_cmpstr (account->fast_mechanism, ==, "HT-SHA-256-EXPR");
  login.fast_token = NULL;
  linnet_sign_on_remember (&login, account);
  g_assert_null (account->fast_mechanism);

  /* "enabled" without resumption: nothing to resume (R4). */
  login.resumed = FALSE;
  login.sm_resumable = FALSE;
  login.sm_id = (char *) "id2";
  login.features = features;
  linnet_sign_on_remember (&login, account);
  g_assert_null (account->sm_id);
  g_assert_null (account->features);
}

/* A domain with one server of one name, which is its own. */
typedef struct
{
  LinnetTestCa *ca;
  LinnetTestServer *server;
  LinnetTestResolver *resolver;
  GResolver *old_resolver;
  guint16 port;
} World;

static LinnetTestServer *
create_server (World *self,
               const LinnetTestCertificate *certificate)
{
  LinnetTestServer *server = linnet_test_server_new ();
  g_autoptr (GTlsCertificate) issued = linnet_test_ca_issue (self->ca, certificate);

  linnet_test_server_set_certificate (server, issued);

  return server;
}

static void
world_init (World *self)
{
  self->ca = linnet_test_ca_new ();
  linnet_test_ca_trust (self->ca);
  self->server = create_server (self, NULL);
  self->port = linnet_test_server_listen (self->server, "127.0.0.1");
  self->resolver = linnet_test_resolver_new ();
  linnet_test_resolver_add_srv (
      self->resolver, "_xmpp-client._tcp.example.org", 0, 0, self->port, "xmpp.example.org");
  linnet_test_resolver_add_address (self->resolver, "xmpp.example.org", "127.0.0.1");
  for (guint i = 1; i < 10; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.example.net", i);

      linnet_test_resolver_add_address (self->resolver, name, "127.0.0.1");
    }
  self->old_resolver = g_resolver_get_default ();
  g_resolver_set_default (G_RESOLVER (self->resolver));
}

static void
world_clear (World *self)
{
  linnet_test_assert_resolves (linnet_test_server_finish (self->server));
  g_resolver_set_default (self->old_resolver);
  g_object_unref (self->old_resolver);
  g_object_unref (self->resolver);
  g_object_unref (self->server);
  linnet_test_ca_free (self->ca);
}

static LinnetSignOnRequest *
create_request (void)
{
  LinnetSignOnRequest *request = g_new0 (LinnetSignOnRequest, 1);

  request->account = linnet_store_account_new ("ana@example.org");
  request->password = g_strdup ("secret");

  return request;
}

/* It has nothing to sign in with: that much is enough to know that it was reached. */
static const LinnetTestStep reached_steps[] = {
  LINNET_TEST_OPEN_TLS ("example.org"),
  LINNET_TEST_OPEN ("example.org", ""),
  { .act = LINNET_TEST_WAIT_EOF },
  {},
};

static const LinnetTestStep refused_steps[] = {
  LINNET_TEST_OPEN ("example.org", "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
  { .c = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
    .s = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
    .act = LINNET_TEST_REFUSED_TLS },
  {},
};

#define REDIRECT(to)                                                              \
  "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>" to \
  "</see-other-host></stream:error></stream:stream>"

/* Each time to another name. @user_data: the port */
static char *
redirect_cb (LinnetTestServer *server,
             gpointer user_data)
{
  return g_strdup_printf (LINNET_TEST_STREAM_S ("example.org") REDIRECT ("%u.example.net:%u"),
                          linnet_test_server_get_n_connections (server),
                          GPOINTER_TO_UINT (user_data));
}

static const LinnetTestStep redirect_steps[] = {
  LINNET_TEST_OPEN_TLS ("example.org"),
  { .c = LINNET_TEST_STREAM_C ("example.org"), .reply = redirect_cb, .act = LINNET_TEST_WAIT_EOF },
  {},
};

/* security.md A7: a few times we follow, for ever we do not. */
static void
test_redirected_in_a_circle (gconstpointer data)
{
  World world;

  world_init (&world);
  linnet_test_server_set_user_data (world.server, GUINT_TO_POINTER (world.port));
  for (guint i = 0; i < 4; i++)
    linnet_test_server_play (world.server, redirect_steps);

  linnet_test_assert_rejects (
      linnet_sign_on (create_request ()), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_SEE_OTHER_HOST);
  g_assert_cmpuint (linnet_test_server_get_n_connections (world.server), ==, 4);
  world_clear (&world);
}

/* security.md A7: wherever we are sent, it is the domain of the address that has to be there. */
static void
test_redirected_elsewhere (gconstpointer data)
{
  static const LinnetTestCertificate other_name = { .names = { "other.example" } };
  World world;

  world_init (&world);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (LinnetTestServer) other = create_server (&world, i == 0 ? &other_name : NULL);
      guint16 port = linnet_test_server_listen (other, "127.0.0.1");

      linnet_test_server_set_user_data (world.server, GUINT_TO_POINTER (port));
      linnet_test_server_play (world.server, redirect_steps);
      linnet_test_server_play (other, i == 0 ? refused_steps : reached_steps);
      if (i == 0)
        linnet_test_assert_rejects (linnet_sign_on (create_request ()),
                                    XMPP_CERTIFICATE_ERROR,
                                    XMPP_CERTIFICATE_ERROR_REJECTED);
      else
        linnet_test_assert_rejects (
            linnet_sign_on (create_request ()), XMPP_SASL_ERROR, XMPP_SASL_ERROR_NO_MECHANISM);
      linnet_test_assert_resolves (linnet_test_server_finish (other));
    }
  world_clear (&world);
}

/* Bound, so that nobody else gets it, and nobody listens. */
static GSocket *
take_port (guint16 *port)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;
  GSocket *socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);

  g_assert_no_error (error);
  g_socket_bind (socket, any, FALSE, &error);
  g_assert_no_error (error);
  bound = g_socket_get_local_address (socket, &error);
  g_assert_no_error (error);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));

  return socket;
}

/* XEP-0198 section 3: where nobody listens any more, the stream is resumed with the others. */
static void
test_dead_location (gconstpointer data)
{
  guint16 closed_port;
  g_autoptr (GSocket) closed = take_port (&closed_port);
  LinnetSignOnRequest *request = create_request ();
  World world;

  world_init (&world);
  linnet_test_server_play (world.server, reached_steps);
  request->sm_id = g_strdup ("id1");
  request->location = g_strdup_printf ("127.0.0.1:%u", closed_port);
  linnet_test_assert_rejects (linnet_sign_on (request), XMPP_SASL_ERROR, XMPP_SASL_ERROR_NO_MECHANISM);
  world_clear (&world);
}

/* ---- what is known of an account is asked for (security.md A3 to A5) ---- */

#define SASL2 "urn:xmpp:sasl:2"
#define MECHANISM(name) "<mechanism>" name "</mechanism>"
#define MECHANISMS(list) "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" list "</mechanisms>"
#define BINDING(type) \
  "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='" type "'/></sasl-channel-binding>"
#define BOTH_SHA_1 MECHANISMS (MECHANISM ("SCRAM-SHA-1") MECHANISM ("SCRAM-SHA-1-PLUS"))
#define FEATURES(list) LINNET_TEST_STREAM_S ("example.org") "<stream:features>" list "</stream:features>"

/* Nothing of the password is shown in any of these. */
static const struct
{
  const char *name;
  const char *opening;
  const char *mechanism;
  const char *channel_binding;
  const char *authority;
  gboolean had_sasl2;
  gboolean must_bind;
  gboolean allow_plain;
  XmppSaslError code;
} known_rows[] = {
  { .name = "nothing-and-plain",
    .opening = FEATURES (MECHANISMS (MECHANISM ("PLAIN"))),
    .code = XMPP_SASL_ERROR_PLAIN_CONSENT },
  { .name = "mechanism",
    .opening = FEATURES (MECHANISMS (MECHANISM ("PLAIN"))),
    .mechanism = "SCRAM-SHA-256",
    .allow_plain = TRUE,
    .code = XMPP_SASL_ERROR_DOWNGRADE },
  { .name = "channel-binding",
    .opening = FEATURES (BOTH_SHA_1 BINDING ("tls-server-end-point")),
    .mechanism = "SCRAM-SHA-1-PLUS",
    .channel_binding = "tls-exporter",
    .code = XMPP_SASL_ERROR_DOWNGRADE },
  { .name = "authority",
    .opening = FEATURES (MECHANISMS (MECHANISM ("SCRAM-SHA-1"))),
    .authority = "The server's own",
    .code = XMPP_SASL_ERROR_AUTHORITY_CHANGED },
  { .name = "sasl-2",
    .opening = FEATURES (BOTH_SHA_1),
    .had_sasl2 = TRUE,
    .code = XMPP_SASL_ERROR_CHANNEL_BINDING },
  { .name = "misbound-token",
    .opening = FEATURES (MECHANISMS (MECHANISM ("SCRAM-SHA-1"))),
    .must_bind = TRUE,
    .code = XMPP_SASL_ERROR_CHANNEL_BINDING },
};

static void
test_known (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN_TLS ("example.org"),
    { .c = LINNET_TEST_STREAM_C ("example.org"),
      .s = known_rows[row].opening,
      .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  LinnetSignOnRequest *request = create_request ();
  World world;

  request->account->mechanism = g_strdup (known_rows[row].mechanism);
  request->account->channel_binding = g_strdup (known_rows[row].channel_binding);
  request->account->authority = g_strdup (known_rows[row].authority);
  request->account->server_key = g_strdup (known_rows[row].authority);
  request->account->had_sasl2 = known_rows[row].had_sasl2;
  request->must_bind = known_rows[row].must_bind;
  request->allow_plain = known_rows[row].allow_plain;

  world_init (&world);
  linnet_test_server_play (world.server, steps);
  linnet_test_assert_rejects (linnet_sign_on (request), XMPP_SASL_ERROR, known_rows[row].code);
  world_clear (&world);
}

#define FAST(list) "<inline><fast xmlns='urn:xmpp:fast:0'>" list "</fast></inline>"
#define AUTHENTICATION(list) "<authentication xmlns='" SASL2 "'>" list "</authentication>"
#define FAILURE2(condition) \
  "<failure xmlns='" SASL2 "'><" condition " xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>"
#define AUTHENTICATE(mechanism, fast)                          \
  "<authenticate xmlns='" SASL2 "' mechanism='" mechanism "'>" \
  "<initial-response>*</initial-response>"                     \
  "<user-agent id='installation'><software>Linnet</software></user-agent>" fast "</authenticate>"
#define TOKEN_C "<fast xmlns='urn:xmpp:fast:0'/>"
#define REQUEST_TOKEN_C "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-EXPR'/>"

/* security.md A4: he to whom the token was bound in vain does not get the password unbound by hanging up. */
static void
test_misbound_token (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    LINNET_TEST_OPEN_TLS ("example.org"),
    { .c = LINNET_TEST_STREAM_C ("example.org"),
      .s = FEATURES (AUTHENTICATION (MECHANISM ("SCRAM-SHA-1-PLUS") FAST (MECHANISM ("HT-SHA-256-EXPR")))
                         BINDING ("tls-exporter")) },
    { .c = AUTHENTICATE ("HT-SHA-256-EXPR", TOKEN_C), .s = FAILURE2 ("malformed-request") },
    { .c = AUTHENTICATE ("SCRAM-SHA-1-PLUS", REQUEST_TOKEN_C),
      .s = "</stream:stream>",
      .act = LINNET_TEST_CLOSE },
    {},
  };
  static const LinnetTestStep second[] = {
    LINNET_TEST_OPEN_TLS ("example.org"),
    { .c = LINNET_TEST_STREAM_C ("example.org"),
      .s = FEATURES (MECHANISMS (MECHANISM ("SCRAM-SHA-1"))),
      .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  LinnetSignOnRequest *request = create_request ();
  World world;

  request->token = g_strdup ("secret-token:1");
  request->account->fast_mechanism = g_strdup ("HT-SHA-256-EXPR");
  request->account->user_agent_id = g_strdup ("installation");

  world_init (&world);
  linnet_test_server_play (world.server, first);
  linnet_test_server_play (world.server, second);
  linnet_test_assert_rejects (linnet_sign_on (request), XMPP_SASL_ERROR, XMPP_SASL_ERROR_CHANNEL_BINDING);
  world_clear (&world);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/model/sign-on/hosts", test_hosts);
  g_test_add_func ("/model/sign-on/remember", test_remember);
  linnet_test_add ("/model/sign-on/dead-location", test_dead_location, NULL);
  linnet_test_add ("/model/sign-on/redirected/in-a-circle", test_redirected_in_a_circle, NULL);
  linnet_test_add ("/model/sign-on/redirected/elsewhere", test_redirected_elsewhere, NULL);

  linnet_test_add ("/model/sign-on/misbound-token", test_misbound_token, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (known_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/sign-on/known/%s", known_rows[i].name);

      linnet_test_add (path, test_known, GSIZE_TO_POINTER (i));
    }

  return g_test_run ();
}
