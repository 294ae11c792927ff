/* Signing out of an account, removing it from the computer, deleting it on its server
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-leave-account"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account-control.h"
#include "linnet-account.h"
#include "linnet-alert.h"
#include "linnet-dialog.h"
#include "linnet-leave-account.h"
#include "linnet-spawn.h"

typedef struct
{
  LinnetAccountManager *manager;
  LinnetAccount *account;
  AdwDialog *dialog;
} Leave;

static void
leave_free (gpointer data)
{
  Leave *leave = data;

  g_object_unref (leave->manager);
  g_object_unref (leave->account);
  g_object_unref (leave->dialog);
  g_free (leave);
}

static void
spawn (const char *name,
       DexFiberFunc func,
       LinnetAccountManager *manager,
       LinnetAccount *account,
       AdwDialog *dialog)
{
  Leave *leave = g_new0 (Leave, 1);

  leave->manager = g_object_ref (manager);
  leave->account = g_object_ref (account);
  leave->dialog = g_object_ref (dialog);
  linnet_spawn_detached (name, func, leave, leave_free);
}

/* Waits for @future (consumed), during which nothing else can be done with the account. */
static gboolean
finish (Leave *leave, DexFuture *future, const char *failure)
{
  GtkWidget *content = adw_dialog_get_child (leave->dialog);
  g_autoptr (GError) error = NULL;
  gboolean success;

  g_object_ref (content);
  gtk_widget_set_sensitive (content, FALSE);
  success = dex_await (future, &error);
  gtk_widget_set_sensitive (content, TRUE);
  g_object_unref (content);

  /* The program may have ended meanwhile, and its window with it. */
  if (success && gtk_widget_get_root (GTK_WIDGET (leave->dialog)) != NULL)
    adw_dialog_close (leave->dialog);
  else if (!success)
    linnet_alert_show_error (
        GTK_WIDGET (leave->dialog), failure, error, linnet_account_get_domain (leave->account));

  return success;
}

static AdwAlertDialog *
create_question (const char *heading, const char *body, const char *label)
{
  AdwAlertDialog *question = linnet_alert_new (heading, body);

  adw_alert_dialog_add_responses (question, "cancel", _ ("Cancel"), "go-on", label, NULL);
  adw_alert_dialog_set_response_appearance (question, "go-on", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (question, "cancel");
  adw_alert_dialog_set_close_response (question, "cancel");

  return question;
}

/* ---- signing out ---- */

static GtkWidget *
create_choice (GtkWidget *box, const char *label, GtkWidget *group)
{
  GtkWidget *button = gtk_check_button_new ();
  GtkWidget *text = gtk_label_new (label);

  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (text), 60);
  gtk_check_button_set_child (GTK_CHECK_BUTTON (button), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_check_button_set_group (GTK_CHECK_BUTTON (button), GTK_CHECK_BUTTON (group));
  gtk_box_append (GTK_BOX (box), button);

  return button;
}

static DexFuture *
linnet_leave_account_sign_out_fiber (gpointer data)
{
  Leave *leave = data;
  g_autofree char *heading = NULL;
  g_autoptr (GtkWidget) erase = NULL;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *keep;
  AdwAlertDialog *question;
  gboolean keep_data;

  /* Translators: %s is an address */
  heading = g_strdup_printf (_ ("Sign Out of %s?"), linnet_account_get_address (leave->account));
  question = create_question (heading,
                              _ ("This computer forgets the password. On the server the account stays as it "
                                 "is."),
                              _ ("Sign Out"));
  keep = create_choice (box, _ ("Keep your chats on this computer"), NULL);
  erase = g_object_ref (create_choice (box, _ ("Erase your chats from this computer"), keep));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (keep), TRUE);
  adw_alert_dialog_set_extra_child (question, box);
  if (!linnet_alert_confirm (question, GTK_WIDGET (leave->dialog), "go-on"))
    return NULL;

  keep_data = !gtk_check_button_get_active (GTK_CHECK_BUTTON (erase));
  finish (leave,
          linnet_account_manager_sign_out (leave->manager, leave->account, keep_data),
          _ ("Could Not Sign Out"));

  return NULL;
}

void
linnet_leave_account_sign_out (LinnetAccountManager *manager, LinnetAccount *account, AdwDialog *dialog)
{
  g_return_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager));
  g_return_if_fail (LINNET_IS_ACCOUNT (account));
  g_return_if_fail (ADW_IS_DIALOG (dialog));

  spawn ("sign-out", linnet_leave_account_sign_out_fiber, manager, account, dialog);
}

/* ---- from this computer ---- */

static DexFuture *
linnet_leave_account_remove_fiber (gpointer data)
{
  Leave *leave = data;
  g_autofree char *heading = NULL;

  /* Translators: %s is an address */
  heading =
      g_strdup_printf (_ ("Remove %s from This Computer?"), linnet_account_get_address (leave->account));
  if (linnet_alert_confirm_destructive (
          heading,
          _ ("Its password, contacts, messages and pictures are erased here, and cannot be brought back. On "
             "the server the account stays as it is."),
          _ ("Remove"),
          GTK_WIDGET (leave->dialog)))
    finish (leave,
            linnet_account_manager_remove (leave->manager, leave->account),
            _ ("Could Not Remove the Account"));

  return NULL;
}

void
linnet_leave_account_remove (LinnetAccountManager *manager, LinnetAccount *account, AdwDialog *dialog)
{
  g_return_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager));
  g_return_if_fail (LINNET_IS_ACCOUNT (account));
  g_return_if_fail (ADW_IS_DIALOG (dialog));

  spawn ("remove-account", linnet_leave_account_remove_fiber, manager, account, dialog);
}

/* ---- on the server ---- */

static void
typed_cb (AdwAlertDialog *question, GtkEditable *entry)
{
  g_autofree char *typed = g_strstrip (g_strdup (gtk_editable_get_text (entry)));
  const char *address = g_object_get_data (G_OBJECT (entry), "address");

  adw_alert_dialog_set_response_enabled (
      question, "go-on", g_ascii_strcasecmp (typed, address) == 0 || g_str_equal (typed, address));
}

static GtkWidget *
create_confirmation (AdwAlertDialog *question, const char *address)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Type the address to confirm"));
  g_object_set_data_full (G_OBJECT (row), "address", g_strdup (address), g_free);
  g_signal_connect_object (row, "changed", G_CALLBACK (typed_cb), question, G_CONNECT_SWAPPED);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), row);

  return list;
}

static void
tell_deleted (GtkWidget *window, const char *address)
{
  g_autofree char *heading = NULL;
  AdwAlertDialog *alert;

  /* Translators: %s is an address */
  heading = g_strdup_printf (_ ("%s Is Deleted"), address);
  alert = linnet_alert_new (
      heading, _ ("The account is gone from the server, and everything of it from this computer."));
  adw_alert_dialog_add_response (alert, "close", _ ("Close"));
  linnet_dialog_present (ADW_DIALOG (alert), window);
}

static DexFuture *
linnet_leave_account_delete_fiber (gpointer data)
{
  Leave *leave = data;
  const char *address = linnet_account_get_address (leave->account);
  g_autoptr (GtkWidget) window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (leave->dialog)));
  g_autofree char *heading = NULL, *body = NULL;
  g_autofree char *chosen = NULL;
  AdwAlertDialog *question;

  g_object_ref (window);
  /* Translators: %s is an address */
  heading = g_strdup_printf (_ ("Delete %s?"), address);
  /* Translators: %s is a server */
  body = g_strdup_printf (_ ("%s deletes the account, your contacts and the messages that it keeps. Nobody "
                             "can reach you at this address any more, and somebody else may take it. On this "
                             "computer everything of the account is erased, too. This cannot be undone."),
                          linnet_account_get_domain (leave->account));
  question = create_question (heading, body, _ ("Delete Account"));
  adw_alert_dialog_set_prefer_wide_layout (question, TRUE);
  adw_alert_dialog_set_response_enabled (question, "go-on", FALSE);
  adw_alert_dialog_add_response (question, "export", _ ("Export Data First…"));
  adw_alert_dialog_set_extra_child (question, create_confirmation (question, address));
  chosen = dex_await_string (linnet_alert_choose (question, GTK_WIDGET (leave->dialog)), NULL);
  if (g_strcmp0 (chosen, "export") == 0)
    gtk_widget_activate_action (GTK_WIDGET (leave->dialog), "account.open", "s", "export");
  if (g_strcmp0 (chosen, "go-on") != 0)
    return NULL;

  if (finish (leave, linnet_account_delete_on_server (leave->account), _ ("Could Not Delete the Account")))
    tell_deleted (window, address);

  return NULL;
}

void
linnet_leave_account_delete (LinnetAccountManager *manager, LinnetAccount *account, AdwDialog *dialog)
{
  g_return_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager));
  g_return_if_fail (LINNET_IS_ACCOUNT (account));
  g_return_if_fail (ADW_IS_DIALOG (dialog));

  spawn ("delete-account", linnet_leave_account_delete_fiber, manager, account, dialog);
}
