/* What a contact tells of themselves
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-contact-profile"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account-profile.h"
#include "linnet-account.h"
#include "linnet-contact-profile.h"
#include "linnet-error.h"
#include "linnet-row.h"
#include "linnet-spawn.h"
#include "linnet-web-link.h"

struct _LinnetContactProfile
{
  AdwBin parent_instance;

  LinnetContact *contact;
};

G_DEFINE_FINAL_TYPE (LinnetContactProfile, linnet_contact_profile, ADW_TYPE_BIN)

static const struct
{
  LinnetProfileField field;
  const char *title;
} fields[] = {
  { LINNET_PROFILE_NAME, N_ ("Full name") },
  { LINNET_PROFILE_NICKNAME, N_ ("Nickname") },
  { LINNET_PROFILE_NOTE, N_ ("About") },
  { LINNET_PROFILE_PLACE, N_ ("Place") },
  { LINNET_PROFILE_ORGANIZATION, N_ ("Organization") },
  { LINNET_PROFILE_ROLE, N_ ("Role") },
  { LINNET_PROFILE_BIRTHDAY, N_ ("Birthday") },
  { LINNET_PROFILE_URL, N_ ("Website") },
  { LINNET_PROFILE_EMAIL, N_ ("Email") },
  { LINNET_PROFILE_PHONE, N_ ("Phone") },
};

static AdwPreferencesGroup *
create_group (void)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_title (group, _ ("Profile"));

  return group;
}

/* Only https gets into a profile (see linnet-profile.h); the whole of it is in the row. */
static void
open_cb (GtkWidget *button)
{
  linnet_web_link_open (g_object_get_data (G_OBJECT (button), "uri"), button);
}

static GtkWidget *
create_row (LinnetProfileField field, const char *title, const char *text)
{
  AdwActionRow *row = ADW_ACTION_ROW (adw_action_row_new ());

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle_selectable (row, TRUE);
  adw_action_row_set_subtitle_lines (row, 0);
  gtk_widget_add_css_class (GTK_WIDGET (row), "property");
  linnet_row_set_subtitle (row, text);

  if (field == LINNET_PROFILE_URL)
    {
      GtkWidget *button = gtk_button_new_from_icon_name ("adw-external-link-symbolic");
      g_autofree char *label = NULL;

      /* Translators: %s is the address of a website */
      label = g_strdup_printf (_ ("Open %s"), text);
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_set_tooltip_text (button, label);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
      g_object_set_data_full (G_OBJECT (button), "uri", g_strdup (text), g_free);
      g_signal_connect (button, "clicked", G_CALLBACK (open_cb), NULL);
      adw_action_row_add_suffix (row, button);
    }

  return GTK_WIDGET (row);
}

static void
show_loading (LinnetContactProfile *self)
{
  AdwPreferencesGroup *group = create_group ();
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *spinner = adw_spinner_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Loading"));
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Loading"), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), spinner);
  adw_preferences_group_add (group, row);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (group));
}

static void
show_profile (LinnetContactProfile *self, const LinnetProfile *profile)
{
  AdwPreferencesGroup *group = create_group ();

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const char *const *values = linnet_profile_get_all (profile, fields[i].field);

      for (guint j = 0; values[j] != NULL; j++)
        adw_preferences_group_add (group, create_row (fields[i].field, _ (fields[i].title), values[j]));
    }

  gtk_widget_set_visible (GTK_WIDGET (self), !linnet_profile_is_empty (profile));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (group));
}

static void
show_error (LinnetContactProfile *self, const GError *error)
{
  LinnetAccount *account = linnet_contact_get_account (self->contact);
  g_autofree char *text =
      linnet_error_to_text (error, account != NULL ? linnet_account_get_domain (account) : NULL);
  AdwPreferencesGroup *group = create_group ();
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_label (_ ("Try Again"));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Could not load the profile"));
  linnet_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "profile.load");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_preferences_group_add (group, row);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (group));
}

static DexFuture *
load_fiber (gpointer data)
{
  LinnetContactProfile *self = data;
  g_autoptr (LinnetProfile) profile = NULL;
  g_autoptr (GError) error = NULL;

  profile = dex_await_boxed (linnet_contact_load_profile (self->contact), &error);
  if (profile != NULL)
    show_profile (self, profile);
  else
    show_error (self, error);

  return NULL;
}

static void
load (LinnetContactProfile *self)
{
  show_loading (self);
  linnet_spawn_detached ("load-contact-profile", load_fiber, g_object_ref (self), g_object_unref);
}

static void
load_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  load (LINNET_CONTACT_PROFILE (widget));
}

static void
linnet_contact_profile_dispose (GObject *object)
{
  g_clear_object (&LINNET_CONTACT_PROFILE (object)->contact);

  G_OBJECT_CLASS (linnet_contact_profile_parent_class)->dispose (object);
}

static void
linnet_contact_profile_class_init (LinnetContactProfileClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = linnet_contact_profile_dispose;

  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "profile.load", NULL, load_action);
}

static void
linnet_contact_profile_init (LinnetContactProfile *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * linnet_contact_profile_set_contact:
 * @contact: whose profile to show; once
 */
void
linnet_contact_profile_set_contact (LinnetContactProfile *self, LinnetContact *contact)
{
  g_return_if_fail (LINNET_IS_CONTACT_PROFILE (self));
  g_return_if_fail (LINNET_IS_CONTACT (contact));

  g_set_object (&self->contact, contact);
  if (!linnet_contact_get_in_roster (contact))
    return;

  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  load (self);
}
