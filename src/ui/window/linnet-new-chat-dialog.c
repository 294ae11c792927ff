/* Choosing somebody to write to
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-new-chat-dialog"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-avatar.h"
#include "linnet-contact.h"
#include "linnet-conversation.h"
#include "linnet-error.h"
#include "linnet-format.h"
#include "linnet-link.h"
#include "linnet-row.h"
#include "linnet-new-chat-dialog.h"
#include "linnet-roster.h"
#include "linnet-safe-text.h"
#include "linnet-search-text.h"
#include "linnet-spawn.h"

struct _LinnetNewChatDialog
{
  AdwDialog parent_instance;

  AdwNavigationView *navigation;
  AdwNavigationPage *add_page;
  GtkSearchEntry *search_entry;
  GtkWidget *actions;
  AdwButtonRow *chat_row;
  AdwButtonRow *link_row;
  AdwButtonRow *add_row;
  GtkListBox *contacts;
  GtkLabel *hint;
  AdwEntryRow *address_row;
  AdwEntryRow *name_row;
  AdwComboRow *account_row;
  AdwSwitchRow *share_row;
  GtkLabel *error_label;
  GtkButton *submit_button;

  LinnetAccountManager *manager;
  GtkFilterListModel *filtered;
  char *needle;  /* folded; NULL: everybody */
  char *address; /* what was typed, when it is a whole address */
  char *link;    /* the same, when it is a link */
  gboolean busy;
};

G_DEFINE_FINAL_TYPE (LinnetNewChatDialog, linnet_new_chat_dialog, ADW_TYPE_DIALOG)

enum
{
  CONVERSATION_OPENED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct
{
  LinnetNewChatDialog *dialog;
  LinnetAccount *account;
  char *address;
  char *name;
  gboolean add;
  gboolean share;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_object (&request->dialog);
  g_clear_object (&request->account);
  g_free (request->address);
  g_free (request->name);
  g_free (request);
}

static void
show_hint (LinnetNewChatDialog *self, const char *text)
{
  g_autofree char *safe = linnet_safe_text_dup (GTK_WIDGET (self->hint), text);

  gtk_label_set_label (self->hint, safe);
}

static void
show_error_text (LinnetNewChatDialog *self, const char *text)
{
  g_autofree char *safe = linnet_safe_text_dup (GTK_WIDGET (self->error_label), text != NULL ? text : "");

  gtk_label_set_label (self->error_label, safe);
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), text != NULL);

  if (text != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static DexFuture *
open_fiber (gpointer data)
{
  Request *request = data;
  LinnetNewChatDialog *self = request->dialog;
  g_autoptr (LinnetConversation) conversation = NULL;
  g_autoptr (LinnetContact) contact = NULL;
  g_autoptr (GError) error = NULL;

  if (request->add)
    contact = dex_await_object (
        linnet_account_add_contact (request->account, request->address, request->name, request->share),
        &error);

  if (error == NULL)
    conversation =
        dex_await_object (linnet_account_open_conversation (request->account, request->address), &error);

  self->busy = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->submit_button), TRUE);

  if (conversation != NULL)
    {
      /* Closing gives the focus back to where it was; the chat then takes it. */
      adw_dialog_close (ADW_DIALOG (self));
      g_signal_emit (self, signals[CONVERSATION_OPENED], 0, conversation);
    }
  else
    {
      g_autofree char *text = linnet_error_to_text (error, linnet_address_get_domain (request->address));

      if (request->add)
        show_error_text (self, text);
      else
        show_hint (self, text);
    }

  return NULL;
}

static void
open_chat (LinnetNewChatDialog *self, LinnetAccount *account, const char *address)
{
  Request *request;

  if (self->busy || account == NULL)
    return;

  self->busy = TRUE;
  request = g_new0 (Request, 1);
  request->dialog = g_object_ref (self);
  request->account = g_object_ref (account);
  request->address = g_strdup (address);
  linnet_spawn_detached ("open-chat", open_fiber, request, request_free);
}

/* Where a chat with an address nobody has in the contacts starts: the first account that is online, else the
 * first. */
static LinnetAccount *
dup_best_account (LinnetNewChatDialog *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->manager));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (LinnetAccount) account = g_list_model_get_item (G_LIST_MODEL (self->manager), i);

      if (linnet_account_get_state (account) == LINNET_CONNECTION_ONLINE)
        return g_steal_pointer (&account);
    }

  return g_list_model_get_item (G_LIST_MODEL (self->manager), 0);
}

static gboolean
matches (gpointer item, gpointer user_data)
{
  LinnetNewChatDialog *self = user_data;
  g_autofree char *name = NULL;

  if (self->needle == NULL)
    return TRUE;

  name = linnet_search_text_fold (linnet_contact_get_name (item));

  return strstr (name, self->needle) != NULL ||
         strstr (linnet_contact_get_address (item), self->needle) != NULL;
}

static int
compare_names (gconstpointer a, gconstpointer b, gpointer user_data)
{
  int order = g_utf8_collate (linnet_contact_get_name ((LinnetContact *) a),
                              linnet_contact_get_name ((LinnetContact *) b));

  if (order == 0)
    order = strcmp (linnet_contact_get_address ((LinnetContact *) a),
                    linnet_contact_get_address ((LinnetContact *) b));

  return order;
}

static void
update_hint (LinnetNewChatDialog *self)
{
  gboolean any = g_list_model_get_n_items (G_LIST_MODEL (self->filtered)) > 0;

  gtk_widget_set_visible (GTK_WIDGET (self->contacts), any);
  gtk_widget_set_visible (GTK_WIDGET (self->hint), !any && self->address == NULL && self->link == NULL);
  gtk_label_set_label (self->hint,
                       self->needle != NULL
                           ? _ ("No contact found. Type a whole address, like mira@lark.chat.")
                           : _ ("You have no contacts yet."));
}

static void
search_changed_cb (LinnetNewChatDialog *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->search_entry))));

  g_assert (LINNET_IS_NEW_CHAT_DIALOG (self));

  g_free (self->needle);
  self->needle = *text != '\0' ? linnet_search_text_fold (text) : NULL;

  g_free (self->address);
  self->address = strchr (text, '@') != NULL ? linnet_address_normalize (text, NULL) : NULL;
  g_free (self->link);
  self->link = linnet_link_looks_like_one (text) ? g_steal_pointer (&text) : NULL;
  gtk_widget_set_visible (GTK_WIDGET (self->link_row), self->link != NULL);

  gtk_widget_set_visible (GTK_WIDGET (self->chat_row), self->address != NULL);
  if (self->address != NULL)
    {
      /* Translators: %s is an address */
      g_autofree char *title = g_strdup_printf (_ ("Chat with %s"), self->address);

      linnet_row_set_title (ADW_PREFERENCES_ROW (self->chat_row), title);
    }

  gtk_filter_changed (gtk_filter_list_model_get_filter (self->filtered), GTK_FILTER_CHANGE_DIFFERENT);
  update_hint (self);
}

static void
stop_search_cb (LinnetNewChatDialog *self)
{
  if (self->needle != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  else
    adw_dialog_close (ADW_DIALOG (self));
}

static void
chat_cb (LinnetNewChatDialog *self)
{
  g_autoptr (LinnetAccount) account = dup_best_account (self);

  if (self->address != NULL)
    open_chat (self, account, self->address);
}

/* What the link would do is asked in the window. */
static void
link_cb (LinnetNewChatDialog *self)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));
  g_autofree char *link = g_strdup (self->link);

  if (link == NULL || window == NULL)
    return;

  adw_dialog_close (ADW_DIALOG (self));
  gtk_widget_activate_action (window, "win.open-link", "s", link);
}

static void
row_activated_cb (LinnetNewChatDialog *self, GtkListBoxRow *row)
{
  g_autoptr (LinnetContact) contact = NULL;

  contact = g_list_model_get_item (G_LIST_MODEL (self->filtered), gtk_list_box_row_get_index (row));
  if (contact != NULL)
    open_chat (self, linnet_contact_get_account (contact), linnet_contact_get_address (contact));
}

static void
search_activate_cb (LinnetNewChatDialog *self)
{
  GtkListBoxRow *first = gtk_list_box_get_row_at_index (self->contacts, 0);

  if (self->link != NULL)
    link_cb (self);
  else if (first != NULL)
    row_activated_cb (self, first);
  else
    chat_cb (self);
}

static void
add_cb (LinnetNewChatDialog *self)
{
  show_error_text (self, NULL);
  if (self->address != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->address_row), self->address);
  adw_navigation_view_push (self->navigation, self->add_page);
  gtk_widget_grab_focus (GTK_WIDGET (self->address_row));
}

static void
invite_cb (LinnetNewChatDialog *self)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));
  g_autoptr (LinnetAccount) account = dup_best_account (self);

  if (account == NULL || window == NULL)
    return;

  adw_dialog_close (ADW_DIALOG (self));
  gtk_widget_activate_action (window, "win.invite", "s", linnet_account_get_address (account));
}

static void
address_changed_cb (LinnetNewChatDialog *self)
{
  linnet_row_set_invalid (self->address_row, FALSE);
  show_error_text (self, NULL);
}

static void
submit_cb (LinnetNewChatDialog *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  g_autofree char *name = NULL;
  Request *request;

  g_assert (LINNET_IS_NEW_CHAT_DIALOG (self));

  if (self->busy)
    return;

  address = linnet_address_normalize (gtk_editable_get_text (GTK_EDITABLE (self->address_row)), &error);
  if (address == NULL)
    {
      g_autofree char *text = linnet_error_to_text (error, NULL);

      show_error_text (self, text);
      linnet_row_set_invalid (self->address_row, TRUE);
      gtk_widget_grab_focus (GTK_WIDGET (self->address_row));
      return;
    }

  name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));

  self->busy = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->submit_button), FALSE);
  request = g_new0 (Request, 1);
  request->dialog = g_object_ref (self);
  request->account =
      g_list_model_get_item (G_LIST_MODEL (self->manager), adw_combo_row_get_selected (self->account_row));
  request->address = g_steal_pointer (&address);
  request->name = *name != '\0' ? g_steal_pointer (&name) : NULL;
  request->add = TRUE;
  request->share = adw_switch_row_get_active (self->share_row);
  linnet_spawn_detached ("add-contact", open_fiber, request, request_free);
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  LinnetNewChatDialog *self = user_data;
  LinnetContact *contact = item;
  LinnetAccount *account = linnet_contact_get_account (contact);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *avatar = linnet_avatar_new (36);
  g_autofree char *subtitle = NULL;

  linnet_avatar_set_contact (LINNET_AVATAR (avatar), contact);
  linnet_row_set_title (ADW_PREFERENCES_ROW (row), linnet_contact_get_name (contact));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  if (account != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->manager)) > 1)
    {
      g_autofree char *identity = linnet_format_identity (linnet_account_get_address (account));

      subtitle = g_strdup_printf ("%s · %s", linnet_contact_get_address (contact), identity);
    }
  linnet_row_set_subtitle (ADW_ACTION_ROW (row),
                           subtitle != NULL ? subtitle : linnet_contact_get_address (contact));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), avatar);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);

  return row;
}

static gpointer
account_to_roster (gpointer item, gpointer user_data)
{
  g_autoptr (LinnetAccount) account = item;

  return g_object_ref (linnet_account_get_roster (account));
}

static void
linnet_new_chat_dialog_dispose (GObject *object)
{
  LinnetNewChatDialog *self = LINNET_NEW_CHAT_DIALOG (object);

  /* The list box may outlive this by a while, and what it filters and shows is asked of this. */
  if (self->contacts != NULL)
    gtk_list_box_bind_model (self->contacts, NULL, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_NEW_CHAT_DIALOG);
  g_clear_object (&self->filtered);
  g_clear_object (&self->manager);
  g_clear_pointer (&self->needle, g_free);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->link, g_free);

  G_OBJECT_CLASS (linnet_new_chat_dialog_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/linnet/Linnet/ui/linnet-new-chat-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetNewChatDialog, navigation);
  gtk_widget_class_bind_template_child (widget_class, LinnetNewChatDialog, add_page);
  gtk_widget_class_bind_template_child (widget_class, LinnetNewChatDialog, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LinnetNewChatDialog, actions);
  gtk_widget_class_bind_template_child (widget_class, LinnetNewChatDialog, chat_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetNewChatDialog, link_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetNewChatDialog, add_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetNewChatDialog, contacts);
  gtk_widget_class_bind_template_child (widget_class, LinnetNewChatDialog, hint);
  gtk_widget_class_bind_template_child (widget_class, LinnetNewChatDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetNewChatDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetNewChatDialog, account_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetNewChatDialog, share_row);
  gtk_widget_class_bind_template_child (widget_class, LinnetNewChatDialog, error_label);
  gtk_widget_class_bind_template_child (widget_class, LinnetNewChatDialog, submit_button);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, address_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, chat_cb);
  gtk_widget_class_bind_template_callback (widget_class, invite_cb);
  gtk_widget_class_bind_template_callback (widget_class, link_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, submit_cb);
}

static void
linnet_new_chat_dialog_class_init (LinnetNewChatDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = linnet_new_chat_dialog_dispose;

  signals[CONVERSATION_OPENED] = g_signal_new ("conversation-opened",
                                               G_TYPE_FROM_CLASS (klass),
                                               G_SIGNAL_RUN_LAST,
                                               0,
                                               NULL,
                                               NULL,
                                               NULL,
                                               G_TYPE_NONE,
                                               1,
                                               LINNET_TYPE_CONVERSATION);

  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
linnet_new_chat_dialog_init (LinnetNewChatDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * linnet_new_chat_dialog_new:
 *
 * Returns: (transfer floating): the dialog
 */
LinnetNewChatDialog *
linnet_new_chat_dialog_new (LinnetAccountManager *manager)
{
  LinnetNewChatDialog *self;
  GtkMapListModel *rosters;
  GtkSortListModel *sorted;
  GtkExpression *address;

  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager), NULL);

  self = g_object_new (LINNET_TYPE_NEW_CHAT_DIALOG, NULL);
  self->manager = g_object_ref (manager);

  rosters = gtk_map_list_model_new (g_object_ref (G_LIST_MODEL (manager)), account_to_roster, NULL, NULL);
  sorted = gtk_sort_list_model_new (
      G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (rosters))),
      GTK_SORTER (gtk_custom_sorter_new ((GCompareDataFunc) compare_names, NULL, NULL)));
  self->filtered = gtk_filter_list_model_new (G_LIST_MODEL (sorted),
                                              GTK_FILTER (gtk_custom_filter_new (matches, self, NULL)));
  gtk_list_box_bind_model (self->contacts, G_LIST_MODEL (self->filtered), create_row, self, NULL);

  address = gtk_property_expression_new (LINNET_TYPE_ACCOUNT, NULL, "address");
  adw_combo_row_set_expression (self->account_row, address);
  adw_combo_row_set_model (self->account_row, G_LIST_MODEL (manager));
  gtk_widget_set_visible (GTK_WIDGET (self->account_row),
                          g_list_model_get_n_items (G_LIST_MODEL (manager)) > 1);
  gtk_expression_unref (address);

  update_hint (self);

  return self;
}

void
linnet_new_chat_dialog_show_add (LinnetNewChatDialog *self)
{
  g_return_if_fail (LINNET_IS_NEW_CHAT_DIALOG (self));

  add_cb (self);
  adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (self->address_row));
}
