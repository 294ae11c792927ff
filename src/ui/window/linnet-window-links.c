/* Links that come to the window, and those that it gives away
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-window"

#include "config.h"

#include "linnet-account.h"
#include "linnet-dialog.h"
#include "linnet-invite-dialog.h"
#include "linnet-link-dialog.h"
#include "linnet-link.h"
#include "linnet-new-chat-dialog.h"
#include "linnet-setup.h"
#include "linnet-window-private.h"

static void
open_link_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  linnet_window_open_link (user_data, g_variant_get_string (parameter, NULL));
}

/* What waits till there is an account, after the person agreed to have one made for it. */
static void
keep_link_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;

  g_set_str (&self->pending_link, g_variant_get_string (parameter, NULL));
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

/* @address: "" for the first account. Transfer full. */
static LinnetAccount *
dup_account (LinnetWindow *self, const char *address)
{
  LinnetAccount *account = linnet_account_manager_find_account (self->manager, address);

  return account != NULL ? g_object_ref (account) : g_list_model_get_item (G_LIST_MODEL (self->manager), 0);
}

static void
invite_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;
  g_autoptr (LinnetAccount) account = dup_account (self, g_variant_get_string (parameter, NULL));

  if (account != NULL)
    linnet_dialog_present (ADW_DIALOG (linnet_invite_dialog_new_invitation (account)), GTK_WIDGET (self));
}

static void
show_code_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LinnetWindow *self = user_data;
  g_autoptr (LinnetAccount) account = dup_account (self, g_variant_get_string (parameter, NULL));

  if (account != NULL)
    linnet_dialog_present (ADW_DIALOG (linnet_invite_dialog_new_code (account)), GTK_WIDGET (self));
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

static gboolean
is_invitation (const char *text)
{
  g_autoptr (LinnetLink) link = linnet_link_parse (text, NULL);

  switch (link != NULL ? linnet_link_get_kind (link) : LINNET_LINK_UNSUPPORTED)
    {
    case LINNET_LINK_REGISTER:
    case LINNET_LINK_ROSTER:
    case LINNET_LINK_SUBSCRIBE:
    case LINNET_LINK_PAGE:
      return TRUE;
    case LINNET_LINK_CHAT:
    case LINNET_LINK_MESSAGE:
    case LINNET_LINK_JOIN:
    case LINNET_LINK_UNSUPPORTED:
    default:
      return FALSE;
    }
}

/**
 * linnet_window_follow_pending:
 *
 * Goes on with a link that came before there was an account to follow it with. An invitation is the way to
 * one; everything else waits.
 */
void
linnet_window_follow_pending (LinnetWindow *self)
{
  gboolean any = g_list_model_get_n_items (G_LIST_MODEL (self->manager)) > 0;
  GtkWidget *setup = adw_bin_get_child (self->setup_bin);
  g_autofree char *text = NULL;

  g_return_if_fail (LINNET_IS_WINDOW (self));

  if (self->pending_link == NULL || (!any && (setup == NULL || !is_invitation (self->pending_link))))
    return;

  text = g_steal_pointer (&self->pending_link);
  if (any)
    linnet_link_dialog_open (self, self->manager, text);
  else
    linnet_setup_open_link (LINNET_SETUP (setup), text);
}

/**
 * linnet_window_open_link:
 * @text: a link that was clicked, pasted or dropped, here or in another program
 *
 * Says what the link would do and asks (security.md I14); without an account as soon as there is one.
 */
void
linnet_window_open_link (LinnetWindow *self, const char *text)
{
  gboolean loaded;

  g_return_if_fail (LINNET_IS_WINDOW (self));
  g_return_if_fail (text != NULL);

  g_set_str (&self->pending_link, text);
  g_object_get (self->manager, "loaded", &loaded, NULL);
  if (loaded)
    linnet_window_follow_pending (self);
}
