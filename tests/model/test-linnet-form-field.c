/* Tests of the fields of a form that a server asks to be filled in
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "registration-fixture.h"

static const struct
{
  const char *name;
  const char *reply;
  const char *fields;
} field_rows[] = {
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
    .fields = NAME_LINE PASSWORD_LINE
    "NOTE  'Note' []\nEMAIL email '' []\nMULTILINE a '' [1\n2]\nSWITCH b '' [0]\nSWITCH c '' [1]\n"
    "CHOICE d '' [x]\nCHOICES e '' [x|y]\nADDRESS f '' []\nADDRESSES g '' []\nNUMBER i '' []\n"
    "DATE j '' []\nPASSWORD k '' []\nTEXT l '' []\n" },
  { .name = "puzzle",
    .reply = RESULT (PUZZLE ("1")),
    .fields = NAME_LINE PASSWORD_LINE "CAPTCHA! ocr 'Type it' [] picture\n" },
  { .name = "puzzle-elsewhere",
    .reply = RESULT (FORM (
        NAME PASSWORD
        "<field type='text-single' var='captcha-fallback-url' label='Page'><value>https://example.org/c"
        "</value></field><field type='hidden' var='captchahidden'><value>1</value></field>"
        "<field var='SHA-256' label='93C7A'/><field var='ocr'><media xmlns='urn:xmpp:media-element'>"
        "<uri type='image/png'>https://example.org/p</uri><uri type='audio/ogg'>https://example.org/s</uri>"
        "</media></field>")),
    .fields = NAME_LINE PASSWORD_LINE "CAPTCHA ocr '' [] picture audio fallback\n" },
  { .name = "puzzle-in-clear",
    .reply = RESULT (FORM (
        NAME PASSWORD
        "<field type='text-single' var='captcha-fallback-url'><value>http://example.org/c</value></field>"
        "<field var='ocr'><media xmlns='urn:xmpp:media-element'><uri type='image/png'>file:///etc/passwd"
        "</uri><uri type='image/png'>http://127.0.0.1/p</uri></media></field>")),
    .fields = NAME_LINE PASSWORD_LINE "CAPTCHA ocr '' []\n" },
};

static void
test_fields (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  const LinnetTestStep steps[] = { OPEN (OFFER), { .c = GET, .s = field_rows[row].reply }, END };
  g_autofree char *fields = NULL;
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, steps);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  fields = registration_fixture_describe (&fixture);
  g_assert_cmpint (linnet_registration_get_state (fixture.registration), ==, LINNET_REGISTRATION_FORM);
  g_assert_cmpstr (fields, ==, field_rows[row].fields);
  registration_fixture_clear (&fixture);
}

static void
test_picture (gconstpointer data)
{
  static const LinnetTestStep steps[] = { OPEN (OFFER), { .c = GET, .s = RESULT (PUZZLE ("1")) }, END };
  const LinnetFormMedia *picture;
  RegistrationFixture fixture;

  registration_fixture_init (&fixture, steps);
  linnet_test_assert_resolves (linnet_registration_start (fixture.registration));
  picture = linnet_form_field_get_picture (
      linnet_registration_find_field (fixture.registration, LINNET_FORM_FIELD_CAPTCHA));
  g_assert_cmpstr (picture->type, ==, "image/png");
  g_assert_cmpmem (g_bytes_get_data (picture->data, NULL), g_bytes_get_size (picture->data), "picture", 7);
  g_assert_null (picture->url);
  registration_fixture_clear (&fixture);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (field_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/form-field/%s", field_rows[i].name);

      linnet_test_add (path, test_fields, GSIZE_TO_POINTER (i));
    }
  linnet_test_add ("/model/form-field/picture", test_picture, NULL);

  return g_test_run ();
}
