/* Following links, after asking
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-link-dialog"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-alert.h"
#include "linnet-contact.h"
#include "linnet-dialog.h"
#include "linnet-error.h"
#include "linnet-format.h"
#include "linnet-invitation.h"
#include "linnet-link-dialog.h"
#include "linnet-roster.h"
#include "linnet-row.h"
#include "linnet-safe-text.h"
#include "linnet-spawn.h"

typedef struct
{
  LinnetWindow *window;
  LinnetAccountManager *manager;
  LinnetLink *link;
  GPtrArray *accounts;     /* those that may follow it */
  AdwComboRow *choice;     /* nullable: which of them; in the dialog, while it is shown */
  GtkEditable *name_entry; /* nullable; likewise */
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_clear_object (&opening->choice);
  g_clear_object (&opening->name_entry);
  g_ptr_array_unref (opening->accounts);
  g_object_unref (opening->link);
  g_object_unref (opening->manager);
  g_object_unref (opening->window);
  g_free (opening);
}

/* Nobody is their own contact. */
static GPtrArray *
dup_accounts (LinnetAccountManager *manager,
              const char *address)
{
  GPtrArray *accounts = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (manager));

  for (guint i = 0; i < n; i++)
    {
      LinnetAccount *account = g_list_model_get_item (G_LIST_MODEL (manager), i);

      if (g_strcmp0 (linnet_account_get_address (account), address) != 0)
        g_ptr_array_add (accounts, account);
      else
        g_object_unref (account);
    }

  return accounts;
}

/* The first that is online, else the first. */
static guint
find_best_account (GPtrArray *accounts)
{
  for (guint i = 0; i < accounts->len; i++)
    if (linnet_account_get_state (accounts->pdata[i]) == LINNET_CONNECTION_ONLINE)
      return i;

  return 0;
}

static LinnetAccount *
get_chosen_account (const Opening *opening)
{
  guint chosen = opening->choice != NULL ? adw_combo_row_get_selected (opening->choice)
                                         : find_best_account (opening->accounts);

  return g_ptr_array_index (opening->accounts, MIN (chosen, opening->accounts->len - 1));
}

/* ---- what the dialogs consist of ---- */

static void
add_choice (Opening *opening,
            GtkListBox *rows)
{
  g_autoptr (GtkStringList) addresses = gtk_string_list_new (NULL);

  if (opening->accounts->len < 2)
    return;

  for (guint i = 0; i < opening->accounts->len; i++)
    gtk_string_list_append (addresses, linnet_account_get_address (opening->accounts->pdata[i]));

  opening->choice = g_object_ref_sink (ADW_COMBO_ROW (adw_combo_row_new ()));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (opening->choice), _ ("Account"));
  adw_combo_row_set_model (opening->choice, G_LIST_MODEL (addresses));
  adw_combo_row_set_selected (opening->choice, find_best_account (opening->accounts));
  gtk_list_box_append (rows, GTK_WIDGET (opening->choice));
}

static void
add_name (Opening *opening,
          GtkListBox *rows)
{
  GtkWidget *row = adw_entry_row_new ();
  const char *name = linnet_link_get_name (opening->link);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Name (only you see this)"));
  if (name != NULL)
    gtk_editable_set_text (GTK_EDITABLE (row), name);
  opening->name_entry = g_object_ref_sink (GTK_EDITABLE (row));
  gtk_list_box_append (rows, row);
}

static void
add_text (Opening *opening,
          GtkListBox *rows)
{
  const char *body = linnet_link_get_body (opening->link);
  GtkWidget *row;

  if (body == NULL)
    return;

  row = adw_action_row_new ();
  linnet_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Text"));
  linnet_row_set_subtitle (ADW_ACTION_ROW (row), body);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 6);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_append (rows, row);
}

/* Rows are only there when there is something to choose or to see. */
static void
set_rows (AdwAlertDialog *dialog,
          GtkListBox *rows)
{
  if (gtk_list_box_get_row_at_index (rows, 0) == NULL)
    {
      g_object_ref_sink (rows);
      g_object_unref (rows);
      return;
    }

  gtk_list_box_set_selection_mode (rows, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (rows), "boxed-list");
  adw_alert_dialog_set_extra_child (dialog, GTK_WIDGET (rows));
}

static gboolean
ask (Opening *opening,
     AdwAlertDialog *dialog,
     const char *label)
{
  adw_alert_dialog_add_responses (dialog, "cancel", _ ("Cancel"), "go-on", label, NULL);
  adw_alert_dialog_set_response_appearance (dialog, "go-on", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_alert_dialog_set_default_response (dialog, "go-on");

  return linnet_alert_confirm (dialog, GTK_WIDGET (opening->window), "go-on");
}

static void
tell (LinnetWindow *window,
      const char *heading,
      const char *body)
{
  AdwAlertDialog *dialog = linnet_alert_new (heading, body);

  adw_alert_dialog_add_response (dialog, "close", _ ("Close"));
  linnet_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (window));
}

static void
tell_error (const Opening *opening,
            const char *heading,
            const GError *error)
{
  linnet_alert_show_error (GTK_WIDGET (opening->window),
                           heading,
                           error,
                           linnet_address_get_domain (linnet_link_get_address (opening->link)));
}

/* ---- what links do ---- */

static void
open_chat (const Opening *opening,
           LinnetAccount *account)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LinnetConversation) conversation = dex_await_object (
      linnet_account_open_conversation (account, linnet_link_get_address (opening->link)), &error);
  const char *body = linnet_link_get_body (opening->link);

  if (conversation == NULL)
    {
      tell_error (opening, _ ("Could Not Open the Chat"), error);
      return;
    }

  if (body != NULL)
    {
      const char *draft = linnet_conversation_get_draft (conversation);
      g_autofree char *both = draft != NULL ? g_strdup_printf ("%s\n%s", draft, body) : g_strdup (body);

      /* The composer takes a draft when its chat is opened; until then it would write its own over it. */
      linnet_window_open_conversation (opening->window, NULL);
      linnet_conversation_set_draft (conversation, both);
    }
  linnet_window_open_conversation (opening->window, conversation);
}

static void
follow_chat (Opening *opening)
{
  const char *address = linnet_link_get_address (opening->link);
  gboolean with_text = linnet_link_get_body (opening->link) != NULL;
  GtkListBox *rows = GTK_LIST_BOX (gtk_list_box_new ());
  AdwAlertDialog *dialog;
  g_autofree char *heading = NULL;

  /* Translators: %s is an address */
  heading = g_strdup_printf (_ ("Write to %s?"), address);
  dialog = linnet_alert_new (
      heading,
      with_text ? _ ("The link brings a text, which will stand in the message field. Nothing is sent before "
                     "you send it.")
                : _ ("The chat with this address will be opened. Nothing is sent before you write."));
  add_text (opening, rows);
  add_choice (opening, rows);
  set_rows (dialog, rows);

  if (ask (opening, dialog, with_text ? _ ("Use Text") : _ ("Open Chat")))
    open_chat (opening, get_chosen_account (opening));
}

static gboolean
is_contact (LinnetAccount *account,
            const char *address)
{
  g_autoptr (LinnetContact) contact =
      linnet_roster_dup_contact (linnet_account_get_roster (account), address);

  return contact != NULL && linnet_contact_get_in_roster (contact) &&
         (linnet_contact_get_subscription (contact) & LINNET_SUBSCRIPTION_BOTH) == LINNET_SUBSCRIPTION_BOTH;
}

/* XEP-0401 section 4.3.1: there is nothing left to do but to talk. */
static void
follow_contact (Opening *opening)
{
  g_autofree char *heading = NULL;

  /* Translators: %s is an address */
  heading =
      g_strdup_printf (_ ("%s Is Your Contact Already"), linnet_link_get_address (opening->link));
  if (ask (opening, linnet_alert_new (heading, NULL), _ ("Open Chat")))
    open_chat (opening, opening->accounts->pdata[0]);
}

static void
follow_invitation (Opening *opening)
{
  GtkListBox *rows = GTK_LIST_BOX (gtk_list_box_new ());
  g_autoptr (LinnetContact) contact = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *heading = NULL;
  g_autofree char *name = NULL;
  AdwAlertDialog *dialog;

  if (opening->accounts->len == 1 &&
      is_contact (opening->accounts->pdata[0], linnet_link_get_address (opening->link)))
    {
      follow_contact (opening);
      return;
    }

  /* Translators: %s is an address */
  heading =
      g_strdup_printf (_ ("Add %s to Your Contacts?"), linnet_link_get_address (opening->link));
  dialog = linnet_alert_new (heading,
                             linnet_link_get_token (opening->link) != NULL
                                 ? _ ("This is an invitation. You will see when the other is online, "
                                      "and they will see when you are.")
                                 : _ ("They will be asked to show you when they are online, and will see "
                                      "when you are."));
  add_name (opening, rows);
  add_choice (opening, rows);
  set_rows (dialog, rows);
  if (!ask (opening, dialog, _ ("Add Contact")))
    return;

  name = g_strstrip (g_strdup (gtk_editable_get_text (opening->name_entry)));
  contact = dex_await_object (
      linnet_account_accept_invitation (get_chosen_account (opening), opening->link, name), &error);
  if (contact != NULL)
    open_chat (opening, get_chosen_account (opening));
  else
    tell_error (opening, _ ("Could Not Add the Contact"), error);
}

static void
tell_join (const Opening *opening)
{
  g_autofree char *body = NULL;

  /* Translators: %s is the address of a group */
  body = g_strdup_printf (_ ("The link leads to the group %s. This version of Linnet has no groups, so "
                             "nothing was done."),
                          linnet_link_get_address (opening->link));
  tell (opening->window, _ ("Groups Are Not There Yet"), body);
}

static void
tell_unsupported (const Opening *opening)
{
  tell (opening->window,
        _ ("Nothing Was Done"),
        _ ("This link asks for something that Linnet does not do from a link."));
}

/* What the page shows is then asked about like any other link. FALSE: there is nothing to go on with. */
static gboolean
look_for_invitation (Opening *opening)
{
  GtkListBox *rows = GTK_LIST_BOX (gtk_list_box_new ());
  g_autoptr (LinnetLink) found = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *heading = NULL;
  AdwAlertDialog *dialog;

  /* Translators: %s is a server's name */
  heading = g_strdup_printf (_ ("Look for an Invitation on %s?"), linnet_link_get_host (opening->link));
  dialog = linnet_alert_new (
      heading, _ ("Linnet reads the page that the link leads to, and asks again before it does anything."));
  add_choice (opening, rows); /* the page is read through the proxy of the account */
  set_rows (dialog, rows);
  if (!ask (opening, dialog, _ ("Read Page")))
    return FALSE;

  found = dex_await_object (linnet_link_resolve (opening->link, get_chosen_account (opening)), &error);
  g_clear_object (&opening->choice);
  if (found == NULL)
    {
      linnet_alert_show_error (GTK_WIDGET (opening->window),
                               _ ("No Invitation"),
                               error,
                               linnet_link_get_host (opening->link));
      return FALSE;
    }

  g_set_object (&opening->link, found);
  g_ptr_array_unref (opening->accounts);
  opening->accounts = dup_accounts (opening->manager, linnet_link_get_address (found));

  return TRUE;
}

static void
follow (Opening *opening)
{
  switch (linnet_link_get_kind (opening->link))
    {
    case LINNET_LINK_CHAT:
    case LINNET_LINK_MESSAGE:
      follow_chat (opening);
      return;
    case LINNET_LINK_ROSTER:
    case LINNET_LINK_SUBSCRIBE:
      follow_invitation (opening);
      return;
    case LINNET_LINK_JOIN:
      tell_join (opening);
      return;
    case LINNET_LINK_REGISTER:
      /* The page that opens asks. */
      linnet_window_add_account (opening->window, linnet_link_get_uri (opening->link));
      return;
    case LINNET_LINK_PAGE:
    case LINNET_LINK_UNSUPPORTED:
    default:
      tell_unsupported (opening);
    }
}

static gboolean
needs_another (LinnetLinkKind kind)
{
  return kind == LINNET_LINK_CHAT || kind == LINNET_LINK_MESSAGE || kind == LINNET_LINK_ROSTER ||
         kind == LINNET_LINK_SUBSCRIBE;
}

static DexFuture *
open_link_fiber (gpointer data)
{
  Opening *opening = data;

  if (linnet_link_get_kind (opening->link) == LINNET_LINK_PAGE && !look_for_invitation (opening))
    return NULL;

  if (opening->accounts->len == 0 && needs_another (linnet_link_get_kind (opening->link)))
    tell (opening->window, _ ("This Is Your Own Link"), _ ("Give it to others, so that they can find you."));
  else
    follow (opening);

  return NULL;
}

void
linnet_link_dialog_open (LinnetWindow *window,
                         LinnetAccountManager *manager,
                         const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LinnetLink) link = NULL;
  Opening *opening;

  g_return_if_fail (LINNET_IS_WINDOW (window));
  g_return_if_fail (text != NULL);

  if ((link = linnet_link_parse (text, &error)) == NULL)
    {
      linnet_alert_show_error (GTK_WIDGET (window), _ ("Could Not Open the Link"), error, NULL);
      return;
    }

  opening = g_new0 (Opening, 1);
  opening->window = g_object_ref (window);
  opening->manager = g_object_ref (manager);
  opening->accounts = dup_accounts (manager, linnet_link_get_address (link));
  opening->link = g_steal_pointer (&link);
  linnet_spawn_detached ("open-link", open_link_fiber, opening, opening_free);
}
