/* From rows to objects: what the store knows of an account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-account"

#include "config.h"

#include "linnet-account-private.h"
#include "linnet-contact-private.h"
#include "linnet-conversation-private.h"
#include "linnet-future.h"
#include "linnet-message-private.h"
#include "linnet-roster-private.h"
#include "linnet-spawn.h"
#include "linnet-store-blocks.h"
#include "linnet-store-profiles.h"
#include "linnet-store-roster.h"
#include "xmpp-roster.h"
#include "xmpp-stream-features.h"

/* ---- contacts ---- */

static void
contact_gone_cb (gpointer user_data,
                 GObject *contact)
{
  LinnetAccount *self = user_data;

  /* Weak references are told before the object is taken apart. */
  g_hash_table_remove (self->contacts, linnet_contact_get_address ((LinnetContact *) contact));
}

void
linnet_account_forget_contacts (LinnetAccount *self)
{
  GHashTableIter iter;
  gpointer contact;

  g_hash_table_iter_init (&iter, self->contacts);
  while (g_hash_table_iter_next (&iter, NULL, &contact))
    {
      g_object_weak_unref (contact, contact_gone_cb, self);
      g_hash_table_iter_remove (&iter);
    }
}

LinnetContact *
linnet_account_lookup_contact (LinnetAccount *self,
                               const char *address)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return g_hash_table_lookup (self->contacts, address);
}

LinnetContact *
linnet_account_ensure_contact (LinnetAccount *self,
                               const char *address)
{
  LinnetContact *contact;

  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  if ((contact = g_hash_table_lookup (self->contacts, address)) != NULL)
    return g_object_ref (contact);

  contact = linnet_contact_new (self, address);
  g_hash_table_insert (self->contacts, g_strdup (address), contact);
  g_object_weak_ref (G_OBJECT (contact), contact_gone_cb, self);

  /* What the network said of them may have come before there was an object to say it of. */
  linnet_contact_set_nickname (contact, g_hash_table_lookup (self->nicknames, address));
  linnet_avatars_show (self->avatars, address);

  return contact;
}

void
linnet_account_take_contact_nickname (LinnetAccount *self,
                                      const char *address,
                                      const char *nickname,
                                      gboolean store)
{
  LinnetContact *contact;

  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  if (nickname != NULL)
    g_hash_table_insert (self->nicknames, g_strdup (address), g_strdup (nickname));
  else
    g_hash_table_remove (self->nicknames, address);

  if ((contact = g_hash_table_lookup (self->contacts, address)) != NULL)
    linnet_contact_set_nickname (contact, nickname);

  if (store)
    dex_future_disown (linnet_store_profiles_set_nickname (self->store, self->row->id, address, nickname));
}

/* ---- conversations and messages ---- */

LinnetConversation *
linnet_account_lookup_conversation (LinnetAccount *self,
                                    const char *address)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return g_hash_table_lookup (self->conversations, address);
}

static LinnetConversation *
linnet_account_add_conversation (LinnetAccount *self,
                                 LinnetStoreConversation *row)
{
  g_autoptr (LinnetContact) contact = linnet_account_ensure_contact (self, row->jid);
  LinnetConversation *conversation = linnet_conversation_new (self, contact, row);

  g_hash_table_insert (self->conversations, g_strdup (row->jid), conversation);
  g_hash_table_insert (self->by_id, g_memdup2 (&row->id, sizeof row->id), conversation);

  return conversation;
}

GPtrArray *
linnet_account_add_conversations (LinnetAccount *self,
                                  GPtrArray *rows)
{
  GPtrArray *added = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < rows->len; i++)
    {
      LinnetStoreConversation *row = g_ptr_array_index (rows, i);
      g_autoptr (XmppJid) jid = xmpp_jid_new (row->jid, NULL);

      /* Damage inside a row shows nowhere else (R27): to whom it was nobody knows. */
      if (jid != NULL && row->account == self->row->id && !g_hash_table_contains (self->by_id, &row->id))
        g_ptr_array_add (added, g_object_ref (linnet_account_add_conversation (self, row)));
    }

  return added;
}

LinnetConversation *
linnet_account_ensure_conversation (LinnetAccount *self,
                                    LinnetStoreConversation *row)
{
  LinnetConversation *conversation;
  g_autoptr (GPtrArray) added = NULL;

  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  if ((conversation = g_hash_table_lookup (self->by_id, &row->id)) != NULL)
    {
      linnet_conversation_update (conversation, row);
      return conversation;
    }

  conversation = linnet_account_add_conversation (self, row);
  added = g_ptr_array_new ();
  g_ptr_array_add (added, conversation);
  if (self->manager != NULL)
    linnet_account_manager_conversations_added (self->manager, added);

  return conversation;
}

LinnetMessage *
linnet_account_ensure_message (LinnetAccount *self,
                               LinnetConversation *conversation,
                               LinnetStoreMessage *row)
{
  g_return_val_if_fail (LINNET_IS_ACCOUNT (self), NULL);

  return linnet_message_table_ensure (self->messages, linnet_conversation_get_contact (conversation), row);
}

/* @first: the rows from there on that belong to one conversation are shown together. Returns where the next
 * begin. */
static guint
linnet_account_show_messages (LinnetAccount *self,
                              GPtrArray *rows,
                              guint first,
                              GHashTable *done)
{
  LinnetStoreMessage *row = g_ptr_array_index (rows, first);
  LinnetConversation *conversation = g_hash_table_lookup (self->by_id, &row->conversation);
  g_autoptr (GPtrArray) own_rows = g_ptr_array_new ();
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);

  if (conversation == NULL || !g_hash_table_add (done, conversation))
    return first + 1;

  for (guint i = first; i < rows->len; i++)
    {
      LinnetStoreMessage *other = g_ptr_array_index (rows, i);

      if (other->conversation != row->conversation)
        continue;
      g_ptr_array_add (own_rows, other);
      g_ptr_array_add (messages, linnet_account_ensure_message (self, conversation, other));
    }

  linnet_conversation_append (conversation, own_rows, messages);

  for (guint i = 0; i < messages->len && self->manager != NULL; i++)
    {
      LinnetMessage *message = g_ptr_array_index (messages, i);

      if (!linnet_message_get_outgoing (message))
        linnet_account_manager_message_received (self->manager, conversation, message);
    }

  return first + 1;
}

void
linnet_account_apply (LinnetAccount *self,
                      LinnetStoreChanges *changes)
{
  g_autoptr (GHashTable) done = g_hash_table_new (NULL, NULL);

  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  if (self->closed)
    return;

  for (guint i = 0; i < changes->states->len; i++)
    {
      LinnetStoreStateChange *change = g_ptr_array_index (changes->states, i);
      LinnetMessage *message = linnet_message_table_lookup (self->messages, change->message);

      if (message != NULL)
        linnet_message_set_state (message, change->state, change->error_condition);
    }

  for (guint i = 0; i < changes->conversations->len; i++)
    linnet_account_ensure_conversation (self, g_ptr_array_index (changes->conversations, i));

  for (guint i = 0; i < changes->messages->len;)
    i = linnet_account_show_messages (self, changes->messages, i, done);
}

/* ---- roster ---- */

static LinnetSubscription
make_subscription (int subscription,
                   gboolean ask)
{
  return (LinnetSubscription) subscription | (ask ? LINNET_SUBSCRIPTION_ASKED : 0);
}

void
linnet_account_apply_roster (LinnetAccount *self,
                             GPtrArray *items,
                             gboolean full)
{
  g_autoptr (GPtrArray) changed = NULL;
  g_autoptr (GHashTable) kept = NULL;

  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  changed = g_ptr_array_new_with_free_func (g_object_unref);
  kept = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < items->len; i++)
    {
      XmppRosterItem *item = g_ptr_array_index (items, i);
      LinnetContact *contact = linnet_account_ensure_contact (self, xmpp_jid_get_bare_string (item->jid));
      LinnetContactEntry entry = {
        .name = item->name,
        .groups = (const char *const *) item->groups,
        .subscription = make_subscription (item->subscription, item->ask),
      };

      linnet_contact_set_entry (contact, item->removed ? NULL : &entry);
      linnet_account_update_presence (self, contact);
      g_hash_table_add (kept, contact);
      g_ptr_array_add (changed, contact);
    }

  if (full)
    {
      g_autoptr (GPtrArray) before = linnet_roster_dup_items (self->roster);

      for (guint i = 0; i < before->len; i++)
        {
          LinnetContact *contact = g_ptr_array_index (before, i);

          if (g_hash_table_contains (kept, contact))
            continue;
          linnet_contact_set_entry (contact, NULL);
          g_ptr_array_add (changed, g_object_ref (contact));
        }
    }

  linnet_roster_update (self->roster, changed);
}

/* ---- loading ---- */

/* The feature starts with what the store remembers: the server then only tells what changed (roster
 * versioning). */
static void
linnet_account_take_roster (LinnetAccount *self,
                            GPtrArray *rows)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_roster_item_unref);
  XmppRoster *feature = xmpp_session_get_feature (self->session, XMPP_TYPE_ROSTER);

  for (guint i = 0; i < rows->len; i++)
    {
      LinnetStoreContact *row = g_ptr_array_index (rows, i);
      g_autoptr (XmppJid) jid = xmpp_jid_new (row->jid, NULL);
      XmppRosterItem *item;

      if (jid == NULL)
        continue;

      item = xmpp_roster_item_new (
          jid, row->name, (const char *const *) row->groups, (XmppSubscriptionState) row->subscription);
      item->ask = row->ask;
      item->approved = row->approved;
      g_ptr_array_add (items, item);
    }

  xmpp_roster_set_cached (feature, items, self->row->roster_version);
  linnet_account_apply_roster (self, items, TRUE);
}

static void
linnet_account_take_profiles (LinnetAccount *self,
                              GPtrArray *profiles)
{
  for (guint i = 0; i < profiles->len; i++)
    {
      LinnetStoreProfile *profile = g_ptr_array_index (profiles, i);

      if (g_str_equal (profile->jid, self->row->address))
        linnet_account_take_nickname (self, profile->nickname);
      else
        linnet_account_take_contact_nickname (self, profile->jid, profile->nickname, FALSE);

      if (profile->avatar_hash != NULL)
        linnet_avatars_restore (
            self->avatars, profile->jid, profile->avatar_hash, profile->avatar_source);
    }
}

void
linnet_account_take_blocked (LinnetAccount *self,
                             const char *const *addresses)
{
  g_autoptr (GPtrArray) contacts = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->blocked));

  g_return_if_fail (LINNET_IS_ACCOUNT (self));

  for (guint i = 0; addresses[i] != NULL; i++)
    g_ptr_array_add (contacts, linnet_account_ensure_contact (self, addresses[i]));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (LinnetContact) contact = g_list_model_get_item (G_LIST_MODEL (self->blocked), i);

      if (!g_ptr_array_find (contacts, contact, NULL))
        linnet_contact_take_blocked (contact, FALSE);
    }

  for (guint i = 0; i < contacts->len; i++)
    linnet_contact_take_blocked (g_ptr_array_index (contacts, i), TRUE);

  g_list_store_splice (self->blocked, 0, n, contacts->pdata, contacts->len);
}

/* The stream of an earlier run, if it may be resumed. */
static void
linnet_account_restore_stream (LinnetAccount *self)
{
  g_autoptr (XmppJid) full_jid = NULL;
  g_autoptr (XmppNode) features = NULL;

  if (self->row->resource != NULL && self->row->sm_id != NULL)
    full_jid = xmpp_jid_with_resource (self->jid, self->row->resource, NULL);
  if (full_jid == NULL)
    return;

  if (self->row->features != NULL)
    features = xmpp_stream_features_from_text (self->row->features);
  linnet_outbox_restore_stream (self->outbox,
                                &(XmppSessionMemory) {
                                    .full_jid = full_jid,
                                    .sm_id = self->row->sm_id,
                                    .sm_h = self->row->sm_h,
                                    .stream_features = features,
                                });
}

static DexFuture *
linnet_account_load_fiber (gpointer data)
{
  LinnetAccount *self = data;
  g_autoptr (GPtrArray) roster = NULL;
  g_autoptr (GPtrArray) profiles = NULL;
  g_auto (GStrv) blocked = NULL;
  g_autoptr (GError) error = NULL;

  if (!(roster = dex_await_boxed (linnet_store_roster_list (self->store, self->row->id), &error)) ||
      !(profiles = dex_await_boxed (linnet_store_profiles_list (self->store, self->row->id), &error)) ||
      !(blocked = dex_await_boxed (linnet_store_blocks_list (self->store, self->row->id), &error)) ||
      !dex_await (linnet_outbox_load (self->outbox), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  linnet_account_connect_features (self);
  linnet_account_take_roster (self, roster);
  linnet_account_take_profiles (self, profiles);
  linnet_account_take_blocked (self, (const char *const *) blocked);

  linnet_account_restore_stream (self);

  return dex_future_new_true ();
}

/**
 * linnet_account_load:
 *
 * Returns: (transfer full): a future that resolves to true, or rejects with LINNET_STORE_ERROR
 */
DexFuture *
linnet_account_load (LinnetAccount *self)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (self));

  return linnet_spawn ("load-account", linnet_account_load_fiber, g_object_ref (self), g_object_unref);
}
