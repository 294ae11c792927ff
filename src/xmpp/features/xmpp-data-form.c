/* XEP-0004 Data Forms, version 2.13.2, with XEP-0122 (validation) and XEP-0221 (media)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-data-form"

#include "config.h"

#include <string.h>

#include "xmpp-builder.h"
#include "xmpp-data-form-private.h"
#include "xmpp-text.h"

#define MAX_FIELDS 200
/* In all fields together. */
#define MAX_OPTIONS 2000
#define MAX_VALUES 2000
#define MAX_VAR 256
#define MAX_LABEL 1024
#define MAX_DESC 4096
#define MAX_INSTRUCTIONS 8192

typedef struct
{
  guint options;
  guint values;
} Counts;

G_DEFINE_QUARK (xmpp - data - form - error - quark, xmpp_data_form_error)
G_DEFINE_BOXED_TYPE (XmppDataForm, xmpp_data_form, xmpp_data_form_ref, xmpp_data_form_unref)

static const char *const form_types[] = {
  [XMPP_DATA_FORM_FORM] = "form",
  [XMPP_DATA_FORM_SUBMIT] = "submit",
  [XMPP_DATA_FORM_CANCEL] = "cancel",
  [XMPP_DATA_FORM_RESULT] = "result",
};

static const char *const field_types[] = {
  [XMPP_DATA_FIELD_TEXT_SINGLE] = "text-single",
  [XMPP_DATA_FIELD_TEXT_PRIVATE] = "text-private",
  [XMPP_DATA_FIELD_TEXT_MULTI] = "text-multi",
  [XMPP_DATA_FIELD_BOOLEAN] = "boolean",
  [XMPP_DATA_FIELD_LIST_SINGLE] = "list-single",
  [XMPP_DATA_FIELD_LIST_MULTI] = "list-multi",
  [XMPP_DATA_FIELD_JID_SINGLE] = "jid-single",
  [XMPP_DATA_FIELD_JID_MULTI] = "jid-multi",
  [XMPP_DATA_FIELD_FIXED] = "fixed",
  [XMPP_DATA_FIELD_HIDDEN] = "hidden",
};

static int
find_name (const char *const *names,
           guint n_names,
           const char *name,
           int otherwise)
{
  for (guint i = 0; name != NULL && i < n_names; i++)
    {
      if (g_str_equal (names[i], name))
        return (int) i;
    }

  return otherwise;
}

static void
xmpp_data_option_free (gpointer data)
{
  XmppDataOption *self = data;

  g_free (self->value);
  g_free (self->label);
  g_free (self);
}

/* Passwords are among the values. */
static void
wipe_values (GStrv values)
{
  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    explicit_bzero (values[i], strlen (values[i]));
  g_strfreev (values);
}

static void
xmpp_data_field_free (gpointer data)
{
  XmppDataField *self = data;

  g_free (self->var);
  g_free (self->label);
  g_free (self->desc);
  wipe_values (self->values);
  g_ptr_array_unref (self->options);
  g_clear_pointer (&self->validation, xmpp_data_validation_free);
  g_clear_pointer (&self->media, xmpp_media_element_free);
  g_free (self);
}

static XmppDataField *
xmpp_data_field_new (const char *var,
                     XmppDataFieldType type)
{
  XmppDataField *self = g_new0 (XmppDataField, 1);

  self->var = g_strdup (var);
  self->type = type;
  self->values = g_new0 (char *, 1);
  self->options = g_ptr_array_new_with_free_func (xmpp_data_option_free);

  return self;
}

static void
xmpp_data_form_clear (gpointer data)
{
  XmppDataForm *self = data;

  g_free (self->title);
  g_free (self->instructions);
  g_ptr_array_unref (self->fields);
}

static void
set_too_large (GError **error,
               const char *what)
{
  g_set_error (error, XMPP_DATA_FORM_ERROR, XMPP_DATA_FORM_ERROR_TOO_LARGE, "Too many %s", what);
}

static gboolean
parse_option (XmppDataField *field,
              XmppNode *node,
              Counts *counts,
              GError **error)
{
  XmppNode *value = xmpp_node_get_child (node, "value", XMPP_NS_DATA_FORM);
  const char *label = xmpp_node_get_attr (node, "label");
  XmppDataOption *option;

  if (value == NULL || xmpp_data_field_has_option (field, xmpp_node_get_text (value)))
    return TRUE;
  if (++counts->options > MAX_OPTIONS)
    {
      set_too_large (error, "options");
      return FALSE;
    }

  option = g_new0 (XmppDataOption, 1);
  option->value = g_strdup (xmpp_node_get_text (value));
  option->label = label != NULL ? xmpp_text_clean (label, MAX_LABEL, NULL) : NULL;
  g_ptr_array_add (field->options, option);

  return TRUE;
}

/* @values: gets what is in @child if that is a value. */
static gboolean
parse_child (XmppDataField *field,
             XmppNode *child,
             GPtrArray *values,
             Counts *counts,
             GError **error)
{
  if (xmpp_node_is (child, "required", XMPP_NS_DATA_FORM))
    field->required = TRUE;
  else if (xmpp_node_is (child, "desc", XMPP_NS_DATA_FORM) && field->desc == NULL)
    field->desc = xmpp_text_clean (xmpp_node_get_text (child), MAX_DESC, NULL);
  else if (xmpp_node_is (child, "option", XMPP_NS_DATA_FORM))
    return parse_option (field, child, counts, error);
  else if (xmpp_node_is (child, "media", XMPP_NS_MEDIA_ELEMENT) && field->media == NULL)
    field->media = xmpp_media_element_parse (child);
  else if (xmpp_node_is (child, "validate", XMPP_NS_DATA_VALIDATE) && field->validation == NULL)
    field->validation = xmpp_data_validation_parse (child);
  else if (xmpp_node_is (child, "value", XMPP_NS_DATA_FORM))
    {
      if (++counts->values > MAX_VALUES)
        {
          set_too_large (error, "values");
          return FALSE;
        }
      g_ptr_array_add (values, g_strdup (xmpp_node_get_text (child)));
    }

  return TRUE;
}

static gboolean
is_single (XmppDataFieldType type)
{
  return type != XMPP_DATA_FIELD_TEXT_MULTI && type != XMPP_DATA_FIELD_LIST_MULTI &&
         type != XMPP_DATA_FIELD_JID_MULTI && type != XMPP_DATA_FIELD_HIDDEN &&
         type != XMPP_DATA_FIELD_FIXED;
}

/* NULL with @error; NULL without when the field is nothing that could be filled in. */
static XmppDataField *
parse_field (XmppNode *node,
             Counts *counts,
             GError **error)
{
  const char *var = xmpp_node_get_attr (node, "var");
  const char *label = xmpp_node_get_attr (node, "label");
  g_autoptr (GPtrArray) values = NULL;
  XmppDataField *field;
  int type = find_name (field_types,
                        G_N_ELEMENTS (field_types),
                        xmpp_node_get_attr (node, "type"),
                        XMPP_DATA_FIELD_TEXT_SINGLE);

  if (type != XMPP_DATA_FIELD_FIXED && (var == NULL || *var == '\0' || strlen (var) > MAX_VAR))
    return NULL;

  field = xmpp_data_field_new (var, (XmppDataFieldType) type);
  field->label = label != NULL ? xmpp_text_clean (label, MAX_LABEL, NULL) : NULL;
  values = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < xmpp_node_get_n_children (node); i++)
    {
      if (!parse_child (field, xmpp_node_get_nth_child (node, i), values, counts, error))
        {
          xmpp_data_field_free (field);
          return NULL;
        }
    }

  if (values->len > 1 && is_single (field->type))
    g_ptr_array_set_size (values, 1);
  g_ptr_array_add (values, NULL);
  wipe_values (field->values);
  field->values = (GStrv) g_ptr_array_free (g_steal_pointer (&values), FALSE);

  return field;
}

static gboolean
parse_fields (XmppDataForm *self,
              XmppNode *x,
              GError **error)
{
  Counts counts = { 0 };
  guint n_fields = 0;

  for (guint i = 0; i < xmpp_node_get_n_children (x); i++)
    {
      XmppNode *node = xmpp_node_get_nth_child (x, i);
      g_autoptr (GError) local_error = NULL;
      XmppDataField *field;

      if (!xmpp_node_is (node, "field", XMPP_NS_DATA_FORM))
        continue;
      if (++n_fields > MAX_FIELDS)
        {
          set_too_large (error, "fields");
          return FALSE;
        }

      field = parse_field (node, &counts, &local_error);
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      if (field != NULL && field->var != NULL && xmpp_data_form_get_field (self, field->var) != NULL)
        xmpp_data_field_free (field);
      else if (field != NULL)
        g_ptr_array_add (self->fields, field);
    }

  return TRUE;
}

static char *
parse_instructions (XmppNode *x)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < xmpp_node_get_n_children (x); i++)
    {
      XmppNode *node = xmpp_node_get_nth_child (x, i);

      if (!xmpp_node_is (node, "instructions", XMPP_NS_DATA_FORM) || text->len > MAX_INSTRUCTIONS)
        continue;
      if (text->len > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, xmpp_node_get_text (node));
    }

  return xmpp_text_clean (text->str, MAX_INSTRUCTIONS, NULL);
}

XmppDataForm *
xmpp_data_form_parse (XmppNode *x,
                      GError **error)
{
  g_autoptr (XmppDataForm) self = NULL;
  const char *title;
  int type;

  g_return_val_if_fail (x != NULL, NULL);

  type = find_name (form_types, G_N_ELEMENTS (form_types), xmpp_node_get_attr (x, "type"), -1);
  if (!xmpp_node_is (x, "x", XMPP_NS_DATA_FORM) || type < 0)
    {
      g_set_error_literal (
          error, XMPP_DATA_FORM_ERROR, XMPP_DATA_FORM_ERROR_MALFORMED, "This is not a form");
      return NULL;
    }

  self = xmpp_data_form_new ();
  self->type = (XmppDataFormType) type;
  title = xmpp_node_get_child_text (x, "title", XMPP_NS_DATA_FORM);
  self->title = title != NULL ? xmpp_text_clean_name (title) : NULL;
  self->instructions = parse_instructions (x);

  return parse_fields (self, x, error) ? g_steal_pointer (&self) : NULL;
}

XmppDataForm *
xmpp_data_form_new (void)
{
  XmppDataForm *self = g_rc_box_new0 (XmppDataForm);

  self->fields = g_ptr_array_new_with_free_func (xmpp_data_field_free);

  return self;
}

XmppDataForm *
xmpp_data_form_ref (XmppDataForm *self)
{
  return g_rc_box_acquire (self);
}

void
xmpp_data_form_unref (XmppDataForm *self)
{
  g_rc_box_release_full (self, xmpp_data_form_clear);
}

XmppDataField *
xmpp_data_form_get_field (XmppDataForm *self,
                          const char *var)
{
  g_return_val_if_fail (self != NULL && var != NULL, NULL);

  for (guint i = 0; i < self->fields->len; i++)
    {
      XmppDataField *field = self->fields->pdata[i];

      if (g_strcmp0 (field->var, var) == 0)
        return field;
    }

  return NULL;
}

const char *
xmpp_data_form_get_value (XmppDataForm *self,
                          const char *var)
{
  XmppDataField *field = xmpp_data_form_get_field (self, var);

  return field != NULL ? field->values[0] : NULL;
}

gboolean
xmpp_data_form_set_value (XmppDataForm *self,
                          const char *var,
                          const char *value)
{
  XmppDataField *field = xmpp_data_form_get_field (self, var);
  const char *const values[] = { value, NULL };

  if (field == NULL || field->type == XMPP_DATA_FIELD_HIDDEN || field->type == XMPP_DATA_FIELD_FIXED)
    return FALSE;

  xmpp_data_field_set_values (field, values);

  return TRUE;
}

XmppDataField *
xmpp_data_form_add_field (XmppDataForm *self,
                          const char *var,
                          XmppDataFieldType type)
{
  XmppDataField *field;

  g_return_val_if_fail (self != NULL && var != NULL, NULL);
  g_return_val_if_fail (xmpp_data_form_get_field (self, var) == NULL, NULL);

  field = xmpp_data_field_new (var, type);
  g_ptr_array_add (self->fields, field);

  return field;
}

gboolean
xmpp_data_field_has_option (const XmppDataField *self,
                            const char *value)
{
  for (guint i = 0; i < self->options->len; i++)
    {
      const XmppDataOption *option = self->options->pdata[i];

      if (g_str_equal (option->value, value))
        return TRUE;
    }

  return FALSE;
}

static gboolean
has_value (GPtrArray *values,
           const char *value)
{
  return g_ptr_array_find_with_equal_func (values, value, g_str_equal, NULL);
}

/* Section 3.3: a text-multi has a value a line. */
static void
add_lines (GPtrArray *values,
           const char *text)
{
  g_auto (GStrv) lines = NULL;

  if (*text == '\0')
    return;

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      gsize length = strlen (lines[i]);

      if (length > 0 && lines[i][length - 1] == '\r')
        lines[i][length - 1] = '\0';
      g_ptr_array_add (values, g_strdup (lines[i]));
    }
}

static gboolean
contains (const char *const *values,
          const char *value)
{
  for (guint i = 0; values[i] != NULL; i++)
    {
      if (g_str_equal (values[i], value))
        return TRUE;
    }

  return FALSE;
}

/* The options in the order they came (section 3.3), then what an open list was given besides. */
static void
add_choices (const XmppDataField *self,
             GPtrArray *out,
             const char *const *values)
{
  for (guint i = 0; i < self->options->len; i++)
    {
      const XmppDataOption *option = self->options->pdata[i];

      if (contains (values, option->value))
        g_ptr_array_add (out, g_strdup (option->value));
    }

  for (guint i = 0; values[i] != NULL; i++)
    {
      if (!xmpp_data_field_has_option (self, values[i]) && !has_value (out, values[i]))
        g_ptr_array_add (out, g_strdup (values[i]));
    }
}

static void
add_value (const XmppDataField *self,
           GPtrArray *out,
           const char *value)
{
  gboolean flag;

  if (self->type == XMPP_DATA_FIELD_TEXT_MULTI)
    add_lines (out, value);
  else if (self->type == XMPP_DATA_FIELD_BOOLEAN && xmpp_data_boolean_parse (value, &flag))
    g_ptr_array_add (out, g_strdup (flag ? "1" : "0"));
  else if (self->type != XMPP_DATA_FIELD_JID_MULTI || (*value != '\0' && !has_value (out, value)))
    g_ptr_array_add (out, g_strdup (value));
}

void
xmpp_data_field_set_values (XmppDataField *self,
                            const char *const *values)
{
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func (g_free);

  g_return_if_fail (self != NULL && values != NULL);

  if (self->type == XMPP_DATA_FIELD_HIDDEN || self->type == XMPP_DATA_FIELD_FIXED)
    return;

  if (self->type == XMPP_DATA_FIELD_LIST_MULTI)
    add_choices (self, out, values);
  else
    for (guint i = 0; values[i] != NULL && (i == 0 || !is_single (self->type)); i++)
      add_value (self, out, values[i]);

  g_ptr_array_add (out, NULL);
  wipe_values (self->values);
  self->values = (GStrv) g_ptr_array_free (g_steal_pointer (&out), FALSE);
}

char *
xmpp_data_field_dup_text (const XmppDataField *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->type == XMPP_DATA_FIELD_TEXT_MULTI || self->type == XMPP_DATA_FIELD_FIXED)
    return g_strjoinv ("\n", self->values);

  return g_strdup (self->values[0] != NULL ? self->values[0] : "");
}

static gboolean
is_submitted (const XmppDataField *field)
{
  if (field->type == XMPP_DATA_FIELD_FIXED || field->var == NULL)
    return FALSE;

  return field->type == XMPP_DATA_FIELD_HIDDEN || !xmpp_data_field_is_empty (field);
}

static XmppNode *
build_field (const XmppDataField *field)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  g_ptr_array_add (items, xmpp_attr ("var", field->var));
  if (field->type == XMPP_DATA_FIELD_HIDDEN)
    g_ptr_array_add (items, xmpp_attr ("type", field_types[field->type]));
  for (guint i = 0; field->values[i] != NULL; i++)
    g_ptr_array_add (items, xmpp_el ("value", XMPP_NS_DATA_FORM, xmpp_text (field->values[i])));
  g_ptr_array_add (items, XMPP_END);

  return xmpp_node_build ("field", XMPP_NS_DATA_FORM, (XmppNode *const *) items->pdata);
}

XmppNode *
xmpp_data_form_build_submit (XmppDataForm *self)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  g_return_val_if_fail (self != NULL, NULL);

  g_ptr_array_add (items, xmpp_attr ("type", form_types[XMPP_DATA_FORM_SUBMIT]));
  for (guint i = 0; i < self->fields->len; i++)
    {
      const XmppDataField *field = self->fields->pdata[i];

      if (is_submitted (field))
        g_ptr_array_add (items, build_field (field));
    }
  g_ptr_array_add (items, XMPP_END);

  return xmpp_node_build ("x", XMPP_NS_DATA_FORM, (XmppNode *const *) items->pdata);
}

XmppNode *
xmpp_data_form_build_cancel (void)
{
  return xmpp_el ("x", XMPP_NS_DATA_FORM, xmpp_attr ("type", form_types[XMPP_DATA_FORM_CANCEL]));
}
