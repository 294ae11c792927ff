/* Telling about messages while nobody looks
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-notifications"

#include "config.h"

#include <glib/gi18n.h>

#include "linnet-account.h"
#include "linnet-avatar.h"
#include "linnet-contact.h"
#include "linnet-conversation.h"
#include "linnet-format.h"
#include "linnet-message.h"
#include "linnet-notifications.h"
#include "linnet-picture-icon.h"

#define MAX_TEXT 200 /* characters; shells cut it much earlier */
#define ICON_SIZE 96 /* pixels: 48 at a scale of 2 */

struct _LinnetNotifications
{
  GObject parent_instance;

  GApplication *application; /* borrowed: owns this object */
  GSettings *settings;
  LinnetConversation *watched;
  GHashTable *shown; /* id -> address of the account: what may still be on the screen */
};

G_DEFINE_FINAL_TYPE (LinnetNotifications, linnet_notifications, G_TYPE_OBJECT)

static char *
dup_id (LinnetConversation *conversation)
{
  return g_strdup_printf ("%s %s",
                          linnet_account_get_address (linnet_conversation_get_account (conversation)),
                          linnet_conversation_get_address (conversation));
}

static void
unread_changed_cb (LinnetNotifications *self, GParamSpec *pspec, LinnetConversation *conversation)
{
  g_autofree char *id = NULL;

  g_assert (LINNET_IS_NOTIFICATIONS (self));

  if (linnet_conversation_get_unread_count (conversation) > 0 ||
      linnet_conversation_get_account (conversation) == NULL)
    return;

  id = dup_id (conversation);
  g_application_withdraw_notification (self->application, id);
  g_hash_table_remove (self->shown, id);
  g_signal_handlers_disconnect_by_func (conversation, unread_changed_cb, self);
}

/* Nothing of an account that went stays on the screen. */
static void
accounts_changed_cb (LinnetNotifications *self,
                     guint position,
                     guint removed,
                     guint added,
                     LinnetAccountManager *manager)
{
  GHashTableIter iter;
  gpointer id, account;

  g_hash_table_iter_init (&iter, self->shown);
  while (removed > 0 && g_hash_table_iter_next (&iter, &id, &account))
    if (linnet_account_manager_find_account (manager, account) == NULL)
      {
        g_application_withdraw_notification (self->application, id);
        g_hash_table_iter_remove (&iter);
      }
}

static void
send (LinnetNotifications *self, LinnetConversation *conversation, const char *body)
{
  g_autoptr (GNotification) notification = g_notification_new (linnet_conversation_get_title (conversation));
  g_autoptr (GdkTexture) avatar = linnet_avatar_dup_picture (linnet_conversation_get_contact (conversation));
  const char *account = linnet_account_get_address (linnet_conversation_get_account (conversation));
  const char *address = linnet_conversation_get_address (conversation);
  g_autofree char *id = dup_id (conversation);

  g_notification_set_body (notification, body);
  g_notification_set_category (notification, "im.received");
  g_notification_set_default_action_and_target (notification, "app.open-chat", "(ss)", account, address);
  g_notification_add_button_with_target (
      notification, _ ("Mark as Read"), "app.mark-read", "(ss)", account, address);

  if (avatar != NULL)
    {
      g_autoptr (GIcon) icon = linnet_picture_icon_new (avatar, ICON_SIZE);

      g_notification_set_icon (notification, icon);
    }

  g_application_send_notification (self->application, id, notification);
  g_hash_table_replace (self->shown, g_strdup (id), g_strdup (account));

  g_signal_handlers_disconnect_by_func (conversation, unread_changed_cb, self);
  g_signal_connect_object (
      conversation, "notify::unread-count", G_CALLBACK (unread_changed_cb), self, G_CONNECT_SWAPPED);
}

static void
message_received_cb (LinnetNotifications *self, LinnetConversation *conversation, LinnetMessage *message)
{
  g_autofree char *body = NULL;

  g_assert (LINNET_IS_NOTIFICATIONS (self));

  /* Strangers do not disturb (security.md section 5). */
  if (conversation == self->watched || linnet_conversation_get_is_request (conversation) ||
      linnet_account_get_show (linnet_conversation_get_account (conversation)) == LINNET_SHOW_BUSY)
    return;

  if (g_settings_get_boolean (self->settings, "notification-preview"))
    {
      g_autofree char *line = linnet_format_one_line (linnet_message_get_body (message), MAX_TEXT);

      /* GLib hands on what it gets, and outside GNOME and Flatpak it is read as markup (security.md U1). */
      body = linnet_format_without_tags (line);
    }
  else
    {
      body = g_strdup (_ ("New message"));
    }

  send (self, conversation, body);
}

static void
contact_request_cb (LinnetNotifications *self, LinnetConversation *conversation)
{
  g_assert (LINNET_IS_NOTIFICATIONS (self));

  if (conversation != self->watched)
    send (self, conversation, _ ("Wants to be your contact"));
}

static void
linnet_notifications_finalize (GObject *object)
{
  LinnetNotifications *self = LINNET_NOTIFICATIONS (object);

  g_clear_object (&self->watched);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->shown, g_hash_table_unref);

  G_OBJECT_CLASS (linnet_notifications_parent_class)->finalize (object);
}

static void
linnet_notifications_class_init (LinnetNotificationsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_notifications_finalize;
}

static void
linnet_notifications_init (LinnetNotifications *self)
{
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

LinnetNotifications *
linnet_notifications_new (GApplication *application, LinnetAccountManager *manager, GSettings *settings)
{
  LinnetNotifications *self;

  g_return_val_if_fail (G_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (manager), NULL);

  self = g_object_new (LINNET_TYPE_NOTIFICATIONS, NULL);
  self->application = application;
  self->settings = g_object_ref (settings);
  g_signal_connect_object (
      manager, "items-changed", G_CALLBACK (accounts_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
      manager, "message-received", G_CALLBACK (message_received_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
      manager, "contact-request", G_CALLBACK (contact_request_cb), self, G_CONNECT_SWAPPED);

  return self;
}

void
linnet_notifications_set_watched (LinnetNotifications *self, LinnetConversation *conversation)
{
  g_return_if_fail (LINNET_IS_NOTIFICATIONS (self));

  g_set_object (&self->watched, conversation);
}
