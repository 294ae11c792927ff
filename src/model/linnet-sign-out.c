/* Signing out, for good or for a while
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-sign-out"

#include "config.h"

#include "linnet-account-manager-private.h"
#include "linnet-conversation-list-private.h"
#include "linnet-future.h"
#include "linnet-proxy.h"
#include "linnet-removal.h"
#include "linnet-spawn.h"
#include "linnet-store-removals.h"
#include "linnet-verb.h"

/* Nobody sees the program any more, but what it has to say to keyring and servers should arrive. */
#define LAST_SECONDS 2
/* A connection that is being closed may take this long. */
#define GOODBYE_SECONDS 5

typedef struct
{
  LinnetAccountManager *manager;
  LinnetStore *store;
  LinnetAccount *account;
  LinnetStoreAccount *row;           /* nullable: what it was when its secrets began to be taken back */
  LinnetStoreRemovalKind forgetting; /* what is noted meanwhile */
} SignOut;

static SignOut *
sign_out_new (LinnetAccountManager *manager,
              LinnetAccount *account)
{
  SignOut *state = g_new0 (SignOut, 1);

  state->manager = g_object_ref (manager);
  state->account = g_object_ref (account);
  state->store = g_object_ref (linnet_account_get_store (account));

  return state;
}

static void
sign_out_free (SignOut *state)
{
  g_object_unref (state->manager);
  g_object_unref (state->store);
  g_object_unref (state->account);
  g_clear_pointer (&state->row, linnet_store_account_free);
  g_free (state);
}

/* @token, @proxy_password: (transfer full). Where the server cannot be reached its copy of the token,
 * which nobody else holds any more, ends with its time. */
static void
revoke_token (const LinnetStoreAccount *row,
              char *token,
              char *proxy_password)
{
  LinnetSignOnRequest *request = g_new0 (LinnetSignOnRequest, 1);
  g_autoptr (GError) error = NULL;

  request->account = linnet_store_account_copy (row);
  request->account->fast_count++;
  request->token = token;
  request->proxy_password = proxy_password;

  if (!dex_await (linnet_sign_on_revoke (request), &error))
    g_info ("The token was not revoked: %s", error->message);
}

/* Nothing of the account is left in the profile by now, or it stays and only its secrets go. A locked
 * keyring asks a person, who may never answer: each await may be the last one, and what is not done then
 * is noted for the next start. */
static DexFuture *
linnet_sign_out_forget_fiber (gpointer data)
{
  SignOut *state = data;
  LinnetAccount *account = state->account;
  LinnetCredentials *credentials = linnet_connection_get_credentials (account->connection);
  char *token = NULL;
  char *proxy_password = NULL;
  g_autoptr (GError) error = NULL;

  if (state->row->fast_mechanism != NULL && linnet_proxy_has_user (state->row->proxy))
    proxy_password = dex_await_string (linnet_credentials_lookup_proxy_password (credentials), NULL);
  if (state->row->fast_mechanism != NULL)
    token = dex_await_string (linnet_credentials_lookup_token (credentials), NULL);
  linnet_credentials_forget (credentials);
  dex_await (linnet_credentials_clear (credentials), &error);
  if (g_error_matches (error, LINNET_ERROR, LINNET_ERROR_KEYRING_LOCKED))
    linnet_removal_report_secrets (state->manager);
  else
    dex_await (linnet_store_removals_end (state->store, state->forgetting, linnet_account_get_id (account)),
               NULL);
  if (token != NULL)
    revoke_token (state->row, token, g_steal_pointer (&proxy_password));
  g_free (proxy_password);

  return dex_future_new_true ();
}

static void
forget_secrets (LinnetAccountManager *manager,
                LinnetAccount *account,
                LinnetStoreRemovalKind kind)
{
  SignOut *state = sign_out_new (manager, account);

  state->row = linnet_store_account_copy (account->row);
  state->forgetting = kind;
  /* Dropping the block gives the fiber up; dropping its promise alone would not. */
  g_hash_table_replace (
      manager->forgettings,
      g_strdup (linnet_account_get_address (account)),
      linnet_future_always (linnet_spawn (
          "forget", linnet_sign_out_forget_fiber, state, (GDestroyNotify) sign_out_free)));
}

static DexFuture *
linnet_sign_out_fiber (gpointer data)
{
  SignOut *state = data;
  LinnetAccount *account = state->account;
  gint64 id = linnet_account_get_id (account);
  g_auto (GStrv) pictures = NULL;
  g_autoptr (GError) error = NULL;

  /* From here on it is finished at the next start if it is not in this run. */
  if (!dex_await (linnet_store_removals_begin (state->store, LINNET_STORE_REMOVAL_ACCOUNT, id), &error))
    g_message ("Signing out will not survive an interruption: %s", error->message);
  g_clear_error (&error);

  dex_await (linnet_account_close (account), NULL);
  pictures = dex_await_boxed (linnet_store_accounts_remove (state->store, id), &error);
  if (error != NULL)
    {
      /* The person is told, and finds it again at the next start. */
      dex_await (linnet_store_removals_end (state->store, LINNET_STORE_REMOVAL_ACCOUNT, id), NULL);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  dex_await (linnet_store_removals_advance (
                 state->store, LINNET_STORE_REMOVAL_ACCOUNT, LINNET_STORE_REMOVAL_TRACES, id),
             NULL);
  linnet_removal_erase_files (linnet_store_get_directory (state->store), id);
  linnet_inbox_erase (account->inbox);
  linnet_outbox_erase (account->outbox);
  if (dex_await (linnet_avatars_erase_unused (state->store), &error))
    dex_await (linnet_store_removals_advance (
                   state->store, LINNET_STORE_REMOVAL_TRACES, LINNET_STORE_REMOVAL_SECRETS, id),
               NULL);
  forget_secrets (state->manager, account, LINNET_STORE_REMOVAL_SECRETS);

  /* Somebody still reads the old log, which ends with the program. */
  if (error != NULL && !g_error_matches (error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_BUSY))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

/* Nothing shows @account any more. FALSE: it is not there, or the program ends anyway. */
static gboolean
take_out (LinnetAccountManager *self,
          LinnetAccount *account)
{
  guint position;

  if (!g_ptr_array_find (self->accounts, account, &position) || self->shutdown != NULL)
    return FALSE;

  linnet_account_manager_take_out (self, position);

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

  state = sign_out_new (self, account);
  if (!take_out (self, account))
    {
      sign_out_free (state);
      return linnet_verb_offline ();
    }

  future = linnet_spawn ("sign-out", linnet_sign_out_fiber, state, (GDestroyNotify) sign_out_free);
  g_ptr_array_add (self->removals, linnet_future_always (dex_ref (future)));

  return linnet_verb (future);
}

/* ---- for a while ---- */

static void
offline_cb (DexPromise *promise,
            GParamSpec *pspec,
            LinnetAccount *account)
{
  if (linnet_account_get_state (account) == LINNET_CONNECTION_OFFLINE &&
      dex_future_is_pending (DEX_FUTURE (promise)))
    dex_promise_resolve_boolean (promise, TRUE);
}

/* Till the connection has said goodbye, at most as long as that takes. On a fiber. */
static void
await_offline (LinnetAccount *account)
{
  g_autoptr (DexPromise) promise = dex_promise_new ();
  gulong handler =
      g_signal_connect_swapped (account, "notify::state", G_CALLBACK (offline_cb), promise);

  offline_cb (promise, NULL, account);
  dex_await (dex_future_first (
                 dex_ref (DEX_FUTURE (promise)), dex_timeout_new_seconds (GOODBYE_SECONDS), NULL),
             NULL);
  g_signal_handler_disconnect (account, handler);
}

static DexFuture *
linnet_sign_out_keep_fiber (gpointer data)
{
  SignOut *state = data;
  LinnetAccount *account = state->account;
  LinnetStoreAccount *row = account->row;
  gint64 id = linnet_account_get_id (account);
  g_autoptr (GError) error = NULL;

  if (!dex_await (linnet_store_removals_begin (state->store, LINNET_STORE_REMOVAL_SIGN_OUT, id), &error) ||
      !dex_await (linnet_account_set_enabled (account, FALSE), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  await_offline (account);

  forget_secrets (state->manager, account, LINNET_STORE_REMOVAL_SIGN_OUT);
  g_clear_pointer (&row->fast_mechanism, g_free);
  row->fast_expiry = 0;
  linnet_account_set_password_saved (account, FALSE);
  if (!dex_await (linnet_store_accounts_save (state->store, row), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

/**
 * linnet_account_manager_sign_out:
 * @keep_data: the account stays, with its messages, but cannot connect until the person signs in again
 *
 * Without @keep_data the same as [method@Linnet.AccountManager.remove]. With it the account is switched off,
 * its password and token go from memory and keyring, and the server is told that the token ends.
 *
 * Returns: (transfer full): a future that resolves to true when that is done
 */
DexFuture *
linnet_account_manager_sign_out (LinnetAccountManager *self,
                                 LinnetAccount *account,
                                 gboolean keep_data)
{
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT_MANAGER (self));
  linnet_return_error_if_fail (LINNET_IS_ACCOUNT (account));

  if (!keep_data)
    return linnet_account_manager_remove (self, account);
  if (account->closed || self->shutdown != NULL)
    return linnet_verb_offline ();

  return linnet_verb (linnet_spawn ("sign-out-keep",
                                    linnet_sign_out_keep_fiber,
                                    sign_out_new (self, account),
                                    (GDestroyNotify) sign_out_free));
}

void
linnet_account_manager_resume_forgetting (LinnetAccountManager *self,
                                          LinnetAccount *account)
{
  g_return_if_fail (LINNET_IS_ACCOUNT_MANAGER (self));

  forget_secrets (self, account, LINNET_STORE_REMOVAL_SIGN_OUT);
}

void
linnet_account_manager_stop_forgetting (LinnetAccountManager *self,
                                        LinnetAccount *account)
{
  g_return_if_fail (LINNET_IS_ACCOUNT_MANAGER (self));

  g_hash_table_remove (self->forgettings, linnet_account_get_address (account));
  dex_future_disown (linnet_store_removals_end (
      account->store, LINNET_STORE_REMOVAL_SIGN_OUT, linnet_account_get_id (account)));
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
