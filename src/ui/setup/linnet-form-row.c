/* One thing that a server asks for, to fill in
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-form-row"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-form-row.h"
#include "linnet-row.h"
#include "linnet-server-text.h"

#define FIELD_KEY "linnet-form-field"
#define VALUE_KEY "linnet-form-value"
#define TEXT_HEIGHT 96

/* What is often asked for, where the server only gives the protocol's name for it (XEP-0077 section 14.3). */
static const struct
{
  const char *name;
  const char *label;
} known[] = {
  { "address", N_ ("Street") },
  { "city", N_ ("City") },
  { "date", N_ ("Date") },
  { "email", N_ ("Email address") },
  { "first", N_ ("Given name") },
  { "last", N_ ("Family name") },
  { "misc", N_ ("Something else") },
  { "name", N_ ("Full name") },
  { "nick", N_ ("Nickname") },
  { "phone", N_ ("Phone number") },
  { "state", N_ ("State or province") },
  { "url", N_ ("Web page") },
  { "zip", N_ ("Postal code") },
};

/**
 * linnet_form_row_get_label:
 *
 * Returns: (transfer none): what to call @field
 */
const char *
linnet_form_row_get_label (LinnetFormField *field)
{
  const char *label, *name;

  g_return_val_if_fail (LINNET_IS_FORM_FIELD (field), NULL);

  label = linnet_form_field_get_label (field);
  if (label != NULL && *label != '\0')
    return label;

  name = linnet_form_field_get_name (field);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (name, known[i].name))
      return _ (known[i].label);

  return name;
}

/* Where one may leave it out, it says so. */
static char *
dup_title (LinnetFormField *field)
{
  LinnetFormFieldKind kind = linnet_form_field_get_kind (field);
  const char *label = linnet_form_row_get_label (field);

  if (linnet_form_field_get_required (field) || kind == LINNET_FORM_FIELD_SWITCH ||
      kind == LINNET_FORM_FIELD_NOTE)
    return g_strdup (label);

  /* Translators: %s is what a server asks for */
  return g_strdup_printf (_ ("%s (optional)"), label);
}

static void
text_changed_cb (GtkEditable *row, LinnetFormField *field)
{
  linnet_form_field_set_value (field, gtk_editable_get_text (row));
}

static GtkInputPurpose
get_purpose (LinnetFormFieldKind kind)
{
  switch (kind)
    {
    case LINNET_FORM_FIELD_EMAIL:
    case LINNET_FORM_FIELD_ADDRESS:
      return GTK_INPUT_PURPOSE_EMAIL;
    case LINNET_FORM_FIELD_NUMBER:
      return GTK_INPUT_PURPOSE_NUMBER;
    default:
      return GTK_INPUT_PURPOSE_FREE_FORM;
    }
}

static GtkWidget *
create_entry (LinnetFormField *field)
{
  LinnetFormFieldKind kind = linnet_form_field_get_kind (field);
  gboolean secret = kind == LINNET_FORM_FIELD_PASSWORD;
  GtkWidget *row = secret ? adw_password_entry_row_new () : adw_entry_row_new ();

  if (!secret)
    {
      adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (row), get_purpose (kind));
      adw_entry_row_set_input_hints (ADW_ENTRY_ROW (row), GTK_INPUT_HINT_NO_SPELLCHECK);
    }
  gtk_editable_set_text (GTK_EDITABLE (row), linnet_form_field_get_value (field));
  g_signal_connect_object (row, "changed", G_CALLBACK (text_changed_cb), field, G_CONNECT_DEFAULT);

  return row;
}

static void
lines_changed_cb (GtkTextBuffer *buffer, LinnetFormField *field)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GStrvBuilder) values = NULL;
  g_auto (GStrv) filled = NULL;

  g_object_get (buffer, "text", &text, NULL);
  if (linnet_form_field_get_kind (field) == LINNET_FORM_FIELD_MULTILINE)
    {
      linnet_form_field_set_value (field, text);
      return;
    }

  lines = g_strsplit (text, "\n", -1);
  values = g_strv_builder_new ();
  for (guint i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '\0')
      g_strv_builder_add (values, lines[i]);
  filled = g_strv_builder_end (values);
  linnet_form_field_set_values (field, (const char *const *) filled);
}

static char *
dup_lines (LinnetFormField *field)
{
  if (linnet_form_field_get_kind (field) == LINNET_FORM_FIELD_MULTILINE)
    return g_strdup (linnet_form_field_get_value (field));

  return g_strjoinv ("\n", (char **) linnet_form_field_get_values (field));
}

/* Several lines: GTK has no row for them. */
static GtkWidget *
create_lines (LinnetFormField *field, const char *title)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *label = gtk_label_new (title);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *view = gtk_text_view_new ();
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  g_autofree char *text = dup_lines (field);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (view, "inline");
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), TEXT_HEIGHT);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);

  gtk_text_buffer_set_text (buffer, text, -1);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (lines_changed_cb), field, G_CONNECT_DEFAULT);

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), scroller);
  g_object_set (box, "margin-start", 12, "margin-end", 12, "margin-top", 6, "margin-bottom", 6, NULL);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);

  return row;
}

static void
switched_cb (AdwSwitchRow *row, GParamSpec *pspec, LinnetFormField *field)
{
  linnet_form_field_set_value (field, adw_switch_row_get_active (row) ? "1" : "0");
}

static GtkWidget *
create_switch (LinnetFormField *field)
{
  GtkWidget *row = adw_switch_row_new ();

  adw_switch_row_set_active (ADW_SWITCH_ROW (row), g_str_equal (linnet_form_field_get_value (field), "1"));
  g_signal_connect_object (row, "notify::active", G_CALLBACK (switched_cb), field, G_CONNECT_DEFAULT);

  return row;
}

static const LinnetFormOption *
get_option (LinnetFormField *field, guint i)
{
  return g_ptr_array_index (linnet_form_field_get_options (field), i);
}

/* The first line stands for nothing chosen: nothing is answered in a person's name. */
static void
selected_cb (AdwComboRow *row, GParamSpec *pspec, LinnetFormField *field)
{
  guint selected = adw_combo_row_get_selected (row);
  guint n = linnet_form_field_get_options (field)->len;

  linnet_form_field_set_value (
      field, selected > 0 && selected <= n ? get_option (field, selected - 1)->value : "");
}

static GtkWidget *
create_choice (LinnetFormField *field)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autoptr (GtkExpression) expression =
      gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");
  guint n = linnet_form_field_get_options (field)->len;
  guint selected = 0;

  gtk_string_list_append (names, C_ ("nothing of a list", "None"));
  for (guint i = 0; i < n; i++)
    {
      gtk_string_list_append (names, get_option (field, i)->label);
      if (g_str_equal (get_option (field, i)->value, linnet_form_field_get_value (field)))
        selected = i + 1;
    }

  adw_combo_row_set_expression (ADW_COMBO_ROW (row), expression);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (names));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), selected);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (selected_cb), field, G_CONNECT_DEFAULT);

  return row;
}

static void
checked_cb (GtkCheckButton *check, LinnetFormField *field)
{
  const char *value = g_object_get_data (G_OBJECT (check), VALUE_KEY);
  const char *const *old = linnet_form_field_get_values (field);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) values = NULL;

  for (guint i = 0; old[i] != NULL; i++)
    if (!g_str_equal (old[i], value))
      g_strv_builder_add (builder, old[i]);
  if (gtk_check_button_get_active (check))
    g_strv_builder_add (builder, value);

  values = g_strv_builder_end (builder);
  linnet_form_field_set_values (field, (const char *const *) values);
}

static GtkWidget *
create_option (LinnetFormField *field, const LinnetFormOption *option)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_check_button_new ();

  linnet_row_set_title (ADW_PREFERENCES_ROW (row), option->label);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check),
                               g_strv_contains (linnet_form_field_get_values (field), option->value));
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  /* Were it just not focusable, it would hold the focus on its way: it says that it took it, and does not. */
  gtk_widget_set_can_focus (check, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, option->label, -1);
  g_object_set_data_full (G_OBJECT (check), VALUE_KEY, g_strdup (option->value), g_free);
  g_signal_connect_object (check, "toggled", G_CALLBACK (checked_cb), field, G_CONNECT_DEFAULT);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);

  return row;
}

static GtkWidget *
create_choices (LinnetFormField *field)
{
  GtkWidget *row = adw_expander_row_new ();
  guint n = linnet_form_field_get_options (field)->len;

  for (guint i = 0; i < n; i++)
    adw_expander_row_add_row (ADW_EXPANDER_ROW (row), create_option (field, get_option (field, i)));
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);

  return row;
}

static GtkWidget *
create_note (const char *note)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *text = g_object_new (LINNET_TYPE_SERVER_TEXT, NULL);

  linnet_server_text_set_text (LINNET_SERVER_TEXT (text), note);
  g_object_set (text, "margin-start", 12, "margin-end", 12, "margin-top", 12, "margin-bottom", 12, NULL);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), text);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);

  return row;
}

static GtkWidget *
create_row (LinnetFormField *field, const char *title)
{
  LinnetFormFieldKind kind = linnet_form_field_get_kind (field);

  /* What is not in the list can only be typed. */
  if (kind == LINNET_FORM_FIELD_CHOICE && linnet_form_field_get_open (field))
    return create_entry (field);

  switch (kind)
    {
    case LINNET_FORM_FIELD_MULTILINE:
    case LINNET_FORM_FIELD_ADDRESSES:
      return create_lines (field, title);
    case LINNET_FORM_FIELD_SWITCH:
      return create_switch (field);
    case LINNET_FORM_FIELD_CHOICE:
      return create_choice (field);
    case LINNET_FORM_FIELD_CHOICES:
      return create_choices (field);
    case LINNET_FORM_FIELD_NOTE:
      return create_note (linnet_form_row_get_label (field));
    case LINNET_FORM_FIELD_TEXT:
    case LINNET_FORM_FIELD_PASSWORD:
    case LINNET_FORM_FIELD_ADDRESS:
    case LINNET_FORM_FIELD_USERNAME:
    case LINNET_FORM_FIELD_CAPTCHA:
    case LINNET_FORM_FIELD_EMAIL:
    case LINNET_FORM_FIELD_NUMBER:
    case LINNET_FORM_FIELD_DATE:
    default:
      return create_entry (field);
    }
}

GtkWidget *
linnet_form_row_new (LinnetFormField *field)
{
  g_autofree char *title = NULL;
  GtkWidget *row;

  g_return_val_if_fail (LINNET_IS_FORM_FIELD (field), NULL);

  title = dup_title (field);
  row = create_row (field, title);
  linnet_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (ADW_IS_ACTION_ROW (row))
    linnet_row_set_subtitle (ADW_ACTION_ROW (row), linnet_form_field_get_description (field));

  g_object_set_data_full (G_OBJECT (row), FIELD_KEY, g_object_ref (field), g_object_unref);

  return row;
}

GtkWidget *
linnet_form_row_new_description (GtkWidget *row)
{
  LinnetFormField *field = linnet_form_row_get_field (row);
  const char *description = linnet_form_field_get_description (field);

  if (description == NULL || ADW_IS_ACTION_ROW (row))
    return NULL;

  gtk_accessible_update_property (
      GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);

  return create_note (description);
}

LinnetFormField *
linnet_form_row_get_field (GtkWidget *row)
{
  g_return_val_if_fail (GTK_IS_WIDGET (row), NULL);

  return g_object_get_data (G_OBJECT (row), FIELD_KEY);
}

void
linnet_form_row_set_invalid (GtkWidget *row, gboolean invalid)
{
  g_return_if_fail (GTK_IS_WIDGET (row));

  if (ADW_IS_ENTRY_ROW (row))
    linnet_row_set_invalid (ADW_ENTRY_ROW (row), invalid);
  else if (invalid)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");
}
