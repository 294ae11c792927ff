/* What a server asks for, as the model gives it to widgets
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-form-field-private.h"
#include "parsed-field.h"
#include "xmpp-assert.h"

static XmppRegisterForm *
parse (const char *fields, const char *rest)
{
  g_autofree char *xml = g_strdup_printf (
      "<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'>%s</x>%s</query>",
      fields,
      rest != NULL ? rest : "");
  g_autoptr (XmppNode) node = xmpp_node_from_literal (xml);
  g_autoptr (GError) error = NULL;
  XmppRegisterForm *form = xmpp_register_form_parse (node, &error);

  g_assert_no_error (error);
  g_assert_nonnull (form->form);

  return form;
}

LinnetFormField *
parsed_field_new (const char *fields, const char *rest)
{
  g_autoptr (XmppRegisterForm) form = parse (fields, rest);
  LinnetFormField *field = NULL;

  for (guint i = 0; field == NULL && i < form->form->fields->len; i++)
    field = linnet_form_field_new (form->form->fields->pdata[i], form);
  g_assert_nonnull (field);

  return field;
}

void
parsed_field_update (LinnetFormField *self, const char *fields, const char *rest)
{
  g_autoptr (XmppRegisterForm) form = parse (fields, rest);

  for (guint i = 0; i < form->form->fields->len; i++)
    if (linnet_form_field_matches (self, form->form->fields->pdata[i]))
      {
        linnet_form_field_update (self, form->form->fields->pdata[i], form);
        return;
      }

  g_assert_not_reached ();
}

GtkWidget *
parsed_field_find (GtkWidget *top, GType type, const char *name)
{
  if (g_type_is_a (G_OBJECT_TYPE (top), type) &&
      (name == NULL || g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (top)), name) == 0))
    return top;

  for (GtkWidget *child = gtk_widget_get_first_child (top); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = parsed_field_find (child, type, name);

      if (found != NULL)
        return found;
    }

  return NULL;
}
