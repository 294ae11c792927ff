/* All that is known about a provider
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-provider-dialog"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-provider-dialog.h"
#include "linnet-provider-text.h"
#include "linnet-row.h"
#include "linnet-web-link.h"

/* @value: nullable: then there is no row. */
static void
add_fact (AdwPreferencesGroup *group, const char *title, const char *value)
{
  GtkWidget *row;

  if (value == NULL)
    return;

  row = adw_action_row_new ();
  linnet_row_set_title (ADW_PREFERENCES_ROW (row), title);
  linnet_row_set_subtitle (ADW_ACTION_ROW (row), value);
  gtk_widget_add_css_class (row, "property");
  adw_preferences_group_add (group, row);
}

static char *
dup_days (int days)
{
  if (days == LINNET_PROVIDER_UNLIMITED)
    return g_strdup (_ ("For as long as you have the account"));

  return days > 0 ? g_strdup_printf (ngettext ("%d day", "%d days", days), days) : NULL;
}

static char *
dup_size (int megabytes)
{
  if (megabytes == LINNET_PROVIDER_UNLIMITED)
    return g_strdup (_ ("No limit"));

  return megabytes > 0 ? linnet_provider_text_dup_size (megabytes) : NULL;
}

static AdwPreferencesGroup *
create_joining (LinnetProvider *provider)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  g_autofree char *effort = linnet_provider_text_dup_effort (provider);
  LinnetTristate email = linnet_provider_get_email_needed (provider);
  LinnetTristate free = linnet_provider_get_free (provider);

  adw_preferences_group_set_title (group, _ ("Joining"));
  add_fact (group, _ ("New accounts"), effort);
  if (email != LINNET_TRISTATE_UNKNOWN)
    add_fact (group, _ ("Email address"), email == LINNET_TRISTATE_YES ? _ ("Needed") : _ ("Not needed"));
  if (free != LINNET_TRISTATE_UNKNOWN)
    add_fact (group, _ ("Price"), free == LINNET_TRISTATE_YES ? _ ("Free of charge") : _ ("Costs money"));

  return group;
}

static AdwPreferencesGroup *
create_keeping (LinnetProvider *provider)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  g_autofree char *messages = dup_days (linnet_provider_get_storage_days (provider));
  g_autofree char *file = dup_size (linnet_provider_get_upload_mb (provider));
  g_autofree char *total = dup_size (linnet_provider_get_upload_total_mb (provider));
  g_autofree char *days = dup_days (linnet_provider_get_upload_days (provider));

  adw_preferences_group_set_title (group, _ ("What It Keeps"));
  adw_preferences_group_set_description (
      group, _ ("Linnet keeps your messages on this computer for longer, unless you delete them."));
  add_fact (group, _ ("Messages, for your other devices"), messages);
  add_fact (group, _ ("Files you send, for others to fetch"), days);
  add_fact (group, _ ("Largest file"), file);
  add_fact (group, _ ("All files together"), total);
  gtk_widget_set_visible (
      GTK_WIDGET (group), messages != NULL || days != NULL || file != NULL || total != NULL);

  return group;
}

static AdwPreferencesGroup *
create_running (LinnetProvider *provider)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  g_autofree char *places = linnet_provider_text_dup_places (linnet_provider_get_countries (provider));
  guint since = linnet_provider_get_since (provider);
  int people = linnet_provider_get_bus_factor (provider);
  GDateTime *date = linnet_provider_get_source_date (provider);

  adw_preferences_group_set_title (group, _ ("Who Runs It"));
  add_fact (group, _ ("Location"), places);
  if (since > 0)
    {
      g_autofree char *year = g_strdup_printf ("%u", since);

      add_fact (group, _ ("Running since"), year);
    }
  if (people > 0)
    {
      g_autofree char *text = g_strdup_printf (
          ngettext ("%d person keeps it running", "%d people keep it running", people), people);

      add_fact (group, _ ("Team"), text);
    }
  add_fact (group, _ ("Server software"), linnet_provider_get_software (provider));

  if (date != NULL)
    {
      g_autofree char *day = g_date_time_format (date, "%x");

      add_fact (group, _ ("As of"), day);
    }

  return group;
}

static void
website_cb (AdwButtonRow *row, LinnetProvider *provider)
{
  linnet_web_link_open (linnet_provider_get_website (provider), GTK_WIDGET (row));
}

static AdwPreferencesGroup *
create_links (LinnetProvider *provider)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  GtkWidget *row = adw_button_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Open Website"));
  adw_button_row_set_end_icon_name (ADW_BUTTON_ROW (row), "adw-external-link-symbolic");
  gtk_widget_set_tooltip_text (row, linnet_provider_get_website (provider));
  g_signal_connect_object (row, "activated", G_CALLBACK (website_cb), provider, G_CONNECT_DEFAULT);
  adw_preferences_group_add (group, row);

  return group;
}

/**
 * linnet_provider_dialog_new:
 *
 * Returns: (transfer floating): a dialog with the facts about @provider
 */
AdwDialog *
linnet_provider_dialog_new (LinnetProvider *provider)
{
  AdwDialog *dialog = adw_dialog_new ();
  GtkWidget *view = adw_toolbar_view_new ();
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  g_autofree char *title = NULL;

  g_return_val_if_fail (LINNET_IS_PROVIDER (provider), NULL);

  /* Translators: %s is a server's name */
  title = g_strdup_printf (_ ("About %s"), linnet_provider_get_domain (provider));
  adw_dialog_set_title (dialog, title);
  adw_dialog_set_content_width (dialog, 460);
  adw_dialog_set_content_height (dialog, 640);

  adw_preferences_page_add (page, create_joining (provider));
  adw_preferences_page_add (page, create_keeping (provider));
  adw_preferences_page_add (page, create_running (provider));
  if (linnet_provider_get_website (provider) != NULL)
    adw_preferences_page_add (page, create_links (provider));

  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), GTK_WIDGET (page));
  adw_dialog_set_child (dialog, view);

  return dialog;
}
