/* Choosing a new password
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-password-group"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-password-group.h"
#include "linnet-password-text.h"
#include "linnet-password.h"
#include "linnet-row.h"

struct _LinnetPasswordGroup
{
  AdwPreferencesGroup parent_instance;

  AdwPasswordEntryRow *password_row;
  GtkLabel *hint;

  char *name;         /* nullable: the name in the address */
  gboolean generated; /* the password is the one that was made here */
  gboolean disposing; /* nobody is to be told of anything any more */
};

G_DEFINE_FINAL_TYPE (LinnetPasswordGroup, linnet_password_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
get_hint (LinnetPasswordGroup *self)
{
  const char *password = linnet_password_group_get_password (self);

  if (*password == '\0')
    return _ ("Choose a password, or let Linnet generate one.");

  if (self->generated)
    return _ ("A strong password was generated. Linnet remembers it for you.");

  return linnet_password_text_get (password, self->name);
}

static void
update_hint (LinnetPasswordGroup *self)
{
  gtk_label_set_label (self->hint, get_hint (self));
}

static void
changed_cb (LinnetPasswordGroup *self)
{
  g_assert (LINNET_IS_PASSWORD_GROUP (self));

  if (self->disposing)
    return;

  self->generated = FALSE;
  update_hint (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
activated_cb (LinnetPasswordGroup *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
generate_cb (LinnetPasswordGroup *self)
{
  linnet_password_group_generate (self);
  gtk_accessible_announce (
      GTK_ACCESSIBLE (self), get_hint (self), GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
copy_cb (LinnetPasswordGroup *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          linnet_password_group_get_password (self));
  gtk_label_set_label (self->hint, _ ("Password copied"));
  gtk_accessible_announce (
      GTK_ACCESSIBLE (self), _ ("Password copied"), GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static gboolean
linnet_password_group_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (LINNET_PASSWORD_GROUP (widget)->password_row));
}

static void
linnet_password_group_dispose (GObject *object)
{
  LinnetPasswordGroup *self = LINNET_PASSWORD_GROUP (object);

  self->disposing = TRUE;
  if (self->password_row != NULL)
    linnet_password_group_clear (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_PASSWORD_GROUP);
  g_clear_pointer (&self->name, g_free);

  G_OBJECT_CLASS (linnet_password_group_parent_class)->dispose (object);
}

static void
linnet_password_group_class_init (LinnetPasswordGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char *const names[] = { [CHANGED] = "changed", [ACTIVATED] = "activated" };

  G_OBJECT_CLASS (klass)->dispose = linnet_password_group_dispose;
  widget_class->grab_focus = linnet_password_group_grab_focus;

  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (
        names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-password-group.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetPasswordGroup, password_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetPasswordGroup, hint);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, generate_cb);
}

static void
linnet_password_group_init (LinnetPasswordGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update_hint (self);
}

const char *
linnet_password_group_get_password (LinnetPasswordGroup *self)
{
  g_return_val_if_fail (LINNET_IS_PASSWORD_GROUP (self), NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self->password_row));
}

/**
 * linnet_password_group_get_generated:
 *
 * Returns: whether nobody has typed the password
 */
gboolean
linnet_password_group_get_generated (LinnetPasswordGroup *self)
{
  g_return_val_if_fail (LINNET_IS_PASSWORD_GROUP (self), FALSE);

  return self->generated;
}

/**
 * linnet_password_group_set_name:
 * @name: (nullable): the name in the address: a password with that is easily guessed
 */
void
linnet_password_group_set_name (LinnetPasswordGroup *self, const char *name)
{
  g_return_if_fail (LINNET_IS_PASSWORD_GROUP (self));

  if (g_set_str (&self->name, name))
    update_hint (self);
}

void
linnet_password_group_set_invalid (LinnetPasswordGroup *self, gboolean invalid)
{
  g_return_if_fail (LINNET_IS_PASSWORD_GROUP (self));

  linnet_row_set_invalid (ADW_ENTRY_ROW (self->password_row), invalid);
}

/**
 * linnet_password_group_generate:
 *
 * Puts a new strong password in place of what was there.
 */
void
linnet_password_group_generate (LinnetPasswordGroup *self)
{
  g_autofree char *password = NULL;

  g_return_if_fail (LINNET_IS_PASSWORD_GROUP (self));

  password = linnet_password_generate ();
  gtk_editable_set_text (GTK_EDITABLE (self->password_row), password);
  explicit_bzero (password, strlen (password));
  self->generated = TRUE;
  update_hint (self);
}

/**
 * linnet_password_group_clear:
 *
 * Forgets the password.
 */
void
linnet_password_group_clear (LinnetPasswordGroup *self)
{
  g_return_if_fail (LINNET_IS_PASSWORD_GROUP (self));

  gtk_editable_set_text (GTK_EDITABLE (self->password_row), "");
}
