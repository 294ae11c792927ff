/* The end of an account: signing out
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-sign-out"

#include "config.h"

#include "linnet-account-manager-private.h"
#include "linnet-conversation-list-private.h"
#include "linnet-future.h"
#include "linnet-spawn.h"
#include "linnet-verb.h"

/* Nobody sees the program any more, but what it has to say to keyring and servers should arrive. */
#define LAST_SECONDS 2

typedef struct
{
  LinnetAccountManager *manager;
  LinnetStore *store;
  LinnetAccount *account;
} SignOut;

static void
sign_out_free (SignOut *state)
{
  g_object_unref (state->manager);
  g_object_unref (state->store);
  g_object_unref (state->account);
  g_free (state);
}

/* Where the server cannot be reached its copy of the token, which nobody else holds any more, ends with its
 * time. */
static void
revoke_token (LinnetAccount *account,
              char *token)
{
  LinnetSignOnRequest *request = g_new0 (LinnetSignOnRequest, 1);
  g_autoptr (GError) error = NULL;

  request->account = linnet_store_account_copy (account->row);
  request->account->fast_count++;
  request->token = token;

  if (!dex_await (linnet_sign_on_revoke (request), &error))
    g_info ("The token was not revoked: %s", error->message);
}

/* Nothing of the account is left in the profile by now. A locked keyring asks a person, who may never answer:
 * each await may be the last one. */
static DexFuture *
linnet_sign_out_forget_fiber (gpointer data)
{
  LinnetAccount *account = data;
  LinnetCredentials *credentials = linnet_connection_get_credentials (account->connection);
  char *token = NULL;

  if (account->row->fast_mechanism != NULL)
    token = dex_await_string (linnet_credentials_lookup_token (credentials), NULL);
  dex_await (linnet_credentials_clear (credentials), NULL);
  if (token != NULL)
    revoke_token (account, token);

  return dex_future_new_true ();
}

static DexFuture *
linnet_sign_out_fiber (gpointer data)
{
  SignOut *state = data;
  LinnetAccount *account = state->account;
  g_auto (GStrv) pictures = NULL;
  g_autoptr (GError) error = NULL;

  dex_await (linnet_account_close (account), NULL);
  pictures =
      dex_await_boxed (linnet_store_accounts_remove (state->store, linnet_account_get_id (account)), &error);
  if (pictures != NULL)
    dex_await (linnet_avatars_erase (state->store, (const char *const *) pictures), &error);
  linnet_inbox_erase (account->inbox);
  linnet_outbox_erase (account->outbox);

  /* Dropping the block gives the fiber up; dropping its promise alone would not. */
  g_hash_table_replace (state->manager->forgettings,
                        g_strdup (linnet_account_get_address (account)),
                        linnet_future_always (linnet_spawn (
                            "forget", linnet_sign_out_forget_fiber, g_object_ref (account), g_object_unref)));

  return error != NULL ? dex_future_new_for_error (g_steal_pointer (&error)) : dex_future_new_true ();
}

/* Nothing shows @account any more. FALSE: it is not there, or the program ends anyway. */
static gboolean
take_out (LinnetAccountManager *self,
          LinnetAccount *account)
{
  guint position;

  if (!g_ptr_array_find (self->accounts, account, &position) || self->shutdown != NULL)
    return FALSE;

  g_ptr_array_remove_index (self->accounts, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  linnet_conversation_list_remove_account (self->conversations, account);
  linnet_account_manager_unread_changed (self);

  return TRUE;
}

/**
 * linnet_account_manager_remove:
 *
 * Signs out: the account goes from the lists at once, then its connection, rows and files. What may have to
 * wait for a person or for the network comes after that, and nobody waits for it: the secrets go from the
 * keyring, and the server is told that the token, if there was one, is worth nothing any more (security.md
 * A8). All of it is done also when nobody waits; [method@Linnet.AccountManager.shutdown] does, for the last
 * part 2 s long.
 *
 * Returns: (transfer full): a future that resolves to true when the profile has nothing of the account
 */
DexFuture *
linnet_account_manager_remove (LinnetAccountManager *self,
                               LinnetAccount *account)
{
  SignOut *state;
  DexFuture *future;

  linnet_return_error_if_fail (LINNET_IS_ACCOUNT_MANAGER (self));
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (account));

  state = g_new0 (SignOut, 1);
  state->manager = g_object_ref (self);
  state->account = g_object_ref (account);
  state->store = g_object_ref (linnet_account_get_store (account));

  if (!take_out (self, account))
    {
      sign_out_free (state);
      return linnet_verb_offline ();
    }

  future = linnet_spawn ("sign-out", linnet_sign_out_fiber, state, (GDestroyNotify) sign_out_free);
  g_ptr_array_add (self->removals, linnet_future_always (dex_ref (future)));

  return linnet_verb (future);
}

void
linnet_account_manager_end_forgettings (LinnetAccountManager *self)
{
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
  GHashTableIter iter;
  gpointer future;

  g_hash_table_iter_init (&iter, self->forgettings);
  while (g_hash_table_iter_next (&iter, NULL, &future))
    g_ptr_array_add (futures, dex_ref (future));

  if (futures->len > 0)
    dex_await (dex_future_first (dex_future_allv ((DexFuture **) futures->pdata, futures->len),
                                 dex_timeout_new_seconds (LAST_SECONDS),
                                 NULL),
               NULL);
  g_hash_table_remove_all (self->forgettings);
}
