/* Tests of making a new account, against a server that plays a transcript
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-error.h"
#include "registration-fixture.h"

/* Signing in, and that it is refused. */
#define AUTH "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGFuYQBzZWNyZXQ=</auth>"
#define SIGN_IN(failure)                                                                        \
  LINNET_TEST_OPEN_TLS ("example.org"),                                                         \
      LINNET_TEST_OPEN ("example.org",                                                          \
                        "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN" \
                        "</mechanism></mechanisms>"),                                           \
      { .c = AUTH,                                                                              \
        .s = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><" failure "/></failure>" },    \
      { .act = LINNET_TEST_WAIT_EOF },                                                          \
  {                                                                                             \
  }

/* ---- no form ---- */

static const struct
{
  const char *name;
  const char *features;
  const char *reply;
  LinnetError code;
  const char *text;
} no_form_rows[] = {
  { "closed",
    FEATURES (""),
    REFUSAL_TEXT ("service-unavailable", "Not here"),
    LINNET_ERROR_REGISTRATION_CLOSED,
    "Not here" },
  { "by-invitation",
    FEATURES (TOKENS),
    REFUSAL ("not-allowed"),
    LINNET_ERROR_REGISTRATION_NEEDS_INVITE,
    NULL },
  { "too-quickly",
    FEATURES (OFFER),
    REFUSAL ("resource-constraint"),
    LINNET_ERROR_REGISTRATION_LIMIT,
    NULL },
  { "nonsense", FEATURES (OFFER), RESULT ("<nonsense xmlns='urn:x'/>"), LINNET_ERROR_PROTOCOL, NULL },
};

static void
test_no_form (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN_TLS ("example.org"),
    { .c = HEADER, .s = no_form_rows[row].features },
    { .c = GET, .s = no_form_rows[row].reply },
    END,
  };
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, steps);
  linnet_test_assert_rejects (
      linnet_registration_start (fixture.registration), LINNET_ERROR, no_form_rows[row].code);
  g_assert_cmpstr (linnet_registration_get_server_text (fixture.registration), ==, no_form_rows[row].text);
  g_assert_cmpint (linnet_registration_get_state (fixture.registration), ==, LINNET_REGISTRATION_IDLE);
  registration_fixture_clear (&fixture);
}

static char *
give_500_fields (LinnetTestServer *server,
                 gpointer user_data)
{
  GString *out = g_string_new (NULL);

  g_string_printf (out,
                   "<iq type='result' id='%s'><query xmlns='jabber:iq:register'>"
                   "<x xmlns='jabber:x:data' type='form'>",
                   linnet_test_server_get_capture (server, 1));
  for (guint i = 0; i < 500; i++)
    g_string_append_printf (out, "<field var='v%u'/>", i);
  g_string_append (out, "</x></query></iq>");

  return g_string_free (out, FALSE);
}

static void
test_500_fields (gconstpointer data)
{
  static const LinnetTestStep steps[] = { OPEN (OFFER), { .c = GET, .reply = give_500_fields }, END };
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, steps);
  linnet_test_assert_rejects (
      linnet_registration_start (fixture.registration), LINNET_ERROR, LINNET_ERROR_FORM_TOO_LARGE);
  registration_fixture_clear (&fixture);
}

static void
test_bad_domain (gconstpointer data)
{
  static const char *const domains[] = { "", "ana@example.org", "example.org/x", "exa mple.org" };
  LinnetAccountManager *manager = linnet_test_manager_new (NULL, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    {
      g_autoptr (LinnetRegistration) registration = linnet_registration_new (manager, domains[i]);

      linnet_test_assert_rejects (
          linnet_registration_start (registration), LINNET_ERROR, LINNET_ERROR_BAD_ADDRESS);
    }
  linnet_test_manager_free (manager);
}

/* Somebody else's certificate: nothing is asked, and the person is told. */
static void
test_certificate (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN ("example.org", "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
    { .c = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
      .s = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
      .act = LINNET_TEST_REFUSED_TLS },
    {},
  };
  const LinnetTestCertificate spec = { .names = { "evil.example" } };
  g_autoptr (GTlsCertificate) certificate = NULL;
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, steps);
  certificate = linnet_test_ca_issue (fixture.ca, &spec);
  linnet_test_server_set_certificate (fixture.server, certificate);
  linnet_test_assert_rejects (
      linnet_registration_start (fixture.registration), LINNET_ERROR, LINNET_ERROR_CERTIFICATE);
  registration_fixture_clear (&fixture);
}

static void
test_no_tls (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN ("example.org", OFFER),
    { .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, steps);
  linnet_test_assert_rejects (
      linnet_registration_start (fixture.registration), LINNET_ERROR, LINNET_ERROR_NO_TLS);
  registration_fixture_clear (&fixture);
}

/* ---- what the server says to it ---- */

static void
test_refused (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    OPEN (OFFER),
    { .c = GET, .s = RESULT (PLAIN) },
    { .c = SET (ANA), .s = REFUSAL_TEXT ("conflict", "The user exists") },
    { .c = SET (QUERY ("<username>ana42</username><password>secret</password>")),
      .s = REFUSAL_TEXT ("not-acceptable", "Please use a longer password.") },
    END,
  };
  g_auto (GStrv) names = NULL;
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, steps);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  registration_fixture_type (&fixture, LINNET_FORM_FIELD_USERNAME, " Ana@Example.org");
  registration_fixture_type (&fixture, LINNET_FORM_FIELD_PASSWORD, "secret");
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_NAME_TAKEN);
  g_assert_cmpint (registration_fixture_get_problem (&fixture, LINNET_FORM_FIELD_USERNAME),
                   ==,
                   LINNET_FORM_PROBLEM_NAME_TAKEN);
  g_assert_cmpstr (linnet_registration_get_server_text (fixture.registration), ==, "The user exists");
  g_assert_false (linnet_registration_get_registered (fixture.registration));

  names = linnet_registration_suggest_names (fixture.registration, "Ana");
  g_assert_cmpuint (g_strv_length (names), ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_true (g_str_has_prefix (names[i], "ana") && strlen (names[i]) > 3);

  /* The same stream goes on. */
  registration_fixture_type (&fixture, LINNET_FORM_FIELD_USERNAME, "ana42");
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_WEAK_PASSWORD);
  g_assert_cmpint (registration_fixture_get_problem (&fixture, LINNET_FORM_FIELD_USERNAME),
                   ==,
                   LINNET_FORM_PROBLEM_NONE);
  g_assert_cmpint (registration_fixture_get_problem (&fixture, LINNET_FORM_FIELD_PASSWORD),
                   ==,
                   LINNET_FORM_PROBLEM_WEAK_PASSWORD);
  g_assert_cmpstr (registration_fixture_get_value (&fixture, LINNET_FORM_FIELD_USERNAME), ==, "ana42");
  registration_fixture_clear (&fixture);
}

/* ---- connections that break ---- */

/* While somebody types: nobody notices, as nothing has been sent. */
static void
test_reconnects (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    OPEN (OFFER),
    { .c = GET, .s = RESULT (PLAIN) "</stream:stream>", .act = LINNET_TEST_CLOSE },
    {},
  };
  static const LinnetTestStep second[] = {
    OPEN (OFFER),
    { .c = GET, .s = RESULT (PLAIN) },
    { .c = SET (ANA), .s = REFUSAL ("conflict") },
    END,
  };
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, first);
  linnet_test_server_play (fixture.server, second);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  registration_fixture_type_ana (&fixture);
  linnet_test_settle ();
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_NAME_TAKEN);
  g_assert_cmpuint (linnet_test_server_get_n_connections (fixture.server), ==, 2);
  registration_fixture_clear (&fixture);
}

/* With a puzzle the person has to solve the new one. */
static void
test_captcha_expired (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    OPEN (OFFER),
    { .c = GET, .s = RESULT (PUZZLE ("1")) "</stream:stream>", .act = LINNET_TEST_CLOSE },
    {},
  };
  static const LinnetTestStep second[] = {
    OPEN (OFFER),
    { .c = GET, .s = RESULT (PUZZLE ("2")) },
    { .c = SOLVED ("2", "new"), .s = REFUSAL ("resource-constraint") },
    { .c = GET, .s = RESULT (PUZZLE ("3")) },
    END,
  };
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, first);
  linnet_test_server_play (fixture.server, second);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  registration_fixture_type_ana (&fixture);
  registration_fixture_type (&fixture, LINNET_FORM_FIELD_CAPTCHA, "old");
  linnet_test_settle ();
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_CAPTCHA_EXPIRED);
  g_assert_cmpstr (registration_fixture_get_value (&fixture, LINNET_FORM_FIELD_CAPTCHA), ==, "");
  g_assert_cmpstr (registration_fixture_get_value (&fixture, LINNET_FORM_FIELD_PASSWORD), ==, "secret");

  registration_fixture_type (&fixture, LINNET_FORM_FIELD_CAPTCHA, "new");
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_REGISTRATION_LIMIT);
  registration_fixture_clear (&fixture);
}

/* After the form was sent: signing in tells that there is no account, and the next attempt registers. */
static void
test_no_answer (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    OPEN (OFFER),
    { .c = GET, .s = RESULT (PLAIN) },
    { .c = SET (ANA), .act = LINNET_TEST_CLOSE },
    {},
  };
  static const LinnetTestStep second[] = { SIGN_IN ("not-authorized") };
  static const LinnetTestStep third[] = {
    OPEN (OFFER),
    { .c = GET, .s = RESULT (PLAIN) },
    { .c = SET (ANA), .s = REFUSAL ("conflict") },
    END,
  };
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, first);
  linnet_test_server_play (fixture.server, second);
  linnet_test_server_play (fixture.server, third);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  registration_fixture_type_ana (&fixture);
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_CONNECTION_LOST);
  g_assert_false (linnet_registration_get_registered (fixture.registration));
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_NAME_TAKEN);
  registration_fixture_clear (&fixture);
}

/* The same, but not even that can be found out: the next attempt asks again before it registers. */
static void
test_unsure (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    OPEN (OFFER),
    { .c = GET, .s = RESULT (PLAIN) },
    { .c = SET (ANA), .act = LINNET_TEST_CLOSE },
    {},
  };
  static const LinnetTestStep second[] = { SIGN_IN ("temporary-auth-failure") };
  static const LinnetTestStep third[] = { SIGN_IN ("temporary-auth-failure") };
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, first);
  linnet_test_server_play (fixture.server, second);
  linnet_test_server_play (fixture.server, third);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  registration_fixture_type_ana (&fixture);
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_CONNECTION_LOST);
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_TRY_LATER);
  registration_fixture_clear (&fixture);
}

/* Registered, but not signed in: the next attempt does not register again. */
static void
test_registered (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    OPEN (OFFER),
    { .c = GET, .s = RESULT (PLAIN) },
    { .c = SET (ANA), .s = RESULT ("") },
    END,
  };
  static const LinnetTestStep second[] = { SIGN_IN ("temporary-auth-failure") };
  static const LinnetTestStep third[] = { SIGN_IN ("account-disabled") };
  g_autofree char *address = NULL;
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, first);
  linnet_test_server_play (fixture.server, second);
  linnet_test_server_play (fixture.server, third);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  registration_fixture_type_ana (&fixture);
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_TRY_LATER);
  g_assert_true (linnet_registration_get_registered (fixture.registration));
  registration_fixture_type (&fixture, LINNET_FORM_FIELD_USERNAME, "somebody");
  address = linnet_registration_dup_address (fixture.registration);
  g_assert_cmpstr (address, ==, "ana@example.org");
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_ACCOUNT_DISABLED);
  registration_fixture_clear (&fixture);
}

/* ---- invitations ---- */

#define PREAUTH "<preauth xmlns='urn:xmpp:pars:0' token='T&amp;1'/>"

static void
test_token (gconstpointer data)
{
  static const LinnetTestStep first[] = {
    OPEN (TOKENS),
    { .c = SET (PREAUTH), .s = REFUSAL_TEXT ("item-not-found", "Expired") },
    END,
  };
  static const LinnetTestStep second[] = {
    OPEN (TOKENS),
    { .c = GET, .s = RESULT (PLAIN) },
    { .c = SET (ANA), .s = REFUSAL_TEXT ("not-acceptable", "Through invitation only") },
    END,
  };
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, first);
  linnet_test_server_play (fixture.server, second);
  linnet_registration_set_token (fixture.registration, "T&1");
  linnet_test_assert_rejects (
      linnet_registration_start (fixture.registration), LINNET_ERROR, LINNET_ERROR_BAD_TOKEN);
  g_assert_cmpstr (linnet_registration_get_server_text (fixture.registration), ==, "Expired");

  linnet_registration_set_token (fixture.registration, NULL);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  registration_fixture_type_ana (&fixture);
  linnet_test_assert_rejects (linnet_registration_submit (fixture.registration),
                              LINNET_ERROR,
                              LINNET_ERROR_REGISTRATION_NEEDS_INVITE);
  registration_fixture_clear (&fixture);
}

/* A server that knows no tokens is not sent one. */
static void
test_token_unknown (gconstpointer data)
{
  static const LinnetTestStep steps[] = { OPEN (OFFER), { .c = GET, .s = RESULT (PLAIN) }, END };
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, steps);
  linnet_registration_set_token (fixture.registration, "T&1");
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  registration_fixture_clear (&fixture);
}

/* ---- going back ---- */

static void
test_cancelled (gconstpointer data)
{
  static const LinnetTestStep first[] = { OPEN (OFFER), { .c = GET }, END };
  static const LinnetTestStep second[] = { OPEN (OFFER), { .c = GET, .s = RESULT (PLAIN) }, END };
  DexFuture *starting;
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, first);
  linnet_test_server_play (fixture.server, second);
  starting = linnet_registration_start (fixture.registration);
  g_assert_cmpint (linnet_registration_get_state (fixture.registration), ==, LINNET_REGISTRATION_CONNECTING);
  while (linnet_test_server_get_n_connections (fixture.server) == 0 ||
         g_strrstr (linnet_test_server_get_received (fixture.server), "jabber:iq:register") == NULL)
    linnet_test_turn ();
  linnet_registration_cancel (fixture.registration);
  linnet_test_assert_rejects (starting, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (linnet_registration_get_state (fixture.registration), ==, LINNET_REGISTRATION_IDLE);

  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  registration_fixture_type_ana (&fixture);
  linnet_registration_cancel (fixture.registration);
  g_assert_cmpuint (
      g_list_model_get_n_items (linnet_registration_get_fields (fixture.registration)), ==, 0);
  g_assert_null (linnet_registration_get_instructions (fixture.registration));
  registration_fixture_clear (&fixture);
}

static void
test_dropped (gconstpointer data)
{
  static const LinnetTestStep steps[] = { OPEN (OFFER), { .c = GET }, { .act = LINNET_TEST_WAIT_EOF }, {} };
  DexFuture *starting;
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, steps);
  linnet_test_server_allow_hang_up (fixture.server);
  starting = linnet_registration_start (fixture.registration);
  while (linnet_test_server_get_n_connections (fixture.server) == 0 ||
         g_strrstr (linnet_test_server_get_received (fixture.server), "jabber:iq:register") == NULL)
    linnet_test_turn ();
  dex_unref (starting);
  linnet_test_settle ();
  g_assert_cmpint (linnet_registration_get_state (fixture.registration), ==, LINNET_REGISTRATION_IDLE);
  registration_fixture_clear (&fixture);
}

static void
test_one_at_a_time (gconstpointer data)
{
  static const LinnetTestStep steps[] = { OPEN (OFFER), { .c = GET, .s = RESULT (PLAIN) }, END };
  DexFuture *starting;
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, steps);
  starting = linnet_registration_start (fixture.registration);
  linnet_test_assert_rejects (
      linnet_registration_start (fixture.registration), LINNET_ERROR, LINNET_ERROR_FAILED);
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_FAILED);
  linnet_test_assert_resolves (starting);
  registration_fixture_clear (&fixture);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (no_form_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/registration/no-form/%s", no_form_rows[i].name);

      linnet_test_add (path, test_no_form, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/model/registration/500-fields", test_500_fields, NULL);
  linnet_test_add ("/model/registration/bad-domain", test_bad_domain, NULL);
  linnet_test_add ("/model/registration/certificate", test_certificate, NULL);
  linnet_test_add ("/model/registration/no-tls", test_no_tls, NULL);
  linnet_test_add ("/model/registration/refused", test_refused, NULL);
  linnet_test_add ("/model/registration/reconnects", test_reconnects, NULL);
  linnet_test_add ("/model/registration/captcha-expired", test_captcha_expired, NULL);
  linnet_test_add ("/model/registration/no-answer", test_no_answer, NULL);
  linnet_test_add ("/model/registration/unsure", test_unsure, NULL);
  linnet_test_add ("/model/registration/registered", test_registered, NULL);
  linnet_test_add ("/model/registration/token", test_token, NULL);
  linnet_test_add ("/model/registration/token-unknown", test_token_unknown, NULL);
  linnet_test_add ("/model/registration/cancelled", test_cancelled, NULL);
  linnet_test_add ("/model/registration/dropped", test_dropped, NULL);
  linnet_test_add ("/model/registration/one-at-a-time", test_one_at_a_time, NULL);

  return g_test_run ();
}
