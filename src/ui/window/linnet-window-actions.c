/* What can be done in the window
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-window"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account-dialog.h"
#include "linnet-account.h"
#include "linnet-alert.h"
#include "linnet-backup-dialog.h"
#include "linnet-block-contact.h"
#include "linnet-details-dialog.h"
#include "linnet-dialog.h"
#include "linnet-export-page.h"
#include "linnet-new-chat-dialog.h"
#include "linnet-preferences-dialog.h"
#include "linnet-repair-account.h"
#include "linnet-roster.h"
#include "linnet-setup.h"
#include "linnet-shortcuts.h"
#include "linnet-window-private.h"

static const struct
{
  const char *name;
  LinnetShow show;
} presences[] = {
  { "online", LINNET_SHOW_ONLINE },
  { "away", LINNET_SHOW_AWAY },
  { "busy", LINNET_SHOW_BUSY },
  { "invisible", LINNET_SHOW_OFFLINE },
};

static void
new_chat_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;
  LinnetNewChatDialog *dialog = linnet_new_chat_dialog_new (self->manager);

  g_signal_connect_object (
      dialog, "conversation-opened", G_CALLBACK (linnet_window_open_conversation), self, G_CONNECT_SWAPPED);
  linnet_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (self));
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;

  linnet_dialog_present (ADW_DIALOG (linnet_preferences_dialog_new (self->manager, self->settings)),
                         GTK_WIDGET (self));
}

static void
back_up_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;

  linnet_dialog_present (linnet_backup_dialog_new (self->manager, self->settings, NULL), GTK_WIDGET (self));
}

/* With the address of an account. */
static void
export_data_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;
  LinnetAccount *account =
      linnet_account_manager_find_account (self->manager, g_variant_get_string (parameter, NULL));

  if (account != NULL)
    linnet_export_page_present (account, GTK_WIDGET (self));
}

static void
restore_backup_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;

  linnet_backup_dialog_choose (self->manager, self->settings, GTK_WIDGET (self));
}

/* With a URI: somebody opened the file of a backup. */
static void
restore_backup_file_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;
  g_autoptr (GFile) file = g_file_new_for_uri (g_variant_get_string (parameter, NULL));

  linnet_dialog_present (linnet_backup_dialog_new (self->manager, self->settings, file), GTK_WIDGET (self));
}

static void
shortcuts_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  linnet_dialog_present (linnet_shortcuts_dialog_new (), user_data);
}

/* @page: nullable */
static void
show_account (LinnetWindow *self, GVariant *address, const char *page)
{
  LinnetAccount *account =
      linnet_account_manager_find_account (self->manager, g_variant_get_string (address, NULL));
  LinnetAccountDialog *dialog;

  if (account == NULL)
    return;

  dialog = linnet_account_dialog_new (self->manager, account);
  if (page != NULL)
    gtk_widget_activate_action (GTK_WIDGET (dialog), "account.open", "s", page);
  linnet_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (self));
}

static void
account_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  show_account (user_data, parameter, NULL);
}

static void
connection_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  show_account (user_data, parameter, "connection");
}

static void
added_cb (AdwDialog *dialog)
{
  adw_dialog_close (dialog);
}

static void
adding_closed_cb (LinnetWindow *self)
{
  g_clear_weak_pointer (&self->adding);
  linnet_window_follow_pending (self);
}

/**
 * linnet_window_add_account:
 * @link: (nullable): an invitation to begin with
 *
 * Shows the way to a further account; where it is shown already that goes on, with @link unless an account is
 * just being made.
 */
void
linnet_window_add_account (LinnetWindow *self, const char *link)
{
  LinnetSetup *setup;
  AdwDialog *dialog;

  g_return_if_fail (LINNET_IS_WINDOW (self));

  if (self->adding != NULL)
    {
      if (link != NULL && linnet_setup_get_busy (self->adding))
        linnet_window_keep_link (self, link);
      else if (link != NULL)
        linnet_setup_open_link (self->adding, link);
      return;
    }

  dialog = adw_dialog_new ();
  setup = linnet_setup_new (self->manager, FALSE);
  g_set_weak_pointer (&self->adding, setup);
  adw_dialog_set_title (dialog, _ ("Add Account"));
  adw_dialog_set_content_width (dialog, 480);
  adw_dialog_set_content_height (dialog, 640);
  adw_dialog_set_child (dialog, GTK_WIDGET (setup));
  g_signal_connect_object (setup, "finished", G_CALLBACK (added_cb), dialog, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "closed", G_CALLBACK (adding_closed_cb), self, G_CONNECT_SWAPPED);
  if (link != NULL)
    linnet_setup_open_link (setup, link);
  linnet_dialog_present (dialog, GTK_WIDGET (self));
}

static void
add_account_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  linnet_window_add_account (user_data, NULL);
}

static void
repair_account_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;
  LinnetAccount *account =
      linnet_account_manager_find_account (self->manager, g_variant_get_string (parameter, NULL));

  if (account != NULL)
    linnet_repair_account (account, GTK_WIDGET (self));
}

static void
show_details (LinnetWindow *self, LinnetContact *contact)
{
  linnet_dialog_present (ADW_DIALOG (linnet_details_dialog_new (contact)), GTK_WIDGET (self));
}

/* Whom @parameter, an account's address and theirs, names, if there is that account. */
static LinnetContact *
dup_contact (LinnetWindow *self, GVariant *parameter)
{
  LinnetAccount *account;
  const char *account_address, *address;

  g_variant_get (parameter, "(&s&s)", &account_address, &address);
  account = linnet_account_manager_find_account (self->manager, account_address);

  return account != NULL ? linnet_roster_dup_contact (linnet_account_get_roster (account), address) : NULL;
}

static void
details_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;
  g_autoptr (LinnetContact) contact = dup_contact (self, parameter);

  if (contact != NULL)
    show_details (self, contact);
}

static void
block_contact_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;
  g_autoptr (LinnetContact) contact = dup_contact (self, parameter);

  if (contact != NULL)
    linnet_block_contact (contact, TRUE, GTK_WIDGET (self));
}

static void
unblock_contact_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;
  g_autoptr (LinnetContact) contact = dup_contact (self, parameter);

  if (contact != NULL)
    linnet_block_contact (contact, FALSE, GTK_WIDGET (self));
}

static void
pin_chat_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;
  LinnetConversation *conversation;
  const char *account, *address;
  gboolean pin;

  g_variant_get (parameter, "(&s&sb)", &account, &address, &pin);
  conversation = linnet_account_manager_find_conversation (self->manager, account, address);

  if (conversation != NULL)
    linnet_alert_follow (linnet_conversation_set_pinned (conversation, pin),
                         GTK_WIDGET (self),
                         pin ? _ ("Could Not Pin the Chat") : _ ("Could Not Unpin the Chat"),
                         NULL);
}

static void
open_details_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;

  if (self->conversation != NULL)
    show_details (self, linnet_conversation_get_contact (self->conversation));
}

static void
presence_action (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  LinnetWindow *self = user_data;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->manager));
  const char *name = g_variant_get_string (state, NULL);

  for (guint p = 0; p < G_N_ELEMENTS (presences); p++)
    {
      if (!g_str_equal (presences[p].name, name))
        continue;

      for (guint i = 0; i < n; i++)
        {
          g_autoptr (LinnetAccount) account = g_list_model_get_item (G_LIST_MODEL (self->manager), i);

          /* Kept by the account and told to the server as soon as there is a connection: nothing to wait for.
           */
          dex_future_disown (linnet_account_set_presence (
              account, presences[p].show, linnet_account_get_status_text (account)));
        }
      g_simple_action_set_state (action, state);
    }
}

static void
search_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;

  adw_navigation_split_view_set_show_content (self->split, FALSE);
  linnet_sidebar_focus_search (self->sidebar);
}

static void
move_chat_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;

  linnet_sidebar_move (self->sidebar, g_variant_get_int32 (parameter) < 0 ? -1 : 1, FALSE);
}

static void
move_unread_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;

  linnet_sidebar_move (self->sidebar, g_variant_get_int32 (parameter) < 0 ? -1 : 1, TRUE);
}

static void
nth_chat_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;

  linnet_sidebar_open_nth (self->sidebar, MAX (0, g_variant_get_int32 (parameter)));
}

static void
back_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;

  adw_navigation_split_view_set_show_content (self->split, FALSE);
}

static void
jump_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;

  gtk_widget_activate_action (GTK_WIDGET (self->chat_page), "chat.jump-to-latest", NULL);
}

static void
toggle_focus_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->sidebar)))
    linnet_chat_page_focus_composer (self->chat_page);
  else
    linnet_sidebar_focus_search (self->sidebar);
}

static const GActionEntry actions[] = {
  { .name = "account", .activate = account_action, .parameter_type = "s" },
  { .name = "add-account", .activate = add_account_action },
  { .name = "back", .activate = back_action },
  { .name = "block-contact", .activate = block_contact_action, .parameter_type = "(ss)" },
  { .name = "connection", .activate = connection_action, .parameter_type = "s" },
  { .name = "details", .activate = details_action, .parameter_type = "(ss)" },
  { .name = "jump-to-latest", .activate = jump_action },
  { .name = "move-chat", .activate = move_chat_action, .parameter_type = "i" },
  { .name = "move-unread", .activate = move_unread_action, .parameter_type = "i" },
  { .name = "new-chat", .activate = new_chat_action },
  { .name = "nth-chat", .activate = nth_chat_action, .parameter_type = "i" },
  { .name = "open-details", .activate = open_details_action },
  { .name = "pin-chat", .activate = pin_chat_action, .parameter_type = "(ssb)" },
  { .name = "preferences", .activate = preferences_action },
  { .name = "presence", .parameter_type = "s", .state = "'online'", .change_state = presence_action },
  { .name = "back-up", .activate = back_up_action },
  { .name = "export-data", .activate = export_data_action, .parameter_type = "s" },
  { .name = "repair-account", .activate = repair_account_action, .parameter_type = "s" },
  { .name = "restore-backup", .activate = restore_backup_action },
  { .name = "restore-backup-file", .activate = restore_backup_file_action, .parameter_type = "s" },
  { .name = "search", .activate = search_action },
  { .name = "shortcuts", .activate = shortcuts_action },
  { .name = "toggle-focus", .activate = toggle_focus_action },
  { .name = "unblock-contact", .activate = unblock_contact_action, .parameter_type = "(ss)" },
};

/* The stateful action shows what the first account shows. */
static void
follow_presence_cb (LinnetWindow *self)
{
  g_autoptr (LinnetAccount) account = g_list_model_get_item (G_LIST_MODEL (self->manager), 0);
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "presence");

  for (guint p = 0; account != NULL && p < G_N_ELEMENTS (presences); p++)
    if (presences[p].show == linnet_account_get_show (account))
      g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_string (presences[p].name));
}

static void
needs_account_cb (LinnetWindow *self)
{
  static const char *const names[] = {
    "add-contact",
    "invite",
    "new-chat",
    "preferences",
    "presence",
    "search",
    "show-code",
  };
  gboolean any = g_list_model_get_n_items (G_LIST_MODEL (self->manager)) > 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), names[i])),
                                 any);

  follow_presence_cb (self);
}

/**
 * linnet_window_install_actions:
 *
 * To be called once, with the manager set.
 */
void
linnet_window_install_actions (LinnetWindow *self)
{
  g_return_if_fail (LINNET_IS_WINDOW (self));

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  g_signal_connect_object (
      self->manager, "items-changed", G_CALLBACK (needs_account_cb), self, G_CONNECT_SWAPPED);
  needs_account_cb (self);
}
