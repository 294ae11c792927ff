/* A field of a form that a server asks to be filled in
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-form-field"

#include "config.h"

#include <string.h>

#include "linnet-form-field-private.h"

#define FALLBACK_URL "captcha-fallback-url"
/* "Look at the web page if you see no picture": our own words say so. */
#define FALLBACK_TEXT "captcha-fallback-text"
/* XEP-0158 section 4.2: work for the processor, which nobody asks for any more. */
#define HASHCASH "SHA-256"

struct _LinnetFormField
{
  GObject parent_instance;

  LinnetFormFieldKind kind;
  char *name;
  char *label;
  char *description;
  char *fallback_url;
  GStrv values;
  GPtrArray *options;
  LinnetFormMedia *picture;
  LinnetFormMedia *audio;
  LinnetFormProblem problem;
  guint required : 1;
  guint open : 1;
  guint in_words : 1;
};

enum
{
  PROP_0,
  PROP_KIND,
  PROP_NAME,
  PROP_LABEL,
  PROP_DESCRIPTION,
  PROP_REQUIRED,
  PROP_VALUE,
  PROP_VALUES,
  PROP_PICTURE,
  PROP_AUDIO,
  PROP_FALLBACK_URL,
  PROP_PROBLEM,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LinnetFormField, linnet_form_field, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

G_DEFINE_ENUM_TYPE (LinnetFormFieldKind,
                    linnet_form_field_kind,
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_FIELD_TEXT, "text"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_FIELD_USERNAME, "username"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_FIELD_PASSWORD, "password"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_FIELD_CAPTCHA, "captcha"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_FIELD_EMAIL, "email"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_FIELD_NUMBER, "number"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_FIELD_DATE, "date"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_FIELD_MULTILINE, "multiline"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_FIELD_SWITCH, "switch"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_FIELD_CHOICE, "choice"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_FIELD_CHOICES, "choices"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_FIELD_ADDRESS, "address"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_FIELD_ADDRESSES, "addresses"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_FIELD_NOTE, "note"))

G_DEFINE_ENUM_TYPE (LinnetFormProblem,
                    linnet_form_problem,
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_PROBLEM_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_PROBLEM_EMPTY, "empty"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_PROBLEM_NOT_A_NUMBER, "not-a-number"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_PROBLEM_NOT_A_DATE, "not-a-date"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_PROBLEM_NOT_AN_ADDRESS, "not-an-address"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_PROBLEM_OUT_OF_RANGE, "out-of-range"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_PROBLEM_PATTERN, "pattern"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_PROBLEM_N_CHOICES, "n-choices"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_PROBLEM_OTHER, "other"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_PROBLEM_NAME_TAKEN, "name-taken"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_PROBLEM_BAD_NAME, "bad-name"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_PROBLEM_WEAK_PASSWORD, "weak-password"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_PROBLEM_BAD_PASSWORD, "bad-password"),
                    G_DEFINE_ENUM_VALUE (LINNET_FORM_PROBLEM_WRONG_CAPTCHA, "wrong-captcha"))

static void
linnet_form_option_free (gpointer data)
{
  LinnetFormOption *self = data;

  g_free (self->value);
  g_free (self->label);
  g_free (self);
}

static void
linnet_form_media_free (LinnetFormMedia *self)
{
  g_free (self->type);
  g_free (self->url);
  g_clear_pointer (&self->data, g_bytes_unref);
  g_free (self);
}

static void
wipe_values (GStrv values)
{
  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    explicit_bzero (values[i], strlen (values[i]));
  g_strfreev (values);
}

static void
linnet_form_field_get_property (GObject *object,
                                guint prop_id,
                                GValue *value,
                                GParamSpec *pspec)
{
  LinnetFormField *self = LINNET_FORM_FIELD (object);

  switch (prop_id)
    {
    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    case PROP_DESCRIPTION:
      g_value_set_string (value, self->description);
      break;
    case PROP_REQUIRED:
      g_value_set_boolean (value, self->required);
      break;
    case PROP_VALUE:
      g_value_set_string (value, linnet_form_field_get_value (self));
      break;
    case PROP_VALUES:
      g_value_set_boxed (value, self->values);
      break;
    case PROP_PICTURE:
      g_value_set_pointer (value, self->picture);
      break;
    case PROP_AUDIO:
      g_value_set_pointer (value, self->audio);
      break;
    case PROP_FALLBACK_URL:
      g_value_set_string (value, self->fallback_url);
      break;
    case PROP_PROBLEM:
      g_value_set_enum (value, self->problem);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_form_field_set_property (GObject *object,
                                guint prop_id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  LinnetFormField *self = LINNET_FORM_FIELD (object);

  switch (prop_id)
    {
    case PROP_VALUE:
      linnet_form_field_set_value (self, g_value_get_string (value));
      break;
    case PROP_VALUES:
      linnet_form_field_set_values (self, g_value_get_boxed (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_form_field_finalize (GObject *object)
{
  LinnetFormField *self = LINNET_FORM_FIELD (object);

  g_free (self->name);
  g_free (self->label);
  g_free (self->description);
  g_free (self->fallback_url);
  wipe_values (self->values);
  g_ptr_array_unref (self->options);
  g_clear_pointer (&self->picture, linnet_form_media_free);
  g_clear_pointer (&self->audio, linnet_form_media_free);

  G_OBJECT_CLASS (linnet_form_field_parent_class)->finalize (object);
}

static void
linnet_form_field_class_init (LinnetFormFieldClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags write = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = linnet_form_field_finalize;
  object_class->get_property = linnet_form_field_get_property;
  object_class->set_property = linnet_form_field_set_property;

  properties[PROP_KIND] =
      g_param_spec_enum ("kind", NULL, NULL, LINNET_TYPE_FORM_FIELD_KIND, LINNET_FORM_FIELD_TEXT, read);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, read);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, read);
  properties[PROP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, NULL, read);
  properties[PROP_REQUIRED] = g_param_spec_boolean ("required", NULL, NULL, FALSE, read);
  properties[PROP_VALUE] = g_param_spec_string ("value", NULL, NULL, NULL, write);
  properties[PROP_VALUES] = g_param_spec_boxed ("values", NULL, NULL, G_TYPE_STRV, write);
  properties[PROP_PICTURE] = g_param_spec_pointer ("picture", NULL, NULL, read);
  properties[PROP_AUDIO] = g_param_spec_pointer ("audio", NULL, NULL, read);
  properties[PROP_FALLBACK_URL] = g_param_spec_string ("fallback-url", NULL, NULL, NULL, read);
  properties[PROP_PROBLEM] =
      g_param_spec_enum ("problem", NULL, NULL, LINNET_TYPE_FORM_PROBLEM, LINNET_FORM_PROBLEM_NONE, read);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
linnet_form_field_init (LinnetFormField *self)
{
  self->values = g_new0 (char *, 1);
  self->options = g_ptr_array_new_with_free_func (linnet_form_option_free);
}

/* ---- what the server asks ---- */

static LinnetFormFieldKind
find_text_kind (const XmppDataField *field)
{
  switch (field->validation != NULL ? field->validation->datatype : XMPP_DATATYPE_STRING)
    {
    case XMPP_DATATYPE_INTEGER:
    case XMPP_DATATYPE_DECIMAL:
      return LINNET_FORM_FIELD_NUMBER;
    case XMPP_DATATYPE_DATE:
      return LINNET_FORM_FIELD_DATE;
    case XMPP_DATATYPE_BOOLEAN:
      return LINNET_FORM_FIELD_SWITCH;
    case XMPP_DATATYPE_DATE_TIME:
    case XMPP_DATATYPE_TIME:
    case XMPP_DATATYPE_STRING:
    default:
      return g_str_equal (field->var, "email") ? LINNET_FORM_FIELD_EMAIL : LINNET_FORM_FIELD_TEXT;
    }
}

static LinnetFormFieldKind
find_kind (const XmppDataField *field)
{
  if (xmpp_register_field_is_captcha (field))
    return LINNET_FORM_FIELD_CAPTCHA;

  switch (field->type)
    {
    case XMPP_DATA_FIELD_TEXT_PRIVATE:
      return LINNET_FORM_FIELD_PASSWORD;
    case XMPP_DATA_FIELD_TEXT_MULTI:
      return LINNET_FORM_FIELD_MULTILINE;
    case XMPP_DATA_FIELD_BOOLEAN:
      return LINNET_FORM_FIELD_SWITCH;
    case XMPP_DATA_FIELD_LIST_SINGLE:
      return LINNET_FORM_FIELD_CHOICE;
    case XMPP_DATA_FIELD_LIST_MULTI:
      return LINNET_FORM_FIELD_CHOICES;
    case XMPP_DATA_FIELD_JID_SINGLE:
      return LINNET_FORM_FIELD_ADDRESS;
    case XMPP_DATA_FIELD_JID_MULTI:
      return LINNET_FORM_FIELD_ADDRESSES;
    case XMPP_DATA_FIELD_FIXED:
      return LINNET_FORM_FIELD_NOTE;
    case XMPP_DATA_FIELD_TEXT_SINGLE:
    case XMPP_DATA_FIELD_HIDDEN:
    default:
      if (g_str_equal (field->var, "username"))
        return LINNET_FORM_FIELD_USERNAME;
      if (g_str_equal (field->var, "password"))
        return LINNET_FORM_FIELD_PASSWORD;
      return find_text_kind (field);
    }
}

static gboolean
is_shown (const XmppDataField *field)
{
  if (field->type == XMPP_DATA_FIELD_HIDDEN)
    return FALSE;

  return field->var == NULL ||
         (!g_str_equal (field->var, FALLBACK_URL) && !g_str_equal (field->var, FALLBACK_TEXT) &&
          !g_str_equal (field->var, HASHCASH));
}

/* What is at hand goes before what has to be fetched. */
static LinnetFormMedia *
make_media (const XmppDataField *field,
            XmppRegisterForm *form,
            const char *kind)
{
  const XmppMediaUri *inside = NULL, *outside = NULL;
  GBytes *data;
  LinnetFormMedia *media;

  if (field->media != NULL)
    {
      inside = xmpp_media_element_find (field->media, kind, TRUE);
      outside = xmpp_media_element_find (field->media, kind, FALSE);
    }
  data = inside != NULL ? g_hash_table_lookup (form->pictures, inside->cid) : NULL;
  if (data == NULL && outside == NULL)
    return NULL;

  media = g_new0 (LinnetFormMedia, 1);
  media->type = g_strdup (data != NULL ? inside->type : outside->type);
  media->data = data != NULL ? g_bytes_ref (data) : NULL;
  media->url = outside != NULL ? g_strdup (outside->url) : NULL;
  media->width = field->media->width;
  media->height = field->media->height;

  return media;
}

static void
take_options (LinnetFormField *self,
              const XmppDataField *field)
{
  g_ptr_array_set_size (self->options, 0);
  for (guint i = 0; i < field->options->len; i++)
    {
      const XmppDataOption *option = field->options->pdata[i];
      LinnetFormOption *own = g_new0 (LinnetFormOption, 1);

      own->value = g_strdup (option->value);
      own->label = g_strdup (option->label != NULL ? option->label : option->value);
      g_ptr_array_add (self->options, own);
    }
}

static char *
find_fallback_url (XmppRegisterForm *form)
{
  const char *url = form->form != NULL ? xmpp_data_form_get_value (form->form, FALLBACK_URL) : NULL;

  return url != NULL && xmpp_media_url_is_safe (url) ? g_strdup (url) : NULL;
}

static char *
dup_label (const XmppDataField *field)
{
  g_autofree char *text = NULL;

  if (field->type != XMPP_DATA_FIELD_FIXED)
    return g_strdup (field->label);

  text = xmpp_data_field_dup_text (field);
  if (*text != '\0')
    return g_steal_pointer (&text);

  return g_strdup (field->label != NULL ? field->label : "");
}

static void
take_question (LinnetFormField *self,
               const XmppDataField *field,
               XmppRegisterForm *form)
{
  g_free (self->label);
  self->label = dup_label (field);
  g_set_str (&self->description, field->desc);
  self->required = field->required;
  self->open = field->validation != NULL && field->validation->open;
  /* Others ask for what is in a picture or sound, and that may be one that nobody may fetch. */
  self->in_words = g_strcmp0 (field->var, "qa") == 0 && field->label != NULL && *field->label != '\0';
  take_options (self, field);

  g_clear_pointer (&self->fallback_url, g_free);
  g_clear_pointer (&self->picture, linnet_form_media_free);
  g_clear_pointer (&self->audio, linnet_form_media_free);
  if (self->kind == LINNET_FORM_FIELD_CAPTCHA)
    {
      self->fallback_url = find_fallback_url (form);
      self->picture = make_media (field, form, "image");
      self->audio = make_media (field, form, "audio");
    }
}

static void
take_default (LinnetFormField *self,
              const XmppDataField *field)
{
  g_autofree char *text = xmpp_data_field_dup_text (field);
  const char *const one[] = { text, NULL };
  gboolean on;

  if (self->kind == LINNET_FORM_FIELD_NOTE)
    return;

  wipe_values (self->values);
  if (self->kind == LINNET_FORM_FIELD_SWITCH)
    {
      on = g_str_equal (text, "1") || g_str_equal (text, "true");
      self->values = g_strdupv ((char *[]) { on ? (char *) "1" : (char *) "0", NULL });
    }
  else if (self->kind == LINNET_FORM_FIELD_CHOICES || self->kind == LINNET_FORM_FIELD_ADDRESSES)
    self->values = g_strdupv (field->values);
  else if (self->kind == LINNET_FORM_FIELD_CAPTCHA)
    self->values = g_new0 (char *, 1);
  else
    self->values = g_strdupv ((char **) one);
}

LinnetFormField *
linnet_form_field_new (const XmppDataField *field,
                       XmppRegisterForm *form)
{
  LinnetFormField *self;

  g_return_val_if_fail (field != NULL && form != NULL, NULL);

  if (!is_shown (field))
    return NULL;

  self = g_object_new (LINNET_TYPE_FORM_FIELD, NULL);
  self->kind = find_kind (field);
  self->name = g_strdup (field->var != NULL ? field->var : "");
  take_question (self, field, form);
  take_default (self, field);

  return self;
}

gboolean
linnet_form_field_can_be_asked (LinnetFormField *self)
{
  g_return_val_if_fail (LINNET_IS_FORM_FIELD (self), FALSE);

  return self->picture != NULL || self->audio != NULL || self->fallback_url != NULL || self->in_words;
}

gboolean
linnet_form_field_matches (LinnetFormField *self,
                           const XmppDataField *field)
{
  g_return_val_if_fail (LINNET_IS_FORM_FIELD (self), FALSE);

  return is_shown (field) && g_strcmp0 (self->name, field->var != NULL ? field->var : "") == 0 &&
         self->kind == find_kind (field);
}

void
linnet_form_field_update (LinnetFormField *self,
                          const XmppDataField *field,
                          XmppRegisterForm *form)
{
  g_return_if_fail (LINNET_IS_FORM_FIELD (self));

  take_question (self, field, form);
  if (self->kind == LINNET_FORM_FIELD_CAPTCHA)
    linnet_form_field_set_values (self, (const char *const[]) { NULL });

  for (guint i = PROP_LABEL; i < N_PROPS; i++)
    {
      if (i != PROP_VALUE && i != PROP_VALUES && i != PROP_PROBLEM)
        g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
    }
}

void
linnet_form_field_write (LinnetFormField *self,
                         XmppDataField *field)
{
  g_return_if_fail (LINNET_IS_FORM_FIELD (self));

  xmpp_data_field_set_values (field, (const char *const *) self->values);
}

void
linnet_form_field_set_problem (LinnetFormField *self,
                               LinnetFormProblem problem)
{
  g_return_if_fail (LINNET_IS_FORM_FIELD (self));

  if (self->problem == problem)
    return;

  self->problem = problem;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

void
linnet_form_field_wipe (LinnetFormField *self)
{
  g_return_if_fail (LINNET_IS_FORM_FIELD (self));

  linnet_form_field_set_values (self, (const char *const[]) { NULL });
}

/* ---- what the person sees ---- */

LinnetFormFieldKind
linnet_form_field_get_kind (LinnetFormField *self)
{
  g_return_val_if_fail (LINNET_IS_FORM_FIELD (self), LINNET_FORM_FIELD_TEXT);

  return self->kind;
}

const char *
linnet_form_field_get_name (LinnetFormField *self)
{
  g_return_val_if_fail (LINNET_IS_FORM_FIELD (self), NULL);

  return self->name;
}

const char *
linnet_form_field_get_label (LinnetFormField *self)
{
  g_return_val_if_fail (LINNET_IS_FORM_FIELD (self), NULL);

  return self->label;
}

const char *
linnet_form_field_get_description (LinnetFormField *self)
{
  g_return_val_if_fail (LINNET_IS_FORM_FIELD (self), NULL);

  return self->description;
}

gboolean
linnet_form_field_get_required (LinnetFormField *self)
{
  g_return_val_if_fail (LINNET_IS_FORM_FIELD (self), FALSE);

  return self->required;
}

const char *
linnet_form_field_get_value (LinnetFormField *self)
{
  g_return_val_if_fail (LINNET_IS_FORM_FIELD (self), NULL);

  return self->values[0] != NULL ? self->values[0] : "";
}

/**
 * linnet_form_field_set_value:
 * @value: (nullable): what was typed; %NULL is as ""
 */
void
linnet_form_field_set_value (LinnetFormField *self,
                             const char *value)
{
  const char *const values[] = { value != NULL ? value : "", NULL };

  linnet_form_field_set_values (self, values);
}

const char *const *
linnet_form_field_get_values (LinnetFormField *self)
{
  g_return_val_if_fail (LINNET_IS_FORM_FIELD (self), NULL);

  return (const char *const *) self->values;
}

/**
 * linnet_form_field_set_values:
 * @values: copied
 */
void
linnet_form_field_set_values (LinnetFormField *self,
                              const char *const *values)
{
  GStrv old;

  g_return_if_fail (LINNET_IS_FORM_FIELD (self));
  g_return_if_fail (values != NULL);

  if (self->kind == LINNET_FORM_FIELD_NOTE || g_strv_equal ((const char *const *) self->values, values))
    return;

  old = self->values;
  self->values = g_strdupv ((char **) values);
  wipe_values (old);
  linnet_form_field_set_problem (self, LINNET_FORM_PROBLEM_NONE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALUE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALUES]);
}

GPtrArray *
linnet_form_field_get_options (LinnetFormField *self)
{
  g_return_val_if_fail (LINNET_IS_FORM_FIELD (self), NULL);

  return self->options;
}

gboolean
linnet_form_field_get_open (LinnetFormField *self)
{
  g_return_val_if_fail (LINNET_IS_FORM_FIELD (self), FALSE);

  return self->open;
}

const LinnetFormMedia *
linnet_form_field_get_picture (LinnetFormField *self)
{
  g_return_val_if_fail (LINNET_IS_FORM_FIELD (self), NULL);

  return self->picture;
}

const LinnetFormMedia *
linnet_form_field_get_audio (LinnetFormField *self)
{
  g_return_val_if_fail (LINNET_IS_FORM_FIELD (self), NULL);

  return self->audio;
}

const char *
linnet_form_field_get_fallback_url (LinnetFormField *self)
{
  g_return_val_if_fail (LINNET_IS_FORM_FIELD (self), NULL);

  return self->fallback_url;
}

LinnetFormProblem
linnet_form_field_get_problem (LinnetFormField *self)
{
  g_return_val_if_fail (LINNET_IS_FORM_FIELD (self), LINNET_FORM_PROBLEM_NONE);

  return self->problem;
}
