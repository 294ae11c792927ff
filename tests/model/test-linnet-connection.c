/* Tests of staying connected: the whole model against a server that throws it out
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-account-private.h"
#include "linnet-error.h"
#include "linnet-test-ca.h"
#include "linnet-test-model.h"
#include "linnet-test-resolver.h"
#include "linnet-test-server.h"
#include "linnet-test.h"
#include "xmpp-test-session.h"

#define SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define BIND "urn:ietf:params:xml:ns:xmpp-bind"
#define ERROR(condition) \
  "<stream:error><" condition " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"

#define MECHANISMS "<mechanisms xmlns='" SASL "'><mechanism>PLAIN</mechanism></mechanisms>"
#define STARTTLS "urn:ietf:params:xml:ns:xmpp-tls"
#define TO_SASL LINNET_TEST_OPEN_TLS ("example.org"), LINNET_TEST_OPEN ("example.org", MECHANISMS)
/* "\0ana\0pencil" */
#define PASSWORD_C "<auth xmlns='" SASL "' mechanism='PLAIN'>AGFuYQBwZW5jaWw=</auth>"
#define NOT_AUTHORIZED "<failure xmlns='" SASL "'><not-authorized/></failure>"
#define TO_BIND                                                     \
  TO_SASL, { .c = PASSWORD_C, .s = "<success xmlns='" SASL "'/>" }, \
      LINNET_TEST_OPEN ("example.org", "<bind xmlns='" BIND "'/>")
#define BIND_STEP(wish, resource)                                                                          \
  {                                                                                                        \
    .c = "<iq type='set' id='*'><bind xmlns='" BIND "'>" wish "</bind></iq>",                              \
    .s = "<iq type='result' id='$1'><bind xmlns='" BIND "'><jid>ana@example.org/" resource "</jid></bind>" \
         "</iq>"                                                                                           \
  }
/* The first time there is no resource to wish for. */
#define ONLINE TO_BIND, BIND_STEP ("", "desk"), XMPP_TEST_INTRO
#define ONLINE_AGAIN TO_BIND, BIND_STEP ("<resource>desk</resource>", "desk"), XMPP_TEST_INTRO

static const LinnetTestStep stays[] = {
  ONLINE_AGAIN,
  { .c = "</stream:stream>", .s = "</stream:stream>", .act = LINNET_TEST_CLOSE },
  {},
};

typedef struct
{
  LinnetTestCa *ca;
  LinnetTestServer *server;
  char *directory;
  LinnetAccountManager *manager;
  LinnetAccount *account; /* borrowed */
  guint16 port;
} Fixture;

static LinnetTestServer *
make_server (Fixture *fixture,
             const LinnetTestCertificate *spec,
             guint16 *port)
{
  LinnetTestServer *server = linnet_test_server_new ();
  g_autoptr (GTlsCertificate) certificate = linnet_test_ca_issue (fixture->ca, spec);

  linnet_test_server_set_certificate (server, certificate);
  *port = linnet_test_server_listen (server, "127.0.0.1");

  return server;
}

static void
set_up (Fixture *fixture)
{
  fixture->ca = linnet_test_ca_new ();
  linnet_test_ca_trust (fixture->ca);
  fixture->server = make_server (fixture, NULL, &fixture->port);
  fixture->directory = linnet_test_profile_new ();
  fixture->manager = linnet_account_manager_new (fixture->directory);
  linnet_test_assert_resolves (linnet_account_manager_load (fixture->manager));
}

static LinnetSignIn
get_sign_in (Fixture *fixture)
{
  return (LinnetSignIn) {
    .address = "ana@example.org",
    .password = "pencil",
    .host = "127.0.0.1",
    .port = fixture->port,
    .allow_plain = TRUE,
  };
}

/* Signs in; the server's first transcript is @steps. */
static void
sign_in (Fixture *fixture,
         const LinnetTestStep *steps)
{
  LinnetSignIn sign_in = get_sign_in (fixture);

  linnet_test_server_play (fixture->server, steps);
  linnet_test_assert_resolves (linnet_account_manager_sign_in (fixture->manager, &sign_in));
  fixture->account = linnet_account_manager_find_account (fixture->manager, "ana@example.org");
  g_assert_nonnull (fixture->account);
}

static void
tear_down (Fixture *fixture)
{
  linnet_test_assert_resolves (linnet_account_manager_shutdown (fixture->manager));
  linnet_test_assert_resolves (linnet_test_server_finish (fixture->server));
  linnet_test_settle ();
  g_assert_finalize_object (fixture->manager);
  g_object_unref (fixture->server);
  linnet_test_profile_free (fixture->directory);
  linnet_test_ca_free (fixture->ca);
}

static gboolean
has_error (gpointer account,
           gpointer code)
{
  return g_error_matches (linnet_account_get_error (account), LINNET_ERROR, GPOINTER_TO_INT (code));
}

/* What the person sees: a sentence of its own. */
static void
assert_told (Fixture *fixture,
             LinnetError code)
{
  g_autofree char *text = NULL;
  g_autofree char *unforeseen = NULL;
  g_autoptr (GError) other = g_error_new_literal (LINNET_ERROR, LINNET_ERROR_FAILED, "");

  linnet_test_wait_for (fixture->account, "notify::error", has_error, GINT_TO_POINTER (code));
  text = linnet_error_to_text (linnet_account_get_error (fixture->account), "example.org");
  unforeseen = linnet_error_to_text (other, "example.org");
  g_assert_cmpstr (text, !=, unforeseen);
}

static void
assert_well (Fixture *fixture)
{
  linnet_test_wait_state (fixture->account, LINNET_CONNECTION_ONLINE);
  g_assert_no_error (linnet_account_get_error (fixture->account));
  g_assert_cmpuint (linnet_account_get_retry_in (fixture->account), ==, 0);
}

/* Somebody took our place: another resource, once; then the person decides. */
static void
test_conflict (gconstpointer data)
{
  static const LinnetTestStep first[] = { ONLINE, { .s = ERROR ("conflict"), .act = LINNET_TEST_CLOSE }, {} };
  static const LinnetTestStep second[] = {
    TO_BIND,
    BIND_STEP ("", "shelf"),
    XMPP_TEST_INTRO,
    { .s = ERROR ("conflict"), .act = LINNET_TEST_CLOSE },
    {},
  };
  static const LinnetTestStep third[] = {
    TO_BIND,
    BIND_STEP ("", "bench"),
    XMPP_TEST_INTRO,
    { .c = "</stream:stream>", .s = "</stream:stream>", .act = LINNET_TEST_CLOSE },
    {},
  };
  Fixture fixture = { 0 };

  set_up (&fixture);
  sign_in (&fixture, first);
  linnet_test_server_play (fixture.server, second);

  linnet_test_wait_state (fixture.account, LINNET_CONNECTION_FAILED);
  assert_told (&fixture, LINNET_ERROR_CONFLICT);
  linnet_test_settle ();
  g_assert_cmpuint (linnet_test_server_get_n_connections (fixture.server), ==, 2);
  g_assert_cmpuint (linnet_account_get_retry_in (fixture.account), ==, 0);

  /* The button. */
  linnet_test_server_play (fixture.server, third);
  linnet_account_reconnect_now (fixture.account);
  assert_well (&fixture);
  tear_down (&fixture);
}

/* Once may be an accident, a minute later; twice is a rule that we keep breaking. */
static void
test_policy_violation (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    ONLINE, { .s = ERROR ("policy-violation"), .act = LINNET_TEST_CLOSE }, {}
  };
  static const LinnetTestStep second[] = {
    ONLINE_AGAIN, { .s = ERROR ("policy-violation"), .act = LINNET_TEST_CLOSE }, {}
  };
  Fixture fixture = { 0 };

  set_up (&fixture);
  sign_in (&fixture, first);
  assert_told (&fixture, LINNET_ERROR_POLICY_VIOLATION);
  g_assert_cmpint (linnet_account_get_state (fixture.account), ==, LINNET_CONNECTION_RECONNECTING);
  g_assert_cmpuint (linnet_account_get_retry_in (fixture.account), >, 30);

  linnet_test_server_play (fixture.server, second);
  linnet_account_reconnect_now (fixture.account);
  linnet_test_wait_state (fixture.account, LINNET_CONNECTION_FAILED);
  assert_told (&fixture, LINNET_ERROR_POLICY_VIOLATION);
  g_assert_cmpuint (linnet_account_get_retry_in (fixture.account), ==, 0);
  g_assert_cmpuint (linnet_test_server_get_n_connections (fixture.server), ==, 2);

  linnet_test_server_play (fixture.server, stays);
  linnet_account_reconnect_now (fixture.account);
  assert_well (&fixture);
  tear_down (&fixture);
}

/* A restart: it is said so, and Linnet comes back by itself, but not at once. */
static void
test_shutdown (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    ONLINE, { .s = ERROR ("system-shutdown") "</stream:stream>", .act = LINNET_TEST_CLOSE }, {}
  };
  Fixture fixture = { 0 };

  set_up (&fixture);
  sign_in (&fixture, first);
  assert_told (&fixture, LINNET_ERROR_SERVER_SHUTDOWN);
  g_assert_cmpint (linnet_account_get_state (fixture.account), ==, LINNET_CONNECTION_RECONNECTING);
  g_assert_cmpuint (linnet_account_get_retry_in (fixture.account), >=, 1);

  linnet_test_server_play (fixture.server, stays);
  assert_well (&fixture);
  tear_down (&fixture);
}

static char *
redirect_reply (LinnetTestServer *server,
                gpointer user_data)
{
  return g_strdup_printf ("<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>"
                          "127.0.0.1:%u</see-other-host></stream:error>",
                          *(guint16 *) user_data);
}

static const LinnetTestStep redirects[] = {
  ONLINE, { .reply = redirect_reply, .act = LINNET_TEST_CLOSE }, {}
};

/* There, at once, when it is the same server by its certificate. */
static void
test_see_other_host (gconstpointer data)
{
  Fixture fixture = { 0 };
  g_autoptr (LinnetTestServer) other = NULL;
  guint16 port;

  set_up (&fixture);
  other = make_server (&fixture, NULL, &port);
  linnet_test_server_set_user_data (fixture.server, &port);
  linnet_test_server_play (other, stays);
  sign_in (&fixture, redirects);

  assert_told (&fixture, LINNET_ERROR_SEE_OTHER_HOST);
  assert_well (&fixture);
  g_assert_cmpuint (linnet_test_server_get_n_connections (fixture.server), ==, 1);
  g_assert_cmpuint (linnet_test_server_get_n_connections (other), ==, 1);
  tear_down (&fixture);
  linnet_test_assert_resolves (linnet_test_server_finish (other));
}

/* A2, A7: where is the server's to say, who is not. */
static void
test_see_other_identity (gconstpointer data)
{
  static const LinnetTestStep evil[] = {
    LINNET_TEST_OPEN ("example.org", "<starttls xmlns='" STARTTLS "'><required/></starttls>"),
    { .c = "<starttls xmlns='" STARTTLS "'/>",
      .s = "<proceed xmlns='" STARTTLS "'/>",
      .act = LINNET_TEST_REFUSED_TLS },
    {},
  };
  Fixture fixture = { 0 };
  g_autoptr (LinnetTestServer) other = NULL;
  guint16 port;

  set_up (&fixture);
  other = make_server (&fixture, &(LinnetTestCertificate) { .names = { "evil.example" } }, &port);
  linnet_test_server_set_user_data (fixture.server, &port);
  linnet_test_server_play (other, evil);
  sign_in (&fixture, redirects);

  linnet_test_wait_state (fixture.account, LINNET_CONNECTION_FAILED);
  assert_told (&fixture, LINNET_ERROR_CERTIFICATE);
  linnet_test_assert_resolves (linnet_test_server_finish (other));
  g_assert_null (strstr (linnet_test_server_get_received (other), "<auth"));

  /* Back to the server that is one's own. */
  linnet_test_server_play (fixture.server, stays);
  linnet_account_reconnect_now (fixture.account);
  assert_well (&fixture);
  tear_down (&fixture);
}

/* Signed out elsewhere, so to say: the password is no longer right. It is asked for, and not tried again. */
static void
test_password_changed (gconstpointer data)
{
  static const LinnetTestStep first[] = { ONLINE, { .act = LINNET_TEST_RESET }, {} };
  static const LinnetTestStep second[] = {
    TO_SASL,
    { .c = PASSWORD_C, .s = NOT_AUTHORIZED, .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  Fixture fixture = { 0 };

  set_up (&fixture);
  sign_in (&fixture, first);
  linnet_test_server_play (fixture.server, second);
  linnet_test_wait_state (fixture.account, LINNET_CONNECTION_FAILED);
  assert_told (&fixture, LINNET_ERROR_WRONG_PASSWORD);
  linnet_test_settle ();
  g_assert_cmpuint (linnet_test_server_get_n_connections (fixture.server), ==, 2);

  linnet_test_server_play (fixture.server, stays);
  linnet_test_assert_resolves (linnet_account_sign_in_again (fixture.account, "pencil", FALSE));
  assert_well (&fixture);
  tear_down (&fixture);
}

static const LinnetTestStep until_closed[] = {
  ONLINE, { .c = "</stream:stream>", .s = "</stream:stream>", .act = LINNET_TEST_CLOSE }, {}
};

/* Signed in and switched off. */
static void
sign_in_and_rest (Fixture *fixture)
{
  set_up (fixture);
  sign_in (fixture, until_closed);
  linnet_test_assert_resolves (linnet_account_set_enabled (fixture->account, FALSE));
  linnet_test_wait_state (fixture->account, LINNET_CONNECTION_OFFLINE);
}

/* Switched off and on by the person. */
static void
test_enabled (gconstpointer data)
{
  Fixture fixture = { 0 };

  sign_in_and_rest (&fixture);
  linnet_test_settle ();
  g_assert_cmpuint (linnet_test_server_get_n_connections (fixture.server), ==, 1);

  linnet_test_server_play (fixture.server, stays);
  linnet_test_assert_resolves (linnet_account_set_enabled (fixture.account, TRUE));
  assert_well (&fixture);
  tear_down (&fixture);
}

/* ---- how far a password may go ---- */

/* A5: who agreed once, for an account of which nothing was known, did not agree for ever. */
static void
test_plain_needs_consent (gconstpointer data)
{
  static const LinnetTestStep second[] = { TO_SASL, { .act = LINNET_TEST_WAIT_EOF }, {} };
  Fixture fixture = { 0 };

  sign_in_and_rest (&fixture);
  g_clear_pointer (&fixture.account->row->mechanism, g_free);

  linnet_test_server_play (fixture.server, second);
  linnet_test_assert_resolves (linnet_account_set_enabled (fixture.account, TRUE));
  linnet_test_wait_state (fixture.account, LINNET_CONNECTION_FAILED);
  assert_told (&fixture, LINNET_ERROR_PLAIN_CONSENT);

  linnet_test_server_play (fixture.server, stays);
  linnet_test_assert_resolves (linnet_account_sign_in_again (fixture.account, NULL, TRUE));
  assert_well (&fixture);
  tear_down (&fixture);
}

#define SASL2 "urn:xmpp:sasl:2"
#define FAST_FEATURES(mechanism)                                                         \
  "<authentication xmlns='" SASL2 "'><mechanism>" mechanism "</mechanism><inline>"       \
  "<fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-EXPR</mechanism></fast></inline>" \
  "</authentication>"
#define EXPORTER                                                                            \
  "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/>" \
  "</sasl-channel-binding>"
#define AUTHENTICATE(mechanism, initial, fast)                 \
  "<authenticate xmlns='" SASL2 "' mechanism='" mechanism "'>" \
  "<initial-response>" initial "</initial-response>"           \
  "<user-agent id='*'><software>Linnet</software></user-agent>" fast "</authenticate>"
#define TOKEN_C AUTHENTICATE ("HT-SHA-256-EXPR", "*", "<fast xmlns='urn:xmpp:fast:0' count='*'/>")
#define REQUEST_TOKEN_C "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-EXPR'/>"
#define PLAIN_C AUTHENTICATE ("PLAIN", "AGFuYQBwZW5jaWw=", REQUEST_TOKEN_C)
#define FAILURE2(condition) "<failure xmlns='" SASL2 "'><" condition " xmlns='" SASL "'/></failure>"
#define SUCCESS2                \
  "<success xmlns='" SASL2 "'>" \
  "<authorization-identifier>ana@example.org</authorization-identifier></success>"
#define UNBOUND "<mechanisms xmlns='" SASL "'><mechanism>SCRAM-SHA-1</mechanism></mechanisms>"

/* Whatever the token is good for, it is in no keyring here. */
static void
set_token (Fixture *fixture,
           const char *password)
{
  LinnetCredentials *credentials = linnet_connection_get_credentials (fixture->account->connection);

  linnet_credentials_set_password (credentials, password);
  linnet_credentials_take_token (credentials, "secret-token:1");
  g_set_str (&fixture->account->row->fast_mechanism, "HT-SHA-256-EXPR");
}

static void
assert_no_token (Fixture *fixture)
{
  g_assert_null (fixture->account->row->fast_mechanism);
  linnet_test_assert_rejects (
      linnet_credentials_lookup_token (linnet_connection_get_credentials (fixture->account->connection)),
      LINNET_ERROR,
      LINNET_ERROR_KEYRING_MISSING);
}

/* A8: what is out of date is not shown to anybody, and there is nothing else to sign in with. */
static void
test_expired_token (gconstpointer data)
{
  Fixture fixture = { 0 };

  sign_in_and_rest (&fixture);
  set_token (&fixture, NULL);
  fixture.account->row->fast_expiry = 1;

  linnet_test_assert_resolves (linnet_account_set_enabled (fixture.account, TRUE));
  linnet_test_wait_state (fixture.account, LINNET_CONNECTION_FAILED);
  assert_told (&fixture, LINNET_ERROR_KEYRING_MISSING);
  g_assert_cmpuint (linnet_test_server_get_n_connections (fixture.server), ==, 1);
  tear_down (&fixture);
}

/* A8: a token that was refused is forgotten. */
static void
test_refused_token (gconstpointer data)
{
  static const LinnetTestStep second[] = {
    LINNET_TEST_OPEN_TLS ("example.org"),
    LINNET_TEST_OPEN ("example.org", FAST_FEATURES ("PLAIN")),
    { .c = TOKEN_C, .s = FAILURE2 ("not-authorized") },
    { .c = PLAIN_C, .s = SUCCESS2 "<stream:features><bind xmlns='" BIND "'/></stream:features>" },
    BIND_STEP ("<resource>desk</resource>", "desk"),
    XMPP_TEST_INTRO,
    { .c = "</stream:stream>", .s = "</stream:stream>", .act = LINNET_TEST_CLOSE },
    {},
  };
  Fixture fixture = { 0 };

  sign_in_and_rest (&fixture);
  set_token (&fixture, "pencil");
  linnet_test_server_play (fixture.server, second);
  linnet_test_assert_resolves (linnet_account_set_enabled (fixture.account, TRUE));
  assert_well (&fixture);
  assert_no_token (&fixture);
  tear_down (&fixture);
}

/* A4: he to whom the token was bound in vain does not get the password, for which a person is asked then,
 * unbound. */
static void
test_misbound_token (gconstpointer data)
{
  static const LinnetTestStep second[] = {
    LINNET_TEST_OPEN_TLS ("example.org"),
    LINNET_TEST_OPEN ("example.org", FAST_FEATURES ("SCRAM-SHA-1-PLUS") EXPORTER),
    { .c = TOKEN_C, .s = FAILURE2 ("malformed-request"), .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  static const LinnetTestStep third[] = {
    LINNET_TEST_OPEN_TLS ("example.org"),
    LINNET_TEST_OPEN ("example.org", UNBOUND),
    { .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  Fixture fixture = { 0 };

  sign_in_and_rest (&fixture);
  set_token (&fixture, NULL);
  linnet_test_server_play (fixture.server, second);
  linnet_test_assert_resolves (linnet_account_set_enabled (fixture.account, TRUE));
  linnet_test_wait_state (fixture.account, LINNET_CONNECTION_FAILED);
  assert_told (&fixture, LINNET_ERROR_KEYRING_MISSING);
  assert_no_token (&fixture);

  linnet_test_server_play (fixture.server, third);
  linnet_test_assert_rejects (
      linnet_account_sign_in_again (fixture.account, "pencil", FALSE), LINNET_ERROR, LINNET_ERROR_TAMPERED);
  tear_down (&fixture);
}

/* ---- another network (R19, R22) ---- */

#define QUESTIONS \
  "_xmpps-client._tcp.example.org,_xmpp-client._tcp.example.org,example.org AAAA,example.org A"

static void
wait_questions (LinnetTestResolver *resolver,
                const char *expected)
{
  g_autofree char *questions = linnet_test_resolver_dup_questions (resolver);

  while (strlen (questions) < strlen (expected))
    {
      linnet_test_settle ();
      g_free (questions);
      questions = linnet_test_resolver_dup_questions (resolver);
    }
  linnet_test_settle ();
  g_free (questions);
  questions = linnet_test_resolver_dup_questions (resolver);
  g_assert_cmpstr (questions, ==, expected);
}

/* An attempt over the network of before may wait for long; where there is another, it begins anew. */
static void
test_network_changes_in_attempt (gconstpointer data)
{
  static const LinnetTestAccount with_account = { .address = "ana@example.org" };
  g_autoptr (LinnetTestResolver) resolver = linnet_test_resolver_new ();
  g_autoptr (GResolver) old_resolver = g_resolver_get_default ();
  LinnetAccountManager *manager = linnet_test_manager_new (&with_account, 1);
  LinnetAccount *account = linnet_account_manager_find_account (manager, "ana@example.org");

  linnet_test_resolver_hold (resolver, "example.org A");
  g_resolver_set_default (G_RESOLVER (resolver));
  linnet_credentials_set_password (linnet_connection_get_credentials (account->connection), "secret");
  linnet_connection_set_wanted (account->connection, TRUE);
  wait_questions (resolver, QUESTIONS);

  linnet_connection_network_changed (account->connection, FALSE);
  linnet_test_settle ();
  wait_questions (resolver, QUESTIONS);
  g_assert_cmpint (linnet_account_get_state (account), ==, LINNET_CONNECTION_CONNECTING);

  linnet_connection_network_changed (account->connection, TRUE);
  wait_questions (resolver, QUESTIONS "," QUESTIONS);
  g_assert_cmpint (linnet_account_get_state (account), ==, LINNET_CONNECTION_CONNECTING);

  linnet_test_manager_free (manager);
  linnet_test_resolver_release (resolver, "example.org A");
  linnet_test_settle ();
  g_resolver_set_default (old_resolver);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/connection/conflict", test_conflict, NULL);
  linnet_test_add ("/model/connection/policy-violation", test_policy_violation, NULL);
  linnet_test_add ("/model/connection/shutdown", test_shutdown, NULL);
  linnet_test_add ("/model/connection/see-other-host", test_see_other_host, NULL);
  linnet_test_add ("/model/connection/see-other-identity", test_see_other_identity, NULL);
  linnet_test_add ("/model/connection/password-changed", test_password_changed, NULL);
  linnet_test_add ("/model/connection/enabled", test_enabled, NULL);
  linnet_test_add ("/model/connection/plain-needs-consent", test_plain_needs_consent, NULL);
  linnet_test_add ("/model/connection/expired-token", test_expired_token, NULL);
  linnet_test_add ("/model/connection/refused-token", test_refused_token, NULL);
  linnet_test_add ("/model/connection/misbound-token", test_misbound_token, NULL);
  linnet_test_add ("/model/connection/network-changes-in-attempt", test_network_changes_in_attempt, NULL);

  return g_test_run ();
}
