/* Asking what an account needs to sign in again
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-repair-account"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-alert.h"
#include "linnet-certificate-dialog.h"
#include "linnet-error-question.h"
#include "linnet-error.h"
#include "linnet-repair-account.h"
#include "linnet-row.h"
#include "linnet-spawn.h"

typedef struct
{
  LinnetAccount *account;
  GtkWidget *parent;
} Repair;

static void
repair_free (gpointer data)
{
  Repair *repair = data;

  g_clear_object (&repair->account);
  g_clear_object (&repair->parent);
  g_free (repair);
}

/* Whose password: somebody may have several accounts of one provider. */
static GtkWidget *
create_address_row (LinnetAccount *account)
{
  GtkWidget *row = adw_action_row_new ();

  linnet_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Address"));
  linnet_row_set_subtitle (ADW_ACTION_ROW (row), linnet_account_get_address (account));
  gtk_widget_add_css_class (row, "property");

  return row;
}

/* The password, or NULL when the person would rather not. On a fiber. */
static char *
ask_password (Repair *repair, const char *reason)
{
  AdwAlertDialog *dialog = linnet_alert_new (_ ("Sign In"), reason);
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *entry = adw_password_entry_row_new ();
  char *password = NULL;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), _ ("Password"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (entry), TRUE);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), create_address_row (repair->account));
  gtk_list_box_append (GTK_LIST_BOX (list), entry);
  adw_alert_dialog_set_extra_child (dialog, list);
  adw_alert_dialog_add_responses (dialog, "cancel", _ ("Cancel"), "sign-in", _ ("Sign In"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "sign-in", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (dialog, "sign-in");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_dialog_set_focus (ADW_DIALOG (dialog), entry);

  g_object_ref (entry);
  if (linnet_alert_confirm (dialog, repair->parent, "sign-in"))
    password = g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry)));
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  g_object_unref (entry);

  return password;
}

static gboolean
ask_plain (Repair *repair, const char *reason)
{
  AdwAlertDialog *dialog = linnet_alert_new (_ ("Send the Password Itself?"), reason);

  adw_alert_dialog_add_responses (dialog, "cancel", _ ("Cancel"), "send", _ ("Send Password"), NULL);
  adw_alert_dialog_set_close_response (dialog, "cancel");

  return linnet_alert_confirm (dialog, repair->parent, "send");
}

static gboolean
ask_authority (Repair *repair, const char *reason)
{
  /* Translators: follows “… shows a certificate of another authority than before. Somebody may be listening
   * in.” */
  const char *advice = _ ("Providers do change who issues their certificates. If in doubt, ask yours, "
                          "but not over this connection.");
  g_autofree char *body = g_strdup_printf ("%s\n\n%s", reason, advice);

  return linnet_alert_confirm_destructive (
      _ ("Trust the New Authority?"), body, _ ("Trust"), repair->parent);
}

static DexFuture *
attempt_certificate (Repair *repair, const GError *error)
{
  g_autoptr (LinnetCertificateProblem) problem = linnet_certificate_problem_from_error (error);

  if (problem == NULL ||
      !linnet_alert_confirm (
          linnet_certificate_dialog_new (problem), repair->parent, LINNET_CERTIFICATE_RESPONSE_TRUST))
    return NULL;

  return linnet_account_pin_certificate (repair->account, problem->sha256);
}

/* @reason: nullable. */
static DexFuture *
attempt_password (Repair *repair, const char *reason, gboolean plain)
{
  g_autofree char *password = ask_password (repair, reason);

  return password != NULL ? linnet_account_sign_in_again (repair->account, password, plain) : NULL;
}

/* One round of asking what the error calls for. Returns the future of the attempt, or NULL when there is
 * nothing to ask or the person would rather not. */
static DexFuture *
attempt (Repair *repair, const GError *error)
{
  g_autofree char *reason = linnet_error_to_text (error, linnet_account_get_domain (repair->account));

  switch (linnet_error_question_from_error (error))
    {
    case LINNET_ERROR_QUESTION_CERTIFICATE:
      return attempt_certificate (repair, error);
    case LINNET_ERROR_QUESTION_AUTHORITY:
      return ask_authority (repair, reason) ? linnet_account_accept_authority (repair->account) : NULL;
    case LINNET_ERROR_QUESTION_PLAIN:
      return ask_plain (repair, reason) ? attempt_password (repair, NULL, TRUE) : NULL;
    case LINNET_ERROR_QUESTION_PASSWORD:
      return attempt_password (repair, reason, FALSE);
    case LINNET_ERROR_QUESTION_NONE:
    default:
      return NULL;
    }
}

static DexFuture *
repair_fiber (gpointer data)
{
  Repair *repair = data;
  const GError *trouble = linnet_account_get_error (repair->account);
  g_autoptr (GError) error = NULL;

  if (linnet_error_question_from_error (trouble) == LINNET_ERROR_QUESTION_NONE)
    {
      linnet_account_reconnect_now (repair->account);
      return NULL;
    }

  error = g_error_copy (trouble);

  while (error != NULL)
    {
      DexFuture *future = attempt (repair, error);

      g_clear_error (&error);
      if (future == NULL || dex_await (future, &error) || error->domain == DEX_ERROR)
        break;
    }

  return NULL;
}

/**
 * linnet_repair_account:
 * @account: an account that is not signed in and needs a person
 * @parent: a widget in the window to ask in
 *
 * Asks for whatever the account's error calls for, a password, consent or trust, until it is signed in or the
 * person cancels. Where nobody can help but the server, it just tries again.
 */
void
linnet_repair_account (LinnetAccount *account, GtkWidget *parent)
{
  Repair *repair;

  g_return_if_fail (LINNET_IS_ACCOUNT (account));
  g_return_if_fail (GTK_IS_WIDGET (parent));

  repair = g_new0 (Repair, 1);
  repair->account = g_object_ref (account);
  repair->parent = g_object_ref (parent);
  linnet_spawn_detached ("repair-account", repair_fiber, repair, repair_free);
}
