/* A certificate that could not be verified: what is wrong with it, and whether to trust it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-certificate-dialog"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-alert.h"
#include "linnet-certificate-dialog.h"
#include "linnet-row.h"

static const struct
{
  LinnetCertificateFlags flag;
  const char *text;
} reasons[] = {
  { LINNET_CERTIFICATE_WRONG_NAME, N_ ("It belongs to another server.") },
  { LINNET_CERTIFICATE_UNKNOWN_CA, N_ ("Nobody this computer trusts has signed it.") },
  { LINNET_CERTIFICATE_EXPIRED, N_ ("It has expired.") },
  { LINNET_CERTIFICATE_NOT_YET_VALID, N_ ("It is not valid yet. Check the date of this computer.") },
  { LINNET_CERTIFICATE_REVOKED, N_ ("It has been withdrawn by whoever issued it.") },
  { LINNET_CERTIFICATE_INSECURE, N_ ("It uses methods that are no longer safe.") },
  { LINNET_CERTIFICATE_OTHER, N_ ("It could not be checked.") },
};

static char *
body_text (const LinnetCertificateProblem *problem)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text,
                          /* Translators: %s is a server's name */
                          _ ("The certificate that %s sent does not prove that this is really your server."),
                          problem->domain);

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (problem->flags & reasons[i].flag)
      g_string_append_printf (text, "\n%s", _ (reasons[i].text));

  g_string_append (text, "\n\n");
  if (problem->changed)
    g_string_append (text,
                     _ ("It is not the certificate that you chose to trust. "
                        "Ask whoever runs the server before you go on."));
  else
    g_string_append (text,
                     _ ("Somebody may be trying to read your messages. Trust it only if you run the server "
                        "yourself or have compared the fingerprint with whoever does."));

  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* Groups of four are what people can compare by eye. */
static char *
group_fingerprint (const char *sha256)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; sha256[i] != '\0'; i++)
    {
      if (i > 0 && i % 4 == 0)
        g_string_append_c (text, i % 32 == 0 ? '\n' : ' ');
      g_string_append_c (text, sha256[i]);
    }

  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
add_row (GtkListBox *list, const char *title, const char *value)
{
  GtkWidget *row;

  if (value == NULL || *value == '\0')
    return;

  row = adw_action_row_new ();
  linnet_row_set_title (ADW_PREFERENCES_ROW (row), title);
  linnet_row_set_subtitle (ADW_ACTION_ROW (row), value);
  adw_action_row_set_subtitle_selectable (ADW_ACTION_ROW (row), TRUE);
  gtk_widget_add_css_class (row, "property");
  gtk_list_box_append (list, row);
}

static char *
format_validity (const LinnetCertificateProblem *problem)
{
  g_autofree char *from = NULL;
  g_autofree char *until = NULL;

  if (problem->not_before == NULL || problem->not_after == NULL)
    return NULL;

  /* Translators: a date, day month year; see strftime */
  from = g_date_time_format (problem->not_before, _ ("%-d %B %Y"));
  until = g_date_time_format (problem->not_after, _ ("%-d %B %Y"));

  /* Translators: two dates, the first and the last day on which a certificate is valid */
  return g_strdup_printf (_ ("%s to %s"), from, until);
}

static GtkWidget *
details_new (const LinnetCertificateProblem *problem)
{
  GtkWidget *expander = gtk_expander_new (_ ("Details"));
  GtkWidget *list = gtk_list_box_new ();
  g_autofree char *fingerprint = group_fingerprint (problem->sha256);
  g_autofree char *validity = format_validity (problem);
  g_autofree char *names = NULL;

  if (problem->names != NULL && problem->names->len > 0)
    {
      g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
      g_auto (GStrv) strv = NULL;

      for (guint i = 0; i < MIN (problem->names->len, 8); i++)
        g_strv_builder_add (builder, g_ptr_array_index (problem->names, i));
      strv = g_strv_builder_end (builder);
      names = g_strjoinv (", ", strv);
    }

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_margin_top (list, 6);
  add_row (GTK_LIST_BOX (list), _ ("Issued to"), problem->subject);
  add_row (GTK_LIST_BOX (list), _ ("For"), names);
  add_row (GTK_LIST_BOX (list), _ ("Issued by"), problem->issuer);
  add_row (GTK_LIST_BOX (list), _ ("Valid"), validity);
  add_row (GTK_LIST_BOX (list), _ ("SHA-256 fingerprint"), fingerprint);
  gtk_expander_set_child (GTK_EXPANDER (expander), list);

  return expander;
}

/**
 * linnet_certificate_dialog_new:
 *
 * A dialog with the responses "cancel", which is the default, and, unless another certificate was pinned
 * before, %LINNET_CERTIFICATE_RESPONSE_TRUST. There is no way to ignore a certificate.
 *
 * Returns: (transfer floating): the dialog
 */
AdwAlertDialog *
linnet_certificate_dialog_new (const LinnetCertificateProblem *problem)
{
  AdwAlertDialog *dialog;
  g_autofree char *heading = NULL;
  g_autofree char *body = NULL;

  g_return_val_if_fail (problem != NULL, NULL);

  /* Translators: %s is a server's name */
  heading = g_strdup_printf (_ ("Can’t verify %s"), problem->domain);
  body = body_text (problem);
  dialog = linnet_alert_new (heading, body);
  adw_alert_dialog_set_prefer_wide_layout (dialog, TRUE);
  adw_alert_dialog_set_extra_child (dialog, details_new (problem));
  adw_alert_dialog_add_response (dialog, "cancel", _ ("Cancel"));
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_alert_dialog_set_default_response (dialog, "cancel");

  if (!problem->changed)
    {
      adw_alert_dialog_add_response (dialog, LINNET_CERTIFICATE_RESPONSE_TRUST, _ ("Trust This Certificate"));
      adw_alert_dialog_set_response_appearance (
          dialog, LINNET_CERTIFICATE_RESPONSE_TRUST, ADW_RESPONSE_DESTRUCTIVE);
    }

  return dialog;
}
