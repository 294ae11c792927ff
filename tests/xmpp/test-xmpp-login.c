/* Tests of signing in as a whole
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "linnet-test-ca.h"
#include "linnet-test-stream.h"
#include "login-fixture.h"

#define BOTH_PROFILES                    \
  MECHANISMS (MECHANISM ("SCRAM-SHA-1")) \
  "<authentication xmlns='" SASL2 "'>" MECHANISM ("X") "</authentication>"

static const LoginRow rows[] = {
  {
      /* P7: not one byte without TLS. */
      .name = "no-tls",
      .clear = TRUE,
      .steps = { { .act = LINNET_TEST_WAIT_EOF } },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_NO_TLS,
  },
  {
      .name = "no-user",
      .jid = "example.org",
      .steps = { { .act = LINNET_TEST_WAIT_EOF } },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_NOT_AUTHORIZED,
  },
  {
      .name = "nothing-offered",
      .steps = { OPEN ("") },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_NO_MECHANISM,
  },
  {
      .name = "sasl-2-before-sasl",
      .consent = TRUE,
      .steps = {
          OPEN (BOTH_PROFILES),
      },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_NO_MECHANISM,
  },
  {
      .name = "revoke-without-sasl-2",
      .revoke = TRUE,
      .token_mechanism = "HT-SHA-256-EXPR",
      .steps = { OPEN (MECHANISMS (MECHANISM ("SCRAM-SHA-1"))) },
      .domain = xmpp_sasl_error_quark,
      .code = XMPP_SASL_ERROR_NO_MECHANISM,
  },
  {
      .name = "closed",
      .steps = { { .c = LINNET_TEST_STREAM_C ("example.org"), .act = LINNET_TEST_CLOSE } },
      .domain = xmpp_stream_error_quark,
      .code = XMPP_STREAM_ERROR_CLOSED,
  },
};

static const LinnetTestStep silent[] = {
  OPEN (MECHANISMS (MECHANISM ("SCRAM-SHA-1"))),
  { .c = AUTH ("SCRAM-SHA-1", UNBOUND_FIRST), .act = LINNET_TEST_WAIT_EOF },
  {},
};

/* A future that is dropped takes the sign-in with it, wherever it is. */
static void
test_dropped (gconstpointer data)
{
  static const LoginRow row = { 0 };
  g_autoptr (LinnetTestServer) server = linnet_test_server_new ();
  g_autoptr (GIOStream) io = NULL;
  XmppStream *stream;
  DexFuture *future;

  linnet_test_server_play (server, silent);
  io = linnet_test_server_connect (server);
  stream = xmpp_stream_new (io);
  future = login_row_start (&row, stream);
  linnet_test_settle ();
  g_assert_nonnull (strstr (linnet_test_server_get_received (server), UNBOUND_FIRST));

  dex_unref (future);
  linnet_test_settle ();
  xmpp_stream_abort (stream);
  linnet_test_assert_resolves (linnet_test_server_finish (server));
  linnet_test_settle ();
  g_assert_finalize_object (stream);
}

static void
test_request_clear (gconstpointer data)
{
  XmppLoginRequest request = {
    .jid = xmpp_jid_new ("a@b", NULL),
    .password = g_strdup ("p"),
    .fast_token = g_strdup ("t"),
    .fast_mechanism = g_strdup ("m"),
    .user_agent_id = g_strdup ("u"),
    .memory = { .mechanism = g_strdup ("m"), .channel_binding = g_strdup ("c") },
    .sm_id = g_strdup ("s"),
  };

  xmpp_login_request_clear (&request);
  g_assert_null (request.jid);
  g_assert_null (request.password);
  g_assert_null (request.fast_token);
  g_assert_null (request.fast_mechanism);
  g_assert_null (request.user_agent_id);
  g_assert_null (request.memory.mechanism);
  g_assert_null (request.memory.channel_binding);
  g_assert_null (request.sm_id);
}

static void
test_result_copy (gconstpointer data)
{
  g_autoptr (XmppLoginResult) result = g_new0 (XmppLoginResult, 1);
  g_autoptr (XmppLoginResult) copy = NULL;

  result->full_jid = xmpp_jid_new ("a@b/c", NULL);
  result->sm_id = g_strdup ("id");
  result->sm_h = 7;
  result->memory.mechanism = g_strdup ("SCRAM-SHA-1");
  result->fast_token = g_strdup ("token");
  result->early = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_node_unref);
  copy = g_boxed_copy (XMPP_TYPE_LOGIN_RESULT, result);

  g_assert_true (xmpp_jid_equal (copy->full_jid, result->full_jid));
  g_assert_cmpstr (copy->sm_id, ==, "id");
  g_assert_cmpuint (copy->sm_h, ==, 7);
  g_assert_cmpstr (copy->memory.mechanism, ==, "SCRAM-SHA-1");
  g_assert_cmpstr (copy->fast_token, ==, "token");
  g_assert_true (copy->fast_token != result->fast_token);
  g_assert_true (copy->early == result->early);
}

/* Over real TLS the two ends agree on the channel: the data that the client binds to are the server's. */
static char *
check_binding (LinnetTestServer *server,
               gpointer user_data)
{
  GTlsConnection *tls = linnet_test_server_get_tls (server);
  g_autoptr (GByteArray) exporter = g_byte_array_new ();
  g_autofree guchar *response = NULL, *binding = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) parts = NULL;
  gsize length;

  g_assert_true (g_tls_connection_get_channel_binding_data (tls,
                                                            G_TLS_CHANNEL_BINDING_TLS_EXPORTER,
                                                            exporter,
                                                            NULL));
  response = g_base64_decode (linnet_test_server_get_capture (server, 1), &length);
  text = g_strndup ((const char *) response, length);
  parts = g_strsplit (text + strlen ("c="), ",", 2);
  binding = g_base64_decode (parts[0], &length);
  g_assert_cmpuint (length, >, strlen ("p=tls-exporter,,"));
  g_assert_cmpmem (binding, strlen ("p=tls-exporter,,"), "p=tls-exporter,,", strlen ("p=tls-exporter,,"));
  g_assert_cmpmem (binding + strlen ("p=tls-exporter,,"),
                   length - strlen ("p=tls-exporter,,"),
                   exporter->data,
                   exporter->len);

  return g_strdup (FAILURE ("<not-authorized/>"));
}

static char *
challenge (LinnetTestServer *server,
           gpointer user_data)
{
  g_autofree guchar *first = NULL;
  g_autofree char *text = NULL, *message = NULL, *encoded = NULL;
  gsize length;

  first = g_base64_decode (linnet_test_server_get_capture (server, 1), &length);
  text = g_strndup ((const char *) first, length);
  g_assert_true (g_str_has_prefix (text, "p=tls-exporter,,n=user,r="));
  message = g_strdup_printf ("r=%sx,s=QSXCR+Q6sek8bf92,i=4096", text + strlen ("p=tls-exporter,,n=user,r="));
  encoded = g_base64_encode ((const guchar *) message, strlen (message));

  return g_strdup_printf (CHALLENGE ("%s"), encoded);
}

static const LinnetTestStep tls_steps[] = {
  { .act = LINNET_TEST_START_TLS },
  OPEN (MECHANISMS (MECHANISM ("SCRAM-SHA-256-PLUS")) BOTH_BINDINGS),
  { .c = AUTH ("SCRAM-SHA-256-PLUS", "*"), .reply = challenge },
  { .c = RESPONSE ("*"), .reply = check_binding },
  {},
};

/* Signs in over TLS, where it is refused with @code; returns what the server received. */
static char *
refuse_under_tls (const LinnetTestStep *steps,
                  const LoginRow *row,
                  const char *authority,
                  XmppSaslError code)
{
  XmppTlsPolicy policy = { .domain = (char *) "example.org", .alpn = TRUE };
  g_autoptr (LinnetTestCa) ca = linnet_test_ca_new ();
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (ca, NULL);
  g_autoptr (LinnetTestServer) server = linnet_test_server_new ();
  g_autoptr (GIOStream) io = NULL;
  g_autoptr (XmppStream) stream = NULL;
  XmppLoginRequest request;

  linnet_test_ca_trust (ca);
  linnet_test_server_set_certificate (server, certificate);
  linnet_test_server_play (server, steps);
  io = linnet_test_server_connect (server);
  stream = xmpp_stream_new (io);
  linnet_test_assert_resolves (xmpp_stream_direct_tls (stream, &policy));

  login_row_get_request (row, &request);
  request.memory.authority = g_strdup (authority);
  request.memory.key = g_strdup (authority);
  linnet_test_assert_rejects (xmpp_login (stream, &request), XMPP_SASL_ERROR, code);
  xmpp_login_request_clear (&request);
  xmpp_stream_abort (stream);
  linnet_test_assert_resolves (linnet_test_server_finish (server));

  return g_strdup (linnet_test_server_get_received (server));
}

static void
test_tls (gconstpointer data)
{
  static const LoginRow row = { 0 };
  g_autofree char *received =
      refuse_under_tls (tls_steps, &row, NULL, XMPP_SASL_ERROR_NOT_AUTHORIZED);

  g_assert_nonnull (strstr (received, "<auth"));
}

/* Security.md A3, as it happened to jabber.ru in 2023: somebody in between shows a certificate that is valid,
 * but not the server's own. Not even the first message of a mechanism is for him. */
static const LinnetTestStep middle_steps[] = {
  { .act = LINNET_TEST_START_TLS },
  OPEN (MECHANISMS (MECHANISM ("SCRAM-SHA-1") MECHANISM ("PLAIN"))),
  { .act = LINNET_TEST_WAIT_EOF },
  {},
};

static void
test_man_in_the_middle (gconstpointer data)
{
  static const LoginRow row = { .consent = TRUE };
  g_autofree char *received = refuse_under_tls (
      middle_steps, &row, "The server's own", XMPP_SASL_ERROR_AUTHORITY_CHANGED);

  g_assert_null (strstr (received, "<auth"));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  login_rows_add ("/xmpp/login/", rows, G_N_ELEMENTS (rows));
  linnet_test_add ("/xmpp/login/dropped", test_dropped, NULL);
  linnet_test_add ("/xmpp/login/request-clear", test_request_clear, NULL);
  linnet_test_add ("/xmpp/login/result-copy", test_result_copy, NULL);
  linnet_test_add ("/xmpp/login/tls", test_tls, NULL);
  linnet_test_add ("/xmpp/login/man-in-the-middle", test_man_in_the_middle, NULL);

  return g_test_run ();
}
