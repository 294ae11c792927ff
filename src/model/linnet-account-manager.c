/* All accounts of a profile, and what they share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-account-manager"

#include "config.h"

#include "linnet-account-manager-private.h"
#include "linnet-conversation-list-private.h"
#include "linnet-conversation-private.h"
#include "linnet-error-private.h"
#include "linnet-message.h"

enum
{
  PROP_0,
  PROP_CONVERSATIONS,
  PROP_UNREAD_COUNT,
  PROP_SEND_TYPING,
  PROP_SEND_RECEIPTS,
  PROP_SEND_READ,
  PROP_CONTACTS_ONLY,
  PROP_LOADED,
  N_PROPS
};

enum
{
  MESSAGE_RECEIVED,
  CONTACT_REQUEST,
  ERROR,
  N_SIGNALS
};

/* The same failure again is news after a minute. */
#define REPORT_AGAIN (60 * G_TIME_SPAN_SECOND)

static GType
linnet_account_manager_get_item_type (GListModel *model)
{
  return LINNET_TYPE_ACCOUNT;
}

static guint
linnet_account_manager_get_n_items (GListModel *model)
{
  return LINNET_ACCOUNT_MANAGER (model)->accounts->len;
}

static gpointer
linnet_account_manager_get_item (GListModel *model,
                                 guint position)
{
  LinnetAccountManager *self = LINNET_ACCOUNT_MANAGER (model);

  return position < self->accounts->len ? g_object_ref (g_ptr_array_index (self->accounts, position)) : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = linnet_account_manager_get_item_type;
  iface->get_n_items = linnet_account_manager_get_n_items;
  iface->get_item = linnet_account_manager_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LinnetAccountManager,
                               linnet_account_manager,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* ---- hints ---- */

static void
network_changed_cb (LinnetAccountManager *self,
                    gboolean available)
{
  for (guint i = 0; i < self->accounts->len; i++)
    linnet_connection_network_changed (((LinnetAccount *) g_ptr_array_index (self->accounts, i))->connection,
                                       available);
}

static void
resumed_cb (LinnetAccountManager *self)
{
  for (guint i = 0; i < self->accounts->len; i++)
    linnet_connection_woke (((LinnetAccount *) g_ptr_array_index (self->accounts, i))->connection);
}

static void
sleeping_cb (LinnetAccountManager *self)
{
  dex_future_disown (linnet_account_manager_flush (self));
}

/* ---- the object ---- */

static void
linnet_account_manager_dispose (GObject *object)
{
  LinnetAccountManager *self = LINNET_ACCOUNT_MANAGER (object);

  /* Normally shutdown() has done this already, and waited for it. */
  for (guint i = 0; i < self->accounts->len; i++)
    dex_future_disown (linnet_account_close (g_ptr_array_index (self->accounts, i)));

  G_OBJECT_CLASS (linnet_account_manager_parent_class)->dispose (object);
}

static void
linnet_account_manager_finalize (GObject *object)
{
  LinnetAccountManager *self = LINNET_ACCOUNT_MANAGER (object);

  g_clear_pointer (&self->directory, g_free);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  g_clear_pointer (&self->removals, g_ptr_array_unref);
  g_clear_pointer (&self->forgettings, g_hash_table_unref);
  g_clear_object (&self->conversations);
  g_clear_object (&self->wake);
  g_clear_object (&self->store);
  dex_clear (&self->replacement);
  dex_clear (&self->shutdown);

  G_OBJECT_CLASS (linnet_account_manager_parent_class)->finalize (object);
}

static void
linnet_account_manager_get_property (GObject *object,
                                     guint prop_id,
                                     GValue *value,
                                     GParamSpec *pspec)
{
  LinnetAccountManager *self = LINNET_ACCOUNT_MANAGER (object);

  switch (prop_id)
    {
    case PROP_CONVERSATIONS:
      g_value_set_object (value, self->conversations);
      break;
    case PROP_UNREAD_COUNT:
      g_value_set_uint (value, self->unread_count);
      break;
    case PROP_SEND_TYPING:
      g_value_set_boolean (value, self->send_typing);
      break;
    case PROP_SEND_RECEIPTS:
      g_value_set_boolean (value, self->send_receipts);
      break;
    case PROP_SEND_READ:
      g_value_set_boolean (value, self->send_read);
      break;
    case PROP_CONTACTS_ONLY:
      g_value_set_boolean (value, self->contacts_only);
      break;
    case PROP_LOADED:
      g_value_set_boolean (value, self->loaded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_account_manager_set_property (GObject *object,
                                     guint prop_id,
                                     const GValue *value,
                                     GParamSpec *pspec)
{
  LinnetAccountManager *self = LINNET_ACCOUNT_MANAGER (object);
  gboolean on;

  switch (prop_id)
    {
    case PROP_SEND_TYPING:
      on = g_value_get_boolean (value);
      if (self->send_typing == (guint) on)
        return;
      self->send_typing = on;
      break;
    case PROP_SEND_RECEIPTS:
      on = g_value_get_boolean (value);
      if (self->send_receipts == (guint) on)
        return;
      self->send_receipts = on;
      break;
    case PROP_SEND_READ:
      on = g_value_get_boolean (value);
      if (self->send_read == (guint) on)
        return;
      self->send_read = on;
      break;
    case PROP_CONTACTS_ONLY:
      on = g_value_get_boolean (value);
      if (self->contacts_only == (guint) on)
        return;
      self->contacts_only = on;
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      return;
    }

  g_object_notify_by_pspec (object, pspec);
}

static void
linnet_account_manager_class_init (LinnetAccountManagerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags switch_flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = linnet_account_manager_dispose;
  object_class->finalize = linnet_account_manager_finalize;
  object_class->get_property = linnet_account_manager_get_property;
  object_class->set_property = linnet_account_manager_set_property;

  properties[PROP_CONVERSATIONS] =
      g_param_spec_object ("conversations", NULL, NULL, LINNET_TYPE_CONVERSATION_LIST, flags);
  properties[PROP_UNREAD_COUNT] = g_param_spec_uint ("unread-count", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_SEND_TYPING] = g_param_spec_boolean ("send-typing", NULL, NULL, TRUE, switch_flags);
  properties[PROP_SEND_RECEIPTS] = g_param_spec_boolean ("send-receipts", NULL, NULL, TRUE, switch_flags);
  properties[PROP_SEND_READ] = g_param_spec_boolean ("send-read", NULL, NULL, TRUE, switch_flags);
  properties[PROP_CONTACTS_ONLY] = g_param_spec_boolean ("contacts-only", NULL, NULL, FALSE, switch_flags);
  properties[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[MESSAGE_RECEIVED] = g_signal_new ("message-received",
                                            LINNET_TYPE_ACCOUNT_MANAGER,
                                            G_SIGNAL_RUN_LAST,
                                            0,
                                            NULL,
                                            NULL,
                                            NULL,
                                            G_TYPE_NONE,
                                            2,
                                            LINNET_TYPE_CONVERSATION,
                                            LINNET_TYPE_MESSAGE);
  signals[CONTACT_REQUEST] = g_signal_new ("contact-request",
                                           LINNET_TYPE_ACCOUNT_MANAGER,
                                           G_SIGNAL_RUN_LAST,
                                           0,
                                           NULL,
                                           NULL,
                                           NULL,
                                           G_TYPE_NONE,
                                           1,
                                           LINNET_TYPE_CONVERSATION);
  signals[ERROR] = g_signal_new ("error",
                                 LINNET_TYPE_ACCOUNT_MANAGER,
                                 G_SIGNAL_RUN_LAST,
                                 0,
                                 NULL,
                                 NULL,
                                 NULL,
                                 G_TYPE_NONE,
                                 1,
                                 G_TYPE_ERROR);
}

static void
linnet_account_manager_init (LinnetAccountManager *self)
{
  self->accounts = g_ptr_array_new_with_free_func (g_object_unref);
  self->removals = g_ptr_array_new_with_free_func (dex_unref);
  self->forgettings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, dex_unref);
  self->conversations = linnet_conversation_list_new ();
  self->active = TRUE;
  self->send_typing = TRUE;
  self->send_receipts = TRUE;
  self->send_read = TRUE;
}

/**
 * linnet_account_manager_new:
 * @directory: the profile's data directory
 *
 * Returns: (transfer full): a manager that is empty until [method@Linnet.AccountManager.load]
 */
LinnetAccountManager *
linnet_account_manager_new (const char *directory)
{
  LinnetAccountManager *self;

  g_return_val_if_fail (directory != NULL, NULL);

  self = g_object_new (LINNET_TYPE_ACCOUNT_MANAGER, NULL);
  self->directory = g_strdup (directory);
  self->wake = linnet_wake_monitor_new (NULL);
  g_signal_connect_object (
      self->wake, "network-changed", G_CALLBACK (network_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->wake, "resumed", G_CALLBACK (resumed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->wake, "sleeping", G_CALLBACK (sleeping_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/* ---- for the rest of the model ---- */

LinnetStore *
linnet_account_manager_get_store (LinnetAccountManager *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (self), NULL);

  return self->shutdown == NULL && !self->replacing ? self->store : NULL;
}

void
linnet_account_manager_add (LinnetAccountManager *self,
                            LinnetAccount *account)
{
  g_return_if_fail (LINNET_IS_ACCOUNT_MANAGER (self));

  /* They would take back what is saved now. */
  g_hash_table_remove (self->forgettings, linnet_account_get_address (account));
  g_hash_table_remove (self->forgettings, LINNET_FORGETTING_OTHERS);
  xmpp_session_set_active (account->session, self->active);
  g_ptr_array_add (self->accounts, g_object_ref (account));
  g_list_model_items_changed (G_LIST_MODEL (self), self->accounts->len - 1, 0, 1);
}

void
linnet_account_manager_take_out (LinnetAccountManager *self,
                                 guint position)
{
  g_autoptr (LinnetAccount) account = NULL;

  g_return_if_fail (LINNET_IS_ACCOUNT_MANAGER (self));
  g_return_if_fail (position < self->accounts->len);

  account = g_object_ref (g_ptr_array_index (self->accounts, position));
  g_ptr_array_remove_index (self->accounts, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  linnet_conversation_list_remove_account (self->conversations, account);
  linnet_account_manager_unread_changed (self);
}

gboolean
linnet_account_manager_get_network_available (LinnetAccountManager *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (self), TRUE);

  return linnet_wake_monitor_get_network_available (self->wake);
}

gboolean
linnet_account_manager_get_send_typing (LinnetAccountManager *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (self), FALSE);

  return self->send_typing;
}

gboolean
linnet_account_manager_get_send_receipts (LinnetAccountManager *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (self), FALSE);

  return self->send_receipts;
}

/* That a message was read says that it arrived, too. */
gboolean
linnet_account_manager_get_send_read (LinnetAccountManager *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (self), FALSE);

  return self->send_read && self->send_receipts;
}

gboolean
linnet_account_manager_get_contacts_only (LinnetAccountManager *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (self), FALSE);

  return self->contacts_only;
}

void
linnet_account_manager_conversations_added (LinnetAccountManager *self,
                                            GPtrArray *conversations)
{
  g_return_if_fail (LINNET_IS_ACCOUNT_MANAGER (self));

  linnet_conversation_list_add (self->conversations, conversations);
  linnet_account_manager_unread_changed (self);
}

void
linnet_account_manager_conversation_removed (LinnetAccountManager *self,
                                             LinnetConversation *conversation)
{
  g_return_if_fail (LINNET_IS_ACCOUNT_MANAGER (self));

  linnet_conversation_list_remove (self->conversations, conversation);
  linnet_account_manager_unread_changed (self);
}

void
linnet_account_manager_unread_changed (LinnetAccountManager *self)
{
  guint n = 0;

  g_return_if_fail (LINNET_IS_ACCOUNT_MANAGER (self));

  for (guint i = 0; i < self->accounts->len; i++)
    {
      LinnetAccount *account = g_ptr_array_index (self->accounts, i);
      GHashTableIter iter;
      gpointer conversation;

      g_hash_table_iter_init (&iter, account->conversations);
      while (g_hash_table_iter_next (&iter, NULL, &conversation))
        {
          if (!linnet_conversation_is_muted (conversation) &&
              !linnet_conversation_get_is_request (conversation))
            n += linnet_conversation_get_unread_count (conversation);
        }
    }

  if (n == self->unread_count)
    return;

  self->unread_count = n;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNREAD_COUNT]);
}

void
linnet_account_manager_message_received (LinnetAccountManager *self,
                                         LinnetConversation *conversation,
                                         LinnetMessage *message)
{
  g_return_if_fail (LINNET_IS_ACCOUNT_MANAGER (self));

  g_signal_emit (self, signals[MESSAGE_RECEIVED], 0, conversation, message);
}

void
linnet_account_manager_contact_request (LinnetAccountManager *self,
                                        LinnetConversation *conversation)
{
  g_return_if_fail (LINNET_IS_ACCOUNT_MANAGER (self));

  g_signal_emit (self, signals[CONTACT_REQUEST], 0, conversation);
}

void
linnet_account_manager_report (LinnetAccountManager *self,
                               const GError *error)
{
  g_autoptr (GError) ours = NULL;
  gint64 now = g_get_monotonic_time ();

  g_return_if_fail (LINNET_IS_ACCOUNT_MANAGER (self));
  g_return_if_fail (error != NULL);

  ours = linnet_error_from_lower (error, NULL);

  if (self->reported_at != 0 && self->reported == (LinnetError) ours->code &&
      now - self->reported_at < REPORT_AGAIN)
    return;

  self->reported = ours->code;
  self->reported_at = now;
  g_signal_emit (self, signals[ERROR], 0, ours);
}

const char *
linnet_account_manager_get_directory (LinnetAccountManager *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (self), NULL);

  return self->directory;
}

/* ---- the person's ---- */

/**
 * linnet_account_manager_get_conversations:
 *
 * Returns: (transfer none): the conversations of all accounts
 */
LinnetConversationList *
linnet_account_manager_get_conversations (LinnetAccountManager *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (self), NULL);

  return self->conversations;
}

LinnetAccount *
linnet_account_manager_find_account (LinnetAccountManager *self,
                                     const char *address)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (self), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  for (guint i = 0; i < self->accounts->len; i++)
    {
      LinnetAccount *account = g_ptr_array_index (self->accounts, i);

      if (g_str_equal (linnet_account_get_address (account), address))
        return account;
    }

  return NULL;
}

LinnetConversation *
linnet_account_manager_find_conversation (LinnetAccountManager *self,
                                          const char *account,
                                          const char *address)
{
  LinnetAccount *found = linnet_account_manager_find_account (self, account);

  g_return_val_if_fail (address != NULL, NULL);

  return found != NULL ? linnet_account_lookup_conversation (found, address) : NULL;
}

guint
linnet_account_manager_get_unread_count (LinnetAccountManager *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT_MANAGER (self), 0);

  return self->unread_count;
}

void
linnet_account_manager_set_active (LinnetAccountManager *self,
                                   gboolean active)
{
  g_return_if_fail (LINNET_IS_ACCOUNT_MANAGER (self));

  self->active = !!active;
  for (guint i = 0; i < self->accounts->len; i++)
    xmpp_session_set_active (((LinnetAccount *) g_ptr_array_index (self->accounts, i))->session, active);
}
