/* The window: the way to an account, or chats beside the open one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-window"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-conversation-list.h"
#include "linnet-error.h"
#include "linnet-safe-text.h"
#include "linnet-setup.h"
#include "linnet-window-private.h"

G_DEFINE_FINAL_TYPE (LinnetWindow, linnet_window, ADW_TYPE_APPLICATION_WINDOW)

enum
{
  PROP_0,
  PROP_WATCHED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
update_watched_cb (LinnetWindow *self)
{
  /* A window that is being closed is not told that it is inactive. */
  gboolean active = gtk_window_is_active (GTK_WINDOW (self)) && gtk_widget_get_mapped (GTK_WIDGET (self));
  gboolean shown = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "main") == 0 &&
                   (!adw_navigation_split_view_get_collapsed (self->split) ||
                    adw_navigation_split_view_get_show_content (self->split));
  LinnetConversation *watched = active && shown ? self->conversation : NULL;

  g_assert (LINNET_IS_WINDOW (self));

  linnet_account_manager_set_active (self->manager, active);
  linnet_chat_page_set_watched (self->chat_page, watched != NULL);

  if (g_set_object (&self->watched, watched))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WATCHED]);
}

static void
layout_changed_cb (LinnetWindow *self)
{
  if (self->manager == NULL)
    return;

  linnet_sidebar_set_collapsed (self->sidebar, adw_navigation_split_view_get_collapsed (self->split));
  if (self->conversation != NULL && adw_navigation_split_view_get_collapsed (self->split) &&
      !adw_navigation_split_view_get_show_content (self->split))
    linnet_sidebar_focus_list (self->sidebar);
  update_watched_cb (self);
}

/* What stands where no chat is open. */
static const char *
get_empty_name (LinnetWindow *self)
{
  GListModel *conversations = G_LIST_MODEL (linnet_account_manager_get_conversations (self->manager));

  return g_list_model_get_n_items (conversations) == 0 ? "first-run" : "empty";
}

static void
show_conversation (LinnetWindow *self, LinnetConversation *conversation)
{
  if (g_set_object (&self->conversation, conversation))
    {
      linnet_chat_page_set_conversation (self->chat_page, conversation);
      linnet_sidebar_select (self->sidebar, conversation);
      g_binding_group_set_source (self->conversation_bindings, conversation);
      if (conversation == NULL)
        {
          adw_navigation_page_set_title (self->content_page, _ ("Chat"));
          linnet_sidebar_focus_list (self->sidebar);
        }
      gtk_stack_set_visible_child_name (self->content, conversation ? "chat" : get_empty_name (self));
    }

  adw_navigation_split_view_set_show_content (self->split, conversation != NULL);
  update_watched_cb (self);
}

static void
conversation_chosen_cb (LinnetWindow *self, LinnetConversation *conversation, gboolean browsing)
{
  if (browsing)
    show_conversation (self, conversation);
  else
    linnet_window_open_conversation (self, conversation);
}

/* Of a status page only the description is read as markup. */
static void
set_description (AdwStatusPage *page, const char *text)
{
  g_autofree char *safe = linnet_safe_text_dup (GTK_WIDGET (page), text != NULL ? text : "");
  g_autofree char *escaped = g_markup_escape_text (safe, -1);

  adw_status_page_set_description (page, escaped);
}

static void
update_empty (LinnetWindow *self)
{
  g_autoptr (LinnetAccount) account = g_list_model_get_item (G_LIST_MODEL (self->manager), 0);

  linnet_first_run_page_set_account (self->first_run, account);
  if (self->conversation == NULL)
    gtk_stack_set_visible_child_name (self->content, get_empty_name (self));
}

/* A conversation can go with its account, while it is open. */
static void
conversations_changed_cb (
    LinnetWindow *self, guint position, guint removed, guint added, GListModel *conversations)
{
  g_assert (LINNET_IS_WINDOW (self));

  if (removed > added && self->conversation != NULL)
    {
      guint n = g_list_model_get_n_items (conversations);
      gboolean found = FALSE;

      for (guint i = 0; i < n && !found; i++)
        {
          g_autoptr (LinnetConversation) conversation = g_list_model_get_item (conversations, i);

          found = conversation == self->conversation;
        }

      if (!found)
        {
          linnet_chat_page_forget (self->chat_page, self->conversation);
          linnet_window_open_conversation (self, NULL);
        }
    }

  update_empty (self);
}

/* A new account is there before its owner has been asked everything. */
static gboolean
is_setting_up (LinnetWindow *self)
{
  GtkWidget *setup = adw_bin_get_child (self->setup_bin);

  return setup != NULL && linnet_setup_get_busy (LINNET_SETUP (setup));
}

static void
setup_finished_cb (LinnetWindow *self)
{
  adw_bin_set_child (self->setup_bin, NULL);
  linnet_window_update_page (self);
}

/**
 * linnet_window_update_page:
 *
 * Shows the way to an account as long as there is no account, and the chats otherwise.
 */
void
linnet_window_update_page (LinnetWindow *self)
{
  gboolean loaded;
  guint n_accounts;

  g_return_if_fail (LINNET_IS_WINDOW (self));

  g_object_get (self->manager, "loaded", &loaded, NULL);
  if (!loaded)
    return;

  n_accounts = g_list_model_get_n_items (G_LIST_MODEL (self->manager));
  linnet_chat_page_set_names_account (self->chat_page, n_accounts > 1);

  if (n_accounts > 0 && is_setting_up (self))
    return;

  if (n_accounts > 0)
    {
      gtk_stack_set_visible_child_name (self->stack, "main");
      adw_bin_set_child (self->setup_bin, NULL);
      update_empty (self);
    }
  else if (adw_bin_get_child (self->setup_bin) == NULL)
    {
      LinnetSetup *setup = linnet_setup_new (self->manager, TRUE);

      linnet_window_open_conversation (self, NULL);
      g_signal_connect_object (setup, "finished", G_CALLBACK (setup_finished_cb), self, G_CONNECT_SWAPPED);
      adw_bin_set_child (self->setup_bin, GTK_WIDGET (setup));
      gtk_stack_set_visible_child_name (self->stack, "setup");
    }

  update_watched_cb (self);
  linnet_window_follow_pending (self);
}

static void
restore_geometry (LinnetWindow *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  adw_navigation_split_view_set_sidebar_width_fraction (
      self->split, g_settings_get_double (self->settings, "sidebar-fraction"));
}

/* Once, at the end: a binding would write a file for every step of a resize. */
static gboolean
linnet_window_close_request (GtkWindow *window)
{
  LinnetWindow *self = LINNET_WINDOW (window);
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  g_settings_set_int (self->settings, "window-width", width);
  g_settings_set_int (self->settings, "window-height", height);
  g_settings_set_boolean (self->settings, "window-maximized", gtk_window_is_maximized (window));

  return GTK_WINDOW_CLASS (linnet_window_parent_class)->close_request (window);
}

static void
linnet_window_unmap (GtkWidget *widget)
{
  LinnetWindow *self = LINNET_WINDOW (widget);

  GTK_WIDGET_CLASS (linnet_window_parent_class)->unmap (widget);

  update_watched_cb (self);
}

static void
linnet_window_dispose (GObject *object)
{
  LinnetWindow *self = LINNET_WINDOW (object);

  g_clear_object (&self->clock);
  g_clear_object (&self->conversation_bindings);
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_WINDOW);
  g_clear_object (&self->conversation);
  g_clear_object (&self->watched);
  g_clear_object (&self->settings);
  g_clear_object (&self->manager);
  g_clear_pointer (&self->pending_links, g_ptr_array_unref);
  g_clear_weak_pointer (&self->adding);

  G_OBJECT_CLASS (linnet_window_parent_class)->dispose (object);
}

static void
linnet_window_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LinnetWindow *self = LINNET_WINDOW (object);

  switch (prop_id)
    {
    case PROP_WATCHED:
      g_value_set_object (value, self->watched);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_window_class_init (LinnetWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkWindowClass *window_class = GTK_WINDOW_CLASS (klass);

  object_class->dispose = linnet_window_dispose;
  object_class->get_property = linnet_window_get_property;

  widget_class->unmap = linnet_window_unmap;
  window_class->close_request = linnet_window_close_request;

  properties[PROP_WATCHED] =
      g_param_spec_object ("watched",
                           NULL,
                           NULL,
                           LINNET_TYPE_CONVERSATION,
                           G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (LINNET_TYPE_FIRST_RUN_PAGE);
  g_type_ensure (LINNET_TYPE_SIDEBAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, LinnetWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, LinnetWindow, setup_bin);
  gtk_widget_class_bind_template_child (widget_class, LinnetWindow, open_backup);
  gtk_widget_class_bind_template_child (widget_class, LinnetWindow, trouble);
  gtk_widget_class_bind_template_child (widget_class, LinnetWindow, split);
  gtk_widget_class_bind_template_child (widget_class, LinnetWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, LinnetWindow, content_page);
  gtk_widget_class_bind_template_child (widget_class, LinnetWindow, content);
  gtk_widget_class_bind_template_child (widget_class, LinnetWindow, empty);
  gtk_widget_class_bind_template_child (widget_class, LinnetWindow, first_run);
  gtk_widget_class_bind_template_callback (widget_class, conversation_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, layout_changed_cb);
}

static void
minute_cb (LinnetWindow *self)
{
  linnet_chat_page_update_age (self->chat_page, FALSE);
}

/* "Today" is "Yesterday" now. */
static void
new_day_cb (LinnetWindow *self)
{
  linnet_sidebar_update_days (self->sidebar);
  linnet_chat_page_update_age (self->chat_page, TRUE);
}

static void
linnet_window_init (LinnetWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->pending_links = g_ptr_array_new_with_free_func (g_free);
  self->clock = linnet_wall_clock_new ();
  g_signal_connect_object (self->clock, "minute", G_CALLBACK (minute_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->clock, "new-day", G_CALLBACK (new_day_cb), self, G_CONNECT_SWAPPED);

  self->conversation_bindings = g_binding_group_new ();
  g_binding_group_bind (
      self->conversation_bindings, "title", self->content_page, "title", G_BINDING_SYNC_CREATE);
}

LinnetWindow *
linnet_window_new (LinnetApplication *application)
{
  LinnetWindow *self;

  g_return_val_if_fail (LINNET_IS_APPLICATION (application), NULL);

  self = g_object_new (LINNET_TYPE_WINDOW, "application", application, NULL);
  self->manager = g_object_ref (linnet_application_get_manager (application));
  self->settings = g_object_ref (linnet_application_get_settings (application));
  restore_geometry (self);

  self->chat_page = LINNET_CHAT_PAGE (linnet_chat_page_new (self->settings));
  gtk_stack_add_named (self->content, GTK_WIDGET (self->chat_page), "chat");
  linnet_sidebar_set_manager (self->sidebar, self->manager);
  linnet_window_install_links (self);
  linnet_window_install_actions (self);

  g_signal_connect_object (
      self->manager, "items-changed", G_CALLBACK (linnet_window_update_page), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
      self->manager, "notify::loaded", G_CALLBACK (linnet_window_update_page), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (linnet_account_manager_get_conversations (self->manager),
                           "items-changed",
                           G_CALLBACK (conversations_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (update_watched_cb), NULL);
  linnet_window_update_page (self);

  return self;
}

/**
 * linnet_window_open_conversation:
 * @conversation: (nullable): %NULL for none
 *
 * Shows @conversation and puts the focus into its composer.
 */
void
linnet_window_open_conversation (LinnetWindow *self, LinnetConversation *conversation)
{
  g_return_if_fail (LINNET_IS_WINDOW (self));

  show_conversation (self, conversation);
  if (conversation != NULL)
    linnet_chat_page_focus_composer (self->chat_page);
}

/**
 * linnet_window_get_open:
 *
 * Returns: (transfer none) (nullable): the conversation that the window shows, if not the list instead of it
 */
LinnetConversation *
linnet_window_get_open (LinnetWindow *self)
{
  g_return_val_if_fail (LINNET_IS_WINDOW (self), NULL);

  if (adw_navigation_split_view_get_collapsed (self->split) &&
      !adw_navigation_split_view_get_show_content (self->split))
    return NULL;

  return self->conversation;
}

/**
 * linnet_window_get_watched:
 *
 * Returns: (transfer none) (nullable): the conversation that a person is looking at
 */
LinnetConversation *
linnet_window_get_watched (LinnetWindow *self)
{
  g_return_val_if_fail (LINNET_IS_WINDOW (self), NULL);

  return self->watched;
}

/**
 * linnet_window_show_trouble:
 * @error: a LINNET_ERROR
 *
 * Replaces everything by a page that says why Linnet cannot work.
 */
void
linnet_window_show_trouble (LinnetWindow *self, const GError *error)
{
  g_autofree char *text = NULL;

  g_return_if_fail (LINNET_IS_WINDOW (self));
  g_return_if_fail (error != NULL);

  text = linnet_error_to_text (error, NULL);
  set_description (self->trouble, text);
  /* What another program has open must not be replaced. */
  gtk_widget_set_visible (self->open_backup,
                          !g_error_matches (error, LINNET_ERROR, LINNET_ERROR_PROFILE_IN_USE));
  gtk_stack_set_visible_child_name (self->stack, "trouble");
}
