/* The list of chats, its search and its menus
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-sidebar"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account-menu.h"
#include "linnet-account.h"
#include "linnet-avatar.h"
#include "linnet-chat-menu.h"
#include "linnet-chat-row.h"
#include "linnet-conversation-list.h"
#include "linnet-menu-names.h"
#include "linnet-no-chats.h"
#include "linnet-safe-text.h"
#include "linnet-search-text.h"
#include "linnet-sidebar.h"
#include "linnet-trouble-banner.h"

/* Rows that are made for the first frame, enough for most windows, and then with each further one: a list
 * view makes 200 at once, which takes longer than the rest of the start. */
#define FIRST_ROWS 10
#define ROWS_PER_FRAME 4

struct _LinnetSidebar
{
  GtkWidget parent_instance;

  GtkWidget *toolbar_view;
  AdwWindowTitle *title;
  GtkWidget *back_button;
  GtkMenuButton *account_button;
  LinnetAvatar *account_avatar;
  GtkMenuButton *menu_button;
  LinnetTroubleBanner *trouble;
  GtkSearchEntry *search_entry;
  GtkWidget *requests_button;
  GtkLabel *requests_badge;
  GtkStack *stack;
  GtkListView *list;
  LinnetNoChats *no_chats;
  AdwStatusPage *no_results;

  LinnetAccountManager *manager;
  LinnetAccountMenu *account_menu;
  LinnetContextMenu *chat_menu;
  GtkFilterListModel *requests; /* of strangers, who have a list of their own */
  GtkFilterListModel *filtered;
  GtkSliceListModel *shown; /* the first of them, soon all */
  guint tick_id;
  GtkSingleSelection *selection;
  LinnetConversation *chosen;
  GSignalGroup *chosen_signals;
  char *needle; /* what is searched for, folded; NULL: everything is shown */
  gboolean selecting;
  gboolean collapsed;
  gboolean showing_requests;
  gboolean browsing; /* somebody goes from row to row by keys */
};

G_DEFINE_FINAL_TYPE (LinnetSidebar, linnet_sidebar, GTK_TYPE_WIDGET)

enum
{
  CONVERSATION_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
matches (gpointer item, gpointer user_data)
{
  LinnetSidebar *self = user_data;
  g_autofree char *title = NULL;

  if (self->needle == NULL)
    return linnet_conversation_get_is_request (item) == self->showing_requests;

  title = linnet_search_text_fold (linnet_conversation_get_title (item));

  return strstr (title, self->needle) != NULL ||
         strstr (linnet_conversation_get_address (item), self->needle) != NULL;
}

static gboolean
is_request (gpointer item, gpointer user_data)
{
  return linnet_conversation_get_is_request (item);
}

static void
update_stack (LinnetSidebar *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->filtered)) > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else if (self->needle != NULL)
    {
      g_autofree char *title = NULL;
      g_autofree char *safe = NULL;

      /* Translators: %s is what was typed into the search field */
      title = g_strdup_printf (_ ("No Results for “%s”"),
                               gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
      safe = linnet_safe_text_dup (GTK_WIDGET (self->no_results), title);
      adw_status_page_set_title (self->no_results, safe);
      gtk_stack_set_visible_child_name (self->stack, "no-results");
    }
  else
    gtk_stack_set_visible_child_name (self->stack, "empty");
}

static guint
find_position (LinnetSidebar *self, LinnetConversation *conversation)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));

  for (guint i = 0; conversation != NULL && i < n; i++)
    {
      g_autoptr (LinnetConversation) item = g_list_model_get_item (G_LIST_MODEL (self->filtered), i);

      if (item == conversation)
        return i;
    }

  return GTK_INVALID_LIST_POSITION;
}

/* The selection follows the open chat, through sorting and searching; never the other way round. */
static void
show_selection (LinnetSidebar *self)
{
  guint position = self->collapsed ? GTK_INVALID_LIST_POSITION : find_position (self, self->chosen);

  self->selecting = TRUE;
  gtk_single_selection_set_selected (self->selection, position);
  self->selecting = FALSE;
}

static void
choose (LinnetSidebar *self, LinnetConversation *conversation, gboolean browsing)
{
  g_set_object (&self->chosen, conversation);
  g_signal_group_set_target (self->chosen_signals, conversation);
  g_signal_emit (self, signals[CONVERSATION_CHOSEN], 0, conversation, browsing);
}

static void
selected_cb (LinnetSidebar *self)
{
  LinnetConversation *conversation = gtk_single_selection_get_selected_item (self->selection);

  if (self->selecting || conversation == NULL || (conversation == self->chosen && !self->collapsed))
    return;

  /* Opening it would leave the list, in which somebody is on the way to another row. */
  if (self->collapsed && self->browsing)
    show_selection (self);
  else
    choose (self, conversation, self->browsing);
}

static gboolean
grow_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  LinnetSidebar *self = user_data;
  guint size = gtk_slice_list_model_get_size (self->shown) + ROWS_PER_FRAME;

  if (size < g_list_model_get_n_items (G_LIST_MODEL (self->filtered)))
    {
      gtk_slice_list_model_set_size (self->shown, size);
      return G_SOURCE_CONTINUE;
    }

  gtk_slice_list_model_set_size (self->shown, G_MAXUINT);
  show_selection (self);
  self->tick_id = 0;

  return G_SOURCE_REMOVE;
}

static void
start_with_few_rows (LinnetSidebar *self)
{
  gtk_slice_list_model_set_size (self->shown, FIRST_ROWS);
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self->list), grow_cb, self, NULL);
}

static void
update_requests (LinnetSidebar *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->requests));
  g_autofree char *count = g_strdup_printf ("%u", n);
  g_autofree char *description = g_strdup_printf (ngettext ("%u request", "%u requests", n), n);

  gtk_label_set_label (self->requests_badge, count);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->requests_button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description,
                                  -1);
  gtk_widget_set_visible (self->requests_button, n > 0 && !self->showing_requests && self->needle == NULL);
}

/* The same list shows either the chats or the requests. */
static void
show_requests (LinnetSidebar *self, gboolean showing)
{
  if (self->showing_requests == showing)
    return;

  self->showing_requests = showing;
  if (showing)
    gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");

  adw_window_title_set_title (self->title, showing ? _ ("Requests") : _ ("Chats"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  showing ? _ ("Requests") : _ ("Chats"),
                                  -1);
  gtk_widget_set_visible (self->back_button, showing);
  gtk_widget_set_visible (GTK_WIDGET (self->account_button), !showing);
  gtk_widget_set_visible (GTK_WIDGET (self->search_entry), !showing);

  start_with_few_rows (self);
  gtk_filter_changed (gtk_filter_list_model_get_filter (self->filtered), GTK_FILTER_CHANGE_DIFFERENT);
  update_stack (self);
  update_requests (self);
}

static void
requests_cb (LinnetSidebar *self)
{
  show_requests (self, TRUE);
  linnet_sidebar_focus_list (self);
}

static void
back_cb (LinnetSidebar *self)
{
  show_requests (self, FALSE);
  if (gtk_widget_get_visible (self->requests_button))
    gtk_widget_grab_focus (self->requests_button);
  else
    linnet_sidebar_focus_list (self);
}

/* After the last answer there is nothing more to see. */
static void
requests_changed_cb (LinnetSidebar *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->requests)) == 0)
    show_requests (self, FALSE);
  update_requests (self);
}

/* Accepted, the open request is a chat among the others. */
static void
chosen_changed_cb (LinnetSidebar *self)
{
  show_requests (self, linnet_conversation_get_is_request (self->chosen));
}

static void
row_activated_cb (LinnetSidebar *self, guint position)
{
  g_autoptr (LinnetConversation) conversation = NULL;

  conversation = g_list_model_get_item (G_LIST_MODEL (self->filtered), position);
  if (conversation != NULL)
    choose (self, conversation, FALSE);
}

static gboolean
list_key_cb (LinnetSidebar *self, guint keyval)
{
  if (keyval == GDK_KEY_Escape && self->showing_requests)
    {
      back_cb (self);
      return GDK_EVENT_STOP;
    }

  self->browsing = TRUE;

  return GDK_EVENT_PROPAGATE;
}

static void
stop_browsing_cb (LinnetSidebar *self)
{
  self->browsing = FALSE;
}

/* The list remembers the row that had the focus, also when it has moved since. */
static void
chat_menu_closed_cb (LinnetSidebar *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

/* A row can only be gone to when it is among those shown. */
static void
scroll_to (LinnetSidebar *self, guint position, GtkListScrollFlags flags)
{
  if (position >= gtk_slice_list_model_get_size (self->shown))
    {
      gtk_slice_list_model_set_size (self->shown, G_MAXUINT);
      show_selection (self);
    }

  gtk_list_view_scroll_to (self->list, position, flags, NULL);
}

static void
items_changed_cb (LinnetSidebar *self)
{
  update_stack (self);
  show_selection (self);
}

static void
search_changed_cb (LinnetSidebar *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->search_entry))));
  GtkFilter *filter = gtk_filter_list_model_get_filter (self->filtered);

  g_assert (LINNET_IS_SIDEBAR (self));

  g_free (self->needle);
  self->needle = *text != '\0' ? linnet_search_text_fold (text) : NULL;
  start_with_few_rows (self);
  gtk_filter_changed (filter, GTK_FILTER_CHANGE_DIFFERENT);
  update_stack (self);
  update_requests (self);
}

static void
stop_search_cb (LinnetSidebar *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
}

static void
search_activate_cb (LinnetSidebar *self)
{
  linnet_sidebar_open_nth (self, 0);
  stop_search_cb (self);
}

static gboolean
search_key_cb (LinnetSidebar *self, guint keyval)
{
  if (keyval != GDK_KEY_Down || g_list_model_get_n_items (G_LIST_MODEL (self->filtered)) == 0)
    return GDK_EVENT_PROPAGATE;

  self->browsing = TRUE;
  scroll_to (self, 0, GTK_LIST_SCROLL_FOCUS | GTK_LIST_SCROLL_SELECT);
  gtk_widget_grab_focus (GTK_WIDGET (self->list));

  return GDK_EVENT_STOP;
}

static void
describe_row_cb (LinnetChatRow *row, gpointer user_data)
{
  GtkListItem *list_item = user_data;
  LinnetConversation *conversation = linnet_chat_row_get_conversation (row);
  g_autofree char *description = linnet_chat_row_dup_description (row);

  gtk_list_item_set_accessible_label (list_item,
                                      conversation ? linnet_conversation_get_title (conversation) : "");
  gtk_list_item_set_accessible_description (list_item, description);
}

static void
setup_row_cb (LinnetSidebar *self, GtkListItem *list_item)
{
  GtkWidget *row = linnet_chat_row_new (G_LIST_MODEL (self->manager));

  g_signal_connect_object (
      row, "description-changed", G_CALLBACK (describe_row_cb), list_item, G_CONNECT_DEFAULT);
  gtk_list_item_set_child (list_item, row);
}

static void
bind_row_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  linnet_chat_row_set_conversation (LINNET_CHAT_ROW (gtk_list_item_get_child (list_item)),
                                    gtk_list_item_get_item (list_item));
}

static void
unbind_row_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  linnet_chat_row_set_conversation (LINNET_CHAT_ROW (gtk_list_item_get_child (list_item)), NULL);
}

static void
connecting_cb (LinnetSidebar *self)
{
  gboolean connecting;

  g_assert (LINNET_IS_SIDEBAR (self));

  g_object_get (self->trouble, "connecting", &connecting, NULL);
  adw_window_title_set_subtitle (self->title, connecting ? _ ("Connecting…") : "");
}

static void
accounts_changed_cb (LinnetSidebar *self, guint position, guint removed, guint added, GListModel *accounts)
{
  g_autoptr (LinnetAccount) first = g_list_model_get_item (accounts, 0);

  linnet_avatar_set_account (self->account_avatar, first);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->account_button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  first != NULL ? linnet_account_get_address (first) : "",
                                  -1);
  linnet_no_chats_set_account (self->no_chats, first);
}

static void
linnet_sidebar_dispose (GObject *object)
{
  LinnetSidebar *self = LINNET_SIDEBAR (object);

  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self->list), self->tick_id);
  self->tick_id = 0;
  if (self->chat_menu != NULL)
    linnet_context_menu_detach (self->chat_menu);
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_SIDEBAR);
  g_clear_object (&self->account_menu);
  g_clear_object (&self->chat_menu);
  g_clear_object (&self->chosen_signals);
  g_clear_object (&self->chosen);
  g_clear_object (&self->selection);
  g_clear_object (&self->shown);
  g_clear_object (&self->filtered);
  g_clear_object (&self->requests);
  g_clear_object (&self->manager);
  g_clear_pointer (&self->needle, g_free);

  G_OBJECT_CLASS (linnet_sidebar_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetSidebar, toolbar_view);
  gtk_widget_class_bind_template_child (widget_class, LinnetSidebar, title);
  gtk_widget_class_bind_template_child (widget_class, LinnetSidebar, back_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetSidebar, account_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetSidebar, account_avatar);
  gtk_widget_class_bind_template_child (widget_class, LinnetSidebar, menu_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetSidebar, trouble);
  gtk_widget_class_bind_template_child (widget_class, LinnetSidebar, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LinnetSidebar, requests_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetSidebar, requests_badge);
  gtk_widget_class_bind_template_child (widget_class, LinnetSidebar, stack);
  gtk_widget_class_bind_template_child (widget_class, LinnetSidebar, list);
  gtk_widget_class_bind_template_child (widget_class, LinnetSidebar, no_chats);
  gtk_widget_class_bind_template_child (widget_class, LinnetSidebar, no_results);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, connecting_cb);
  gtk_widget_class_bind_template_callback (widget_class, requests_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
}

static void
linnet_sidebar_class_init (LinnetSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = linnet_sidebar_dispose;

  signals[CONVERSATION_CHOSEN] = g_signal_new ("conversation-chosen",
                                               G_TYPE_FROM_CLASS (klass),
                                               G_SIGNAL_RUN_LAST,
                                               0,
                                               NULL,
                                               NULL,
                                               NULL,
                                               G_TYPE_NONE,
                                               2,
                                               LINNET_TYPE_CONVERSATION,
                                               G_TYPE_BOOLEAN);

  g_type_ensure (LINNET_TYPE_AVATAR);
  g_type_ensure (LINNET_TYPE_NO_CHATS);
  g_type_ensure (LINNET_TYPE_TROUBLE_BANNER);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  bind_template (widget_class);
}

/* Before the list itself sees the event and selects a row. */
static void
capture (LinnetSidebar *self, GtkEventController *controller, const char *signal, GCallback cb)
{
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (controller, signal, cb, self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), controller);
}

static void
watch_browsing (LinnetSidebar *self)
{
  capture (self, gtk_event_controller_key_new (), "key-pressed", G_CALLBACK (list_key_cb));
  capture (
      self, gtk_event_controller_focus_new (), "leave", G_CALLBACK (stop_browsing_cb));
  capture (
      self, GTK_EVENT_CONTROLLER (gtk_gesture_click_new ()), "pressed", G_CALLBACK (stop_browsing_cb));
}

static void
linnet_sidebar_init (LinnetSidebar *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));

  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_row_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_row_cb), NULL);

  self->requests =
      gtk_filter_list_model_new (NULL, GTK_FILTER (gtk_custom_filter_new (is_request, NULL, NULL)));
  g_signal_connect_object (
      self->requests, "items-changed", G_CALLBACK (requests_changed_cb), self, G_CONNECT_SWAPPED);
  self->chosen_signals = g_signal_group_new (LINNET_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (
      self->chosen_signals, "notify::is-request", G_CALLBACK (chosen_changed_cb), self);
  self->filtered = gtk_filter_list_model_new (NULL, filter);
  self->shown = gtk_slice_list_model_new (g_object_ref (G_LIST_MODEL (self->filtered)), 0, FIRST_ROWS);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->shown)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_object (
      self->selection, "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->filtered,
                           "items-changed",
                           G_CALLBACK (items_changed_cb),
                           self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);

  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  start_with_few_rows (self);

  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (search_key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->search_entry), keys);
  watch_browsing (self);
  self->chat_menu = linnet_chat_menu_new (GTK_WIDGET (self));
  g_signal_connect_object (
      self->chat_menu, "closed", G_CALLBACK (chat_menu_closed_cb), self, G_CONNECT_SWAPPED);

  linnet_menu_names_attach (gtk_menu_button_get_popover (self->menu_button));
}

/**
 * linnet_sidebar_set_manager:
 *
 * To be called once.
 */
void
linnet_sidebar_set_manager (LinnetSidebar *self, LinnetAccountManager *manager)
{
  g_return_if_fail (LINNET_IS_SIDEBAR (self));
  g_return_if_fail (self->manager == NULL);

  self->manager = g_object_ref (manager);
  self->account_menu = linnet_account_menu_new (manager);
  gtk_menu_button_set_menu_model (self->account_button, linnet_account_menu_get_model (self->account_menu));
  linnet_menu_names_attach (gtk_menu_button_get_popover (self->account_button));

  g_signal_connect_object (
      manager, "items-changed", G_CALLBACK (accounts_changed_cb), self, G_CONNECT_SWAPPED);
  accounts_changed_cb (self, 0, 0, g_list_model_get_n_items (G_LIST_MODEL (manager)), G_LIST_MODEL (manager));
  linnet_trouble_banner_set_manager (self->trouble, manager);

  gtk_filter_list_model_set_model (self->requests,
                                   G_LIST_MODEL (linnet_account_manager_get_conversations (manager)));
  gtk_filter_list_model_set_model (self->filtered,
                                   G_LIST_MODEL (linnet_account_manager_get_conversations (manager)));
  update_stack (self);
}

void
linnet_sidebar_select (LinnetSidebar *self, LinnetConversation *conversation)
{
  g_return_if_fail (LINNET_IS_SIDEBAR (self));

  g_set_object (&self->chosen, conversation);
  g_signal_group_set_target (self->chosen_signals, conversation);
  if (conversation != NULL)
    show_requests (self, linnet_conversation_get_is_request (conversation));
  show_selection (self);
}

void
linnet_sidebar_set_collapsed (LinnetSidebar *self, gboolean collapsed)
{
  g_return_if_fail (LINNET_IS_SIDEBAR (self));

  self->collapsed = collapsed;
  show_selection (self);
  linnet_no_chats_set_alone (self->no_chats, collapsed);
}

void
linnet_sidebar_focus_search (LinnetSidebar *self)
{
  g_return_if_fail (LINNET_IS_SIDEBAR (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

void
linnet_sidebar_focus_list (LinnetSidebar *self)
{
  guint position;

  g_return_if_fail (LINNET_IS_SIDEBAR (self));

  if (g_list_model_get_n_items (G_LIST_MODEL (self->filtered)) == 0)
    return;

  position = find_position (self, self->chosen);
  scroll_to (self, position != GTK_INVALID_LIST_POSITION ? position : 0, GTK_LIST_SCROLL_FOCUS);
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

void
linnet_sidebar_update_days (LinnetSidebar *self)
{
  guint n;

  g_return_if_fail (LINNET_IS_SIDEBAR (self));

  n = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (LinnetConversation) item = g_list_model_get_item (G_LIST_MODEL (self->filtered), i);

      g_object_notify (G_OBJECT (item), "last-time");
    }
}

void
linnet_sidebar_move (LinnetSidebar *self, int offset, gboolean unread_only)
{
  gint64 n, position;

  g_return_if_fail (LINNET_IS_SIDEBAR (self));
  g_return_if_fail (offset == 1 || offset == -1);

  n = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  position = find_position (self, self->chosen);
  position = position == GTK_INVALID_LIST_POSITION ? (offset > 0 ? 0 : n - 1) : position + offset;

  for (; position >= 0 && position < n; position += offset)
    {
      g_autoptr (LinnetConversation) item = g_list_model_get_item (G_LIST_MODEL (self->filtered), position);

      if (unread_only && linnet_conversation_get_unread_count (item) == 0)
        continue;

      choose (self, item, FALSE);
      show_selection (self);
      scroll_to (self, position, GTK_LIST_SCROLL_NONE);
      return;
    }
}

void
linnet_sidebar_open_nth (LinnetSidebar *self, guint n)
{
  g_autoptr (LinnetConversation) conversation = NULL;

  g_return_if_fail (LINNET_IS_SIDEBAR (self));

  conversation = g_list_model_get_item (G_LIST_MODEL (self->filtered), n);
  if (conversation != NULL)
    {
      choose (self, conversation, FALSE);
      show_selection (self);
    }
}
