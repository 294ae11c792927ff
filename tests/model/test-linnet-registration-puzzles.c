/* Tests of which puzzles of a registration a person has to solve
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-error.h"
#include "registration-fixture.h"

#define MEDIA(var, more, type, uri)                                                              \
  "<field var='" var "'>" more "<media xmlns='urn:xmpp:media-element'><uri type='" type "'>" uri \
  "</uri></media></field>"
#define PICTURE(var, more) MEDIA (var, more, "image/png", "https://example.org/p")
#define SOUND(var, more) MEDIA (var, more, "audio/x-wav", "https://example.org/s")
#define VIDEO(more) MEDIA ("video_recog", more, "video/mpeg", "https://example.org/v")
#define QUESTION(more) "<field var='qa' label='Which colour has snow?'>" more "</field>"
#define ANSWERS(n) "<field type='hidden' var='answers'><value>" n "</value></field>"
#define FIELDS(fields) "<x xmlns='jabber:x:data' type='form'>" fields "</x>"
#define PAGE "<x xmlns='jabber:x:oob'><url>https://example.org/register</url></x>"
#define REQUIRED "<required/>"

/* @puzzles: one a line, of each the fields to choose from. */
static const struct
{
  const char *name;
  const char *reply;
  const char *puzzles;
} puzzle_rows[] = {
  { .name = "none", .reply = FORM (NAME PASSWORD), .puzzles = "" },
  { .name = "one", .reply = FORM (NAME PASSWORD PICTURE ("ocr", "")), .puzzles = "ocr\n" },
  { .name = "sound-first",
    .reply = FORM (SOUND ("audio_recog", "") PICTURE ("ocr", "") NAME PASSWORD),
    .puzzles = "ocr audio_recog\n" },
  { .name = "each-kind",
    .reply = FORM (NAME PASSWORD SOUND ("speech_recog", "") VIDEO ("") QUESTION ("") PICTURE (
        "picture_recog", "") PICTURE ("ocr", "") "<field var='SHA-256' label='93C7A'/>"),
    .puzzles = "picture_recog ocr qa speech_recog\n" },
  { .name = "two-answers",
    .reply = FORM (NAME PASSWORD ANSWERS ("2") SOUND ("audio_recog", "") PICTURE ("ocr", "") QUESTION ("")),
    .puzzles = "ocr\nqa audio_recog\n" },
  { .name = "more-answers-than-puzzles", /* XEP-0158's own example counts other fields, too */
    .reply = FORM (NAME PASSWORD ANSWERS ("3") PICTURE ("ocr", "")),
    .puzzles = "ocr\n" },
  { .name = "required",
    .reply = FORM (NAME PASSWORD PICTURE ("ocr", "") SOUND ("audio_recog", REQUIRED)),
    .puzzles = "audio_recog\n" },
  { .name = "required-and-another",
    .reply = FORM (NAME PASSWORD ANSWERS ("2") PICTURE ("ocr", "") SOUND ("audio_recog", "")
                       QUESTION (REQUIRED)),
    .puzzles = "qa\nocr audio_recog\n" },
  { .name = "nothing-to-see", .reply = FORM (NAME PASSWORD VIDEO ("")), .puzzles = "video_recog\n" },
};

static char *
describe (LinnetRegistration *registration)
{
  g_autoptr (GPtrArray) puzzles = linnet_registration_dup_puzzles (registration);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < puzzles->len; i++)
    {
      const GPtrArray *puzzle = puzzles->pdata[i];

      for (guint j = 0; j < puzzle->len; j++)
        g_string_append_printf (
            text, "%s%s", j > 0 ? " " : "", linnet_form_field_get_name (puzzle->pdata[j]));
      g_string_append_c (text, '\n');
    }

  return g_string_free_and_steal (text);
}

static void
test_puzzles (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *reply = g_strdup_printf ("<iq type='result' id='$1'>%s</iq>", puzzle_rows[row].reply);
  const LinnetTestStep steps[] = { OPEN (OFFER), { .c = GET, .s = reply }, END };
  g_autofree char *puzzles = NULL;
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, steps);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  puzzles = describe (fixture.registration);
  g_assert_cmpint (linnet_registration_get_state (fixture.registration), ==, LINNET_REGISTRATION_FORM);
  g_assert_cmpstr (puzzles, ==, puzzle_rows[row].puzzles);
  registration_fixture_clear (&fixture);
}

/* What cannot be seen or heard here may be on the server's page. */
static void
test_page_instead (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    OPEN (OFFER),
    { .c = GET, .s = RESULT (QUERY (FIELDS (NAME PASSWORD VIDEO ("")) PAGE)) },
    END,
  };
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, steps);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  g_assert_cmpint (linnet_registration_get_state (fixture.registration), ==, LINNET_REGISTRATION_WEB);
  registration_fixture_clear (&fixture);
}

static LinnetFormField *
get_choice (RegistrationFixture *fixture,
            guint i)
{
  g_autoptr (GPtrArray) puzzles = linnet_registration_dup_puzzles (fixture->registration);

  return g_ptr_array_index ((GPtrArray *) puzzles->pdata[0], i); /* the registration keeps it */
}

/* One of them has to be answered, whichever; and only that one is. */
static void
test_one_answer (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    OPEN (OFFER),
    { .c = GET, .s = RESULT (FORM (NAME PASSWORD PICTURE ("ocr", "") SOUND ("audio_recog", ""))) },
    { .c = SET (SUBMIT ("<field var='username'><value>ana</value></field><field var='password'><value>secret"
                        "</value></field><field var='audio_recog'><value>bells</value></field>")),
      .s = REFUSAL_TEXT ("not-allowed", "The CAPTCHA verification has failed") },
    { .c = GET, .s = RESULT (FORM (NAME PASSWORD PICTURE ("ocr", "") SOUND ("audio_recog", ""))) },
    END,
  };
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, steps);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  registration_fixture_type_ana (&fixture);
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_FORM_INCOMPLETE);
  g_assert_cmpint (
      linnet_form_field_get_problem (get_choice (&fixture, 0)), ==, LINNET_FORM_PROBLEM_EMPTY);
  g_assert_cmpint (linnet_form_field_get_problem (get_choice (&fixture, 1)), ==, LINNET_FORM_PROBLEM_NONE);

  linnet_form_field_set_value (get_choice (&fixture, 1), "bells");
  linnet_test_assert_rejects (
      linnet_registration_submit (fixture.registration), LINNET_ERROR, LINNET_ERROR_WRONG_CAPTCHA);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (linnet_form_field_get_problem (get_choice (&fixture, i)),
                     ==,
                     LINNET_FORM_PROBLEM_WRONG_CAPTCHA);
  registration_fixture_clear (&fixture);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (puzzle_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/registration-puzzles/%s", puzzle_rows[i].name);

      linnet_test_add (path, test_puzzles, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/model/registration-puzzles/page-instead", test_page_instead, NULL);
  linnet_test_add ("/model/registration-puzzles/one-answer", test_one_answer, NULL);

  return g_test_run ();
}
