/* The profile's first and last moments: loading, writing what is unsaved, shutting down
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-account-manager"

#include "config.h"

#include <errno.h>

#include <glib/gstdio.h>

#include "linnet-account-manager-private.h"
#include "linnet-conversation-private.h"
#include "linnet-error-private.h"
#include "linnet-future.h"
#include "linnet-removal.h"
#include "linnet-spawn.h"
#include "linnet-store-backup.h"
#include "linnet-store-removals.h"
#include "linnet-verb.h"

static void
linnet_account_manager_show_all (LinnetAccountManager *self,
                                 GPtrArray *accounts)
{
  g_autoptr (GPtrArray) conversations = g_ptr_array_new ();

  for (guint i = 0; i < accounts->len; i++)
    {
      LinnetAccount *account = g_ptr_array_index (accounts, i);
      GHashTableIter iter;
      gpointer conversation;

      g_hash_table_iter_init (&iter, account->conversations);
      while (g_hash_table_iter_next (&iter, NULL, &conversation))
        g_ptr_array_add (conversations, conversation);

      g_ptr_array_add (self->accounts, g_object_ref (account));
    }

  linnet_account_manager_conversations_added (self, conversations);
  if (accounts->len > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, accounts->len);

  self->loaded = TRUE;
  g_object_notify (G_OBJECT (self), "loaded");

  for (guint i = 0; i < accounts->len; i++)
    linnet_account_start (g_ptr_array_index (accounts, i), NULL);
}

static void
damaged_cb (LinnetAccountManager *self)
{
  g_autoptr (GError) error =
      g_error_new_literal (LINNET_ERROR, LINNET_ERROR_DATABASE_DAMAGED, "The database is damaged");

  linnet_account_manager_report (self, error);
}

/* R27: the person is told, once the window has something to show. */
static void
linnet_account_manager_watch_store (LinnetAccountManager *self)
{
  g_signal_connect_object (self->store, "damaged", G_CALLBACK (damaged_cb), self, G_CONNECT_SWAPPED);
  if (linnet_store_get_damaged (self->store))
    damaged_cb (self);

  if (linnet_store_get_salvaged (self->store))
    {
      g_autoptr (GError) error =
          g_error_new_literal (LINNET_ERROR, LINNET_ERROR_DATABASE_SALVAGED, "The database was salvaged");

      linnet_account_manager_report (self, error);
    }
}

static DexFuture *
linnet_account_manager_load_fiber (gpointer data)
{
  LinnetAccountManager *self = data;
  g_autoptr (GPtrArray) accounts = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) conversations = NULL;
  g_autoptr (GArray) removals = NULL;
  g_autoptr (GError) error = NULL;

  if (!(self->store = dex_await_object (linnet_store_open (self->directory), &error)) ||
      !(removals = dex_await_boxed (linnet_removal_erase_rows (self), &error)) ||
      !(rows = dex_await_boxed (linnet_store_accounts_list (self->store), &error)) ||
      !(conversations = dex_await_boxed (linnet_store_conversations_list (self->store), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  for (guint i = 0; i < rows->len; i++)
    {
      const LinnetStoreAccount *row = g_ptr_array_index (rows, i);
      g_autofree char *address = linnet_address_normalize (row->address, NULL);
      g_autoptr (GPtrArray) own = NULL;
      LinnetAccount *account;

      /* Damage inside a row shows nowhere else (R27). */
      if (g_strcmp0 (address, row->address) != 0)
        {
          g_message ("Account %" G_GINT64_FORMAT " has no address", row->id);
          continue;
        }

      account = linnet_account_new (self, self->store, linnet_store_account_copy (row));
      own = linnet_account_add_conversations (account, conversations);
      g_ptr_array_add (accounts, account);
      if (!dex_await (linnet_account_load (account), &error))
        return dex_future_new_for_error (g_steal_pointer (&error));
    }

  if (self->shutdown != NULL)
    return linnet_verb_offline ();

  linnet_account_manager_show_all (self, accounts);
  linnet_removal_finish (self, g_steal_pointer (&removals));
  linnet_account_manager_watch_store (self);

  return dex_future_new_true ();
}

/* Nobody knows any more whose the secrets are that this profile does not need. */
static void
forget_replaced (LinnetAccountManager *self)
{
  const LinnetStoreRemoval removal = { .kind = LINNET_STORE_REMOVAL_SECRETS, .account = 1 };
  g_autoptr (GArray) removals = g_array_new (FALSE, FALSE, sizeof removal);

  g_array_append_val (removals, removal);
  dex_await (linnet_store_removals_begin (self->store, removal.kind, removal.account), NULL);
  linnet_removal_finish (self, g_steal_pointer (&removals));
}

typedef struct
{
  LinnetAccountManager *manager;
  char *staging;
} Replacing;

static void
replacing_free (gpointer data)
{
  Replacing *replacing = data;

  replacing->manager->replacing = FALSE;
  g_object_unref (replacing->manager);
  g_free (replacing->staging);
  g_free (replacing);
}

/* Everybody is gone, and the database closed. On a fiber. */
static void
empty (LinnetAccountManager *self)
{
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  dex_await (linnet_account_manager_flush (self), NULL);
  self->loaded = FALSE;
  g_object_notify (G_OBJECT (self), "loaded");

  while (self->accounts->len > 0)
    {
      g_autoptr (LinnetAccount) account =
          g_object_ref (g_ptr_array_index (self->accounts, self->accounts->len - 1));

      linnet_account_manager_take_out (self, self->accounts->len - 1);
      g_ptr_array_add (futures, linnet_account_close (account));
    }
  for (guint i = 0; i < self->removals->len; i++)
    g_ptr_array_add (futures, dex_ref (g_ptr_array_index (self->removals, i)));
  if (futures->len > 0)
    dex_await (dex_future_allv ((DexFuture **) futures->pdata, futures->len), NULL);
  g_ptr_array_set_size (self->removals, 0);
  linnet_account_manager_end_forgettings (self);

  if (self->store != NULL)
    dex_await (linnet_store_close (self->store), NULL);
  g_clear_object (&self->store);
}

static DexFuture *
linnet_account_manager_replace_fiber (gpointer data)
{
  Replacing *replacing = data;
  LinnetAccountManager *self = replacing->manager;
  g_autofree char *restored = g_build_filename (self->directory, LINNET_STORE_RESTORED, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) load_error = NULL;

  empty (self);
  if (self->shutdown != NULL)
    return linnet_verb_offline ();

  /* From here on the next opening of the store takes it, in this run of the program or another. */
  if (g_rename (replacing->staging, restored) != 0)
    error = g_error_new_literal (LINNET_ERROR, LINNET_ERROR_DATABASE, g_strerror (errno));

  self->replacing = FALSE;
  dex_await (linnet_spawn (
                 "load-profile", linnet_account_manager_load_fiber, g_object_ref (self), g_object_unref),
             &load_error);
  if (load_error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&load_error));
  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  forget_replaced (self);

  return dex_future_new_true ();
}

DexFuture *
linnet_account_manager_replace (LinnetAccountManager *self,
                                const char *staging)
{
  Replacing *replacing;
  DexFuture *future;

  linnet_return_error_if_fail (LINNET_IS_ACCOUNT_MANAGER (self));
  linnet_return_error_if_fail (staging != NULL);

  if (self->shutdown != NULL || self->replacing)
    return linnet_verb_offline ();

  self->replacing = TRUE;
  replacing = g_new0 (Replacing, 1);
  replacing->manager = g_object_ref (self);
  replacing->staging = g_strdup (staging);

  future = linnet_spawn (
      "replace-profile", linnet_account_manager_replace_fiber, replacing, replacing_free);
  /* Kept here it is done also when nobody waits. */
  dex_clear (&self->replacement);
  self->replacement = linnet_future_always (dex_ref (future));

  return future;
}

static DexFuture *
linnet_account_manager_shutdown_fiber (gpointer data)
{
  LinnetAccountManager *self = data;
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  if (self->replacement != NULL)
    dex_await (linnet_future_always (dex_ref (self->replacement)), NULL);
  dex_await (linnet_account_manager_flush (self), NULL);

  for (guint i = 0; i < self->accounts->len; i++)
    g_ptr_array_add (futures, linnet_account_close (g_ptr_array_index (self->accounts, i)));
  for (guint i = 0; i < self->removals->len; i++)
    g_ptr_array_add (futures, dex_ref (g_ptr_array_index (self->removals, i)));
  if (futures->len > 0)
    dex_await (dex_future_allv ((DexFuture **) futures->pdata, futures->len), NULL);

  linnet_account_manager_end_forgettings (self);

  if (self->store != NULL)
    dex_await (linnet_store_close (self->store), NULL);

  return dex_future_new_true ();
}

DexFuture *
linnet_account_manager_flush (LinnetAccountManager *self)
{
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  for (guint i = 0; i < self->accounts->len; i++)
    {
      LinnetAccount *account = g_ptr_array_index (self->accounts, i);
      GHashTableIter iter;
      gpointer conversation;

      g_hash_table_iter_init (&iter, account->conversations);
      while (g_hash_table_iter_next (&iter, NULL, &conversation))
        g_ptr_array_add (futures, linnet_conversation_flush (conversation));
    }

  if (futures->len == 0)
    return dex_future_new_true ();

  return linnet_future_always (dex_future_allv ((DexFuture **) futures->pdata, futures->len));
}

/**
 * linnet_account_manager_load:
 *
 * Returns: (transfer full): a future that resolves to true when the lists are filled
 */
DexFuture *
linnet_account_manager_load (LinnetAccountManager *self)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT_MANAGER (self));
  linnet_return_error_if_fail (self->store == NULL);

  return linnet_verb (
      linnet_spawn ("load-profile", linnet_account_manager_load_fiber, g_object_ref (self), g_object_unref));
}

/**
 * linnet_account_manager_shutdown:
 *
 * Writes what is unsaved, says goodbye to the servers (at most 2 s), lets sign-outs take back their secrets
 * (2 s more) and closes the store.
 *
 * Returns: (transfer full): a future that resolves to true; the same for every call
 */
DexFuture *
linnet_account_manager_shutdown (LinnetAccountManager *self)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT_MANAGER (self));

  if (self->shutdown == NULL)
    self->shutdown = linnet_future_always (linnet_spawn (
        "shutdown", linnet_account_manager_shutdown_fiber, g_object_ref (self), g_object_unref));

  return dex_ref (self->shutdown);
}
