/* Tests of XEP-0122, and of what the types of XEP-0004 ask for
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-test.h"
#include "xmpp-assert.h"
#include "xmpp-data-form.h"

#define FIELD(type, content) "<field var='a' type='" type "'>" content "</field>"
#define VALIDATE(datatype, method) \
  "<validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='" datatype "'>" method "</validate>"
#define TYPED(datatype) FIELD ("text-single", VALIDATE (datatype, "<basic/>"))
#define RANGE(datatype, range) FIELD ("text-single", VALIDATE (datatype, "<range " range "/>"))
#define REGEX(pattern) FIELD ("text-single", VALIDATE ("xs:string", "<regex>" pattern "</regex>"))
#define OPTIONS "<option><value>x</value></option><option><value>y</value></option>"
#define FINE (-1)

/* @values: separated by "|" */
static const struct
{
  const char *name;
  const char *xml;
  const char *values;
  int code;
} rows[] = {
  { "empty", FIELD ("text-single", ""), "", FINE },
  { "required-empty", FIELD ("text-single", "<required/>"), "", XMPP_DATA_FORM_ERROR_REQUIRED },
  { "required", FIELD ("text-single", "<required/>"), "x", FINE },
  { "two-lines", FIELD ("text-single", ""), "x\ny", XMPP_DATA_FORM_ERROR_NOT_ONE_LINE },
  { "two-lines-of-multi", FIELD ("text-multi", ""), "x\ny", FINE },
  { "boolean", FIELD ("boolean", ""), "true", FINE },
  { "no-boolean", FIELD ("boolean", ""), "yes", XMPP_DATA_FORM_ERROR_NOT_A_BOOLEAN },
  { "option", FIELD ("list-single", OPTIONS), "y", FINE },
  { "no-option", FIELD ("list-single", OPTIONS), "z", XMPP_DATA_FORM_ERROR_NOT_AN_OPTION },
  { "open-list", FIELD ("list-single", OPTIONS VALIDATE ("xs:string", "<open/>")), "z", FINE },
  { "closed-list",
    FIELD ("list-single", OPTIONS VALIDATE ("xs:string", "<basic/>")),
    "z",
    XMPP_DATA_FORM_ERROR_NOT_AN_OPTION },
  { "options", FIELD ("list-multi", OPTIONS), "x|y", FINE },
  { "no-options", FIELD ("list-multi", OPTIONS), "x|z", XMPP_DATA_FORM_ERROR_NOT_AN_OPTION },
  { "too-few",
    FIELD ("list-multi", OPTIONS VALIDATE ("xs:string", "<basic/><list-range min='2'/>")),
    "x",
    XMPP_DATA_FORM_ERROR_N_VALUES },
  { "too-many",
    FIELD ("list-multi", OPTIONS VALIDATE ("xs:string", "<basic/><list-range max='1'/>")),
    "x|y",
    XMPP_DATA_FORM_ERROR_N_VALUES },
  { "address", FIELD ("jid-single", ""), "ana@lark.chat", FINE },
  { "no-address", FIELD ("jid-single", ""), "@lark.chat", XMPP_DATA_FORM_ERROR_NOT_AN_ADDRESS },
  { "no-addresses",
    FIELD ("jid-multi", ""),
    "ana@lark.chat|a b@lark.chat",
    XMPP_DATA_FORM_ERROR_NOT_AN_ADDRESS },
  { "integer", TYPED ("xs:int"), "-42", FINE },
  { "no-integer", TYPED ("xs:int"), "4.2", XMPP_DATA_FORM_ERROR_NOT_A_NUMBER },
  { "no-number", TYPED ("xs:integer"), "four", XMPP_DATA_FORM_ERROR_NOT_A_NUMBER },
  { "hexadecimal", TYPED ("xs:integer"), "0x1F", XMPP_DATA_FORM_ERROR_NOT_A_NUMBER },
  { "infinite", TYPED ("xs:double"), "1e999", XMPP_DATA_FORM_ERROR_NOT_A_NUMBER },
  { "decimal", TYPED ("xs:decimal"), "4.25", FINE },
  { "date", TYPED ("xs:date"), "2024-02-29", FINE },
  { "no-such-date", TYPED ("xs:date"), "2025-02-29", XMPP_DATA_FORM_ERROR_NOT_A_DATE },
  { "date-of-here", TYPED ("xs:date"), "25.11.2025", XMPP_DATA_FORM_ERROR_NOT_A_DATE },
  { "date-time", TYPED ("xs:dateTime"), "2003-10-06T11:22:00-07:00", FINE },
  { "no-date-time", TYPED ("xs:dateTime"), "2003-10-06 11:22", XMPP_DATA_FORM_ERROR_NOT_A_DATE },
  { "time", TYPED ("xs:time"), "11:22:00", FINE },
  { "no-time", TYPED ("xs:time"), "25:00:00", XMPP_DATA_FORM_ERROR_NOT_A_DATE },
  { "typed-boolean", TYPED ("xs:boolean"), "maybe", XMPP_DATA_FORM_ERROR_NOT_A_BOOLEAN },
  { "unknown-datatype", TYPED ("x:shoe-size"), "anything", FINE },
  { "in-range", RANGE ("xs:int", "min='18' max='120'"), "18", FINE },
  { "below", RANGE ("xs:int", "min='18' max='120'"), "9", XMPP_DATA_FORM_ERROR_OUT_OF_RANGE },
  { "above", RANGE ("xs:int", "min='18' max='120'"), "121", XMPP_DATA_FORM_ERROR_OUT_OF_RANGE },
  { "before", RANGE ("xs:date", "min='2020-01-01'"), "2019-12-31", XMPP_DATA_FORM_ERROR_OUT_OF_RANGE },
  { "moment",
    RANGE ("xs:dateTime", "max='2020-01-01T00:00:00Z'"),
    "2020-01-01T00:30:00+01:00",
    FINE },
  { "bad-limit", RANGE ("xs:int", "min='many'"), "1", FINE },
  { "pattern", REGEX ("^([0-9]{3})-([0-9]{2})-([0-9]{4})$"), "123-12-1234", FINE },
  { "no-pattern", REGEX ("^([0-9]{3})-([0-9]{2})-([0-9]{4})$"), "abc", XMPP_DATA_FORM_ERROR_PATTERN },
  { "pattern-of-letters", REGEX ("^\\w+$"), "żółw", FINE },
  { "broken-pattern", REGEX ("(["), "anything", FINE },
  /* Whoever lifts our limits would let this one run for hours. */
  { "slow-pattern", REGEX ("^(a+)+$"), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", FINE },
  { "settings-in-pattern", REGEX ("(*LIMIT_MATCH=4294967295)^(a+)+$"), "aaaaaaaaaaaaaaaaaaaaab", FINE },
  { "hidden", FIELD ("hidden", "<required/>"), "", FINE },
};

static void
test_row (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *xml = g_strconcat ("<x xmlns='jabber:x:data' type='form'>", rows[row].xml, "</x>", NULL);
  g_autoptr (XmppNode) node = xmpp_node_from_literal (xml);
  g_autoptr (XmppDataForm) form = xmpp_data_form_parse (node, NULL);
  XmppDataField *field = xmpp_data_form_get_field (form, "a");
  g_auto (GStrv) values = g_strsplit (rows[row].values, "|", -1);
  g_autoptr (GError) error = NULL;

  xmpp_data_field_set_values (field, (const char *const *) values);
  g_assert_true (xmpp_data_field_check (field, &error) == (rows[row].code == FINE));
  if (rows[row].code != FINE)
    g_assert_error (error, XMPP_DATA_FORM_ERROR, rows[row].code);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/xmpp/data-validate/%s", rows[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
    }

  return g_test_run ();
}
