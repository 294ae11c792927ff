/* Tests of XEP-0004
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-test.h"
#include "xmpp-assert.h"
#include "xmpp-data-form.h"

#define X(type, content) "<x xmlns='jabber:x:data' type='" type "'>" content "</x>"
#define FORM(content) X ("form", content)
#define SUBMIT(content) X ("submit", content)

/* What is parsed, a line a field: type, var, label, values; "!" when required, options in braces. */
static char *
describe (XmppDataForm *form)
{
  static const char *const types[] = {
    "text",
    "private",
    "multi",
    "boolean",
    "list",
    "lists",
    "jid",
    "jids",
    "fixed",
    "hidden",
  };
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < form->fields->len; i++)
    {
      const XmppDataField *field = form->fields->pdata[i];
      g_autofree char *values = g_strjoinv (",", field->values);

      g_string_append_printf (out,
                              "%s%s %s '%s' '%s' [%s]",
                              types[field->type],
                              field->required ? "!" : "",
                              field->var != NULL ? field->var : "-",
                              field->label != NULL ? field->label : "",
                              field->desc != NULL ? field->desc : "",
                              values);
      for (guint j = 0; j < field->options->len; j++)
        {
          const XmppDataOption *option = field->options->pdata[j];

          g_string_append_printf (
              out, " {%s=%s}", option->value, option->label != NULL ? option->label : "-");
        }
      g_string_append (out, field->media != NULL ? " media\n" : "\n");
    }

  return g_string_free (out, FALSE);
}

static const struct
{
  const char *name;
  const char *xml;
  const char *fields;
} parse_rows[] = {
  { "empty", FORM (""), "" },
  { "each-type",
    FORM ("<field type='text-single' var='a'/><field type='text-private' var='b'/>"
          "<field type='text-multi' var='c'><value>1</value><value>2</value></field>"
          "<field type='boolean' var='d'><value>true</value></field>"
          "<field type='list-single' var='e'><option label='E'><value>x</value></option></field>"
          "<field type='list-multi' var='f'><option><value>x</value></option><value>x</value></field>"
          "<field type='jid-single' var='g'/><field type='jid-multi' var='h'/>"
          "<field type='fixed'><value>Note</value></field>"
          "<field type='hidden' var='FORM_TYPE'><value>urn:x</value></field>"),
    "text a '' '' []\nprivate b '' '' []\nmulti c '' '' [1,2]\nboolean d '' '' [true]\n"
    "list e '' '' [] {x=E}\nlists f '' '' [x] {x=-}\njid g '' '' []\njids h '' '' []\n"
    "fixed - '' '' [Note]\nhidden FORM_TYPE '' '' [urn:x]\n" },
  { "no-type", FORM ("<field var='a'/>"), "text a '' '' []\n" },
  { "unknown-type", FORM ("<field type='retina-scan' var='a'/>"), "text a '' '' []\n" },
  { "label-desc-required",
    FORM ("<field var='a' label='Your&#9;name'><desc>As in\nthe pass</desc><required/></field>"),
    "text! a 'Your\tname' 'As in\nthe pass' []\n" },
  { "second-of-a-name",
    FORM ("<field var='username' label='1'/><field var='username' label='2'/>"),
    "text username '1' '' []\n" },
  { "no-var", FORM ("<field type='text-single'/><field type='hidden'><value>1</value></field>"), "" },
  { "empty-var", FORM ("<field var=''/>"), "" },
  { "second-value-of-one",
    FORM ("<field var='a'><value>1</value><value>2</value></field>"),
    "text a '' '' [1]\n" },
  { "option-twice",
    FORM ("<field type='list-single' var='a'><option label='1'><value>x</value></option>"
          "<option label='2'><value>x</value></option><option label='no value'/></field>"),
    "list a '' '' [] {x=1}\n" },
  { "media",
    FORM ("<field var='ocr'><media xmlns='urn:xmpp:media-element'><uri type='image/png'>"
          "https://lark.chat/</uri></media></field>"),
    "text ocr '' '' [] media\n" },
  { "media-in-clear",
    FORM ("<field var='ocr'><media xmlns='urn:xmpp:media-element'><uri type='image/png'>"
          "http://lark.chat/</uri></media></field>"),
    "text ocr '' '' []\n" },
  { "foreign-namespace",
    FORM ("<field xmlns='urn:other' var='a'/><field var='b'><value xmlns='urn:other'>1</value></field>"),
    "text b '' '' []\n" },
  { "markup-is-text", FORM ("<field var='a' label='&lt;b>A&lt;/b>'/>"), "text a '<b>A</b>' '' []\n" },
};

static void
test_parse (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppNode) node = xmpp_node_from_literal (parse_rows[row].xml);
  g_autoptr (GError) error = NULL;
  g_autoptr (XmppDataForm) form = xmpp_data_form_parse (node, &error);
  g_autofree char *fields = NULL;

  g_assert_no_error (error);
  fields = describe (form);
  g_assert_cmpstr (fields, ==, parse_rows[row].fields);
}

static const struct
{
  const char *name;
  const char *xml;
} bad_rows[] = {
  { "no-type", "<x xmlns='jabber:x:data'/>" },
  { "unknown-type", X ("surprise", "") },
  { "foreign", "<x xmlns='urn:other' type='form'/>" },
  { "other-element", "<y xmlns='jabber:x:data' type='form'/>" },
};

static void
test_bad (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppNode) node = xmpp_node_from_literal (bad_rows[row].xml);
  g_autoptr (GError) error = NULL;

  g_assert_null (xmpp_data_form_parse (node, &error));
  g_assert_error (error, XMPP_DATA_FORM_ERROR, XMPP_DATA_FORM_ERROR_MALFORMED);
}

static const struct
{
  const char *name;
  const char *before; /* n times "piece" between these */
  const char *piece;
  const char *after;
  guint most;
} large_rows[] = {
  { "fields", "<x xmlns='jabber:x:data' type='form'>", "<field var='v%u'/>", "</x>", 200 },
  { "same-fields", "<x xmlns='jabber:x:data' type='form'>", "<field var='v'/><!--%u-->", "</x>", 200 },
  { "options",
    "<x xmlns='jabber:x:data' type='form'><field type='list-single' var='a'>",
    "<option><value>%u</value></option>",
    "</field></x>",
    2000 },
  { "values",
    "<x xmlns='jabber:x:data' type='form'><field type='text-multi' var='a'>",
    "<value>%u</value>",
    "</field></x>",
    2000 },
};

static void
test_large (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_auto (GStrv) piece = g_strsplit (large_rows[row].piece, "<!--%u-->", 2);
  g_auto (GStrv) numbered = g_strsplit (piece[0], "%u", 2);

  for (guint more = 0; more < 2; more++)
    {
      g_autoptr (GString) xml = g_string_new (large_rows[row].before);
      g_autoptr (XmppNode) node = NULL;
      g_autoptr (XmppDataForm) form = NULL;
      g_autoptr (GError) error = NULL;

      for (guint i = 0; i < large_rows[row].most + more; i++)
        {
          g_string_append (xml, numbered[0]);
          if (numbered[1] != NULL)
            g_string_append_printf (xml, "%u%s", i, numbered[1]);
        }
      g_string_append (xml, large_rows[row].after);
      node = xmpp_node_from_literal (xml->str);
      form = xmpp_data_form_parse (node, &error);

      if (more == 0)
        g_assert_nonnull (form);
      else
        g_assert_error (error, XMPP_DATA_FORM_ERROR, XMPP_DATA_FORM_ERROR_TOO_LARGE);
    }
}

/* @values: separated by "|"; what @var is set to before the form is answered */
static const struct
{
  const char *name;
  const char *xml;
  const char *var;
  const char *values;
  const char *submit;
} submit_rows[] = {
  { "nothing-typed", FORM ("<field var='a'/>"), NULL, NULL, SUBMIT ("") },
  { "default",
    FORM ("<field var='a'><value>x</value></field>"),
    NULL,
    NULL,
    SUBMIT ("<field var='a'><value>x</value></field>") },
  { "typed",
    FORM ("<field var='a'><value>x</value></field>"),
    "a",
    "y &<",
    SUBMIT ("<field var='a'><value>y &amp;&lt;</value></field>") },
  { "taken-away", FORM ("<field var='a'><value>x</value></field>"), "a", "", SUBMIT ("") },
  { "hidden-untouched",
    FORM ("<field type='hidden' var='h'><value> 1&#10;</value><value/></field><field var='a'/>"),
    "h",
    "other",
    SUBMIT ("<field type='hidden' var='h'><value> 1&#10;</value><value/></field>") },
  { "hidden-empty",
    FORM ("<field type='hidden' var='h'/>"),
    NULL,
    NULL,
    SUBMIT ("<field type='hidden' var='h'/>") },
  { "fixed-stays", FORM ("<field type='fixed' var='f'><value>Note</value></field>"), "f", "x", SUBMIT ("") },
  { "never-invents", FORM ("<field var='a'/>"), "b", "x", SUBMIT ("") },
  { "lines",
    FORM ("<field type='text-multi' var='a'/>"),
    "a",
    "one\r\ntwo\n\nthree",
    SUBMIT ("<field var='a'><value>one</value><value>two</value><value/><value>three</value></field>") },
  { "boolean",
    FORM ("<field type='boolean' var='a'/>"),
    "a",
    "true",
    SUBMIT ("<field var='a'><value>1</value></field>") },
  { "boolean-off",
    FORM ("<field type='boolean' var='a'><value>1</value></field>"),
    "a",
    "false",
    SUBMIT ("<field var='a'><value>0</value></field>") },
  { "choices-in-order",
    FORM ("<field type='list-multi' var='a'><option><value>x</value></option><option><value>y</value>"
          "</option><option><value>z</value></option></field>"),
    "a",
    "z|x|z",
    SUBMIT ("<field var='a'><value>x</value><value>z</value></field>") },
  { "one-of-many-values",
    FORM ("<field var='a'/>"),
    "a",
    "x|y",
    SUBMIT ("<field var='a'><value>x</value></field>") },
  { "addresses-once",
    FORM ("<field type='jid-multi' var='a'/>"),
    "a",
    "ana@lark.chat||mira@lark.chat|ana@lark.chat",
    SUBMIT ("<field var='a'><value>ana@lark.chat</value><value>mira@lark.chat</value></field>") },
  { "in-order",
    FORM ("<field type='hidden' var='z'><value>1</value></field><field var='b'><value>2</value></field>"
          "<field type='hidden' var='a'><value>3</value></field>"),
    NULL,
    NULL,
    SUBMIT ("<field type='hidden' var='z'><value>1</value></field><field var='b'><value>2</value></field>"
            "<field type='hidden' var='a'><value>3</value></field>") },
};

static void
test_submit (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (XmppNode) node = xmpp_node_from_literal (submit_rows[row].xml);
  g_autoptr (XmppDataForm) form = xmpp_data_form_parse (node, NULL);
  g_autoptr (XmppNode) submit = NULL;
  XmppDataField *field;

  if (submit_rows[row].var != NULL &&
      (field = xmpp_data_form_get_field (form, submit_rows[row].var)) != NULL)
    {
      g_auto (GStrv) values = g_strsplit (submit_rows[row].values, "|", -1);

      xmpp_data_field_set_values (field, (const char *const *) values);
    }

  submit = xmpp_data_form_build_submit (form);
  xmpp_assert_node (submit, submit_rows[row].submit);
}

static void
test_set_value (void)
{
  g_autoptr (XmppNode) node = xmpp_node_from_literal (
      FORM ("<field var='a'/><field type='hidden' var='h'/><field type='fixed' var='f'/>"));
  g_autoptr (XmppDataForm) form = xmpp_data_form_parse (node, NULL);

  g_assert_true (xmpp_data_form_set_value (form, "a", "x"));
  g_assert_false (xmpp_data_form_set_value (form, "h", "x"));
  g_assert_false (xmpp_data_form_set_value (form, "f", "x"));
  g_assert_false (xmpp_data_form_set_value (form, "b", "x"));
  g_assert_cmpstr (xmpp_data_form_get_value (form, "a"), ==, "x");
  g_assert_null (xmpp_data_form_get_value (form, "h"));
}

static void
test_texts (void)
{
  g_autoptr (XmppNode) node = xmpp_node_from_literal (
      X ("result",
         "<title> A\n title </title><instructions>One</instructions><instructions>Two</instructions>"
         "<field type='text-multi' var='a'><value>1</value><value>2</value></field>"));
  g_autoptr (XmppDataForm) form = xmpp_data_form_parse (node, NULL);
  g_autofree char *text = xmpp_data_field_dup_text (xmpp_data_form_get_field (form, "a"));
  g_autoptr (XmppNode) cancel = xmpp_data_form_build_cancel ();

  g_assert_cmpint (form->type, ==, XMPP_DATA_FORM_RESULT);
  g_assert_cmpstr (form->title, ==, "A title");
  g_assert_cmpstr (form->instructions, ==, "One\nTwo");
  g_assert_cmpstr (text, ==, "1\n2");
  xmpp_assert_node (cancel, X ("cancel", ""));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

#define ADD(rows, prefix, func)                                                                \
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)                                              \
    {                                                                                          \
      g_autofree char *path = g_strdup_printf ("/xmpp/data-form/%s/%s", prefix, rows[i].name); \
                                                                                               \
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), func);                                 \
    }
  ADD (parse_rows, "parse", test_parse);
  ADD (bad_rows, "bad", test_bad);
  ADD (large_rows, "large", test_large);
  ADD (submit_rows, "submit", test_submit);
  g_test_add_func ("/xmpp/data-form/set-value", test_set_value);
  g_test_add_func ("/xmpp/data-form/texts", test_texts);

  return g_test_run ();
}
