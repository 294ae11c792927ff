/* Asking a question and awaiting the answer
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-alert"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-alert.h"
#include "linnet-dialog.h"
#include "linnet-error.h"
#include "linnet-safe-text.h"
#include "linnet-spawn.h"

/* libadwaita 1.7 shows one of two headings, and measures the bigger one, which does not wrap, also at widths
 * that are less than it needs: GTK complains of that. */
static void
let_headings_wrap (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_has_css_class (widget, "title-2"))
    {
      gtk_label_set_wrap (GTK_LABEL (widget), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (widget), PANGO_WRAP_WORD_CHAR);
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    let_headings_wrap (child);
}

/* What is waited for, and what to say when it fails. */
typedef struct
{
  DexFuture *future;
  GtkWidget *parent;
  char *heading;
  char *domain;
} Wait;

static void
wait_free (gpointer data)
{
  Wait *wait = data;

  dex_clear (&wait->future);
  g_clear_object (&wait->parent);
  g_free (wait->heading);
  g_free (wait->domain);
  g_free (wait);
}

static DexFuture *
linnet_alert_follow_fiber (gpointer data)
{
  Wait *wait = data;
  g_autoptr (GError) error = NULL;

  if (!dex_await (g_steal_pointer (&wait->future), &error))
    linnet_alert_show_error (wait->parent, wait->heading, error, wait->domain);

  return NULL;
}

static void
promise_unref_cb (gpointer data, GClosure *closure)
{
  dex_unref (data);
}

static void
response_cb (AdwAlertDialog *dialog, const char *response, gpointer user_data)
{
  DexPromise *promise = user_data;

  dex_promise_resolve_string (promise, g_strdup (response));
}

/**
 * linnet_alert_new:
 * @heading: a question or what happened, plain text, also of others
 * @body: (nullable): what there is to know, plain text, also of others
 *
 * Returns: (transfer floating): a dialog without responses yet
 */
AdwAlertDialog *
linnet_alert_new (const char *heading, const char *body)
{
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (NULL, NULL));
  g_autofree char *safe_heading = linnet_safe_text_dup (GTK_WIDGET (dialog), heading);
  g_autofree char *safe_body = body != NULL ? linnet_safe_text_dup (GTK_WIDGET (dialog), body) : NULL;

  adw_alert_dialog_set_heading (dialog, safe_heading);
  adw_alert_dialog_set_body (dialog, safe_body != NULL ? safe_body : "");
  let_headings_wrap (adw_dialog_get_child (ADW_DIALOG (dialog)));

  return dialog;
}

/**
 * linnet_alert_choose:
 * @dialog: (transfer floating): a dialog with its responses
 * @parent: a widget in the window to show it in
 *
 * Shows @dialog.
 *
 * Returns: (transfer full): a future that resolves to the chosen response, a string; closing chooses the
 * close response
 */
DexFuture *
linnet_alert_choose (AdwAlertDialog *dialog, GtkWidget *parent)
{
  DexPromise *promise = dex_promise_new ();

  g_return_val_if_fail (ADW_IS_ALERT_DIALOG (dialog), NULL);

  g_signal_connect_data (
      dialog, "response", G_CALLBACK (response_cb), dex_ref (promise), promise_unref_cb, G_CONNECT_DEFAULT);
  linnet_dialog_present (ADW_DIALOG (dialog), parent);

  return DEX_FUTURE (promise);
}

/**
 * linnet_alert_confirm:
 * @response: the response that means yes
 *
 * Shows @dialog and waits, on a fiber, for the answer.
 *
 * Returns: whether @response was chosen
 */
gboolean
linnet_alert_confirm (AdwAlertDialog *dialog, GtkWidget *parent, const char *response)
{
  g_autofree char *chosen = dex_await_string (linnet_alert_choose (dialog, parent), NULL);

  return g_strcmp0 (chosen, response) == 0;
}

/**
 * linnet_alert_confirm_destructive:
 * @heading: the question, plain text, also of others
 * @body: what will happen, plain text, also of others
 * @label: what the button does
 *
 * Asks before something that cannot be taken back. Enter and Escape give the careful answer. On a fiber only.
 *
 * Returns: whether the person wants it
 */
gboolean
linnet_alert_confirm_destructive (const char *heading, const char *body, const char *label, GtkWidget *parent)
{
  AdwAlertDialog *dialog = linnet_alert_new (heading, body);

  adw_alert_dialog_add_responses (dialog, "cancel", _ ("Cancel"), "go-on", label, NULL);
  adw_alert_dialog_set_response_appearance (dialog, "go-on", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");

  return linnet_alert_confirm (dialog, parent, "go-on");
}

/**
 * linnet_alert_show_error:
 * @heading: what could not be done, in header capitalisation
 * @error: a LINNET_ERROR
 * @domain: (nullable): the server that it is about
 *
 * Tells why something a person asked for did not happen. A cancelled action is not an error.
 */
void
linnet_alert_show_error (GtkWidget *parent, const char *heading, const GError *error, const char *domain)
{
  g_autofree char *text = NULL;
  AdwAlertDialog *dialog;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (error != NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      error->domain == DEX_ERROR || gtk_widget_get_root (parent) == NULL)
    return;

  text = linnet_error_to_text (error, domain);
  dialog = linnet_alert_new (heading, text);
  adw_alert_dialog_add_response (dialog, "close", _ ("Close"));
  linnet_dialog_present (ADW_DIALOG (dialog), parent);
}

/**
 * linnet_alert_follow:
 * @future: (transfer full): something a person asked for
 * @parent: a widget in the window to tell it in
 * @heading: what could not be done, in header capitalisation
 * @domain: (nullable): the server that it is about
 *
 * Tells why @future was rejected, if it is.
 */
void
linnet_alert_follow (DexFuture *future, GtkWidget *parent, const char *heading, const char *domain)
{
  Wait *wait;

  g_return_if_fail (DEX_IS_FUTURE (future));
  g_return_if_fail (GTK_IS_WIDGET (parent));

  wait = g_new0 (Wait, 1);
  wait->future = future;
  wait->parent = g_object_ref (parent);
  wait->heading = g_strdup (heading);
  wait->domain = g_strdup (domain);
  linnet_spawn_detached ("alert-follow", linnet_alert_follow_fiber, wait, wait_free);
}
