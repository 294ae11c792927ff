/* Signing in on a real Prosody, with and without SASL 2
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <libdex.h>

#include "linnet-spawn.h"
#include "linnet-test-prosody.h"
#include "linnet-test.h"
#include "xmpp-builder.h"
#include "xmpp-error.h"
#include "xmpp-login.h"
#include "xmpp-stream-management.h"

#define USER_AGENT "d4565fa7-4d72-4749-b3d3-740edbf87770"

/* A stream under TLS to the server, not opened yet. */
static XmppStream *
connect_stream (void)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) address = NULL;
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  XmppTlsPolicy policy = { .domain = (char *) linnet_test_prosody_get_domain (), .alpn = TRUE };
  XmppStream *stream;

  address = g_network_address_new ("127.0.0.1", linnet_test_prosody_get_port (TRUE));
  connection = dex_await_object (dex_socket_client_connect (client, address), &error);
  g_assert_no_error (error);
  stream = xmpp_stream_new (G_IO_STREAM (connection));
  linnet_test_assert_resolves (xmpp_stream_direct_tls (stream, &policy));

  return stream;
}

static void
request_init (XmppLoginRequest *request)
{
  *request = (XmppLoginRequest) {
    .jid = xmpp_jid_new_from_parts ("ana", linnet_test_prosody_get_domain (), NULL, NULL),
    .password = linnet_test_prosody_get_password ("ana"),
    .user_agent_id = g_strdup (USER_AGENT),
  };
}

/* Signs in on a stream of its own, which comes back in @stream. */
static XmppLoginResult *
sign_in (const XmppLoginRequest *request,
         XmppStream **stream,
         GError **error)
{
  *stream = connect_stream ();

  return dex_await_boxed (xmpp_login (*stream, request), error);
}

static XmppLoginResult *
sign_in_well (const XmppLoginRequest *request,
              XmppStream **stream)
{
  g_autoptr (GError) error = NULL;
  XmppLoginResult *result = sign_in (request, stream, &error);

  g_assert_no_error (error);
  g_assert_nonnull (result);

  return result;
}

static void
assert_login_fails (const XmppLoginRequest *request,
                    int code)
{
  g_autoptr (XmppStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (XmppLoginResult) result = sign_in (request, &stream, &error);

  g_assert_null (result);
  g_assert_error (error, XMPP_SASL_ERROR, code);
}

/* The session works: an IQ is answered. */
static void
ping (XmppStream *stream)
{
  g_autoptr (XmppNode) iq = xmpp_iq_get (NULL, xmpp_el ("ping", "urn:xmpp:ping"));
  g_autoptr (XmppNode) request = xmpp_node_with_attr (iq, "id", "ping");

  xmpp_stream_send (stream, request);
  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (XmppNode) answer = dex_await_boxed (xmpp_stream_read (stream), &error);

      g_assert_no_error (error);
      if (!xmpp_node_is (answer, "iq", XMPP_NS_CLIENT))
        continue;
      g_assert_cmpstr (xmpp_node_get_attr (answer, "id"), ==, "ping");
      g_assert_cmpstr (xmpp_node_get_attr (answer, "type"), ==, "result");
      return;
    }
}

static void
test_password (gconstpointer data)
{
  g_auto (XmppLoginRequest) request = { 0 };
  g_autoptr (XmppStream) stream = NULL;
  g_autoptr (XmppLoginResult) result = NULL;

  request_init (&request);
  result = sign_in_well (&request, &stream);

  g_assert_cmpint (result->sasl2, ==, linnet_test_prosody_has_sasl2 ());
  g_assert_cmpint (result->carbons_enabled, ==, linnet_test_prosody_has_sasl2 ());
  g_assert_cmpint (result->csi_active, ==, linnet_test_prosody_has_sasl2 ());
  g_assert_cmpstr (result->mechanism, ==, "SCRAM-SHA-256-PLUS");
  g_assert_cmpstr (result->channel_binding, ==, "tls-exporter");
  g_assert_cmpstr (result->memory.mechanism, ==, "SCRAM-SHA-256-PLUS");
  g_assert_cmpstr (result->memory.channel_binding, ==, "tls-exporter");
  g_assert_true (xmpp_jid_bare_equal (result->full_jid, request.jid));
  g_assert_false (xmpp_jid_is_bare (result->full_jid));
  g_assert_nonnull (result->features);
  g_assert_false (result->resumed);
  g_assert_true (result->sm_enabled);
  g_assert_true (result->sm_resumable);
  g_assert_cmpuint (result->sm_max, >, 0);
  ping (stream);
}

static void
test_wrong_password (gconstpointer data)
{
  g_auto (XmppLoginRequest) request = { 0 };

  request_init (&request);
  g_free (request.password);
  request.password = g_strdup ("wrong");
  assert_login_fails (&request, XMPP_SASL_ERROR_NOT_AUTHORIZED);
}

static void
test_unknown_user (gconstpointer data)
{
  g_auto (XmppLoginRequest) request = { 0 };

  request_init (&request);
  xmpp_jid_unref (request.jid);
  request.jid = xmpp_jid_new_from_parts ("nobody", linnet_test_prosody_get_domain (), NULL, NULL);
  assert_login_fails (&request, XMPP_SASL_ERROR_NOT_AUTHORIZED);
}

/* A5 */
static void
test_weaker_than_before (gconstpointer data)
{
  g_auto (XmppLoginRequest) request = { 0 };

  request_init (&request);
  request.memory.mechanism = g_strdup ("SCRAM-SHA-512-PLUS");
  assert_login_fails (&request, XMPP_SASL_ERROR_DOWNGRADE);
}

/* Takes what @result says to resume into @request. */
static void
ask_to_resume (XmppLoginRequest *request,
               const XmppLoginResult *result,
               guint32 h)
{
  xmpp_jid_unref (request->jid);
  request->jid = xmpp_jid_ref (result->full_jid);
  g_set_str (&request->sm_id, result->sm_id);
  request->sm_h = h;
}

static void
test_resume (gconstpointer data)
{
  g_auto (XmppLoginRequest) request = { 0 };
  g_autoptr (XmppStream) first = NULL, second = NULL, third = NULL;
  g_autoptr (XmppLoginResult) bound = NULL, resumed = NULL, again = NULL;

  request_init (&request);
  bound = sign_in_well (&request, &first);
  ping (first);
  xmpp_stream_abort (first);

  /* One stanza went each way. */
  ask_to_resume (&request, bound, 1);
  resumed = sign_in_well (&request, &second);
  g_assert_true (resumed->resumed);
  g_assert_true (resumed->sm_enabled);
  g_assert_cmpuint (resumed->sm_h, ==, 1);
  g_assert_cmpstr (resumed->sm_id, ==, bound->sm_id);
  g_assert_true (xmpp_jid_equal (resumed->full_jid, bound->full_jid));
  ping (second);
  xmpp_stream_abort (second);

  ask_to_resume (&request, resumed, 2);
  again = sign_in_well (&request, &third);
  g_assert_true (again->resumed);
  g_assert_cmpuint (again->sm_h, ==, 2);
  ping (third);
}

/* What the client did not count is sent again. */
static void
test_resume_unhandled (gconstpointer data)
{
  g_auto (XmppLoginRequest) request = { 0 };
  g_autoptr (XmppStream) first = NULL, second = NULL;
  g_autoptr (XmppLoginResult) bound = NULL, resumed = NULL;
  g_autoptr (XmppNode) answer = NULL;

  request_init (&request);
  bound = sign_in_well (&request, &first);
  ping (first);
  xmpp_stream_abort (first);

  ask_to_resume (&request, bound, 0);
  resumed = sign_in_well (&request, &second);
  g_assert_true (resumed->resumed);
  answer = dex_await_boxed (xmpp_stream_read (second), NULL);
  g_assert_nonnull (answer);
  g_assert_cmpstr (xmpp_node_get_attr (answer, "id"), ==, "ping");
}

static void
test_resume_failed (gconstpointer data)
{
  g_auto (XmppLoginRequest) request = { 0 };
  g_autoptr (XmppStream) stream = NULL;
  g_autoptr (XmppLoginResult) result = NULL;

  request_init (&request);
  request.sm_id = g_strdup ("a session that never was");
  request.sm_h = 7;
  result = sign_in_well (&request, &stream);
  g_assert_false (result->resumed);
  g_assert_true (result->sm_resumable);
  g_assert_cmpstr (result->sm_id, !=, request.sm_id);
  g_assert_false (xmpp_jid_is_bare (result->full_jid));
  ping (stream);
}

static void
test_resume_after_restart (gconstpointer data)
{
  g_auto (XmppLoginRequest) request = { 0 };
  g_autoptr (XmppStream) first = NULL, second = NULL;
  g_autoptr (XmppLoginResult) bound = NULL, result = NULL;

  request_init (&request);
  bound = sign_in_well (&request, &first);
  linnet_test_prosody_command ("kill");
  linnet_test_prosody_command ("start");

  ask_to_resume (&request, bound, 0);
  result = sign_in_well (&request, &second);
  g_assert_false (result->resumed);
  g_assert_true (result->sm_resumable);
  ping (second);
}

static void
take_token (XmppLoginRequest *request,
            const XmppLoginResult *result)
{
  g_assert_nonnull (result->fast_token);
  g_assert_cmpstr (result->fast_mechanism, ==, "HT-SHA-256-EXPR");
  g_assert_cmpint (result->fast_expiry, >, g_get_real_time () / G_USEC_PER_SEC);
  g_set_str (&request->fast_token, result->fast_token);
  g_set_str (&request->fast_mechanism, result->fast_mechanism);
}

static void
test_token (gconstpointer data)
{
  g_auto (XmppLoginRequest) request = { 0 };
  g_autoptr (XmppStream) first = NULL, second = NULL, third = NULL;
  g_autoptr (XmppLoginResult) by_password = NULL, by_token = NULL, resumed = NULL;

  request_init (&request);
  by_password = sign_in_well (&request, &first);
  if (!linnet_test_prosody_has_sasl2 ())
    {
      g_assert_null (by_password->fast_token);
      return;
    }
  take_token (&request, by_password);

  /* The password is not needed any more. */
  g_clear_pointer (&request.password, g_free);
  by_token = sign_in_well (&request, &second);
  g_assert_cmpstr (by_token->mechanism, ==, "HT-SHA-256-EXPR");
  g_assert_cmpstr (by_token->channel_binding, ==, "tls-exporter");
  g_assert_false (by_token->fast_rejected);
  g_assert_true (by_token->sm_resumable);
  g_assert_cmpstr (by_token->memory.mechanism, ==, NULL);
  ping (second);
  xmpp_stream_abort (second);

  if (by_token->fast_token != NULL)
    take_token (&request, by_token);
  ask_to_resume (&request, by_token, 1);
  resumed = sign_in_well (&request, &third);
  g_assert_true (resumed->resumed);
  g_assert_cmpuint (resumed->sm_h, ==, 1);
  ping (third);
}

static void
test_token_rejected (gconstpointer data)
{
  g_auto (XmppLoginRequest) request = { 0 };
  g_autoptr (XmppStream) stream = NULL;
  g_autoptr (XmppLoginResult) result = NULL;

  request_init (&request);
  request.fast_token = g_strdup ("secret-token:fast-of-somebody-else");
  request.fast_mechanism = g_strdup ("HT-SHA-256-EXPR");
  result = sign_in_well (&request, &stream);
  g_assert_cmpstr (result->mechanism, ==, "SCRAM-SHA-256-PLUS");
  g_assert_cmpint (result->fast_rejected, ==, linnet_test_prosody_has_sasl2 ());
  ping (stream);

  g_clear_pointer (&request.password, g_free);
  assert_login_fails (&request, XMPP_SASL_ERROR_TOKEN_REJECTED);
}

/* A8: after signing out the token is worth nothing. */
static void
test_revoke (gconstpointer data)
{
  g_auto (XmppLoginRequest) request = { 0 };
  g_autoptr (XmppStream) first = NULL, second = NULL, third = NULL;
  g_autoptr (XmppLoginResult) result = NULL;

  if (!linnet_test_prosody_has_sasl2 ())
    {
      g_test_skip ("an old server has no tokens");
      return;
    }
  request_init (&request);
  result = sign_in_well (&request, &first);
  take_token (&request, result);
  g_clear_pointer (&request.password, g_free);

  second = connect_stream ();
  linnet_test_assert_resolves (xmpp_login_revoke_token (second, &request));
  assert_login_fails (&request, XMPP_SASL_ERROR_TOKEN_REJECTED);
  third = connect_stream ();
  linnet_test_assert_resolves (xmpp_login_revoke_token (third, &request));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);
  linnet_test_prosody_trust ();

  linnet_test_add ("/login/password", test_password, NULL);
  linnet_test_add ("/login/wrong-password", test_wrong_password, NULL);
  linnet_test_add ("/login/unknown-user", test_unknown_user, NULL);
  linnet_test_add ("/login/weaker-than-before", test_weaker_than_before, NULL);
  linnet_test_add ("/login/resume", test_resume, NULL);
  linnet_test_add ("/login/resume/unhandled", test_resume_unhandled, NULL);
  linnet_test_add ("/login/resume/failed", test_resume_failed, NULL);
  linnet_test_add ("/login/resume/after-restart", test_resume_after_restart, NULL);
  linnet_test_add ("/login/token", test_token, NULL);
  linnet_test_add ("/login/token/rejected", test_token_rejected, NULL);
  linnet_test_add ("/login/token/revoked", test_revoke, NULL);

  return g_test_run ();
}
