/* Tests of what servers ask for, XEP-0077
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-test.h"
#include "xmpp-assert.h"
#include "xmpp-register-form.h"

#define QUERY(content) "<query xmlns='jabber:iq:register'>" content "</query>"
#define FORM(content) "<x xmlns='jabber:x:data' type='form'>" content "</x>"
#define SUBMIT(content) "<x xmlns='jabber:x:data' type='submit'>" content "</x>"
#define OOB(url) "<x xmlns='jabber:x:oob'><url>" url "</url></x>"
#define PLAIN "<username/><password/>"
#define CREDENTIALS                                              \
  "<field type='text-single' var='username'><required/></field>" \
  "<field type='text-private' var='password'><required/></field>"
/* The bytes "picture". */
#define CID "sha1+0e66b49d04a43c19bcb2e13a53aff5d174f610fc@bob.xmpp.org"
#define MEDIA(cid) \
  "<media xmlns='urn:xmpp:media-element'><uri type='image/png'>cid:" cid "</uri></media>"
#define DATA(text) "<data xmlns='urn:xmpp:bob' cid='" CID "' type='image/png'>" text "</data>"

/* @submit: the answer when nobody types anything; NULL: there is no form */
static const struct
{
  const char *name;
  const char *xml;
  const char *submit;
  const char *instructions;
  const char *url;
  gboolean plain;
} rows[] = {
  { .name = "plain",
    .xml = QUERY ("<instructions> Choose. </instructions>" PLAIN),
    .submit = QUERY (PLAIN),
    .instructions = "Choose.",
    .plain = TRUE },
  { .name = "plain-all",
    .xml = QUERY ("<username/><nick/><password/><name/><first/><last/><email/><address/><city/><state/>"
                  "<zip/><phone/><url/><date/><misc/><text/><key>k&amp;1</key>"),
    .submit = QUERY ("<username/><nick/><password/><name/><first/><last/><email/><address/><city/><state/>"
                     "<zip/><phone/><url/><date/><misc/><text/><key>k&amp;1</key>"),
    .plain = TRUE },
  { .name = "plain-twice", .xml = QUERY (PLAIN "<username/>"), .submit = QUERY (PLAIN), .plain = TRUE },
  { .name = "plain-unknown",
    .xml = QUERY (PLAIN "<shoesize/><email xmlns='urn:other'/><remove/>"),
    .submit = QUERY (PLAIN),
    .plain = TRUE },
  { .name = "form-goes-before-plain",
    .xml = QUERY ("<instructions>Old.</instructions><username/><password/>" FORM (
        "<instructions>New.</instructions>" CREDENTIALS)),
    .submit = QUERY (SUBMIT ("")),
    .instructions = "New." },
  { .name = "hidden-comes-back",
    .xml = QUERY (FORM ("<field type='hidden' var='FORM_TYPE'><value>jabber:iq:register</value></field>"
                        "<field type='hidden' var='challenge'><value>F3A6</value></field>" CREDENTIALS)),
    .submit = QUERY (
        SUBMIT ("<field type='hidden' var='FORM_TYPE'><value>jabber:iq:register</value></field>"
                "<field type='hidden' var='challenge'><value>F3A6</value></field>")) },
  { .name = "empty-form-counts-as-none",
    .xml = QUERY (PLAIN FORM ("<field type='hidden' var='h'><value>1</value></field>"
                              "<field type='fixed'><value>Note</value></field>")),
    .submit = QUERY (PLAIN),
    .plain = TRUE },
  { .name = "answer-is-no-form",
    .xml = QUERY (PLAIN SUBMIT (CREDENTIALS)),
    .submit = QUERY (PLAIN),
    .plain = TRUE },
  { .name = "web",
    .xml = QUERY ("<instructions>Go there.</instructions>" OOB (" https://lark.chat/join ")),
    .instructions = "Go there.",
    .url = "https://lark.chat/join" },
  { .name = "web-in-words",
    .xml = QUERY ("<instructions>See http://lark.chat or (https://lark.chat/join?a=1).</instructions>"),
    .instructions = "See http://lark.chat or (https://lark.chat/join?a=1).",
    .url = "https://lark.chat/join?a=1" },
  { .name = "web-in-clear",
    .xml = QUERY ("<instructions>Go there.</instructions>" OOB ("http://lark.chat/join")),
    .instructions = "Go there." },
  { .name = "web-script", .xml = QUERY (OOB ("javascript:alert(1)")) },
  { .name = "web-file", .xml = QUERY (OOB ("file:///etc/passwd")) },
  { .name = "web-besides-form",
    .xml = QUERY ("<instructions>Or https://lark.chat/other</instructions>" FORM (CREDENTIALS)
                      OOB ("https://lark.chat/join")),
    .submit = QUERY (SUBMIT ("")),
    .instructions = "Or https://lark.chat/other",
    .url = "https://lark.chat/join" },
  { .name = "terms-besides-form",
    .xml = QUERY ("<instructions>Terms: https://lark.chat/terms</instructions>" PLAIN),
    .submit = QUERY (PLAIN),
    .instructions = "Terms: https://lark.chat/terms",
    .plain = TRUE },
  { .name = "nothing", .xml = QUERY ("<instructions> </instructions>") },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppNode) node = xmpp_node_from_literal (rows[row].xml);
  g_autoptr (GError) error = NULL;
  g_autoptr (XmppRegisterForm) form = xmpp_register_form_parse (node, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (form->instructions, ==, rows[row].instructions);
  g_assert_cmpstr (form->url, ==, rows[row].url);
  g_assert_cmpint (form->plain, ==, rows[row].plain);
  g_assert_false (form->registered);
  g_assert_true ((form->form != NULL) == (rows[row].submit != NULL));
  if (form->form != NULL)
    {
      g_autoptr (XmppNode) answer = xmpp_register_form_build (form);

      xmpp_assert_node (answer, rows[row].submit);
    }
}

static void
test_filled_in (void)
{
  g_autoptr (XmppNode) node = xmpp_node_from_literal (QUERY ("<registered/>" PLAIN "<key>k</key>"));
  g_autoptr (XmppRegisterForm) form = xmpp_register_form_parse (node, NULL);
  g_autoptr (XmppNode) answer = NULL;

  g_assert_true (form->registered);
  g_assert_true (xmpp_data_form_set_value (form->form, "username", "ana</username><remove/>"));
  g_assert_true (xmpp_data_form_set_value (form->form, "password", "a&b"));
  g_assert_false (xmpp_data_form_set_value (form->form, "key", "x"));
  answer = xmpp_register_form_build (form);
  xmpp_assert_node (answer,
                    QUERY ("<username>ana&lt;/username>&lt;remove/></username><password>a&amp;b</password>"
                           "<key>k</key>"));
}

static const struct
{
  const char *name;
  const char *xml;
  const char *missing;
  guint n_pictures;
} picture_rows[] = {
  { "along",
    QUERY (FORM (CREDENTIALS "<field var='ocr'>" MEDIA (CID) "</field>") DATA ("cGljdHVyZQ==")),
    NULL,
    1 },
  { "not-along", QUERY (FORM (CREDENTIALS "<field var='ocr'>" MEDIA (CID) "</field>")), CID, 0 },
  { "wrong-hash",
    QUERY (FORM (CREDENTIALS "<field var='ocr'>" MEDIA (CID) "</field>") DATA ("cGljdHVyZXM=")),
    CID,
    0 },
  { "nobody-asked", QUERY (FORM (CREDENTIALS) DATA ("cGljdHVyZQ==")), NULL, 0 },
};

static void
test_pictures (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppNode) node = xmpp_node_from_literal (picture_rows[row].xml);
  g_autoptr (XmppRegisterForm) form = xmpp_register_form_parse (node, NULL);

  g_assert_cmpstr (xmpp_register_form_get_missing_cid (form), ==, picture_rows[row].missing);
  g_assert_cmpuint (g_hash_table_size (form->pictures), ==, picture_rows[row].n_pictures);
}

static const struct
{
  const char *name;
  const char *field;
  gboolean captcha;
} captcha_rows[] = {
  { "ocr", "<field var='ocr' type='text-private'/>", TRUE },
  { "question", "<field var='qa'/>", TRUE },
  { "sound", "<field var='audio_recog'/>", TRUE },
  { "picture", "<field var='answer'>" MEDIA (CID) "</field>", TRUE },
  { "text", "<field var='email'/>", FALSE },
  { "choice", "<field var='ocr' type='list-single'/>", FALSE },
  { "hidden", "<field var='ocr' type='hidden'/>", FALSE },
};

static void
test_captcha (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *xml =
      g_strconcat ("<x xmlns='jabber:x:data' type='form'>", captcha_rows[row].field, "</x>", NULL);
  g_autoptr (XmppNode) node = xmpp_node_from_literal (xml);
  g_autoptr (XmppDataForm) form = xmpp_data_form_parse (node, NULL);

  g_assert_cmpint (xmpp_register_field_is_captcha (form->fields->pdata[0]), ==, captcha_rows[row].captcha);
}

static void
test_no_query (void)
{
  g_autoptr (XmppNode) node = xmpp_node_from_literal ("<query xmlns='jabber:iq:auth'><username/></query>");
  g_autoptr (GError) error = NULL;

  g_assert_null (xmpp_register_form_parse (node, &error));
  g_assert_error (error, XMPP_DATA_FORM_ERROR, XMPP_DATA_FORM_ERROR_MALFORMED);
}

static void
test_500_fields (void)
{
  g_autoptr (GString) xml = g_string_new ("<query xmlns='jabber:iq:register'><username/><password/>"
                                          "<x xmlns='jabber:x:data' type='form'>");
  g_autoptr (XmppNode) node = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 500; i++)
    g_string_append_printf (xml, "<field var='v%u'><required/></field>", i);
  g_string_append (xml, "</x></query>");
  node = xmpp_node_from_literal (xml->str);

  /* The plain fields would not be enough: see section 6. */
  g_assert_null (xmpp_register_form_parse (node, &error));
  g_assert_error (error, XMPP_DATA_FORM_ERROR, XMPP_DATA_FORM_ERROR_TOO_LARGE);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

#define ADD(rows, prefix, func)                                                                   \
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)                                                 \
    {                                                                                             \
      g_autofree char *path = g_strdup_printf ("/xmpp/register-form/" prefix "%s", rows[i].name); \
                                                                                                  \
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), func);                                    \
    }
  ADD (rows, "", test_row);
  ADD (picture_rows, "picture/", test_pictures);
  ADD (captcha_rows, "captcha/", test_captcha);
  g_test_add_func ("/xmpp/register-form/filled-in", test_filled_in);
  g_test_add_func ("/xmpp/register-form/no-query", test_no_query);
  g_test_add_func ("/xmpp/register-form/500-fields", test_500_fields);

  return g_test_run ();
}
