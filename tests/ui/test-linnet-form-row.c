/* Tests of the rows for what a server asks for: one of its kind, and what is typed gets to the field
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-form-row.h"
#include "parsed-field.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>

/* GTK 4.18 loses some memory with each row that is made, and there are many here. */
int
__lsan_is_turned_off (void)
{
  return 1;
}
#endif

#define NAME "<field type='text-single' var='a' label='A'>"
#define VALIDATE(datatype, rest)                                                              \
  "<validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='" datatype "'>" rest \
  "</validate>"
#define OPTION(value, label) "<option label='" label "'><value>" value "</value></option>"
#define TOWNS OPTION ("lis", "Lisbon") OPTION ("osl", "Oslo") OPTION ("nbo", "Nairobi")

static GtkWidget *
create_row (LinnetFormField *field)
{
  GtkWidget *row = g_object_ref_sink (linnet_form_row_new (field));

  g_assert_true (linnet_form_row_get_field (row) == field);

  return row;
}

static char *
dup_values (LinnetFormField *field)
{
  return g_strjoinv ("|", (char **) linnet_form_field_get_values (field));
}

#define assert_values(field, expected)                \
  G_STMT_START                                        \
  {                                                   \
    g_autofree char *values_now = dup_values (field); \
    g_assert_cmpstr (values_now, ==, (expected));     \
  }                                                   \
  G_STMT_END

static const struct
{
  const char *name;
  const char *xml;
  const char *type;
  const char *title;
} kinds[] = {
  { "text", NAME "</field>", "AdwEntryRow", "A (optional)" },
  { "text-required", NAME "<required/></field>", "AdwEntryRow", "A" },
  { "username", "<field var='username' label='User'><required/></field>", "AdwEntryRow", "User" },
  { "password",
    "<field type='text-private' var='pin' label='PIN'><required/></field>",
    "AdwPasswordEntryRow",
    "PIN" },
  { "email", "<field var='email'/>", "AdwEntryRow", "Email address (optional)" },
  { "number",
    "<field var='n' label='Age'>" VALIDATE ("xs:integer", "") "</field>",
    "AdwEntryRow",
    "Age (optional)" },
  { "date",
    "<field var='d' label='Day'>" VALIDATE ("xs:date", "") "</field>",
    "AdwEntryRow",
    "Day (optional)" },
  { "address", "<field type='jid-single' var='j' label='Friend'/>", "AdwEntryRow", "Friend (optional)" },
  { "addresses",
    "<field type='jid-multi' var='j' label='Friends'/>",
    "AdwPreferencesRow",
    "Friends (optional)" },
  { "lines",
    "<field type='text-multi' var='t' label='Why?'><required/></field>",
    "AdwPreferencesRow",
    "Why?" },
  { "switch", "<field type='boolean' var='b' label='Rules'/>", "AdwSwitchRow", "Rules" },
  { "choice",
    "<field type='list-single' var='c' label='Town'>" TOWNS "</field>",
    "AdwComboRow",
    "Town (optional)" },
  { "choice-open",
    "<field type='list-single' var='c' label='Town'>" VALIDATE ("xs:string", "<open/>") TOWNS "</field>",
    "AdwEntryRow",
    "Town (optional)" },
  { "choices",
    "<field type='list-multi' var='c' label='Towns'>" TOWNS "</field>",
    "AdwExpanderRow",
    "Towns (optional)" },
  { "note",
    "<field type='fixed'><value>Read this</value></field>" NAME "</field>",
    "AdwPreferencesRow",
    "Read this" },
  { "known-name", "<field var='first'><required/></field>", "AdwEntryRow", "Given name" },
  { "empty-label", "<field var='zip' label=''><required/></field>", "AdwEntryRow", "Postal code" },
  { "unknown-name", "<field var='shoe_size'><required/></field>", "AdwEntryRow", "shoe_size" },
  { "markup",
    "<field var='a' label='&lt;b&gt;Tom &amp; &lt;i&gt;Jerry'><required/></field>",
    "AdwEntryRow",
    "<b>Tom & <i>Jerry" },
};

static void
test_kind (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (LinnetFormField) field = parsed_field_new (kinds[i].xml, NULL);
  g_autoptr (GtkWidget) row = create_row (field);

  g_assert_cmpstr (G_OBJECT_TYPE_NAME (row), ==, kinds[i].type);
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), ==, kinds[i].title);
  g_assert_false (adw_preferences_row_get_use_markup (ADW_PREFERENCES_ROW (row)));
}

static void
test_entry (void)
{
  g_autoptr (LinnetFormField) field = parsed_field_new (NAME "<value>before</value></field>", NULL);
  g_autoptr (GtkWidget) row = create_row (field);

  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, "before");
  gtk_editable_set_text (GTK_EDITABLE (row), "after");
  assert_values (field, "after");
}

static void
test_secret (void)
{
  g_autoptr (LinnetFormField) field = parsed_field_new ("<field type='text-private' var='pin'/>", NULL);
  g_autoptr (GtkWidget) row = create_row (field);
  GtkEditable *text = gtk_editable_get_delegate (GTK_EDITABLE (row));

  g_assert_false (gtk_text_get_visibility (GTK_TEXT (text)));
  gtk_editable_set_text (GTK_EDITABLE (row), "1234");
  assert_values (field, "1234");
}

static void
test_switch (void)
{
  g_autoptr (LinnetFormField) on =
      parsed_field_new ("<field type='boolean' var='b'><value>true</value></field>", NULL);
  g_autoptr (LinnetFormField) off = parsed_field_new ("<field type='boolean' var='b'/>", NULL);
  g_autoptr (GtkWidget) on_row = create_row (on);
  g_autoptr (GtkWidget) off_row = create_row (off);

  g_assert_true (adw_switch_row_get_active (ADW_SWITCH_ROW (on_row)));
  g_assert_false (adw_switch_row_get_active (ADW_SWITCH_ROW (off_row)));
  adw_switch_row_set_active (ADW_SWITCH_ROW (on_row), FALSE);
  assert_values (on, "0");
  adw_switch_row_set_active (ADW_SWITCH_ROW (off_row), TRUE);
  assert_values (off, "1");
}

static void
test_choice (void)
{
  g_autoptr (LinnetFormField) field = parsed_field_new (
      "<field type='list-single' var='c'>" TOWNS "<value>osl</value></field>", NULL);
  g_autoptr (GtkWidget) row = create_row (field);
  AdwComboRow *combo = ADW_COMBO_ROW (row);

  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (combo)), ==, 4);
  g_assert_cmpstr (
      gtk_string_object_get_string (adw_combo_row_get_selected_item (combo)), ==, "Oslo");
  adw_combo_row_set_selected (combo, 3);
  assert_values (field, "nbo");
  adw_combo_row_set_selected (combo, 0);
  assert_values (field, "");
}

/* Where the server chooses nothing nothing is chosen, not the first one. */
static void
test_no_choice (void)
{
  g_autoptr (LinnetFormField) field =
      parsed_field_new ("<field type='list-single' var='c'>" TOWNS "</field>", NULL);
  g_autoptr (GtkWidget) row = create_row (field);

  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (row)), ==, 0);
  g_assert_cmpstr (linnet_form_field_get_value (field), ==, "");
}

static void
collect_checks (GtkWidget *top, GPtrArray *checks)
{
  if (GTK_IS_CHECK_BUTTON (top))
    g_ptr_array_add (checks, top);
  for (GtkWidget *child = gtk_widget_get_first_child (top); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_checks (child, checks);
}

static void
test_choices (void)
{
  g_autoptr (LinnetFormField) field = parsed_field_new (
      "<field type='list-multi' var='c'>" TOWNS "<value>osl</value></field>", NULL);
  g_autoptr (GtkWidget) row = create_row (field);
  g_autoptr (GPtrArray) checks = g_ptr_array_new ();

  collect_checks (row, checks);
  g_assert_cmpuint (checks->len, ==, 3);
  g_assert_true (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (row)));
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (gtk_check_button_get_active (checks->pdata[i]), ==, i == 1);

  gtk_check_button_set_active (checks->pdata[0], TRUE);
  assert_values (field, "osl|lis");
  gtk_check_button_set_active (checks->pdata[1], FALSE);
  assert_values (field, "lis");
  gtk_check_button_set_active (checks->pdata[0], FALSE);
  assert_values (field, "");
}

static GtkTextBuffer *
get_buffer (GtkWidget *row)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (parsed_field_find (row, GTK_TYPE_TEXT_VIEW, NULL)));
}

static void
test_lines (void)
{
  g_autoptr (LinnetFormField) field = parsed_field_new (
      "<field type='text-multi' var='t'><value>one</value><value>two</value></field>", NULL);
  g_autoptr (GtkWidget) row = create_row (field);
  g_autofree char *text = NULL;

  g_object_get (get_buffer (row), "text", &text, NULL);
  g_assert_cmpstr (text, ==, "one\ntwo");
  gtk_text_buffer_set_text (get_buffer (row), " three\n\nfour", -1);
  assert_values (field, " three\n\nfour");
}

/* One a line, without what nobody means. */
static void
test_addresses (void)
{
  g_autoptr (LinnetFormField) field = parsed_field_new (
      "<field type='jid-multi' var='j'><value>a@lark.test</value><value>b@lark.test</value></field>", NULL);
  g_autoptr (GtkWidget) row = create_row (field);
  g_autofree char *text = NULL;

  g_object_get (get_buffer (row), "text", &text, NULL);
  g_assert_cmpstr (text, ==, "a@lark.test\nb@lark.test");
  gtk_text_buffer_set_text (get_buffer (row), " c@lark.test \n\n\td@lark.test\n", -1);
  assert_values (field, "c@lark.test|d@lark.test");
}

/* The label in @widget that shows @text. */
static gboolean
shows (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (shows (child, text))
      return TRUE;

  return FALSE;
}

static void
test_description (void)
{
  g_autoptr (LinnetFormField) text = parsed_field_new (NAME "<desc>For &lt;b&gt; you</desc></field>", NULL);
  g_autoptr (LinnetFormField) rules =
      parsed_field_new ("<field type='boolean' var='b'><desc>All &lt;b&gt; of them</desc></field>", NULL);
  g_autoptr (GtkWidget) text_row = create_row (text);
  g_autoptr (GtkWidget) rules_row = create_row (rules);

  g_autoptr (GtkWidget) below = g_object_ref_sink (linnet_form_row_new_description (text_row));

  g_assert_true (shows (below, "For <b> you"));
  g_assert_null (linnet_form_row_new_description (rules_row));
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (rules_row)), ==, "All <b> of them");
}

static void
test_invalid (void)
{
  static const char *const forms[] = {
    NAME "</field>",
    "<field type='boolean' var='b'/>",
    "<field type='text-multi' var='t'/>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (LinnetFormField) field = parsed_field_new (forms[i], NULL);
      g_autoptr (GtkWidget) row = create_row (field);

      linnet_form_row_set_invalid (row, TRUE);
      g_assert_true (gtk_widget_has_css_class (row, "error"));
      linnet_form_row_set_invalid (row, FALSE);
      g_assert_false (gtk_widget_has_css_class (row, "error"));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/form-row/kind/%s", kinds[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_kind);
    }
  g_test_add_func ("/ui/form-row/entry", test_entry);
  g_test_add_func ("/ui/form-row/secret", test_secret);
  g_test_add_func ("/ui/form-row/switch", test_switch);
  g_test_add_func ("/ui/form-row/choice", test_choice);
  g_test_add_func ("/ui/form-row/no-choice", test_no_choice);
  g_test_add_func ("/ui/form-row/choices", test_choices);
  g_test_add_func ("/ui/form-row/lines", test_lines);
  g_test_add_func ("/ui/form-row/addresses", test_addresses);
  g_test_add_func ("/ui/form-row/description", test_description);
  g_test_add_func ("/ui/form-row/invalid", test_invalid);

  return g_test_run ();
}
