/* What a server wants to know of somebody new
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-register-form"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account-manager.h"
#include "linnet-captcha-box.h"
#include "linnet-form-row.h"
#include "linnet-notice.h"
#include "linnet-password-group.h"
#include "linnet-register-form.h"
#include "linnet-row.h"
#include "linnet-server-text.h"

struct _LinnetRegisterForm
{
  GtkBox parent_instance;

  GtkWidget *notice_box;
  LinnetNotice *notice;
  LinnetServerText *server_text;
  AdwPreferencesGroup *username_group;
  AdwEntryRow *username_row;
  GtkLabel *domain;
  GtkImage *username_icon;
  GtkLabel *username_hint;
  AdwWrapBox *suggestions;
  LinnetPasswordGroup *password_group;
  LinnetCaptchaBox *captcha_box;
  AdwPreferencesGroup *other_group;

  LinnetRegistration *registration;
  GPtrArray *rows;         /* those in @other_group, borrowed */
  GPtrArray *descriptions; /* of some of them, there as well */
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
  if (gtk_widget_get_visible (GTK_WIDGET (self->captcha_box)))
    gtk_widget_grab_focus (GTK_WIDGET (self->captcha_box));
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

/* The first username and password have places of their own; so have puzzles. */
static gboolean
has_own_place (LinnetRegisterForm *self, LinnetFormField *field)
{
  return field == find (self, LINNET_FORM_FIELD_USERNAME) ||
         field == find (self, LINNET_FORM_FIELD_PASSWORD) ||
         linnet_form_field_get_kind (field) == LINNET_FORM_FIELD_CAPTCHA;
}

static void
add_row (LinnetRegisterForm *self, LinnetFormField *field)
{
  GtkWidget *row = linnet_form_row_new (field);
  GtkWidget *description;

  if (ADW_IS_ENTRY_ROW (row))
    g_signal_connect_object (row, "entry-activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (self->other_group, row);
  g_ptr_array_add (self->rows, row);

  description = linnet_form_row_new_description (row);
  if (description != NULL)
    {
      adw_preferences_group_add (self->other_group, description);
      g_ptr_array_add (self->descriptions, description);
    }
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
  for (guint i = 0; i < self->descriptions->len; i++)
    adw_preferences_group_remove (self->other_group, g_ptr_array_index (self->descriptions, i));
  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->descriptions, 0);

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

  linnet_captcha_box_set_registration (self->captcha_box, self->registration);
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
  g_clear_pointer (&self->descriptions, g_ptr_array_unref);
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

  g_type_ensure (LINNET_TYPE_CAPTCHA_BOX);
  g_type_ensure (LINNET_TYPE_NOTICE);
  g_type_ensure (LINNET_TYPE_PASSWORD_GROUP);
  g_type_ensure (LINNET_TYPE_SERVER_TEXT);
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-register-form.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, notice_box);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, notice);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, server_text);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, username_group);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, username_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, domain);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, username_icon);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, username_hint);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, suggestions);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, password_group);
  gtk_widget_class_bind_template_child (widget_class, LinnetRegisterForm, captcha_box);
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
  self->descriptions = g_ptr_array_new ();
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

typedef struct
{
  LinnetFormField *field;
  GtkWidget *widget; /* what the focus goes to */
  GtkWidget *group;  /* where that is */
  const char *name;
} Place;

/* Marks every field that is wrong; the first one of them in @first. */
static gboolean
mark_problems (LinnetRegisterForm *self, Place *first)
{
  Place places[] = {
    { find (self, LINNET_FORM_FIELD_USERNAME),
      GTK_WIDGET (self->username_row),
      GTK_WIDGET (self->username_group),
      _ ("The username") },
    { find (self, LINNET_FORM_FIELD_PASSWORD),
      GTK_WIDGET (self->password_group),
      GTK_WIDGET (self->password_group),
      _ ("The password") },
    { linnet_captcha_box_show_problems (self->captcha_box),
      GTK_WIDGET (self->captcha_box),
      GTK_WIDGET (self->captcha_box),
      _ ("The answer to the puzzle") },
  };
  gboolean found = FALSE;

  linnet_row_set_invalid (self->username_row, get_problem (places[0].field) != LINNET_FORM_PROBLEM_NONE);
  linnet_password_group_set_invalid (self->password_group,
                                     get_problem (places[1].field) != LINNET_FORM_PROBLEM_NONE);

  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);
      LinnetFormField *field = linnet_form_row_get_field (row);
      gboolean bad = get_problem (field) != LINNET_FORM_PROBLEM_NONE;

      linnet_form_row_set_invalid (row, bad);
      if (bad && !found)
        *first = (Place) { field, row, GTK_WIDGET (self->other_group), linnet_form_row_get_label (field) };
      found |= bad;
    }

  /* In the order in which they stand, the puzzle comes last. */
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (get_problem (places[i].field) != LINNET_FORM_PROBLEM_NONE && (i < 2 || !found))
      {
        *first = places[i];
        return TRUE;
      }

  return found;
}

/**
 * linnet_register_form_show_problems:
 * @text: what went wrong
 * @server_text: (nullable): what the server says to it
 *
 * Marks the fields that are wrong, puts the focus into the first of them and says above it what is the
 * matter.
 */
void
linnet_register_form_show_problems (LinnetRegisterForm *self, const char *text, const char *server_text)
{
  g_autofree char *particular = NULL;
  GtkWidget *before = NULL;
  Place first = { NULL };

  g_return_if_fail (LINNET_IS_REGISTER_FORM (self));
  g_return_if_fail (text != NULL);

  if (mark_problems (self, &first))
    {
      particular = dup_problem (first.field, first.name);
      before = gtk_widget_get_prev_sibling (first.group);
    }

  if (before != self->notice_box)
    gtk_box_reorder_child_after (GTK_BOX (self), self->notice_box, before);
  linnet_notice_set_text (self->notice, particular != NULL ? particular : text);
  linnet_server_text_set_text (self->server_text, server_text);
  gtk_widget_set_visible (self->notice_box, TRUE);

  if (get_problem (find (self, LINNET_FORM_FIELD_USERNAME)) == LINNET_FORM_PROBLEM_NAME_TAKEN)
    gtk_label_set_label (self->username_hint, _ ("This name is taken"));
  if (first.field != NULL && first.field == find (self, LINNET_FORM_FIELD_USERNAME))
    gtk_widget_set_visible (GTK_WIDGET (self->username_icon), FALSE);
  if (first.widget != NULL)
    gtk_widget_grab_focus (first.widget);
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

  linnet_notice_set_text (self->notice, NULL);
  gtk_widget_set_visible (self->notice_box, FALSE);
  update_username (self);
  linnet_password_group_set_invalid (self->password_group, FALSE);
  linnet_captcha_box_clear_problems (self->captcha_box);
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

const char *
linnet_register_form_get_password (LinnetRegisterForm *self)
{
  g_return_val_if_fail (LINNET_IS_REGISTER_FORM (self), NULL);

  return linnet_password_group_get_password (self->password_group);
}

/**
 * linnet_register_form_get_generated:
 *
 * Returns: whether nobody has typed the password
 */
gboolean
linnet_register_form_get_generated (LinnetRegisterForm *self)
{
  g_return_val_if_fail (LINNET_IS_REGISTER_FORM (self), FALSE);

  return linnet_password_group_get_generated (self->password_group);
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

  if (!g_str_equal (username, linnet_register_form_get_username (self)))
    gtk_editable_set_text (GTK_EDITABLE (self->username_row), username);
  gtk_editable_set_editable (GTK_EDITABLE (self->username_row), !fixed);
}
