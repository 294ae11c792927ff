/* Seeing to it that somebody keeps a password that nobody has typed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-keep-password"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "linnet-account-control.h"
#include "linnet-account.h"
#include "linnet-alert.h"
#include "linnet-keep-password.h"
#include "linnet-row.h"
#include "linnet-spawn.h"

/* A keyring that is there answers at once; one that asks whether it may be opened takes longer. */
#define KEYRING_TIMEOUT_S 3

static void
copy_cb (GtkButton *button, GtkWidget *row)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (row), adw_action_row_get_subtitle (ADW_ACTION_ROW (row)));
  gtk_button_set_icon_name (button, "object-select-symbolic");
  gtk_accessible_announce (
      GTK_ACCESSIBLE (row), _ ("Password copied"), GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

/**
 * linnet_keep_password_row_new:
 * @password: what is shown, for everybody to see
 *
 * Returns: (transfer floating): a row with @password and a button that copies it
 */
GtkWidget *
linnet_keep_password_row_new (const char *password)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  linnet_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Password"));
  linnet_row_set_subtitle (ADW_ACTION_ROW (row), password);
  adw_action_row_set_subtitle_selectable (ADW_ACTION_ROW (row), TRUE);
  gtk_widget_add_css_class (row, "property");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Copy Password"));
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Copy Password"), -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (copy_cb), row, G_CONNECT_DEFAULT);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  return row;
}

static AdwAlertDialog *
create_alert (const char *heading, const char *body, const char *password)
{
  AdwAlertDialog *dialog = linnet_alert_new (heading, body);
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), linnet_keep_password_row_new (password));
  adw_alert_dialog_set_extra_child (dialog, list);

  return dialog;
}

/**
 * linnet_keep_password_show:
 *
 * Shows the password of @account, on a fiber: for another device, or where passwords are kept.
 */
void
linnet_keep_password_show (LinnetAccount *account, GtkWidget *parent)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *password = dex_await_string (linnet_account_lookup_password (account), &error);
  AdwAlertDialog *dialog;

  if (gtk_widget_get_root (parent) == NULL)
    return;

  if (password == NULL)
    {
      linnet_alert_show_error (
          parent, _ ("Could Not Show the Password"), error, linnet_account_get_domain (account));
      return;
    }

  dialog = create_alert (_ ("Your Password"), linnet_account_get_address (account), password);
  explicit_bzero (password, strlen (password));
  adw_alert_dialog_add_response (dialog, "close", _ ("Close"));
  dex_await (linnet_alert_choose (dialog, parent), NULL);
}

static void
saved_cb (AdwDialog *dialog, GParamSpec *pspec, LinnetAccount *account)
{
  if (linnet_account_get_password_saved (account))
    adw_dialog_force_close (dialog);
}

/**
 * linnet_keep_password_offer:
 * @account: a new account
 * @password: the one that was generated for it
 *
 * Shows @password unless a keyring keeps it: nobody has seen it, and nobody could sign in again. Waits, on a
 * fiber, until the person has it, or the keyring after all.
 */
void
linnet_keep_password_offer (LinnetAccount *account, const char *password, GtkWidget *parent)
{
  AdwAlertDialog *dialog;

  g_return_if_fail (LINNET_IS_ACCOUNT (account));
  g_return_if_fail (password != NULL);

  dex_await (dex_future_first (linnet_account_wait_password_saved (account),
                               dex_timeout_new_seconds (KEYRING_TIMEOUT_S),
                               NULL),
             NULL);
  if (linnet_account_get_password_saved (account) || gtk_widget_get_root (parent) == NULL)
    return;

  dialog = create_alert (_ ("Keep Your Password"),
                         _ ("No keyring on this computer keeps it, so Linnet asks for it when it starts. "
                            "Write it down, or put it where you keep your passwords: nobody can tell it to "
                            "you later."),
                         password);
  adw_alert_dialog_add_response (dialog, "done", _ ("I Have Kept It"));
  adw_alert_dialog_set_response_appearance (dialog, "done", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_close_response (dialog, "done");
  g_signal_connect_object (
      account, "notify::password-saved", G_CALLBACK (saved_cb), dialog, G_CONNECT_SWAPPED);
  dex_await (linnet_alert_choose (dialog, parent), NULL);
}

static void
went_on_cb (AdwDialog *dialog)
{
  adw_dialog_force_close (dialog);
}

/**
 * linnet_keep_password_confirm_leave:
 * @registration: of an account that is there, though Linnet is not signed in, or is being made
 * @password: its password
 *
 * Asks, on a fiber, whether to leave it. When it goes on meanwhile there is nothing to ask any more.
 *
 * Returns: whether to leave
 */
gboolean
linnet_keep_password_confirm_leave (LinnetRegistration *registration,
                                    const char *password,
                                    GtkWidget *parent)
{
  gboolean registered = linnet_registration_get_registered (registration);
  g_autofree char *address = linnet_registration_dup_address (registration);
  g_autofree char *body = NULL;
  AdwAlertDialog *dialog;

  g_return_val_if_fail (password != NULL, TRUE);

  /* Nothing is sent for what is no address. */
  if (address == NULL)
    return TRUE;

  /* Translators: in both sentences %s is an address */
  body = g_strdup_printf (
      registered ? _ ("%s is yours, but Linnet has not kept its password yet. Without it you cannot sign in "
                      "later.")
                 : _ ("%s is being made right now. Once it is, you cannot sign in later without its "
                      "password, which Linnet has not kept yet."),
      address);
  dialog = create_alert (_ ("Leave Without Signing In?"), body, password);
  adw_alert_dialog_add_responses (dialog, "stay", _ ("Stay"), "leave", _ ("Leave"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "leave", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (dialog, "stay");
  adw_alert_dialog_set_close_response (dialog, "stay");
  g_signal_connect_object (
      registration, "notify::state", G_CALLBACK (went_on_cb), dialog, G_CONNECT_SWAPPED);

  return linnet_alert_confirm (dialog, parent, "leave");
}
