/* The form of a registration: shown, checked, filled in
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-registration"

#include "config.h"

#include <string.h>

#include "linnet-account-manager.h"
#include "linnet-form-field-private.h"
#include "linnet-password.h"
#include "linnet-registration-private.h"
#include "xmpp-secret.h"

static LinnetFormField *
get_field (LinnetRegistration *self,
           guint i)
{
  g_autoptr (LinnetFormField) field = g_list_model_get_item (G_LIST_MODEL (self->fields), i);

  return field; /* the list keeps it */
}

static guint
get_n_fields (LinnetRegistration *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->fields));
}

LinnetFormField *
linnet_registration_find_field (LinnetRegistration *self,
                                LinnetFormFieldKind kind)
{
  g_return_val_if_fail (LINNET_IS_REGISTRATION (self), NULL);

  for (guint i = 0; i < get_n_fields (self); i++)
    {
      LinnetFormField *field = get_field (self, i);

      if (linnet_form_field_get_kind (field) == kind)
        return field;
    }

  return NULL;
}

/* The one that is the account's, not some other text that is not shown. */
static LinnetFormField *
find_password (LinnetRegistration *self)
{
  for (guint i = 0; i < get_n_fields (self); i++)
    {
      LinnetFormField *field = get_field (self, i);

      if (linnet_form_field_get_kind (field) == LINNET_FORM_FIELD_PASSWORD &&
          g_str_equal (linnet_form_field_get_name (field), "password"))
        return field;
    }

  return NULL;
}

gboolean
linnet_registration_has_captcha (LinnetRegistration *self)
{
  return linnet_registration_find_field (self, LINNET_FORM_FIELD_CAPTCHA) != NULL;
}

void
linnet_registration_clear_problems (LinnetRegistration *self)
{
  for (guint i = 0; i < get_n_fields (self); i++)
    linnet_form_field_set_problem (get_field (self, i), LINNET_FORM_PROBLEM_NONE);
}

void
linnet_registration_set_problem (LinnetRegistration *self,
                                 LinnetFormFieldKind kind,
                                 LinnetFormProblem problem)
{
  LinnetFormField *field = kind == LINNET_FORM_FIELD_PASSWORD ? find_password (self)
                                                              : linnet_registration_find_field (self, kind);

  if (field != NULL)
    linnet_form_field_set_problem (field, problem);

  /* Of several answers nobody knows which one was wrong. */
  for (guint i = 0; kind == LINNET_FORM_FIELD_CAPTCHA && i < get_n_fields (self); i++)
    if (linnet_form_field_get_kind (get_field (self, i)) == kind)
      linnet_form_field_set_problem (get_field (self, i), problem);
}

/* ---- showing ---- */

/* @position: where it is going to be; notes have no other identity. */
static LinnetFormField *
find_match (LinnetRegistration *self,
            const XmppDataField *question,
            guint position)
{
  guint first = question->var == NULL ? position : 0;
  guint end = question->var == NULL ? position + 1 : get_n_fields (self);

  for (guint i = first; i < MIN (end, get_n_fields (self)); i++)
    {
      LinnetFormField *field = get_field (self, i);

      if (linnet_form_field_matches (field, question))
        return field;
    }

  return NULL;
}

/* What was typed stays where the question is the same; rows are made anew only where they must. */
static void
show_fields (LinnetRegistration *self)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean same = TRUE;

  g_ptr_array_set_size (self->questions, 0);
  for (guint i = 0; self->form->form != NULL && i < self->form->form->fields->len; i++)
    {
      XmppDataField *question = self->form->form->fields->pdata[i];
      LinnetFormField *old = find_match (self, question, fields->len);
      LinnetFormField *field =
          old != NULL ? g_object_ref (old) : linnet_form_field_new (question, self->form);

      if (field == NULL)
        continue;
      if (old != NULL)
        linnet_form_field_update (old, question, self->form);
      same = same && old != NULL && fields->len < get_n_fields (self) && get_field (self, fields->len) == old;
      g_ptr_array_add (fields, field);
      g_ptr_array_add (self->questions, question);
    }

  if (!same || fields->len != get_n_fields (self))
    g_list_store_splice (self->fields, 0, get_n_fields (self), fields->pdata, fields->len);
}

gboolean
linnet_registration_take_form (LinnetRegistration *self,
                               XmppRegisterForm *form,
                               GError **error)
{
  gboolean usable;

  xmpp_register_form_ref (form);
  g_clear_pointer (&self->form, xmpp_register_form_unref);
  self->form = form;
  show_fields (self);

  if (g_set_str (&self->instructions, form->instructions))
    g_object_notify (G_OBJECT (self), "instructions");
  if (g_set_str (&self->web_url, form->url))
    g_object_notify (G_OBJECT (self), "web-url");

  usable = linnet_registration_find_field (self, LINNET_FORM_FIELD_USERNAME) != NULL &&
           find_password (self) != NULL && !form->registered &&
           (self->web_url == NULL || linnet_registration_can_be_solved (self));
  if (usable || self->web_url != NULL)
    {
      linnet_registration_set_state (self, usable ? LINNET_REGISTRATION_FORM : LINNET_REGISTRATION_WEB);
      return TRUE;
    }

  /* Words without a form are why there is none. */
  if (form->form == NULL)
    linnet_registration_set_server_text (self, form->instructions);
  g_set_error_literal (error,
                       LINNET_ERROR,
                       form->form == NULL ? LINNET_ERROR_REGISTRATION_CLOSED : LINNET_ERROR_NOT_SUPPORTED,
                       "The form has no name or no password");

  return FALSE;
}

/* ---- filling in ---- */

static LinnetFormProblem
explain_problem (const GError *error)
{
  switch ((XmppDataFormError) error->code)
    {
    case XMPP_DATA_FORM_ERROR_REQUIRED:
      return LINNET_FORM_PROBLEM_EMPTY;
    case XMPP_DATA_FORM_ERROR_NOT_A_NUMBER:
      return LINNET_FORM_PROBLEM_NOT_A_NUMBER;
    case XMPP_DATA_FORM_ERROR_NOT_A_DATE:
      return LINNET_FORM_PROBLEM_NOT_A_DATE;
    case XMPP_DATA_FORM_ERROR_NOT_AN_ADDRESS:
      return LINNET_FORM_PROBLEM_NOT_AN_ADDRESS;
    case XMPP_DATA_FORM_ERROR_OUT_OF_RANGE:
      return LINNET_FORM_PROBLEM_OUT_OF_RANGE;
    case XMPP_DATA_FORM_ERROR_PATTERN:
      return LINNET_FORM_PROBLEM_PATTERN;
    case XMPP_DATA_FORM_ERROR_N_VALUES:
      return LINNET_FORM_PROBLEM_N_CHOICES;
    case XMPP_DATA_FORM_ERROR_NOT_AN_OPTION:
    case XMPP_DATA_FORM_ERROR_NOT_A_BOOLEAN:
    case XMPP_DATA_FORM_ERROR_NOT_ONE_LINE:
    case XMPP_DATA_FORM_ERROR_MALFORMED:
    case XMPP_DATA_FORM_ERROR_TOO_LARGE:
    default:
      return LINNET_FORM_PROBLEM_OTHER;
    }
}

/* "ana", and "ana@lark.chat" where that is the domain. NULL with BAD_NAME. */
static XmppJid *
parse_name (LinnetRegistration *self,
            GError **error)
{
  LinnetFormField *field = linnet_registration_find_field (self, LINNET_FORM_FIELD_USERNAME);
  g_autofree char *name = g_strstrip (g_strdup (linnet_form_field_get_value (field)));
  const char *at = strchr (name, '@');
  g_autoptr (XmppJid) jid = NULL;

  if (at != NULL)
    {
      jid = xmpp_jid_new (name, NULL);
      if (jid != NULL && (!xmpp_jid_is_bare (jid) || xmpp_jid_get_local (jid) == NULL ||
                          !g_str_equal (xmpp_jid_get_domain (jid), xmpp_jid_get_domain (self->jid))))
        g_clear_pointer (&jid, xmpp_jid_unref);
    }
  else if (*name != '\0')
    jid = xmpp_jid_new_from_parts (name, xmpp_jid_get_domain (self->jid), NULL, NULL);

  if (jid == NULL)
    {
      linnet_form_field_set_problem (
          field, *name == '\0' ? LINNET_FORM_PROBLEM_EMPTY : LINNET_FORM_PROBLEM_BAD_NAME);
      g_set_error_literal (error,
                           LINNET_ERROR,
                           *name == '\0' ? LINNET_ERROR_FORM_INCOMPLETE : LINNET_ERROR_BAD_NAME,
                           "This can be no name");
    }

  return g_steal_pointer (&jid);
}

char *
linnet_registration_dup_address (LinnetRegistration *self)
{
  LinnetFormField *field;
  g_autoptr (XmppJid) jid = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (LINNET_IS_REGISTRATION (self), NULL);

  if (self->registered)
    return g_strdup (self->address);

  field = linnet_registration_find_field (self, LINNET_FORM_FIELD_USERNAME);
  if (field == NULL || self->jid == NULL)
    return NULL;

  name = g_strstrip (g_strdup (linnet_form_field_get_value (field)));
  if (*name != '\0')
    jid = xmpp_jid_new_from_parts (name, xmpp_jid_get_domain (self->jid), NULL, NULL);

  return jid != NULL ? g_strdup (xmpp_jid_get_string (jid)) : NULL;
}

/* The password as SCRAM will have it. The server gets the same, whatever it does with it, and so does signing
 * in: nobody is locked out by the way a character is written. NULL with LINNET_ERROR. */
static XmppSecret *
prepare_password (LinnetRegistration *self,
                  GError **error)
{
  LinnetFormField *field = find_password (self);
  const char *password = linnet_form_field_get_value (field);
  char *prepared = linnet_password_prepare (password);

  if (prepared != NULL)
    return prepared;

  linnet_form_field_set_problem (
      field, *password == '\0' ? LINNET_FORM_PROBLEM_EMPTY : LINNET_FORM_PROBLEM_BAD_PASSWORD);
  g_set_error_literal (error,
                       LINNET_ERROR,
                       *password == '\0' ? LINNET_ERROR_FORM_INCOMPLETE : LINNET_ERROR_BAD_PASSWORD,
                       "This can be no password");

  return NULL;
}

gboolean
linnet_registration_fill_in (LinnetRegistration *self,
                             GError **error)
{
  g_autoptr (XmppJid) jid = NULL;
  g_autoptr (XmppSecret) password = NULL;
  gboolean complete = TRUE;
  GError *first = NULL;

  linnet_registration_clear_problems (self);
  for (guint i = 0; i < get_n_fields (self); i++)
    {
      XmppDataField *question = self->questions->pdata[i];
      g_autoptr (GError) problem = NULL;

      linnet_form_field_write (get_field (self, i), question);
      if (!xmpp_data_field_check (question, &problem))
        {
          linnet_form_field_set_problem (get_field (self, i), explain_problem (problem));
          complete = FALSE;
        }
    }
  complete = linnet_registration_check_puzzles (self) && complete;

  jid = parse_name (self, &first);
  password = prepare_password (self, first == NULL ? &first : NULL);
  if (first == NULL && linnet_account_manager_find_account (self->manager, xmpp_jid_get_string (jid)) != NULL)
    first = g_error_new_literal (LINNET_ERROR, LINNET_ERROR_ACCOUNT_EXISTS, "It is here already");
  if (first == NULL && !complete)
    first = g_error_new_literal (LINNET_ERROR, LINNET_ERROR_FORM_INCOMPLETE, "Some fields do not fit");
  if (first != NULL)
    {
      g_propagate_error (error, first);
      return FALSE;
    }

  xmpp_data_form_set_value (self->form->form, "username", xmpp_jid_get_local (jid));
  xmpp_data_form_set_value (self->form->form, "password", password);
  g_set_str (&self->address, xmpp_jid_get_string (jid));
  xmpp_secret_clear (&self->password);
  self->password = g_steal_pointer (&password);

  return TRUE;
}
