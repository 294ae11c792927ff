/* Tests of the form of a registration: shown, checked, filled in
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-error.h"
#include "registration-fixture.h"

/* ---- showing ---- */

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
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, steps);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  fields = registration_fixture_describe (&fixture);
  g_assert_cmpint (linnet_registration_get_state (fixture.registration), ==, form_rows[row].state);
  g_assert_cmpstr (fields, ==, form_rows[row].fields);
  g_assert_cmpstr (
      linnet_registration_get_instructions (fixture.registration), ==, form_rows[row].instructions);
  g_assert_cmpstr (linnet_registration_get_web_url (fixture.registration), ==, form_rows[row].web_url);
  registration_fixture_clear (&fixture);
}

static const struct
{
  const char *name;
  const char *reply;
  LinnetError code;
  const char *text;
} no_form_rows[] = {
  { "closed-in-words",
    RESULT (QUERY ("<instructions>Write to the admin.</instructions>")),
    LINNET_ERROR_REGISTRATION_CLOSED,
    "Write to the admin." },
  { "no-name", RESULT (QUERY ("<password/>")), LINNET_ERROR_NOT_SUPPORTED, NULL },
  { "no-password",
    RESULT (FORM (NAME "<field type='text-private' var='pin'/>")),
    LINNET_ERROR_NOT_SUPPORTED,
    NULL },
  { "have-one-already",
    RESULT (QUERY ("<registered/><username>ana</username><password/>")),
    LINNET_ERROR_NOT_SUPPORTED,
    NULL },
};

static void
test_no_form (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = {
    OPEN (OFFER),
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
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, steps);
  fields = linnet_registration_get_fields (fixture.registration);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  name = g_list_model_get_item (fields, 0);
  registration_fixture_type_ana (&fixture);
  registration_fixture_type (&fixture, LINNET_FORM_FIELD_CAPTCHA, "too hard");
  linnet_test_assert_resolves (linnet_registration_refresh (fixture.registration));
  g_assert_cmpstr (registration_fixture_get_value (&fixture, LINNET_FORM_FIELD_USERNAME), ==, "ana");
  g_assert_cmpstr (registration_fixture_get_value (&fixture, LINNET_FORM_FIELD_PASSWORD), ==, "secret");
  g_assert_cmpstr (registration_fixture_get_value (&fixture, LINNET_FORM_FIELD_CAPTCHA), ==, "");

  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_FORM_INCOMPLETE);
  registration_fixture_type (&fixture, LINNET_FORM_FIELD_CAPTCHA, "7nHL3");
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_WRONG_CAPTCHA);
  g_assert_cmpint (registration_fixture_get_problem (&fixture, LINNET_FORM_FIELD_CAPTCHA),
                   ==,
                   LINNET_FORM_PROBLEM_WRONG_CAPTCHA);
  g_assert_cmpstr (registration_fixture_get_value (&fixture, LINNET_FORM_FIELD_CAPTCHA), ==, "");

  registration_fixture_type (&fixture, LINNET_FORM_FIELD_CAPTCHA, "abc");
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_NAME_TAKEN);
  same = g_list_model_get_item (fields, 0);
  g_assert_true (name == same);
  registration_fixture_clear (&fixture);
}

/* ---- filling in ---- */

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
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, steps);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  registration_fixture_type (&fixture, LINNET_FORM_FIELD_USERNAME, typed_rows[row].username);
  registration_fixture_type (&fixture, LINNET_FORM_FIELD_PASSWORD, typed_rows[row].password);
  registration_fixture_type (&fixture, LINNET_FORM_FIELD_NUMBER, typed_rows[row].number);
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, typed_rows[row].code);
  g_assert_cmpint (
      registration_fixture_get_problem (&fixture, typed_rows[row].kind), ==, typed_rows[row].problem);
  g_assert_cmpint (linnet_registration_get_state (fixture.registration), ==, LINNET_REGISTRATION_FORM);

  /* Whoever types again is no longer told so. */
  registration_fixture_type (&fixture, typed_rows[row].kind, "other");
  g_assert_cmpint (
      registration_fixture_get_problem (&fixture, typed_rows[row].kind), ==, LINNET_FORM_PROBLEM_NONE);
  registration_fixture_clear (&fixture);
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
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, steps);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  registration_fixture_type (&fixture, LINNET_FORM_FIELD_USERNAME, "FINCH");
  registration_fixture_type (&fixture, LINNET_FORM_FIELD_PASSWORD, "\xef\xac\x81n\xc2\xa0"
                                                                   "ch");
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_NAME_TAKEN);
  registration_fixture_clear (&fixture);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

#define ADD(rows, prefix, func)                                                                         \
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)                                                       \
    {                                                                                                   \
      g_autofree char *path = g_strdup_printf ("/model/registration-form/" prefix "/%s", rows[i].name); \
                                                                                                        \
      linnet_test_add (path, func, GSIZE_TO_POINTER (i));                                               \
    }
  ADD (form_rows, "form", test_form);
  ADD (no_form_rows, "no-form", test_no_form);
  ADD (typed_rows, "typed", test_typed);
  linnet_test_add ("/model/registration-form/prepared", test_prepared, NULL);
  linnet_test_add ("/model/registration-form/wrong-captcha", test_wrong_captcha, NULL);

  return g_test_run ();
}
