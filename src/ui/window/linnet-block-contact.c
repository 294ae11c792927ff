/* Blocking somebody, after a question
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-block-contact"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account-control.h"
#include "linnet-account.h"
#include "linnet-alert.h"
#include "linnet-block-contact.h"
#include "linnet-spawn.h"

typedef struct
{
  LinnetContact *contact;
  GtkWidget *parent;
} Block;

static void
block_free (gpointer data)
{
  Block *block = data;

  g_clear_object (&block->contact);
  g_clear_object (&block->parent);
  g_free (block);
}

static void
set_blocked (LinnetContact *contact, gboolean blocked, GtkWidget *parent)
{
  LinnetAccount *account = linnet_contact_get_account (contact);

  linnet_alert_follow (linnet_contact_set_blocked (contact, blocked),
                       parent,
                       blocked ? _ ("Could Not Block") : _ ("Could Not Unblock"),
                       account != NULL ? linnet_account_get_domain (account) : NULL);
}

/* What the question is about besides blocking, where the server wants to know of spam and abuse. */
typedef struct
{
  GtkWidget *spam; /* a radio button, like the others */
  GtkWidget *abuse;
  GtkWidget *text; /* an entry row */
} Report;

static GtkWidget *
add_choice (GtkWidget *box, GtkWidget *group, const char *label)
{
  GtkWidget *button = gtk_check_button_new_with_label (label);

  gtk_check_button_set_group (GTK_CHECK_BUTTON (button), GTK_CHECK_BUTTON (group));
  gtk_box_append (GTK_BOX (box), button);

  return button;
}

static void
only_block_cb (GtkCheckButton *only_block, GParamSpec *pspec, GtkWidget *list)
{
  gtk_widget_set_visible (list, !gtk_check_button_get_active (only_block));
}

static GtkWidget *
create_report (Report *report)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *only_block = add_choice (box, NULL, _ ("Only block"));
  GtkWidget *list = gtk_list_box_new ();

  report->spam = g_object_ref (add_choice (box, only_block, _ ("Report as spam")));
  report->abuse = g_object_ref (add_choice (box, only_block, _ ("Report as abuse")));
  report->text = g_object_ref (adw_entry_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (report->text), _ ("What happened (optional)"));
  gtk_list_box_append (GTK_LIST_BOX (list), report->text);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_margin_top (list, 6);
  gtk_widget_set_visible (list, FALSE);
  gtk_box_append (GTK_BOX (box), list);
  g_signal_connect_object (
      only_block, "notify::active", G_CALLBACK (only_block_cb), list, G_CONNECT_DEFAULT);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (only_block), TRUE);

  return box;
}

static void
report_clear (Report *report)
{
  g_clear_object (&report->spam);
  g_clear_object (&report->abuse);
  g_clear_object (&report->text);
}

/* FALSE when only blocking was asked for. */
static gboolean
send_report (Block *block, LinnetAccount *account, const Report *report)
{
  gboolean spam = gtk_check_button_get_active (GTK_CHECK_BUTTON (report->spam));
  gboolean abuse = gtk_check_button_get_active (GTK_CHECK_BUTTON (report->abuse));
  g_autofree char *text = NULL;

  if (!spam && !abuse)
    return FALSE;

  text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (report->text))));
  linnet_alert_follow (linnet_account_report (account,
                                              linnet_contact_get_address (block->contact),
                                              abuse ? LINNET_REPORT_ABUSE : LINNET_REPORT_SPAM,
                                              text),
                       block->parent,
                       _ ("Could Not Block"),
                       linnet_account_get_domain (account));

  return TRUE;
}

static char *
dup_body (LinnetAccount *account, gboolean can_report)
{
  const char *body = _ ("Their messages will no longer reach you on any device, and they will not see when "
                        "you are online. They are not told.");
  g_autofree char *more = NULL;

  if (!can_report)
    return g_strdup (body);

  /* Translators: %s is a server */
  more = g_strdup_printf (_ ("A report goes to the operators of %s."), linnet_account_get_domain (account));

  return g_strdup_printf ("%s\n\n%s", body, more);
}

static DexFuture *
linnet_block_contact_fiber (gpointer data)
{
  Block *block = data;
  LinnetAccount *account = linnet_contact_get_account (block->contact);
  gboolean can_report = account != NULL && linnet_account_can_report (account);
  g_autofree char *heading = NULL, *body = NULL;
  AdwAlertDialog *question;
  Report report = { NULL };

  /* Translators: %s is a person's name */
  heading = g_strdup_printf (_ ("Block %s?"), linnet_contact_get_name (block->contact));
  body = dup_body (account, can_report);
  question = linnet_alert_new (heading, body);
  adw_alert_dialog_add_responses (question, "cancel", _ ("Cancel"), "block", _ ("Block"), NULL);
  adw_alert_dialog_set_response_appearance (question, "block", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (question, "cancel");
  adw_alert_dialog_set_close_response (question, "cancel");
  if (can_report)
    adw_alert_dialog_set_extra_child (question, create_report (&report));

  if (linnet_alert_confirm (question, block->parent, "block"))
    {
      account = linnet_contact_get_account (block->contact);
      if (!can_report || account == NULL || !send_report (block, account, &report))
        set_blocked (block->contact, TRUE, block->parent);
    }
  report_clear (&report);

  return NULL;
}

/**
 * linnet_block_contact_is_possible:
 *
 * Returns: whether @contact can be blocked, or unblocked when it is blocked
 */
gboolean
linnet_block_contact_is_possible (LinnetContact *contact)
{
  LinnetAccount *account;

  g_return_val_if_fail (LINNET_IS_CONTACT (contact), FALSE);

  account = linnet_contact_get_account (contact);

  return account != NULL && (linnet_contact_get_blocked (contact) || linnet_account_get_can_block (account));
}

/**
 * linnet_block_contact:
 * @block: whether to block or to unblock
 * @parent: a widget in the window to ask in
 *
 * Asks first, unless it is for unblocking. Tells when the server refuses.
 */
void
linnet_block_contact (LinnetContact *contact, gboolean block, GtkWidget *parent)
{
  Block *question;

  g_return_if_fail (LINNET_IS_CONTACT (contact));
  g_return_if_fail (GTK_IS_WIDGET (parent));

  if (!block)
    {
      set_blocked (contact, FALSE, parent);
      return;
    }

  question = g_new0 (Block, 1);
  question->contact = g_object_ref (contact);
  question->parent = g_object_ref (parent);
  linnet_spawn_detached ("block-contact", linnet_block_contact_fiber, question, block_free);
}
