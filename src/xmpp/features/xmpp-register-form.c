/* XEP-0077 In-Band Registration, version 2.4: what a server asks for
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-register"

#include "config.h"

#include <string.h>

#include "xmpp-bob.h"
#include "xmpp-builder.h"
#include "xmpp-register-form.h"
#include "xmpp-text.h"

#define NS_OOB "jabber:x:oob"
#define MAX_INSTRUCTIONS 8192
/* Each may have to be hashed. */
#define MAX_PICTURES 16

/* Section 14.1. */
static const char *const plain_fields[] = {
  "username",
  "nick",
  "password",
  "name",
  "first",
  "last",
  "email",
  "address",
  "city",
  "state",
  "zip",
  "phone",
  "url",
  "date",
  "misc",
  "text",
  "key",
};

/* XEP-0158 section 4; "qa" is a question in words. */
static const char *const captcha_vars[] = {
  "audio_recog",
  "ocr",
  "picture_q",
  "picture_recog",
  "qa",
  "speech_q",
  "speech_recog",
  "video_q",
  "video_recog",
};

G_DEFINE_BOXED_TYPE (XmppRegisterForm,
                     xmpp_register_form,
                     xmpp_register_form_ref,
                     xmpp_register_form_unref)

static gboolean
is_among (const char *const *names,
          guint n_names,
          const char *name)
{
  for (guint i = 0; i < n_names; i++)
    {
      if (g_str_equal (names[i], name))
        return TRUE;
    }

  return FALSE;
}

static void
xmpp_register_form_clear (gpointer data)
{
  XmppRegisterForm *self = data;

  g_free (self->instructions);
  g_free (self->url);
  g_clear_pointer (&self->form, xmpp_data_form_unref);
  g_hash_table_unref (self->pictures);
}

XmppRegisterForm *
xmpp_register_form_ref (XmppRegisterForm *self)
{
  return g_rc_box_acquire (self);
}

void
xmpp_register_form_unref (XmppRegisterForm *self)
{
  g_rc_box_release_full (self, xmpp_register_form_clear);
}

/* The first https address in a text, without the full stop that ends its sentence. */
static char *
find_url (const char *text)
{
  const char *start = text;

  while (start != NULL && (start = strstr (start, "https://")) != NULL)
    {
      gsize length = strcspn (start, " \t\n\r\"'<>()[]{}");
      g_autofree char *url = NULL;

      while (length > 0 && strchr (".,;:!?", start[length - 1]) != NULL)
        length--;
      url = g_strndup (start, length);
      if (xmpp_media_url_is_safe (url))
        return g_steal_pointer (&url);
      start += strlen ("https://");
    }

  return NULL;
}

static XmppDataForm *
parse_plain (XmppNode *query)
{
  g_autoptr (XmppDataForm) form = xmpp_data_form_new ();

  for (guint i = 0; i < xmpp_node_get_n_children (query); i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (query, i);
      const char *name = xmpp_node_get_name (child);
      const char *const values[] = { xmpp_node_get_text (child), NULL };
      XmppDataField *field;

      if (!g_str_equal (xmpp_node_get_ns (child), XMPP_NS_REGISTER) ||
          !is_among (plain_fields, G_N_ELEMENTS (plain_fields), name) ||
          xmpp_data_form_get_field (form, name) != NULL)
        continue;

      field = xmpp_data_form_add_field (form,
                                        name,
                                        g_str_equal (name, "password") ? XMPP_DATA_FIELD_TEXT_PRIVATE
                                                                       : XMPP_DATA_FIELD_TEXT_SINGLE);
      /* Section 3.1.1: all of them must be filled in. */
      field->required = TRUE;
      if (*values[0] != '\0')
        xmpp_data_field_set_values (field, values);
      /* An old way to tie the answer to the question. */
      if (g_str_equal (name, "key"))
        field->type = XMPP_DATA_FIELD_HIDDEN;
    }

  return form->fields->len > 0 ? g_steal_pointer (&form) : NULL;
}

static gboolean
has_something_to_fill_in (XmppDataForm *form)
{
  for (guint i = 0; i < form->fields->len; i++)
    {
      const XmppDataField *field = form->fields->pdata[i];

      if (field->type != XMPP_DATA_FIELD_FIXED && field->type != XMPP_DATA_FIELD_HIDDEN)
        return TRUE;
    }

  return FALSE;
}

/* Takes the pictures of @uris that came along, or with @found NULL looks for one that did not. */
static void
take_pictures (XmppRegisterForm *self,
               XmppNode *query,
               const XmppMediaElement *media)
{
  for (guint i = 0; i < media->uris->len; i++)
    {
      const XmppMediaUri *uri = media->uris->pdata[i];
      GBytes *bytes;

      if (uri->cid == NULL || g_hash_table_contains (self->pictures, uri->cid) ||
          g_hash_table_size (self->pictures) >= MAX_PICTURES)
        continue;
      bytes = xmpp_bob_find (query, uri->cid);
      if (bytes != NULL)
        g_hash_table_insert (self->pictures, g_strdup (uri->cid), bytes);
    }
}

static gboolean
parse_form (XmppRegisterForm *self,
            XmppNode *query,
            GError **error)
{
  XmppNode *x = xmpp_node_get_child (query, "x", XMPP_NS_DATA_FORM);
  g_autoptr (XmppDataForm) form = NULL;
  g_autoptr (GError) local_error = NULL;

  if (x != NULL && (form = xmpp_data_form_parse (x, &local_error)) == NULL &&
      local_error->code == XMPP_DATA_FORM_ERROR_TOO_LARGE)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (form == NULL || form->type != XMPP_DATA_FORM_FORM || !has_something_to_fill_in (form))
    {
      self->form = parse_plain (query);
      self->plain = self->form != NULL;
      return TRUE;
    }

  for (guint i = 0; i < form->fields->len; i++)
    {
      const XmppDataField *field = form->fields->pdata[i];

      if (field->media != NULL)
        take_pictures (self, query, field->media);
    }
  self->form = g_steal_pointer (&form);

  return TRUE;
}

XmppRegisterForm *
xmpp_register_form_parse (XmppNode *query,
                          GError **error)
{
  g_autoptr (XmppRegisterForm) self = NULL;
  XmppNode *oob;
  const char *text, *url;

  g_return_val_if_fail (query != NULL, NULL);

  if (!xmpp_node_is (query, "query", XMPP_NS_REGISTER))
    {
      g_set_error_literal (
          error, XMPP_DATA_FORM_ERROR, XMPP_DATA_FORM_ERROR_MALFORMED, "This is no registration form");
      return NULL;
    }

  self = g_rc_box_new0 (XmppRegisterForm);
  self->pictures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  self->registered = xmpp_node_get_child (query, "registered", XMPP_NS_REGISTER) != NULL;
  if (!parse_form (self, query, error))
    return NULL;

  text = xmpp_node_get_child_text (query, "instructions", XMPP_NS_REGISTER);
  if (self->form != NULL && self->form->instructions != NULL)
    self->instructions = g_strdup (self->form->instructions);
  else if (text != NULL)
    self->instructions = xmpp_text_clean (text, MAX_INSTRUCTIONS, NULL);
  if (self->instructions != NULL && *g_strstrip (self->instructions) == '\0')
    g_clear_pointer (&self->instructions, g_free);

  oob = xmpp_node_get_child (query, "x", NS_OOB);
  url = oob != NULL ? xmpp_node_get_child_text (oob, "url", NS_OOB) : NULL;
  if (url != NULL)
    {
      g_autofree char *stripped = g_strstrip (g_strdup (url));

      self->url = xmpp_media_url_is_safe (stripped) ? g_steal_pointer (&stripped) : NULL;
    }
  /* Where there is a form, an address in its instructions is more likely that of its terms. */
  if (self->url == NULL && self->form == NULL)
    self->url = find_url (self->instructions);

  return g_steal_pointer (&self);
}

XmppNode *
xmpp_register_form_build (XmppRegisterForm *self)
{
  g_autoptr (GPtrArray) items = NULL;

  g_return_val_if_fail (self != NULL && self->form != NULL, NULL);

  if (!self->plain)
    return xmpp_el ("query", XMPP_NS_REGISTER, xmpp_data_form_build_submit (self->form));

  items = g_ptr_array_new ();
  for (guint i = 0; i < self->form->fields->len; i++)
    {
      const XmppDataField *field = self->form->fields->pdata[i];
      const char *value = field->values[0] != NULL ? field->values[0] : "";

      g_ptr_array_add (items, xmpp_el (field->var, XMPP_NS_REGISTER, xmpp_text (value)));
    }
  g_ptr_array_add (items, XMPP_END);

  return xmpp_node_build ("query", XMPP_NS_REGISTER, (XmppNode *const *) items->pdata);
}

gboolean
xmpp_register_field_is_captcha (const XmppDataField *field)
{
  g_return_val_if_fail (field != NULL, FALSE);

  if (field->var == NULL ||
      (field->type != XMPP_DATA_FIELD_TEXT_SINGLE && field->type != XMPP_DATA_FIELD_TEXT_PRIVATE &&
       field->type != XMPP_DATA_FIELD_TEXT_MULTI))
    return FALSE;

  return field->media != NULL || is_among (captcha_vars, G_N_ELEMENTS (captcha_vars), field->var);
}

const char *
xmpp_register_form_get_missing_cid (XmppRegisterForm *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; self->form != NULL && i < self->form->fields->len; i++)
    {
      const XmppDataField *field = self->form->fields->pdata[i];

      for (guint j = 0; field->media != NULL && j < field->media->uris->len; j++)
        {
          const XmppMediaUri *uri = field->media->uris->pdata[j];

          if (uri->cid != NULL && !g_hash_table_contains (self->pictures, uri->cid))
            return uri->cid;
        }
    }

  return NULL;
}
