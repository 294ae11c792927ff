/* An open conversation: header, log, composer
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-chat-page"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-alert.h"
#include "linnet-avatar.h"
#include "linnet-chat-log.h"
#include "linnet-chat-page.h"
#include "linnet-composer.h"
#include "linnet-connection-text.h"
#include "linnet-contact.h"
#include "linnet-format.h"
#include "linnet-menu-names.h"
#include "linnet-presence-text.h"
#include "linnet-safe-text.h"

#define KEPT_LOGS 5
/* A connection that is back sooner is nobody's concern. */
#define BANNER_DELAY_SECONDS 2

struct _LinnetChatPage
{
  AdwBin parent_instance;

  GtkButton *title_button;
  LinnetAvatar *avatar;
  GtkLabel *name;
  GtkLabel *subtitle;
  GtkMenuButton *menu_button;
  AdwBanner *connection_banner;
  AdwBanner *blocked_banner;
  GtkStack *logs;
  GtkStack *bottom;
  LinnetComposer *composer;
  GtkLabel *request_text;
  GtkWidget *block_button;

  LinnetConversation *conversation;
  GQueue recent; /* of LinnetChatLog, borrowed from @logs; the open one first */
  GSignalGroup *conversation_signals;
  GSignalGroup *contact_signals;
  GSignalGroup *account_signals;
  guint banner_timeout;
  gboolean watched;
  gboolean names_account;
};

G_DEFINE_FINAL_TYPE (LinnetChatPage, linnet_chat_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_PINNED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
run (LinnetChatPage *self, DexFuture *future, const char *failure)
{
  LinnetAccount *account = linnet_conversation_get_account (self->conversation);

  linnet_alert_follow (
      future, GTK_WIDGET (self), failure, account != NULL ? linnet_account_get_domain (account) : NULL);
}

static LinnetChatLog *
get_log (LinnetChatPage *self)
{
  return g_queue_peek_head (&self->recent);
}

/* Under the name: what is known of the contact and, among several accounts, who the person is here. */
static char *
dup_subtitle (LinnetChatPage *self, gboolean typing)
{
  LinnetAccount *account = linnet_conversation_get_account (self->conversation);
  g_autofree char *presence = NULL;
  g_autofree char *identity = NULL;

  if (typing)
    return g_strdup (_ ("typing…"));

  presence = linnet_presence_text_for_contact (linnet_conversation_get_contact (self->conversation));
  if (!self->names_account || account == NULL)
    return g_steal_pointer (&presence);

  identity = linnet_format_identity (linnet_account_get_address (account));
  if (*presence == '\0')
    return g_steal_pointer (&identity);

  return g_strdup_printf ("%s · %s", presence, identity);
}

static void
update_title (LinnetChatPage *self)
{
  const char *title = linnet_conversation_get_title (self->conversation);
  gboolean typing = linnet_conversation_get_typing (self->conversation);
  g_autofree char *subtitle = dup_subtitle (self, typing);

  gtk_label_set_label (self->name, title);
  gtk_label_set_label (self->subtitle, subtitle);
  gtk_widget_set_visible (GTK_WIDGET (self->subtitle), *subtitle != '\0');
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (self->title_button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, title, -1);

  if (typing)
    gtk_widget_add_css_class (GTK_WIDGET (self->subtitle), "typing");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->subtitle), "typing");
}

static void
update_bottom (LinnetChatPage *self)
{
  LinnetAccount *account = linnet_conversation_get_account (self->conversation);
  LinnetContact *contact = linnet_conversation_get_contact (self->conversation);
  gboolean blocked = linnet_contact_get_blocked (contact);
  gboolean request = linnet_conversation_get_is_request (self->conversation) && !blocked;
  g_autofree char *name = linnet_safe_text_dup (GTK_WIDGET (self), linnet_contact_get_name (contact));
  g_autofree char *address = linnet_safe_text_dup (GTK_WIDGET (self), linnet_contact_get_address (contact));
  g_autofree char *blocked_text = NULL;
  g_autofree char *request_text = NULL;

  /* Translators: %s is a person's name */
  blocked_text = g_strdup_printf (_ ("You have blocked %s."), name);
  /* Assistive technologies see it also while it is not revealed. */
  adw_banner_set_title (self->blocked_banner, blocked ? blocked_text : "");
  adw_banner_set_revealed (self->blocked_banner, blocked);

  if (linnet_conversation_get_asks_presence (self->conversation))
    /* Translators: %s is an address */
    request_text =
        g_strdup_printf (_ ("%s wants to be your contact and to see when you are online."), address);
  else
    /* Translators: %s is an address */
    request_text = g_strdup_printf (_ ("%s is not one of your contacts, and learns nothing of you, not even "
                                       "that you have read this, before you accept."),
                                    address);
  gtk_label_set_label (self->request_text, request_text);
  gtk_widget_set_visible (self->block_button, account != NULL && linnet_account_get_can_block (account));
  gtk_stack_set_visible_child_name (self->bottom, request ? "request" : "composer");
  gtk_widget_set_sensitive (GTK_WIDGET (self->composer), !blocked);
}

static void
show_banner_cb (gpointer user_data)
{
  LinnetChatPage *self = user_data;

  self->banner_timeout = 0;
  adw_banner_set_revealed (self->connection_banner, TRUE);
}

static void
update_connection (LinnetChatPage *self)
{
  LinnetAccount *account = linnet_conversation_get_account (self->conversation);
  LinnetConnectionState state;

  if (account == NULL)
    return;

  state = linnet_account_get_state (account);
  if (state != LINNET_CONNECTION_ONLINE && state != LINNET_CONNECTION_CONNECTING)
    {
      const GError *error = linnet_account_get_error (account);
      g_autofree char *text = linnet_connection_text (
          state, error, linnet_account_get_domain (account), linnet_account_get_retry_in (account));

      adw_banner_set_title (self->connection_banner, text);
      adw_banner_set_button_label (self->connection_banner, linnet_connection_text_action (state, error));
    }

  if (state == LINNET_CONNECTION_ONLINE || state == LINNET_CONNECTION_CONNECTING)
    {
      g_clear_handle_id (&self->banner_timeout, g_source_remove);
      if (state == LINNET_CONNECTION_ONLINE)
        {
          adw_banner_set_revealed (self->connection_banner, FALSE);
          adw_banner_set_title (self->connection_banner, "");
        }
    }
  else if (!adw_banner_get_revealed (self->connection_banner) && self->banner_timeout == 0)
    {
      self->banner_timeout = g_timeout_add_seconds_once (BANNER_DELAY_SECONDS, show_banner_cb, self);
    }
}

static void
update_cb (LinnetChatPage *self)
{
  g_assert (LINNET_IS_CHAT_PAGE (self));

  if (self->conversation == NULL)
    return;

  update_title (self);
  update_bottom (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PINNED]);
}

static void
account_cb (LinnetChatPage *self)
{
  g_assert (LINNET_IS_CHAT_PAGE (self));

  if (self->conversation == NULL)
    return;

  update_connection (self);
  update_title (self);
  update_bottom (self);
}

static void
connection_clicked_cb (LinnetChatPage *self)
{
  LinnetAccount *account = linnet_conversation_get_account (self->conversation);

  if (account == NULL)
    return;

  if (linnet_account_get_state (account) == LINNET_CONNECTION_FAILED)
    gtk_widget_activate_action (
        GTK_WIDGET (self), "win.repair-account", "s", linnet_account_get_address (account));
  else if (!linnet_account_get_enabled (account))
    run (self, linnet_account_set_enabled (account, TRUE), _ ("Could Not Reconnect"));
  else
    linnet_account_reconnect_now (account);
}

static void
unblock_cb (LinnetChatPage *self)
{
  run (self,
       linnet_contact_set_blocked (linnet_conversation_get_contact (self->conversation), FALSE),
       _ ("Could Not Unblock"));
}

static void
accept_cb (LinnetChatPage *self)
{
  run (self,
       linnet_conversation_accept (self->conversation),
       _ ("Could Not Accept"));
}

static void
decline_cb (LinnetChatPage *self)
{
  run (self,
       linnet_conversation_decline (self->conversation),
       _ ("Could Not Decline"));
}

static void
block_cb (LinnetChatPage *self)
{
  run (self,
       linnet_conversation_block (self->conversation),
       _ ("Could Not Block"));
}

static void
sent_cb (LinnetChatPage *self)
{
  linnet_chat_log_jump_to_latest (get_log (self));
}

static void
jump_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LinnetChatPage *self = LINNET_CHAT_PAGE (widget);

  if (self->conversation != NULL)
    linnet_chat_log_jump_to_latest (get_log (self));
}

/* Letters typed into the log are meant for the composer. */
static gboolean
log_key_cb (
    LinnetChatPage *self, guint keyval, guint keycode, GdkModifierType state, GtkEventController *controller)
{
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0 ||
      !g_unichar_isprint (gdk_keyval_to_unicode (keyval)) || keyval == GDK_KEY_space)
    return GDK_EVENT_PROPAGATE;

  return linnet_composer_take_key (self->composer, controller);
}

static void
remove_log (LinnetChatPage *self, LinnetChatLog *log)
{
  g_queue_remove (&self->recent, log);
  gtk_stack_remove (self->logs, GTK_WIDGET (log));
}

static LinnetChatLog *
find_log (LinnetChatPage *self, LinnetConversation *conversation)
{
  for (GList *iter = self->recent.head; iter != NULL; iter = iter->next)
    if (linnet_chat_log_get_conversation (iter->data) == conversation)
      return iter->data;

  return NULL;
}

static void
show_log (LinnetChatPage *self)
{
  LinnetChatLog *log = find_log (self, self->conversation);

  if (log == NULL)
    {
      log = LINNET_CHAT_LOG (linnet_chat_log_new ());
      gtk_stack_add_child (self->logs, GTK_WIDGET (log));
      linnet_chat_log_set_conversation (log, self->conversation);
    }

  g_queue_remove (&self->recent, log);
  g_queue_push_head (&self->recent, log);
  gtk_stack_set_visible_child (self->logs, GTK_WIDGET (log));
  linnet_chat_log_set_watched (log, self->watched);

  while (g_queue_get_length (&self->recent) > KEPT_LOGS)
    remove_log (self, g_queue_peek_tail (&self->recent));
}

static void
linnet_chat_page_dispose (GObject *object)
{
  LinnetChatPage *self = LINNET_CHAT_PAGE (object);

  g_clear_handle_id (&self->banner_timeout, g_source_remove);
  g_clear_object (&self->conversation_signals);
  g_clear_object (&self->contact_signals);
  g_clear_object (&self->account_signals);
  g_clear_object (&self->conversation);
  g_queue_clear (&self->recent);
  gtk_widget_dispose_template (GTK_WIDGET (self), LINNET_TYPE_CHAT_PAGE);

  G_OBJECT_CLASS (linnet_chat_page_parent_class)->dispose (object);
}

static void
linnet_chat_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LinnetChatPage *self = LINNET_CHAT_PAGE (object);

  switch (prop_id)
    {
    case PROP_PINNED:
      g_value_set_boolean (value,
                           self->conversation != NULL && linnet_conversation_get_pinned (self->conversation));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_chat_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LinnetChatPage *self = LINNET_CHAT_PAGE (object);

  switch (prop_id)
    {
    case PROP_PINNED:
      if (self->conversation != NULL)
        run (self,
             linnet_conversation_set_pinned (self->conversation, g_value_get_boolean (value)),
             _ ("Could Not Pin the Chat"));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/im/linnet/Linnet/ui/linnet-chat-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LinnetChatPage, title_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatPage, avatar);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatPage, name);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatPage, menu_button);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatPage, connection_banner);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatPage, blocked_banner);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatPage, logs);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatPage, bottom);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatPage, composer);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatPage, request_text);
  gtk_widget_class_bind_template_child (widget_class, LinnetChatPage, block_button);
  gtk_widget_class_bind_template_callback (widget_class, accept_cb);
  gtk_widget_class_bind_template_callback (widget_class, block_cb);
  gtk_widget_class_bind_template_callback (widget_class, connection_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, decline_cb);
  gtk_widget_class_bind_template_callback (widget_class, sent_cb);
  gtk_widget_class_bind_template_callback (widget_class, unblock_cb);
}

static void
linnet_chat_page_class_init (LinnetChatPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = linnet_chat_page_dispose;
  object_class->get_property = linnet_chat_page_get_property;
  object_class->set_property = linnet_chat_page_set_property;

  properties[PROP_PINNED] = g_param_spec_boolean (
      "pinned", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (LINNET_TYPE_AVATAR);
  g_type_ensure (LINNET_TYPE_COMPOSER);
  bind_template (widget_class);

  gtk_widget_class_install_property_action (widget_class, "chat.pinned", "pinned");
  gtk_widget_class_install_action (widget_class, "chat.jump-to-latest", NULL, jump_action);
}

static void
linnet_chat_page_init (LinnetChatPage *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_queue_init (&self->recent);
  gtk_widget_init_template (GTK_WIDGET (self));
  linnet_menu_names_attach (gtk_menu_button_get_popover (self->menu_button));

  self->conversation_signals = g_signal_group_new (LINNET_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->conversation_signals, "notify", G_CALLBACK (update_cb), self);
  self->contact_signals = g_signal_group_new (LINNET_TYPE_CONTACT);
  g_signal_group_connect_swapped (self->contact_signals, "notify", G_CALLBACK (update_cb), self);
  self->account_signals = g_signal_group_new (LINNET_TYPE_ACCOUNT);
  g_signal_group_connect_swapped (self->account_signals, "notify", G_CALLBACK (account_cb), self);

  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (log_key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->logs), keys);
}

GtkWidget *
linnet_chat_page_new (GSettings *settings)
{
  LinnetChatPage *self = g_object_new (LINNET_TYPE_CHAT_PAGE, NULL);

  linnet_composer_set_settings (self->composer, settings);

  return GTK_WIDGET (self);
}

/**
 * linnet_chat_page_set_conversation:
 * @conversation: (nullable): what to show
 */
void
linnet_chat_page_set_conversation (LinnetChatPage *self, LinnetConversation *conversation)
{
  LinnetContact *contact = conversation != NULL ? linnet_conversation_get_contact (conversation) : NULL;

  g_return_if_fail (LINNET_IS_CHAT_PAGE (self));

  if (self->conversation == conversation)
    return;

  if (get_log (self) != NULL)
    {
      linnet_chat_log_set_watched (get_log (self), FALSE);
      linnet_chat_log_leave (get_log (self));
    }

  g_set_object (&self->conversation, conversation);

  g_clear_handle_id (&self->banner_timeout, g_source_remove);
  adw_banner_set_revealed (self->connection_banner, FALSE);
  adw_banner_set_title (self->connection_banner, "");
  linnet_composer_set_conversation (self->composer, conversation);
  linnet_avatar_set_contact (self->avatar, contact);
  g_signal_group_set_target (self->conversation_signals, conversation);
  g_signal_group_set_target (self->contact_signals, contact);
  g_signal_group_set_target (self->account_signals,
                             conversation ? linnet_conversation_get_account (conversation) : NULL);

  if (conversation != NULL)
    {
      show_log (self);
      update_cb (self);
      update_connection (self);
    }
}

void
linnet_chat_page_set_watched (LinnetChatPage *self, gboolean watched)
{
  g_return_if_fail (LINNET_IS_CHAT_PAGE (self));

  self->watched = watched;
  if (self->conversation != NULL)
    linnet_chat_log_set_watched (get_log (self), watched);
}

/**
 * linnet_chat_page_set_names_account:
 * @names_account: whether the header says which account the chat belongs to
 */
void
linnet_chat_page_set_names_account (LinnetChatPage *self, gboolean names_account)
{
  g_return_if_fail (LINNET_IS_CHAT_PAGE (self));

  if (self->names_account == names_account)
    return;

  self->names_account = names_account;
  update_cb (self);
}

void
linnet_chat_page_update_age (LinnetChatPage *self, gboolean new_day)
{
  g_return_if_fail (LINNET_IS_CHAT_PAGE (self));

  if (self->conversation != NULL)
    update_title (self);
  for (GList *iter = self->recent.head; new_day && iter != NULL; iter = iter->next)
    linnet_chat_log_update_days (iter->data);
}

void
linnet_chat_page_focus_composer (LinnetChatPage *self)
{
  g_return_if_fail (LINNET_IS_CHAT_PAGE (self));

  if (gtk_widget_get_sensitive (GTK_WIDGET (self->composer)))
    gtk_widget_grab_focus (GTK_WIDGET (self->composer));
}

void
linnet_chat_page_forget (LinnetChatPage *self, LinnetConversation *conversation)
{
  LinnetChatLog *log;

  g_return_if_fail (LINNET_IS_CHAT_PAGE (self));

  if (self->conversation == conversation)
    linnet_chat_page_set_conversation (self, NULL);

  log = find_log (self, conversation);
  if (log != NULL)
    remove_log (self, log);
}
