/* An account: its connection, its roster, its identity
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-account"

#include "config.h"

#include "linnet-account-private.h"
#include "linnet-contact.h"
#include "linnet-conversation-private.h"
#include "linnet-future.h"
#include "linnet-message-private.h"
#include "linnet-roster-private.h"
#include "linnet-spawn.h"
#include "xmpp-features.h"

enum
{
  PROP_0,
  PROP_ADDRESS,
  PROP_DISPLAY_NAME,
  PROP_AVATAR_FILE,
  PROP_ENABLED,
  PROP_STATE,
  PROP_ERROR,
  PROP_RETRY_IN,
  PROP_SHOW,
  PROP_STATUS_TEXT,
  PROP_ROSTER,
  PROP_PASSWORD_SAVED,
  PROP_CAN_BLOCK,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LinnetAccount, linnet_account, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
linnet_account_update_display_name (LinnetAccount *self)
{
  g_assert (LINNET_IS_ACCOUNT (self));

  if (g_set_str (&self->display_name,
                 self->nickname != NULL ? self->nickname : xmpp_jid_get_local (self->jid)))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DISPLAY_NAME]);
}

static void
linnet_account_dispose (GObject *object)
{
  LinnetAccount *self = LINNET_ACCOUNT (object);

  if (!self->closed)
    dex_future_disown (linnet_account_close (self));

  G_OBJECT_CLASS (linnet_account_parent_class)->dispose (object);
}

static void
linnet_account_finalize (GObject *object)
{
  LinnetAccount *self = LINNET_ACCOUNT (object);

  g_clear_weak_pointer (&self->manager);
  g_clear_object (&self->store);
  g_clear_pointer (&self->row, linnet_store_account_free);
  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_clear_object (&self->session);
  g_clear_object (&self->connection);
  g_clear_object (&self->inbox);
  g_clear_object (&self->outbox);
  g_clear_object (&self->avatars);
  g_clear_object (&self->roster);
  g_clear_object (&self->blocked);
  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->conversations, g_hash_table_unref);
  linnet_account_forget_contacts (self);
  g_clear_pointer (&self->contacts, g_hash_table_unref);
  g_clear_pointer (&self->nicknames, g_hash_table_unref);
  g_clear_pointer (&self->messages, g_hash_table_unref);
  g_clear_pointer (&self->nickname, g_free);
  g_clear_pointer (&self->display_name, g_free);
  g_clear_object (&self->avatar_file);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (linnet_account_parent_class)->finalize (object);
}

static void
linnet_account_get_property (GObject *object,
                             guint prop_id,
                             GValue *value,
                             GParamSpec *pspec)
{
  LinnetAccount *self = LINNET_ACCOUNT (object);

  switch (prop_id)
    {
    case PROP_ADDRESS:
      g_value_set_string (value, self->row->address);
      break;
    case PROP_DISPLAY_NAME:
      g_value_set_string (value, self->display_name);
      break;
    case PROP_AVATAR_FILE:
      g_value_set_object (value, self->avatar_file);
      break;
    case PROP_ENABLED:
      g_value_set_boolean (value, self->row->enabled);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case PROP_RETRY_IN:
      g_value_set_uint (value, self->retry_in);
      break;
    case PROP_SHOW:
      g_value_set_enum (value, self->row->show);
      break;
    case PROP_STATUS_TEXT:
      g_value_set_string (value, self->row->status_text);
      break;
    case PROP_ROSTER:
      g_value_set_object (value, self->roster);
      break;
    case PROP_PASSWORD_SAVED:
      g_value_set_boolean (value, self->password_saved);
      break;
    case PROP_CAN_BLOCK:
      g_value_set_boolean (value, self->can_block);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
linnet_account_class_init (LinnetAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = linnet_account_dispose;
  object_class->finalize = linnet_account_finalize;
  object_class->get_property = linnet_account_get_property;

  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, flags);
  properties[PROP_DISPLAY_NAME] = g_param_spec_string ("display-name", NULL, NULL, NULL, flags);
  properties[PROP_AVATAR_FILE] = g_param_spec_object ("avatar-file", NULL, NULL, G_TYPE_FILE, flags);
  properties[PROP_ENABLED] = g_param_spec_boolean ("enabled", NULL, NULL, FALSE, flags);
  properties[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, LINNET_TYPE_CONNECTION_STATE, LINNET_CONNECTION_OFFLINE, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  properties[PROP_RETRY_IN] = g_param_spec_uint ("retry-in", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_SHOW] = g_param_spec_enum ("show", NULL, NULL, LINNET_TYPE_SHOW, LINNET_SHOW_ONLINE, flags);
  properties[PROP_STATUS_TEXT] = g_param_spec_string ("status-text", NULL, NULL, NULL, flags);
  properties[PROP_ROSTER] = g_param_spec_object ("roster", NULL, NULL, LINNET_TYPE_ROSTER, flags);
  properties[PROP_PASSWORD_SAVED] = g_param_spec_boolean ("password-saved", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_BLOCK] = g_param_spec_boolean ("can-block", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
linnet_account_init (LinnetAccount *self)
{
  self->blocked = g_list_store_new (LINNET_TYPE_CONTACT);
  self->contacts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->conversations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->nicknames = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->messages = linnet_message_table_new ();
}

LinnetAccount *
linnet_account_new (LinnetAccountManager *manager,
                    LinnetStore *store,
                    LinnetStoreAccount *row)
{
  LinnetAccount *self = g_object_new (LINNET_TYPE_ACCOUNT, NULL);

  g_set_weak_pointer (&self->manager, manager);
  self->store = g_object_ref (store);
  self->row = row;
  self->jid = xmpp_jid_new (row->address, NULL);
  self->roster = linnet_roster_new (self);
  linnet_account_update_display_name (self);

  self->session = xmpp_session_new (self->jid, xmpp_features_get_types ());
  self->inbox = linnet_inbox_new (self, self->session);
  self->outbox = linnet_outbox_new (self, self->session);
  self->avatars = linnet_avatars_new (self, self->session);
  self->connection = linnet_connection_new (self, self->session);

  return self;
}

LinnetAccountManager *
linnet_account_get_manager (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return self->manager;
}

LinnetStore *
linnet_account_get_store (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return self->store;
}

XmppSession *
linnet_account_get_session (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return self->closed ? NULL : self->session;
}

XmppJid *
linnet_account_get_jid (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return self->jid;
}

const char *
linnet_account_get_nickname (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return self->nickname;
}

gint64
linnet_account_get_id (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), 0);

  return self->row->id;
}

gboolean
linnet_account_is_online (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), FALSE);

  return self->state == LINNET_CONNECTION_ONLINE;
}

void
linnet_account_set_state (LinnetAccount *self,
                          LinnetConnectionState state,
                          const GError *error)
{
  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->closed)
    return;

  g_object_freeze_notify (G_OBJECT (self));

  if (error != self->error)
    {
      g_clear_error (&self->error);
      self->error = error != NULL ? g_error_copy (error) : NULL;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
    }

  if (self->state != state)
    {
      self->state = state;
      self->presences_lost &= state != LINNET_CONNECTION_ONLINE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
      linnet_account_update_presences (self);
    }

  g_object_thaw_notify (G_OBJECT (self));
}

void
linnet_account_set_retry_in (LinnetAccount *self,
                             guint seconds)
{
  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->retry_in == seconds)
    return;

  self->retry_in = seconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RETRY_IN]);
}

void
linnet_account_set_password_saved (LinnetAccount *self,
                                   gboolean saved)
{
  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->password_saved == (guint) !!saved)
    return;

  self->password_saved = !!saved;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PASSWORD_SAVED]);
}

void
linnet_account_set_can_block (LinnetAccount *self,
                              gboolean can_block)
{
  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->can_block == (guint) !!can_block)
    return;

  self->can_block = !!can_block;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_BLOCK]);
}

void
linnet_account_take_nickname (LinnetAccount *self,
                              const char *nickname)
{
  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  if (g_set_str (&self->nickname, nickname))
    linnet_account_update_display_name (self);
}

void
linnet_account_set_avatar_file (LinnetAccount *self,
                                GFile *file)
{
  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->avatar_file == file ||
      (self->avatar_file != NULL && file != NULL && g_file_equal (self->avatar_file, file)))
    return;

  g_set_object (&self->avatar_file, file);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AVATAR_FILE]);
}

void
linnet_account_notify_enabled (LinnetAccount *self)
{
  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENABLED]);
}

void
linnet_account_notify_presence (LinnetAccount *self)
{
  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS_TEXT]);
}

static DexFuture *
linnet_account_close_fiber (gpointer data)
{
  /* Plain references: the account itself may be on its last legs. */
  GPtrArray *parts = data;

  for (guint i = 0; i < parts->len; i++)
    {
      gpointer part = g_ptr_array_index (parts, i);

      if (LINNET_IS_CONNECTION (part))
        dex_await (linnet_connection_close (part), NULL);
      else if (LINNET_IS_INBOX (part))
        dex_await (linnet_inbox_close (part), NULL);
    }

  return dex_future_new_true ();
}

/**
 * linnet_account_close:
 *
 * Returns: (transfer full): a future that resolves to true when nothing works for this account any more
 */
DexFuture *
linnet_account_close (LinnetAccount *self)
{
  g_autoptr (GPtrArray) parts = NULL;
  GHashTableIter iter;
  gpointer conversation;

  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->closed)
    return dex_future_new_true ();

  /* The connection says goodbye first: what it acknowledges then is in the store already. */
  parts = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (parts, g_object_ref (self->connection));
  g_ptr_array_add (parts, g_object_ref (self->inbox));
  g_ptr_array_add (parts, g_object_ref (self->session));

  linnet_account_disconnect_features (self);
  linnet_avatars_close (self->avatars);

  g_hash_table_iter_init (&iter, self->conversations);
  while (g_hash_table_iter_next (&iter, NULL, &conversation))
    linnet_conversation_close (conversation);

  self->closed = TRUE;
  linnet_outbox_close (self->outbox);
  g_hash_table_remove_all (self->by_id);
  g_hash_table_remove_all (self->conversations);

  return linnet_spawn ("close-account",
                       linnet_account_close_fiber,
                       g_steal_pointer (&parts),
                       (GDestroyNotify) g_ptr_array_unref);
}

const char *
linnet_account_get_address (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return self->row->address;
}

const char *
linnet_account_get_display_name (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return self->display_name;
}

const char *
linnet_account_get_domain (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return xmpp_jid_get_domain (self->jid);
}

GFile *
linnet_account_get_avatar_file (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return self->avatar_file;
}

LinnetConnectionState
linnet_account_get_state (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), LINNET_CONNECTION_OFFLINE);

  return self->state;
}

/**
 * linnet_account_get_error:
 *
 * Returns: (transfer none) (nullable): a LINNET_ERROR: why the account is not online
 */
const GError *
linnet_account_get_error (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return self->error;
}

guint
linnet_account_get_retry_in (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), 0);

  return self->retry_in;
}

gboolean
linnet_account_get_enabled (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), FALSE);

  return self->row->enabled;
}

LinnetShow
linnet_account_get_show (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), LINNET_SHOW_OFFLINE);

  return self->row->show;
}

const char *
linnet_account_get_status_text (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return self->row->status_text;
}

LinnetRoster *
linnet_account_get_roster (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return self->roster;
}

gboolean
linnet_account_get_can_block (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), FALSE);

  return self->can_block;
}

gboolean
linnet_account_get_password_saved (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), FALSE);

  return self->password_saved;
}

gboolean
linnet_account_is_channel_verified (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), FALSE);

  /* It never takes less than what it once had (A5). */
  return self->row->channel_binding != NULL;
}

const char *
linnet_account_get_host (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return self->row->host;
}

guint16
linnet_account_get_port (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), 0);

  return self->row->port;
}

gboolean
linnet_account_get_direct_tls (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), FALSE);

  return self->row->direct_tls;
}

const char *
linnet_account_get_proxy (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return self->row->proxy;
}

/**
 * linnet_account_get_blocked:
 *
 * Returns: (transfer none): a list of [class@Linnet.Contact]
 */
GListModel *
linnet_account_get_blocked (LinnetAccount *self)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return G_LIST_MODEL (self->blocked);
}
