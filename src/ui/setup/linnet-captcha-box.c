/* The puzzles that a server asks somebody new to solve
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-captcha-box"

#include "config.h"

#include "linnet-captcha-box.h"
#include "linnet-captcha-group.h"

struct _LinnetCaptchaBox
{
  GtkBox parent_instance;

  LinnetRegistration *registration; /* nullable */
  GPtrArray *groups;                /* borrowed: the children, in their order */
  LinnetCaptchaGroup *wrong;        /* nullable; borrowed */
};

G_DEFINE_FINAL_TYPE (LinnetCaptchaBox, linnet_captcha_box, GTK_TYPE_BOX)

enum
{
  REFRESH,
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
refresh_cb (LinnetCaptchaBox *self)
{
  g_signal_emit (self, signals[REFRESH], 0);
}

/* On to the next one, or to the end. */
static void
activated_cb (LinnetCaptchaBox *self, LinnetCaptchaGroup *group)
{
  guint i;

  if (g_ptr_array_find (self->groups, group, &i) && i + 1 < self->groups->len)
    gtk_widget_grab_focus (self->groups->pdata[i + 1]);
  else
    g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
add_group (LinnetCaptchaBox *self)
{
  GtkWidget *group = g_object_new (LINNET_TYPE_CAPTCHA_GROUP, NULL);

  g_signal_connect_object (group, "refresh", G_CALLBACK (refresh_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (group, "activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self), group);
  g_ptr_array_add (self->groups, group);
}

static void
remove_last_group (LinnetCaptchaBox *self)
{
  GtkWidget *group = g_ptr_array_steal_index (self->groups, self->groups->len - 1);

  if (LINNET_CAPTCHA_GROUP (group) == self->wrong)
    self->wrong = NULL;
  gtk_box_remove (GTK_BOX (self), group);
}

/* A group stays where its puzzle does, and with it what the person chose there. */
static void
update_cb (LinnetCaptchaBox *self)
{
  g_autoptr (GPtrArray) puzzles = linnet_registration_dup_puzzles (self->registration);

  while (self->groups->len > puzzles->len)
    remove_last_group (self);
  while (self->groups->len < puzzles->len)
    add_group (self);
  for (guint i = 0; i < puzzles->len; i++)
    linnet_captcha_group_set_fields (self->groups->pdata[i], puzzles->pdata[i], self->registration);
  gtk_widget_set_visible (GTK_WIDGET (self), puzzles->len > 0);
}

/* Another form may bring the same fields with other pictures, or without. */
static void
fields_changed_cb (LinnetCaptchaBox *self)
{
  GListModel *fields = linnet_registration_get_fields (self->registration);
  guint n = g_list_model_get_n_items (fields);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (LinnetFormField) field = g_list_model_get_item (fields, i);

      if (linnet_form_field_get_kind (field) != LINNET_FORM_FIELD_CAPTCHA)
        continue;
      g_signal_handlers_disconnect_by_func (field, update_cb, self);
      g_signal_connect_object (
          field, "notify::fallback-url", G_CALLBACK (update_cb), self, G_CONNECT_SWAPPED);
    }

  update_cb (self);
}

static gboolean
linnet_captcha_box_grab_focus (GtkWidget *widget)
{
  LinnetCaptchaBox *self = LINNET_CAPTCHA_BOX (widget);

  if (self->groups->len == 0)
    return FALSE;

  return gtk_widget_grab_focus (self->wrong != NULL ? GTK_WIDGET (self->wrong) : self->groups->pdata[0]);
}

static void
linnet_captcha_box_dispose (GObject *object)
{
  LinnetCaptchaBox *self = LINNET_CAPTCHA_BOX (object);

  if (self->registration != NULL)
    g_signal_handlers_disconnect_by_data (linnet_registration_get_fields (self->registration), self);
  while (self->groups->len > 0)
    remove_last_group (self);
  g_clear_object (&self->registration);

  G_OBJECT_CLASS (linnet_captcha_box_parent_class)->dispose (object);
}

static void
linnet_captcha_box_finalize (GObject *object)
{
  g_ptr_array_unref (LINNET_CAPTCHA_BOX (object)->groups);

  G_OBJECT_CLASS (linnet_captcha_box_parent_class)->finalize (object);
}

static void
linnet_captcha_box_class_init (LinnetCaptchaBoxClass *klass)
{
  static const char *const names[] = { [REFRESH] = "refresh", [ACTIVATED] = "activated" };

  G_OBJECT_CLASS (klass)->dispose = linnet_captcha_box_dispose;
  G_OBJECT_CLASS (klass)->finalize = linnet_captcha_box_finalize;
  GTK_WIDGET_CLASS (klass)->grab_focus = linnet_captcha_box_grab_focus;

  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (
        names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
linnet_captcha_box_init (LinnetCaptchaBox *self)
{
  self->groups = g_ptr_array_new ();
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 18);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * linnet_captcha_box_set_registration:
 *
 * Shows the puzzles of @registration, now and whenever there are others.
 */
void
linnet_captcha_box_set_registration (LinnetCaptchaBox *self, LinnetRegistration *registration)
{
  g_return_if_fail (LINNET_IS_CAPTCHA_BOX (self));
  g_return_if_fail (LINNET_IS_REGISTRATION (registration));

  if (self->registration == registration)
    return;

  if (self->registration != NULL)
    g_signal_handlers_disconnect_by_data (linnet_registration_get_fields (self->registration), self);
  g_set_object (&self->registration, registration);
  g_signal_connect_object (linnet_registration_get_fields (registration),
                           "items-changed",
                           G_CALLBACK (fields_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  fields_changed_cb (self);
}

LinnetFormField *
linnet_captcha_box_show_problems (LinnetCaptchaBox *self)
{
  LinnetFormField *first = NULL;

  g_return_val_if_fail (LINNET_IS_CAPTCHA_BOX (self), NULL);

  self->wrong = NULL;
  for (guint i = 0; i < self->groups->len; i++)
    {
      LinnetCaptchaGroup *group = self->groups->pdata[i];
      LinnetFormField *field = linnet_captcha_group_find_problem (group);

      linnet_captcha_group_set_invalid (group, field != NULL);
      if (field == NULL || first != NULL)
        continue;
      first = field;
      self->wrong = group;
    }

  return first;
}

/**
 * linnet_captcha_box_clear_problems:
 *
 * Nothing is marked any more.
 */
void
linnet_captcha_box_clear_problems (LinnetCaptchaBox *self)
{
  g_return_if_fail (LINNET_IS_CAPTCHA_BOX (self));

  self->wrong = NULL;
  for (guint i = 0; i < self->groups->len; i++)
    linnet_captcha_group_set_invalid (self->groups->pdata[i], FALSE);
}
