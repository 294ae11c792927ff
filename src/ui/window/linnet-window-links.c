/* Links that come to the window, and those that it gives away
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-window"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-alert.h"
#include "linnet-dialog.h"
#include "linnet-invite-dialog.h"
#include "linnet-link-dialog.h"
#include "linnet-link.h"
#include "linnet-new-chat-dialog.h"
#include "linnet-setup.h"
#include "linnet-spawn.h"
#include "linnet-window-private.h"

static void
open_link_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  linnet_window_open_link (user_data, g_variant_get_string (parameter, NULL));
}

static void
keep (LinnetWindow *self, const char *text)
{
  if (!g_ptr_array_find_with_equal_func (self->pending_links, text, g_str_equal, NULL))
    g_ptr_array_add (self->pending_links, g_strdup (text));
}

/* What waits till there is an account, after the person agreed to have one made for it. */
static void
keep_link_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  keep (user_data, g_variant_get_string (parameter, NULL));
}

static void
add_contact_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;
  LinnetNewChatDialog *dialog = linnet_new_chat_dialog_new (self->manager);

  g_signal_connect_object (
      dialog, "conversation-opened", G_CALLBACK (linnet_window_open_conversation), self, G_CONNECT_SWAPPED);
  linnet_new_chat_dialog_show_add (dialog);
  linnet_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (self));
}

/* ---- giving the own address away ---- */

typedef LinnetInviteDialog *(*CreateFunc) (LinnetAccount *account);

typedef struct
{
  LinnetWindow *window;
  char *address; /* "" where the person has not said which of the accounts */
  CreateFunc create;
} Giving;

static void
giving_free (gpointer data)
{
  Giving *giving = data;

  g_object_unref (giving->window);
  g_free (giving->address);
  g_free (giving);
}

/* The response to choose it has the address for its name. */
static void
add_account (AdwAlertDialog *dialog, LinnetAccount *account)
{
  g_auto (GStrv) parts = g_strsplit (linnet_account_get_address (account), "_", -1);
  g_autofree char *label = g_strjoinv ("__", parts); /* no mnemonics */

  adw_alert_dialog_add_response (dialog, linnet_account_get_address (account), label);
}

/* The only account, or the one that the person chooses. On a fiber. Nullable; transfer full. */
static LinnetAccount *
choose_account (LinnetWindow *self)
{
  GListModel *accounts = G_LIST_MODEL (self->manager);
  g_autofree char *chosen = NULL;
  LinnetAccount *account;
  AdwAlertDialog *dialog;

  if (g_list_model_get_n_items (accounts) < 2)
    return g_list_model_get_item (accounts, 0);

  dialog = linnet_alert_new (_ ("Which Account?"), _ ("Your contact will know you by its address."));
  /* From the bottom to the top. */
  adw_alert_dialog_add_response (dialog, "cancel", _ ("Cancel"));
  for (guint i = g_list_model_get_n_items (accounts); i > 0; i--)
    {
      g_autoptr (LinnetAccount) each = g_list_model_get_item (accounts, i - 1);

      add_account (dialog, each);
    }
  adw_alert_dialog_set_close_response (dialog, "cancel");
  chosen = dex_await_string (linnet_alert_choose (dialog, GTK_WIDGET (self)), NULL);

  account = chosen != NULL ? linnet_account_manager_find_account (self->manager, chosen) : NULL;

  return account != NULL ? g_object_ref (account) : NULL;
}

static DexFuture *
give_fiber (gpointer data)
{
  Giving *giving = data;
  LinnetWindow *self = giving->window;
  LinnetAccount *known = linnet_account_manager_find_account (self->manager, giving->address);
  g_autoptr (LinnetAccount) account = known != NULL ? g_object_ref (known) : choose_account (self);

  if (account != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    linnet_dialog_present (ADW_DIALOG (giving->create (account)), GTK_WIDGET (self));

  return NULL;
}

static void
give (LinnetWindow *self, GVariant *address, CreateFunc create)
{
  Giving *giving = g_new0 (Giving, 1);

  giving->window = g_object_ref (self);
  giving->address = g_variant_dup_string (address, NULL);
  giving->create = create;
  linnet_spawn_detached ("give-address", give_fiber, giving, giving_free);
}

static void
invite_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  give (user_data, parameter, linnet_invite_dialog_new_invitation);
}

static void
show_code_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  give (user_data, parameter, linnet_invite_dialog_new_code);
}

static const GActionEntry actions[] = {
  { .name = "add-contact", .activate = add_contact_action },
  { .name = "invite", .activate = invite_action, .parameter_type = "s" },
  { .name = "keep-link", .activate = keep_link_action, .parameter_type = "s" },
  { .name = "open-link", .activate = open_link_action, .parameter_type = "s" },
  { .name = "show-code", .activate = show_code_action, .parameter_type = "s" },
};

/* Whatever takes text has it first: this is for drops beside the fields. */
static gboolean
drop_cb (LinnetWindow *self, const GValue *value)
{
  const char *text = g_value_get_string (value);

  if (text == NULL || !linnet_link_looks_like_one (text))
    return FALSE;

  linnet_window_open_link (self, text);

  return TRUE;
}

/**
 * linnet_window_install_links:
 *
 * To be called once, with the manager set.
 */
void
linnet_window_install_links (LinnetWindow *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_STRING, GDK_ACTION_COPY);

  g_return_if_fail (LINNET_IS_WINDOW (self));

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  g_signal_connect_swapped (drop, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
}

/* What is to be told at once: Linnet does nothing about it, with or without an account. */
static gboolean
leads_nowhere (LinnetLink *link)
{
  return link == NULL || linnet_link_get_kind (link) == LINNET_LINK_JOIN ||
         linnet_link_get_kind (link) == LINNET_LINK_UNSUPPORTED;
}

static gboolean
is_invitation (LinnetLink *link)
{
  LinnetLinkKind kind = linnet_link_get_kind (link);

  return kind == LINNET_LINK_REGISTER || kind == LINNET_LINK_ROSTER || kind == LINNET_LINK_SUBSCRIBE ||
         kind == LINNET_LINK_PAGE;
}

static void
tell_waiting (LinnetWindow *self)
{
  AdwAlertDialog *dialog = linnet_alert_new (
      _ ("An Account Comes First"), _ ("Linnet asks you about this link as soon as you have signed in."));

  adw_alert_dialog_add_response (dialog, "close", _ ("Close"));
  linnet_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (self));
}

/**
 * linnet_window_keep_link:
 * @text: a link that must not get into the way of an account that is just being made
 *
 * Follows it after that.
 */
void
linnet_window_keep_link (LinnetWindow *self, const char *text)
{
  g_return_if_fail (LINNET_IS_WINDOW (self));
  g_return_if_fail (text != NULL);

  keep (self, text);
  adw_toast_overlay_add_toast (self->toasts,
                               adw_toast_new (_ ("The link will be opened when your account is ready")));
}

/* There is none yet, or the window still shows the way to the first. @setup: (nullable) */
static void
open_without_account (LinnetWindow *self, LinnetSetup *setup, LinnetLink *link, const char *text)
{
  if (setup != NULL && linnet_setup_get_busy (setup))
    linnet_window_keep_link (self, text);
  else if (setup != NULL && is_invitation (link))
    linnet_setup_open_link (setup, text);
  else
    {
      keep (self, text);
      if (setup != NULL)
        tell_waiting (self);
    }
}

/**
 * linnet_window_follow_pending:
 *
 * Goes on with the links that came before they could be followed, if they can be now.
 */
void
linnet_window_follow_pending (LinnetWindow *self)
{
  GtkWidget *setup = adw_bin_get_child (self->setup_bin);
  g_autoptr (GPtrArray) links = NULL;

  g_return_if_fail (LINNET_IS_WINDOW (self));

  if (self->adding != NULL || (setup != NULL && linnet_setup_get_busy (LINNET_SETUP (setup))))
    return;

  links = g_steal_pointer (&self->pending_links);
  self->pending_links = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < links->len; i++)
    linnet_window_open_link (self, g_ptr_array_index (links, i));
}

/**
 * linnet_window_open_link:
 * @text: a link that was clicked, pasted or dropped, here or in another program
 *
 * Says what the link would do and asks (security.md I14). What needs an account waits for it, and nothing
 * gets into the way of one that is being made.
 */
void
linnet_window_open_link (LinnetWindow *self, const char *text)
{
  g_autoptr (LinnetLink) link = NULL;
  GtkWidget *setup;
  gboolean loaded;

  g_return_if_fail (LINNET_IS_WINDOW (self));
  g_return_if_fail (text != NULL);

  setup = adw_bin_get_child (self->setup_bin);
  link = linnet_link_parse (text, NULL);
  g_object_get (self->manager, "loaded", &loaded, NULL);

  if (!loaded)
    keep (self, text);
  else if (leads_nowhere (link))
    linnet_link_dialog_open (self, self->manager, text);
  else if (setup != NULL || g_list_model_get_n_items (G_LIST_MODEL (self->manager)) == 0)
    open_without_account (self, setup != NULL ? LINNET_SETUP (setup) : NULL, link, text);
  else if (self->adding != NULL && linnet_setup_get_busy (self->adding))
    linnet_window_keep_link (self, text);
  else if (self->adding != NULL && linnet_link_get_kind (link) == LINNET_LINK_REGISTER)
    linnet_setup_open_link (self->adding, text);
  else
    linnet_link_dialog_open (self, self->manager, text);
}
