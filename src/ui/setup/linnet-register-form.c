/* What a server wants to know of somebody new
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-register-form"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account-manager.h"
#include "linnet-captcha-group.h"
#include "linnet-form-row.h"
#include "linnet-password-group.h"
#include "linnet-register-form.h"
#include "linnet-row.h"
#include "linnet-safe-text.h"

struct _LinnetRegisterForm
{
  GtkBox parent_instance;

  AdwEntryRow *username_row;
  GtkLabel *domain;
  GtkImage *username_icon;
  GtkLabel *username_hint;
  AdwWrapBox *suggestions;
  LinnetPasswordGroup *password_group;
  LinnetCaptchaGroup *captcha_group;
  AdwPreferencesGroup *other_group;

  LinnetRegistration *registration;
  GPtrArray *rows; /* those in @other_group, borrowed */
};

G_DEFINE_FINAL_TYPE (LinnetRegisterForm, linnet_register_form, GTK_TYPE_BOX)

enum
{
  CHANGED,
  REFRESH,
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static LinnetFormField *
find (LinnetRegisterForm *self, LinnetFormFieldKind kind)
{
  return self->registration != NULL ? linnet_registration_find_field (self->registration, kind) : NULL;
}

/* The address that the name would give, or NULL. */
static char *
dup_address (LinnetRegisterForm *self)
{
  g_autofree char *trial = g_strdup_printf ("%s@%s",
                                            linnet_register_form_get_username (self),
                                            linnet_registration_get_domain (self->registration));

  return strchr (linnet_register_form_get_username (self), '@') == NULL
             ? linnet_address_normalize (trial, NULL)
             : NULL;
}

static void
update_username (LinnetRegisterForm *self)
{
  const char *username = linnet_register_form_get_username (self);
  g_autofree char *address = *username != '\0' ? dup_address (self) : NULL;
  g_autofree char *hint = NULL;
  gboolean bad = *username != '\0' && address == NULL;

  if (address != NULL)
    /* Translators: %s is an address */
    hint = g_strdup_printf (_ ("Your address will be %s"), address);
  else if (bad)
    hint = g_strdup (_ ("Choose a name of letters and digits, without spaces."));
  else
    hint = g_strdup (_ ("This is how friends find you. It cannot be changed later."));

  gtk_label_set_label (self->username_hint, hint);
  gtk_widget_set_visible (GTK_WIDGET (self->username_icon), address != NULL);
  linnet_row_set_invalid (self->username_row, bad);
}

static void
username_changed_cb (LinnetRegisterForm *self)
{
  const char *username = linnet_register_form_get_username (self);
  LinnetFormField *field = find (self, LINNET_FORM_FIELD_USERNAME);

  g_assert (LINNET_IS_REGISTER_FORM (self));

  if (self->registration == NULL)
    return;

  if (field != NULL)
    linnet_form_field_set_value (field, username);
  linnet_password_group_set_name (self->password_group, username);
  linnet_register_form_suggest (self, NULL);
  update_username (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
username_activated_cb (LinnetRegisterForm *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->password_group));
}

static void
password_changed_cb (LinnetRegisterForm *self)
{
  linnet_password_group_set_invalid (self->password_group, FALSE);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* On to the next thing to fill in, or to the end. */
static void
password_activated_cb (LinnetRegisterForm *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self->captcha_group)))
    gtk_widget_grab_focus (GTK_WIDGET (self->captcha_group));
  else
    g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
activated_cb (LinnetRegisterForm *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
refresh_cb (LinnetRegisterForm *self)
{
  g_signal_emit (self, signals[REFRESH], 0);
}

static void
suggestion_cb (LinnetRegisterForm *self, GtkButton *button)
{
  g_autofree char *name = g_strdup (gtk_button_get_label (button));

  gtk_editable_set_text (GTK_EDITABLE (self->username_row), name);
  gtk_widget_grab_focus (GTK_WIDGET (self->username_row));
}

/* The first username and password have places of their own; so has the puzzle. */
static gboolean
has_own_place (LinnetRegisterForm *self, LinnetFormField *field)
{
  return field == find (self, LINNET_FORM_FIELD_USERNAME) ||
         field == find (self, LINNET_FORM_FIELD_PASSWORD) || field == find (self, LINNET_FORM_FIELD_CAPTCHA);
}

static void
add_row (LinnetRegisterForm *self, LinnetFormField *field)
{
  GtkWidget *row = linnet_form_row_new (field);

  if (ADW_IS_ENTRY_ROW (row))
    g_signal_connect_object (row, "entry-activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (self->other_group, row);
  g_ptr_array_add (self->rows, row);
}

static void
fields_changed_cb (LinnetRegisterForm *self)
{
  GListModel *fields = linnet_registration_get_fields (self->registration);
  LinnetFormField *username = find (self, LINNET_FORM_FIELD_USERNAME);
  guint n = g_list_model_get_n_items (fields);

  g_assert (LINNET_IS_REGISTER_FORM (self));

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->other_group, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (LinnetFormField) field = g_list_model_get_item (fields, i);

      if (!has_own_place (self, field))
        add_row (self, field);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->other_group), self->rows->len > 0);

  if (username != NULL)
    {
      const char *value = linnet_form_field_get_value (username);

      /* Some servers propose one. */
      if (*linnet_register_form_get_username (self) == '\0')
        gtk_editable_set_text (GTK_EDITABLE (self->username_row), value);
      else
        linnet_form_field_set_value (username, linnet_register_form_get_username (self));
    }

  linnet_captcha_group_set_field (self->captcha_group,
                                  find (self, LINNET_FORM_FIELD_CAPTCHA),
                                  linnet_registration_get_domain (self->registration));
}

static gboolean
linnet_register_form_grab_focus (GtkWidget *widget)
{
  LinnetRegisterForm *self = LINNET_REGISTER_FORM (widget);

  return gtk_widget_grab_focus (GTK_WIDGET (self->username_row));
}

static void
linnet_register_form_dispose (GObject *object)
{
  LinnetRegisterForm *self = LINNET_REGISTER_FORM (object);

  if (self->registration != NULL)
    g_signal_handlers_disconnect_by_data (linnet_registration_get_fields (self->registration), self);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_REGISTER_FORM);
  g_clear_object (&self->registration);

  G_OBJECT_CLASS (linnet_register_form_parent_class)->dispose (object);
}

static void
linnet_register_form_class_init (LinnetRegisterFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char *const names[] = {
    [CHANGED] = "changed", [REFRESH] = "refresh", [ACTIVATED] = "activated"
  };

  G_OBJECT_CLASS (klass)->dispose = linnet_register_form_dispose;
  widget_class->grab_focus = linnet_register_form_grab_focus;

  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (
        names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (LINNET_TYPE_CAPTCHA_GROUP);
  g_type_ensure (LINNET_TYPE_PASSWORD_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-register-form.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, username_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, domain);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, username_icon);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, username_hint);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, suggestions);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, password_group);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, captcha_group);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, other_group);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, password_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, password_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, refresh_cb);
  gtk_widget_class_bind_template_callback (widget_class, username_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, username_changed_cb);
}

static void
linnet_register_form_init (LinnetRegisterForm *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  linnet_password_group_generate (self->password_group);
}

/**
 * linnet_register_form_set_registration:
 *
 * Shows the fields of @registration, now and whenever there are others. Username and password that were typed
 * for another one stay.
 */
void
linnet_register_form_set_registration (LinnetRegisterForm *self, LinnetRegistration *registration)
{
  g_autofree char *suffix = NULL;

  g_return_if_fail (LINNET_IS_REGISTER_FORM (self));
  g_return_if_fail (LINNET_IS_REGISTRATION (registration));

  if (self->registration != NULL)
    g_signal_handlers_disconnect_by_data (linnet_registration_get_fields (self->registration), self);
  g_set_object (&self->registration, registration);
  g_signal_connect_object (linnet_registration_get_fields (registration),
                           "items-changed",
                           G_CALLBACK (fields_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);

  suffix = g_strconcat ("@", linnet_registration_get_domain (registration), NULL);
  gtk_label_set_label (self->domain, suffix);
  linnet_register_form_suggest (self, NULL);
  fields_changed_cb (self);
  update_username (self);
}

/**
 * linnet_register_form_commit:
 *
 * Gives the registration what was typed and it may have forgotten.
 */
void
linnet_register_form_commit (LinnetRegisterForm *self)
{
  LinnetFormField *username, *password;

  g_return_if_fail (LINNET_IS_REGISTER_FORM (self));

  username = find (self, LINNET_FORM_FIELD_USERNAME);
  password = find (self, LINNET_FORM_FIELD_PASSWORD);
  if (username != NULL)
    linnet_form_field_set_value (username, linnet_register_form_get_username (self));
  if (password != NULL)
    linnet_form_field_set_value (password, linnet_password_group_get_password (self->password_group));
}

static LinnetFormProblem
get_problem (LinnetFormField *field)
{
  return field != NULL ? linnet_form_field_get_problem (field) : LINNET_FORM_PROBLEM_NONE;
}

/* What to say about @field, called @name, where the error itself does not say it. */
static char *
dup_problem (LinnetFormField *field, const char *name)
{
  /* Translators: in these sentences %s is something that a server asks for */
  switch (get_problem (field))
    {
    case LINNET_FORM_PROBLEM_EMPTY:
      return g_strdup_printf (_ ("%s has to be filled in."), name);
    case LINNET_FORM_PROBLEM_NOT_A_NUMBER:
      return g_strdup_printf (_ ("%s has to be a number."), name);
    case LINNET_FORM_PROBLEM_NOT_A_DATE:
      return g_strdup_printf (_ ("%s has to be a date, such as 2025-11-25."), name);
    case LINNET_FORM_PROBLEM_NOT_AN_ADDRESS:
      return g_strdup_printf (_ ("%s has to be an address, such as name@example.org."), name);
    case LINNET_FORM_PROBLEM_OUT_OF_RANGE:
      return g_strdup_printf (_ ("%s is too small or too large."), name);
    case LINNET_FORM_PROBLEM_PATTERN:
      return g_strdup_printf (_ ("%s is not what the server expects there."), name);
    case LINNET_FORM_PROBLEM_N_CHOICES:
      return g_strdup_printf (_ ("%s: too few or too many are chosen."), name);
    case LINNET_FORM_PROBLEM_NONE:
    case LINNET_FORM_PROBLEM_OTHER:
    case LINNET_FORM_PROBLEM_NAME_TAKEN:
    case LINNET_FORM_PROBLEM_BAD_NAME:
    case LINNET_FORM_PROBLEM_WEAK_PASSWORD:
    case LINNET_FORM_PROBLEM_BAD_PASSWORD:
    case LINNET_FORM_PROBLEM_WRONG_CAPTCHA:
    default:
      return NULL;
    }
}

/**
 * linnet_register_form_show_problems:
 *
 * Marks the fields that are wrong and puts the focus into the first of them.
 *
 * Returns: (transfer full) (nullable): what is wrong with that one
 */
char *
linnet_register_form_show_problems (LinnetRegisterForm *self)
{
  GtkWidget *first = NULL;
  char *text = NULL;
  gboolean bad_username, bad_password, bad_captcha;

  g_return_val_if_fail (LINNET_IS_REGISTER_FORM (self), NULL);

  bad_username = get_problem (find (self, LINNET_FORM_FIELD_USERNAME)) != LINNET_FORM_PROBLEM_NONE;
  bad_password = get_problem (find (self, LINNET_FORM_FIELD_PASSWORD)) != LINNET_FORM_PROBLEM_NONE;
  bad_captcha = get_problem (find (self, LINNET_FORM_FIELD_CAPTCHA)) != LINNET_FORM_PROBLEM_NONE;

  linnet_row_set_invalid (self->username_row, bad_username);
  linnet_password_group_set_invalid (self->password_group, bad_password);
  linnet_captcha_group_set_invalid (self->captcha_group, bad_captcha);

  if (bad_username)
    {
      first = GTK_WIDGET (self->username_row);
      text = dup_problem (find (self, LINNET_FORM_FIELD_USERNAME), _ ("The username"));
      gtk_widget_set_visible (GTK_WIDGET (self->username_icon), FALSE);
    }
  else if (bad_password)
    {
      first = GTK_WIDGET (self->password_group);
      text = dup_problem (find (self, LINNET_FORM_FIELD_PASSWORD), _ ("The password"));
    }
  else if (bad_captcha)
    {
      first = GTK_WIDGET (self->captcha_group);
      text = dup_problem (find (self, LINNET_FORM_FIELD_CAPTCHA), _ ("The answer to the puzzle"));
    }

  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);
      LinnetFormField *field = linnet_form_row_get_field (row);
      gboolean bad = get_problem (field) != LINNET_FORM_PROBLEM_NONE;

      linnet_form_row_set_invalid (row, bad);
      if (bad && first == NULL)
        {
          first = row;
          text = dup_problem (field, linnet_form_row_get_label (field));
        }
    }

  if (first != NULL)
    gtk_widget_grab_focus (first);

  return text;
}

/**
 * linnet_register_form_clear_problems:
 *
 * Nothing is marked any more.
 */
void
linnet_register_form_clear_problems (LinnetRegisterForm *self)
{
  g_return_if_fail (LINNET_IS_REGISTER_FORM (self));

  update_username (self);
  linnet_password_group_set_invalid (self->password_group, FALSE);
  linnet_captcha_group_set_invalid (self->captcha_group, FALSE);
  for (guint i = 0; i < self->rows->len; i++)
    linnet_form_row_set_invalid (g_ptr_array_index (self->rows, i), FALSE);
}

/**
 * linnet_register_form_suggest:
 * @names: (nullable): names to have instead of the one that is taken; %NULL for none
 */
void
linnet_register_form_suggest (LinnetRegisterForm *self, const char *const *names)
{
  GtkWidget *child;

  g_return_if_fail (LINNET_IS_REGISTER_FORM (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->suggestions))) != NULL)
    adw_wrap_box_remove (self->suggestions, child);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      GtkWidget *button = gtk_button_new_with_label (names[i]);

      gtk_widget_add_css_class (button, "suggestion");
      g_signal_connect_object (button, "clicked", G_CALLBACK (suggestion_cb), self, G_CONNECT_SWAPPED);
      adw_wrap_box_append (self->suggestions, button);
    }

  gtk_widget_set_visible (GTK_WIDGET (self->suggestions),
                          gtk_widget_get_first_child (GTK_WIDGET (self->suggestions)) != NULL);
}

const char *
linnet_register_form_get_username (LinnetRegisterForm *self)
{
  g_return_val_if_fail (LINNET_IS_REGISTER_FORM (self), NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self->username_row));
}

/**
 * linnet_register_form_set_username:
 * @fixed: whether it must stay as it is: an invitation may say so
 */
void
linnet_register_form_set_username (LinnetRegisterForm *self, const char *username, gboolean fixed)
{
  g_return_if_fail (LINNET_IS_REGISTER_FORM (self));
  g_return_if_fail (username != NULL);

  gtk_editable_set_text (GTK_EDITABLE (self->username_row), username);
  gtk_editable_set_editable (GTK_EDITABLE (self->username_row), !fixed);
}
