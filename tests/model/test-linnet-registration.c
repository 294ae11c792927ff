/* Tests of making a new account, against a server that plays a transcript
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-account-manager.h"
#include "linnet-error.h"
#include "linnet-registration.h"
#include "linnet-test-ca.h"
#include "linnet-test-model.h"
#include "linnet-test-server.h"
#include "linnet-test.h"

#define STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"
#define OFFER "<register xmlns='http://jabber.org/features/iq-register'/>"
#define TOKENS "<register xmlns='urn:xmpp:ibr-token:0'/>"
#define HEADER "<stream:stream to='example.org' version='1.0' xml:lang='en'>"
#define FEATURES(list) LINNET_TEST_STREAM_S ("example.org") "<stream:features>" list "</stream:features>"
#define OPEN(list)                      \
  LINNET_TEST_OPEN_TLS ("example.org"), \
  {                                     \
    .c = HEADER, .s = FEATURES (list)   \
  }
#define END                                                                       \
  { .c = "</stream:stream>", .s = "</stream:stream>", .act = LINNET_TEST_CLOSE }, \
  {                                                                               \
  }
#define QUERY(content) "<query xmlns='jabber:iq:register'>" content "</query>"
#define FORM(content) QUERY ("<x xmlns='jabber:x:data' type='form'>" content "</x>")
#define SUBMIT(content) QUERY ("<x xmlns='jabber:x:data' type='submit'>" content "</x>")
#define GET "<iq type='get' id='*' to='example.org'>" QUERY ("") "</iq>"
#define SET(content) "<iq type='set' id='*' to='example.org'>" content "</iq>"
#define RESULT(content) "<iq type='result' id='$1'>" content "</iq>"
#define REFUSAL(condition) \
  "<iq type='error' id='$1'><error type='cancel'><" condition " xmlns='" STANZAS "'/></error></iq>"
#define REFUSAL_TEXT(condition, words)                                           \
  "<iq type='error' id='$1'><error type='cancel'><" condition " xmlns='" STANZAS \
  "'/><text xmlns='" STANZAS "'>" words "</text></error></iq>"
#define NAME "<field type='text-single' var='username' label='Name'><required/></field>"
#define PASSWORD "<field type='text-private' var='password' label='Password'><required/></field>"
#define PLAIN QUERY ("<instructions>Choose.</instructions><username/><password/>")
#define ANA QUERY ("<username>ana</username><password>secret</password>")
/* The bytes "picture". */
#define CID "sha1+0e66b49d04a43c19bcb2e13a53aff5d174f610fc@bob.xmpp.org"
#define PUZZLE(number)                                                                                \
  QUERY ("<x xmlns='jabber:x:data' type='form'><field type='hidden' var='challenge'><value>" number   \
         "</value></field>" NAME PASSWORD                                                             \
         "<field var='ocr' label='Type it'><required/><media xmlns='urn:xmpp:media-element'><uri "    \
         "type='image/png'>cid:" CID "</uri></media></field></x><data xmlns='urn:xmpp:bob' cid='" CID \
         "'>cGljdHVyZQ==</data>")
#define SOLVED(number, answer)                                                                          \
  SET (SUBMIT ("<field type='hidden' var='challenge'><value>" number                                    \
               "</value></field><field var='username'><value>ana</value></field><field var='password'>" \
               "<value>secret</value></field><field var='ocr'><value>" answer "</value></field>"))
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

typedef struct
{
  LinnetAccountManager *manager;
  LinnetTestCa *ca;
  LinnetTestServer *server;
  LinnetRegistration *registration;
} Fixture;

/* @steps: of the first connection; nullable */
static void
fixture_init (Fixture *self,
              const LinnetTestStep *steps)
{
  static const LinnetTestAccount known = { .address = "mira@example.org" };
  g_autoptr (GTlsCertificate) certificate = NULL;

  self->manager = linnet_test_manager_new (&known, 1);
  self->ca = linnet_test_ca_new ();
  self->server = linnet_test_server_new ();
  certificate = linnet_test_ca_issue (self->ca, NULL);
  linnet_test_ca_trust (self->ca);
  linnet_test_server_set_certificate (self->server, certificate);
  if (steps != NULL)
    linnet_test_server_play (self->server, steps);

  self->registration = linnet_registration_new (self->manager, " Example.org ");
  linnet_registration_set_server (
      self->registration, "127.0.0.1", linnet_test_server_listen (self->server, "127.0.0.1"), FALSE);
}

/* Nothing stays of an account that was not signed in. */
static void
fixture_clear (Fixture *self)
{
  linnet_registration_cancel (self->registration);
  linnet_test_assert_resolves (linnet_test_server_finish (self->server));
  linnet_test_settle ();
  g_assert_finalize_object (g_steal_pointer (&self->registration));

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->manager)), ==, 1);
  self->manager = linnet_test_manager_restart (self->manager);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->manager)), ==, 1);
  linnet_test_manager_free (g_steal_pointer (&self->manager));
  g_clear_object (&self->server);
  g_clear_pointer (&self->ca, linnet_test_ca_free);
}

static void
type (Fixture *self,
      LinnetFormFieldKind kind,
      const char *value)
{
  LinnetFormField *field = linnet_registration_find_field (self->registration, kind);

  g_assert_nonnull (field);
  linnet_form_field_set_value (field, value);
}

static void
type_ana (Fixture *self)
{
  type (self, LINNET_FORM_FIELD_USERNAME, "ana");
  type (self, LINNET_FORM_FIELD_PASSWORD, "secret");
}

static LinnetFormProblem
get_problem (Fixture *self,
             LinnetFormFieldKind kind)
{
  return linnet_form_field_get_problem (linnet_registration_find_field (self->registration, kind));
}

static const char *
get_value (Fixture *self,
           LinnetFormFieldKind kind)
{
  return linnet_form_field_get_value (linnet_registration_find_field (self->registration, kind));
}

/* ---- what is shown ---- */

/* A line a field: kind, name, "!" when required, label, value, "picture" and so on. */
static char *
describe (LinnetRegistration *registration)
{
  GListModel *fields = linnet_registration_get_fields (registration);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (LinnetFormField) field = g_list_model_get_item (fields, i);
      g_autofree char *kind =
          g_enum_to_string (LINNET_TYPE_FORM_FIELD_KIND, linnet_form_field_get_kind (field));
      g_autofree char *values =
          g_strjoinv ("|", (char **) linnet_form_field_get_values (field));
      const char *label = linnet_form_field_get_label (field);

      g_string_append_printf (out,
                              "%s%s %s '%s' [%s]%s%s%s\n",
                              kind + strlen ("LINNET_FORM_FIELD_"),
                              linnet_form_field_get_required (field) ? "!" : "",
                              linnet_form_field_get_name (field),
                              label != NULL ? label : "",
                              values,
                              linnet_form_field_get_picture (field) != NULL ? " picture" : "",
                              linnet_form_field_get_audio (field) != NULL ? " audio" : "",
                              linnet_form_field_get_fallback_url (field) != NULL ? " fallback" : "");
    }

  return g_string_free (out, FALSE);
}

#define NAME_LINE "USERNAME! username 'Name' []\n"
#define PASSWORD_LINE "PASSWORD! password 'Password' []\n"

static const struct
{
  const char *name;
  const char *reply;
  LinnetRegistrationState state;
  const char *fields;
  const char *instructions;
  const char *web_url;
} form_rows[] = {
  { .name = "plain",
    .reply = RESULT (QUERY ("<instructions>Choose.</instructions><username/><password/><email/>")),
    .state = LINNET_REGISTRATION_FORM,
    .fields = "USERNAME! username '' []\nPASSWORD! password '' []\nEMAIL! email '' []\n",
    .instructions = "Choose." },
  { .name = "each-kind",
    .reply = RESULT (FORM (
        NAME PASSWORD
        "<field type='fixed'><value>Note</value></field><field type='hidden' var='h'/>"
        "<field var='email'/><field type='text-multi' var='a'><value>1</value><value>2</value></field>"
        "<field type='boolean' var='b'/><field type='boolean' var='c'><value>true</value></field>"
        "<field type='list-single' var='d'><option><value>x</value></option><value>x</value></field>"
        "<field type='list-multi' var='e'><option><value>x</value></option><option><value>y</value>"
        "</option><value>x</value><value>y</value></field><field type='jid-single' var='f'/>"
        "<field type='jid-multi' var='g'/><field var='i'><validate "
        "xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:integer'/></field>"
        "<field var='j'><validate xmlns='http://jabber.org/protocol/xdata-validate' "
        "datatype='xs:date'/></field><field type='text-private' var='k'/><field type='odd' var='l'/>")),
    .state = LINNET_REGISTRATION_FORM,
    .fields = NAME_LINE PASSWORD_LINE
    "NOTE  'Note' []\nEMAIL email '' []\nMULTILINE a '' [1\n2]\nSWITCH b '' [0]\nSWITCH c '' [1]\n"
    "CHOICE d '' [x]\nCHOICES e '' [x|y]\nADDRESS f '' []\nADDRESSES g '' []\nNUMBER i '' []\n"
    "DATE j '' []\nPASSWORD k '' []\nTEXT l '' []\n" },
  { .name = "puzzle",
    .reply = RESULT (PUZZLE ("1")),
    .state = LINNET_REGISTRATION_FORM,
    .fields = NAME_LINE PASSWORD_LINE "CAPTCHA! ocr 'Type it' [] picture\n" },
  { .name = "puzzle-elsewhere",
    .reply = RESULT (FORM (
        NAME PASSWORD
        "<field type='text-single' var='captcha-fallback-url' label='Page'><value>https://example.org/c"
        "</value></field><field type='hidden' var='captchahidden'><value>1</value></field>"
        "<field var='SHA-256' label='93C7A'/><field var='ocr'><media xmlns='urn:xmpp:media-element'>"
        "<uri type='image/png'>https://example.org/p</uri><uri type='audio/ogg'>https://example.org/s</uri>"
        "</media></field>")),
    .state = LINNET_REGISTRATION_FORM,
    .fields = NAME_LINE PASSWORD_LINE "CAPTCHA ocr '' [] picture audio fallback\n" },
  { .name = "puzzle-in-clear",
    .reply = RESULT (FORM (
        NAME PASSWORD
        "<field type='text-single' var='captcha-fallback-url'><value>http://example.org/c</value></field>"
        "<field var='ocr'><media xmlns='urn:xmpp:media-element'><uri type='image/png'>file:///etc/passwd"
        "</uri><uri type='image/png'>http://127.0.0.1/p</uri></media></field>")),
    .state = LINNET_REGISTRATION_FORM,
    .fields = NAME_LINE PASSWORD_LINE "CAPTCHA ocr '' []\n" },
  { .name = "web",
    .reply = RESULT (QUERY ("<instructions>Go there.</instructions><x xmlns='jabber:x:oob'><url>"
                            "https://example.org/join</url></x>")),
    .state = LINNET_REGISTRATION_WEB,
    .fields = "",
    .instructions = "Go there.",
    .web_url = "https://example.org/join" },
  { .name = "form-without-name-but-web",
    .reply = RESULT (QUERY ("<password/><x xmlns='jabber:x:oob'><url>https://example.org/join</url></x>")),
    .state = LINNET_REGISTRATION_WEB,
    .fields = "PASSWORD! password '' []\n",
    .web_url = "https://example.org/join" },
  { .name = "two-names",
    .reply = RESULT (FORM (NAME "<field var='username' label='Another'/>" PASSWORD)),
    .state = LINNET_REGISTRATION_FORM,
    .fields = NAME_LINE PASSWORD_LINE },
};

static void
test_form (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = { OPEN (OFFER), { .c = GET, .s = form_rows[row].reply }, END };
  g_autofree char *fields = NULL;
  Fixture fixture;

  fixture_init (&fixture, steps);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  fields = describe (fixture.registration);
  g_assert_cmpint (linnet_registration_get_state (fixture.registration), ==, form_rows[row].state);
  g_assert_cmpstr (fields, ==, form_rows[row].fields);
  g_assert_cmpstr (
      linnet_registration_get_instructions (fixture.registration), ==, form_rows[row].instructions);
  g_assert_cmpstr (linnet_registration_get_web_url (fixture.registration), ==, form_rows[row].web_url);
  fixture_clear (&fixture);
}

static void
test_picture (gconstpointer data)
{
  static const LinnetTestStep steps[] = { OPEN (OFFER), { .c = GET, .s = RESULT (PUZZLE ("1")) }, END };
  const LinnetFormMedia *picture;
  Fixture fixture;

  fixture_init (&fixture, steps);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  picture = linnet_form_field_get_picture (
      linnet_registration_find_field (fixture.registration, LINNET_FORM_FIELD_CAPTCHA));
  g_assert_cmpstr (picture->type, ==, "image/png");
  g_assert_cmpmem (g_bytes_get_data (picture->data, NULL), g_bytes_get_size (picture->data), "picture", 7);
  g_assert_null (picture->url);
  fixture_clear (&fixture);
}

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
  { "closed-in-words",
    FEATURES (OFFER),
    RESULT (QUERY ("<instructions>Write to the admin.</instructions>")),
    LINNET_ERROR_REGISTRATION_CLOSED,
    "Write to the admin." },
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
  { "no-name", FEATURES (OFFER), RESULT (QUERY ("<password/>")), LINNET_ERROR_NOT_SUPPORTED, NULL },
  { "no-password",
    FEATURES (OFFER),
    RESULT (FORM (NAME "<field type='text-private' var='pin'/>")),
    LINNET_ERROR_NOT_SUPPORTED,
    NULL },
  { "have-one-already",
    FEATURES (OFFER),
    RESULT (QUERY ("<registered/><username>ana</username><password/>")),
    LINNET_ERROR_NOT_SUPPORTED,
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
  Fixture fixture;

  fixture_init (&fixture, steps);
  linnet_test_assert_rejects (
      linnet_registration_start (fixture.registration), LINNET_ERROR, no_form_rows[row].code);
  g_assert_cmpstr (linnet_registration_get_server_text (fixture.registration), ==, no_form_rows[row].text);
  g_assert_cmpint (linnet_registration_get_state (fixture.registration), ==, LINNET_REGISTRATION_IDLE);
  fixture_clear (&fixture);
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
  Fixture fixture;

  fixture_init (&fixture, steps);
  linnet_test_assert_rejects (
      linnet_registration_start (fixture.registration), LINNET_ERROR, LINNET_ERROR_FORM_TOO_LARGE);
  fixture_clear (&fixture);
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
  Fixture fixture;

  fixture_init (&fixture, steps);
  certificate = linnet_test_ca_issue (fixture.ca, &spec);
  linnet_test_server_set_certificate (fixture.server, certificate);
  linnet_test_assert_rejects (
      linnet_registration_start (fixture.registration), LINNET_ERROR, LINNET_ERROR_CERTIFICATE);
  fixture_clear (&fixture);
}

static void
test_no_tls (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN ("example.org", OFFER),
    { .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  Fixture fixture;

  fixture_init (&fixture, steps);
  linnet_test_assert_rejects (
      linnet_registration_start (fixture.registration), LINNET_ERROR, LINNET_ERROR_NO_TLS);
  fixture_clear (&fixture);
}

/* ---- what is typed ---- */

static const struct
{
  const char *name;
  const char *username;
  const char *password;
  const char *number;
  LinnetError code;
  LinnetFormFieldKind kind;
  LinnetFormProblem problem;
} typed_rows[] = {
#define ROW(name, user, pass, number, code, kind, problem)                                                 \
  {                                                                                                        \
    name, user, pass, number, LINNET_ERROR_##code, LINNET_FORM_FIELD_##kind, LINNET_FORM_PROBLEM_##problem \
  }
  ROW ("no-name", " ", "secret", "1", FORM_INCOMPLETE, USERNAME, EMPTY),
  ROW ("no-password", "ana", "", "1", FORM_INCOMPLETE, PASSWORD, EMPTY),
  ROW ("no-number", "ana", "secret", "", FORM_INCOMPLETE, NUMBER, EMPTY),
  ROW ("bad-number", "ana", "secret", "many", FORM_INCOMPLETE, NUMBER, NOT_A_NUMBER),
  ROW ("large-number", "ana", "secret", "11", FORM_INCOMPLETE, NUMBER, OUT_OF_RANGE),
  ROW ("space-in-name", "ana maria", "secret", "1", BAD_NAME, USERNAME, BAD_NAME),
  ROW ("slash-in-name", "ana/maria", "secret", "1", BAD_NAME, USERNAME, BAD_NAME),
  ROW ("emoji-as-name", "\xf0\x9f\x90\xa6", "secret", "1", BAD_NAME, USERNAME, BAD_NAME),
  ROW ("other-domain", "ana@example.com", "secret", "1", BAD_NAME, USERNAME, BAD_NAME),
  ROW ("bad-password", "ana", "se\tcret", "1", BAD_PASSWORD, PASSWORD, BAD_PASSWORD),
  ROW ("sasl-password", "ana", "secret\xe2\xbf\xb0", "1", BAD_PASSWORD, PASSWORD, BAD_PASSWORD),
  ROW ("known", "MIRA", "secret", "1", ACCOUNT_EXISTS, USERNAME, NONE),
};

/* Nothing of this reaches the server. */
static void
test_typed (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    OPEN (OFFER),
    { .c = GET,
      .s = RESULT (FORM (NAME PASSWORD
                         "<field var='n'><required/><validate "
                         "xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:int'>"
                         "<range min='1' max='10'/></validate></field>")) },
    END,
  };
  gsize row = GPOINTER_TO_SIZE (data);
  Fixture fixture;

  fixture_init (&fixture, steps);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  type (&fixture, LINNET_FORM_FIELD_USERNAME, typed_rows[row].username);
  type (&fixture, LINNET_FORM_FIELD_PASSWORD, typed_rows[row].password);
  type (&fixture, LINNET_FORM_FIELD_NUMBER, typed_rows[row].number);
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, typed_rows[row].code);
  g_assert_cmpint (get_problem (&fixture, typed_rows[row].kind), ==, typed_rows[row].problem);
  g_assert_cmpint (linnet_registration_get_state (fixture.registration), ==, LINNET_REGISTRATION_FORM);

  /* Whoever types again is no longer told so. */
  type (&fixture, typed_rows[row].kind, "other");
  g_assert_cmpint (get_problem (&fixture, typed_rows[row].kind), ==, LINNET_FORM_PROBLEM_NONE);
  fixture_clear (&fixture);
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
  Fixture fixture;

  fixture_init (&fixture, steps);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  type (&fixture, LINNET_FORM_FIELD_USERNAME, " Ana@Example.org");
  type (&fixture, LINNET_FORM_FIELD_PASSWORD, "secret");
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_NAME_TAKEN);
  g_assert_cmpint (get_problem (&fixture, LINNET_FORM_FIELD_USERNAME), ==, LINNET_FORM_PROBLEM_NAME_TAKEN);
  g_assert_cmpstr (linnet_registration_get_server_text (fixture.registration), ==, "The user exists");
  g_assert_false (linnet_registration_get_registered (fixture.registration));

  names = linnet_registration_suggest_names (fixture.registration, "Ana");
  g_assert_cmpuint (g_strv_length (names), ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_true (g_str_has_prefix (names[i], "ana") && strlen (names[i]) > 3);

  /* The same stream goes on. */
  type (&fixture, LINNET_FORM_FIELD_USERNAME, "ana42");
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_WEAK_PASSWORD);
  g_assert_cmpint (get_problem (&fixture, LINNET_FORM_FIELD_USERNAME), ==, LINNET_FORM_PROBLEM_NONE);
  g_assert_cmpint (get_problem (&fixture, LINNET_FORM_FIELD_PASSWORD), ==, LINNET_FORM_PROBLEM_WEAK_PASSWORD);
  g_assert_cmpstr (get_value (&fixture, LINNET_FORM_FIELD_USERNAME), ==, "ana42");
  fixture_clear (&fixture);
}

/* The server gets the password as signing in will prove it: no ligature, no spaces of other kinds. */
static void
test_prepared (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    OPEN (OFFER),
    { .c = GET, .s = RESULT (PLAIN) },
    { .c = SET (QUERY ("<username>finch</username><password>fin ch</password>")), .s = REFUSAL ("conflict") },
    END,
  };
  Fixture fixture;

  fixture_init (&fixture, steps);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  type (&fixture, LINNET_FORM_FIELD_USERNAME, "FINCH");
  type (&fixture, LINNET_FORM_FIELD_PASSWORD, "\xef\xac\x81n\xc2\xa0"
                                              "ch");
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_NAME_TAKEN);
  fixture_clear (&fixture);
}

/* A puzzle serves once; what else was typed stays. */
static void
test_wrong_captcha (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    OPEN (OFFER),
    { .c = GET, .s = RESULT (PUZZLE ("1")) },
    { .c = GET, .s = RESULT (PUZZLE ("2")) },
    { .c = SOLVED ("2", "7nHL3"), .s = REFUSAL_TEXT ("not-allowed", "The CAPTCHA verification has failed") },
    { .c = GET, .s = RESULT (PUZZLE ("3")) },
    { .c = SOLVED ("3", "abc"), .s = REFUSAL ("conflict") },
    { .c = GET, .s = RESULT (PUZZLE ("4")) },
    END,
  };
  GListModel *fields;
  g_autoptr (LinnetFormField) name = NULL;
  g_autoptr (LinnetFormField) same = NULL;
  Fixture fixture;

  fixture_init (&fixture, steps);
  fields = linnet_registration_get_fields (fixture.registration);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  name = g_list_model_get_item (fields, 0);
  type_ana (&fixture);
  type (&fixture, LINNET_FORM_FIELD_CAPTCHA, "too hard");
  linnet_test_assert_resolves (linnet_registration_refresh (fixture.registration));
  g_assert_cmpstr (get_value (&fixture, LINNET_FORM_FIELD_USERNAME), ==, "ana");
  g_assert_cmpstr (get_value (&fixture, LINNET_FORM_FIELD_PASSWORD), ==, "secret");
  g_assert_cmpstr (get_value (&fixture, LINNET_FORM_FIELD_CAPTCHA), ==, "");

  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_FORM_INCOMPLETE);
  type (&fixture, LINNET_FORM_FIELD_CAPTCHA, "7nHL3");
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_WRONG_CAPTCHA);
  g_assert_cmpint (get_problem (&fixture, LINNET_FORM_FIELD_CAPTCHA), ==, LINNET_FORM_PROBLEM_WRONG_CAPTCHA);
  g_assert_cmpstr (get_value (&fixture, LINNET_FORM_FIELD_CAPTCHA), ==, "");

  type (&fixture, LINNET_FORM_FIELD_CAPTCHA, "abc");
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_NAME_TAKEN);
  same = g_list_model_get_item (fields, 0);
  g_assert_true (name == same);
  fixture_clear (&fixture);
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
  Fixture fixture;

  fixture_init (&fixture, first);
  linnet_test_server_play (fixture.server, second);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  type_ana (&fixture);
  linnet_test_settle ();
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_NAME_TAKEN);
  g_assert_cmpuint (linnet_test_server_get_n_connections (fixture.server), ==, 2);
  fixture_clear (&fixture);
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
  Fixture fixture;

  fixture_init (&fixture, first);
  linnet_test_server_play (fixture.server, second);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  type_ana (&fixture);
  type (&fixture, LINNET_FORM_FIELD_CAPTCHA, "old");
  linnet_test_settle ();
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_CAPTCHA_EXPIRED);
  g_assert_cmpstr (get_value (&fixture, LINNET_FORM_FIELD_CAPTCHA), ==, "");
  g_assert_cmpstr (get_value (&fixture, LINNET_FORM_FIELD_PASSWORD), ==, "secret");

  type (&fixture, LINNET_FORM_FIELD_CAPTCHA, "new");
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_REGISTRATION_LIMIT);
  fixture_clear (&fixture);
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
  Fixture fixture;

  fixture_init (&fixture, first);
  linnet_test_server_play (fixture.server, second);
  linnet_test_server_play (fixture.server, third);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  type_ana (&fixture);
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_CONNECTION_LOST);
  g_assert_false (linnet_registration_get_registered (fixture.registration));
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_NAME_TAKEN);
  fixture_clear (&fixture);
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
  Fixture fixture;

  fixture_init (&fixture, first);
  linnet_test_server_play (fixture.server, second);
  linnet_test_server_play (fixture.server, third);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  type_ana (&fixture);
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_CONNECTION_LOST);
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_TRY_LATER);
  fixture_clear (&fixture);
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
  Fixture fixture;

  fixture_init (&fixture, first);
  linnet_test_server_play (fixture.server, second);
  linnet_test_server_play (fixture.server, third);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  type_ana (&fixture);
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_TRY_LATER);
  g_assert_true (linnet_registration_get_registered (fixture.registration));
  type (&fixture, LINNET_FORM_FIELD_USERNAME, "somebody");
  address = linnet_registration_dup_address (fixture.registration);
  g_assert_cmpstr (address, ==, "ana@example.org");
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_ACCOUNT_DISABLED);
  fixture_clear (&fixture);
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
  Fixture fixture;

  fixture_init (&fixture, first);
  linnet_test_server_play (fixture.server, second);
  linnet_registration_set_token (fixture.registration, "T&1");
  linnet_test_assert_rejects (
      linnet_registration_start (fixture.registration), LINNET_ERROR, LINNET_ERROR_BAD_TOKEN);
  g_assert_cmpstr (linnet_registration_get_server_text (fixture.registration), ==, "Expired");

  linnet_registration_set_token (fixture.registration, NULL);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  type_ana (&fixture);
  linnet_test_assert_rejects (linnet_registration_submit (fixture.registration),
                              LINNET_ERROR,
                              LINNET_ERROR_REGISTRATION_NEEDS_INVITE);
  fixture_clear (&fixture);
}

/* A server that knows no tokens is not sent one. */
static void
test_token_unknown (gconstpointer data)
{
  static const LinnetTestStep steps[] = { OPEN (OFFER), { .c = GET, .s = RESULT (PLAIN) }, END };
  Fixture fixture;

  fixture_init (&fixture, steps);
  linnet_registration_set_token (fixture.registration, "T&1");
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  fixture_clear (&fixture);
}

/* ---- going back ---- */

static void
test_cancelled (gconstpointer data)
{
  static const LinnetTestStep first[] = { OPEN (OFFER), { .c = GET }, END };
  static const LinnetTestStep second[] = { OPEN (OFFER), { .c = GET, .s = RESULT (PLAIN) }, END };
  DexFuture *starting;
  Fixture fixture;

  fixture_init (&fixture, first);
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
  type_ana (&fixture);
  linnet_registration_cancel (fixture.registration);
  g_assert_cmpuint (
      g_list_model_get_n_items (linnet_registration_get_fields (fixture.registration)), ==, 0);
  g_assert_null (linnet_registration_get_instructions (fixture.registration));
  fixture_clear (&fixture);
}

static void
test_dropped (gconstpointer data)
{
  static const LinnetTestStep steps[] = { OPEN (OFFER), { .c = GET }, { .act = LINNET_TEST_WAIT_EOF }, {} };
  DexFuture *starting;
  Fixture fixture;

  fixture_init (&fixture, steps);
  linnet_test_server_allow_hang_up (fixture.server);
  starting = linnet_registration_start (fixture.registration);
  while (linnet_test_server_get_n_connections (fixture.server) == 0 ||
         g_strrstr (linnet_test_server_get_received (fixture.server), "jabber:iq:register") == NULL)
    linnet_test_turn ();
  dex_unref (starting);
  linnet_test_settle ();
  g_assert_cmpint (linnet_registration_get_state (fixture.registration), ==, LINNET_REGISTRATION_IDLE);
  fixture_clear (&fixture);
}

static void
test_one_at_a_time (gconstpointer data)
{
  static const LinnetTestStep steps[] = { OPEN (OFFER), { .c = GET, .s = RESULT (PLAIN) }, END };
  DexFuture *starting;
  Fixture fixture;

  fixture_init (&fixture, steps);
  starting = linnet_registration_start (fixture.registration);
  linnet_test_assert_rejects (
      linnet_registration_start (fixture.registration), LINNET_ERROR, LINNET_ERROR_FAILED);
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_FAILED);
  linnet_test_assert_resolves (starting);
  fixture_clear (&fixture);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

#define ADD(rows, prefix, func)                                                                    \
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)                                                  \
    {                                                                                              \
      g_autofree char *path = g_strdup_printf ("/model/registration/" prefix "/%s", rows[i].name); \
                                                                                                   \
      linnet_test_add (path, func, GSIZE_TO_POINTER (i));                                          \
    }
  ADD (form_rows, "form", test_form);
  ADD (no_form_rows, "no-form", test_no_form);
  ADD (typed_rows, "typed", test_typed);
  linnet_test_add ("/model/registration/picture", test_picture, NULL);
  linnet_test_add ("/model/registration/500-fields", test_500_fields, NULL);
  linnet_test_add ("/model/registration/bad-domain", test_bad_domain, NULL);
  linnet_test_add ("/model/registration/certificate", test_certificate, NULL);
  linnet_test_add ("/model/registration/no-tls", test_no_tls, NULL);
  linnet_test_add ("/model/registration/refused", test_refused, NULL);
  linnet_test_add ("/model/registration/prepared", test_prepared, NULL);
  linnet_test_add ("/model/registration/wrong-captcha", test_wrong_captcha, NULL);
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
