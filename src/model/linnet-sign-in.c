/* The first sign-in of an account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-sign-in"

#include "config.h"

#include <string.h>

#include "linnet-account-manager-private.h"
#include "linnet-error-private.h"
#include "linnet-future.h"
#include "linnet-proxy.h"
#include "linnet-spawn.h"
#include "linnet-verb.h"

typedef struct
{
  LinnetAccountManager *manager;
  LinnetStore *store;
  LinnetSignOnRequest *request;
  LinnetStoreAccount *row;   /* nullable: what becomes of the request */
  LinnetSignedOn *signed_on; /* nullable */
  char *password;
  char *proxy_password; /* nullable */
  gboolean dropped;     /* nobody waits for the account any more */
} SignIn;

static void
sign_in_clear (SignIn *state)
{
  g_object_unref (state->manager);
  g_object_unref (state->store);
  g_clear_pointer (&state->request, linnet_sign_on_request_free);
  g_clear_pointer (&state->row, linnet_store_account_free);
  g_clear_pointer (&state->signed_on, linnet_signed_on_unref);
  explicit_bzero (state->password, strlen (state->password));
  g_free (state->password);
  if (state->proxy_password != NULL)
    explicit_bzero (state->proxy_password, strlen (state->proxy_password));
  g_free (state->proxy_password);
}

static void
sign_in_unref (gpointer state)
{
  g_rc_box_release_full (state, (GDestroyNotify) sign_in_clear);
}

/* @proxy: (nullable): normalized */
static LinnetSignOnRequest *
make_request (const LinnetSignIn *sign_in,
              const char *address,
              const char *proxy,
              const char *proxy_password)
{
  LinnetSignOnRequest *request = g_new0 (LinnetSignOnRequest, 1);
  LinnetStoreAccount *row = linnet_store_account_new (address);

  row->host = sign_in->host != NULL && *sign_in->host != '\0' ? g_strdup (sign_in->host) : NULL;
  row->port = sign_in->port;
  row->direct_tls = sign_in->direct_tls;
  row->pinned_sha256 = g_strdup (sign_in->pinned_sha256);
  row->proxy = g_strdup (proxy);
  row->user_agent_id = g_uuid_string_random ();
  row->show = LINNET_SHOW_ONLINE;

  request->account = row;
  request->password = g_strdup (sign_in->password);
  request->proxy_password = g_strdup (proxy_password);
  request->allow_plain = sign_in->allow_plain;

  return request;
}

/* Stores the account and starts it. Nobody stops this half-way: a row might stay that nobody knows of. */
static DexFuture *
linnet_sign_in_keep_fiber (gpointer data)
{
  SignIn *state = data;
  LinnetSignedOn *signed_on = g_steal_pointer (&state->signed_on);
  g_autoptr (LinnetStoreAccount) row = g_steal_pointer (&state->row);
  g_autoptr (LinnetAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  linnet_sign_on_remember (signed_on->login, row);
  row->id = dex_await_int64 (linnet_store_accounts_add (state->store, row), &error);
  if (error == NULL)
    {
      account = linnet_account_new (state->manager, state->store, linnet_store_account_copy (row));
      dex_await (linnet_account_load (account), &error);
    }

  if (error != NULL || state->dropped || linnet_account_manager_get_store (state->manager) != state->store)
    {
      xmpp_stream_abort (signed_on->stream);
      linnet_signed_on_unref (signed_on);
      if (row->id != 0)
        dex_await (linnet_store_accounts_remove (state->store, row->id), NULL);
      return error != NULL ? dex_future_new_for_error (g_steal_pointer (&error)) : linnet_verb_offline ();
    }

  linnet_credentials_set_password (linnet_connection_get_credentials (account->connection), state->password);
  if (state->proxy_password != NULL)
    linnet_credentials_take_proxy_password (linnet_connection_get_credentials (account->connection),
                                            state->proxy_password);
  linnet_account_manager_add (state->manager, account);
  linnet_account_start (account, signed_on);

  return dex_future_new_take_object (g_steal_pointer (&account));
}

/* Whether the person has given up. Only an await that has to wait finds out. */
static gboolean
is_dropped (void)
{
  g_autoptr (GError) error = NULL;

  dex_await (dex_timeout_new_msec (0), &error);

  return g_error_matches (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED);
}

static DexFuture *
take_back_cb (DexFuture *kept,
              gpointer user_data)
{
  LinnetAccountManager *manager = user_data;
  LinnetAccount *account = g_value_get_object (dex_future_get_value (kept, NULL));

  return linnet_account_manager_remove (manager, account);
}

static DexFuture *
linnet_sign_in_fiber (gpointer data)
{
  SignIn *state = data;
  g_autoptr (DexFuture) kept = NULL;
  g_autoptr (LinnetAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  state->row = linnet_store_account_copy (state->request->account);
  state->signed_on = dex_await_boxed (linnet_sign_on (g_steal_pointer (&state->request)), &error);
  if (state->signed_on == NULL)
    return dex_future_new_for_error (
        linnet_error_from_lower (error, linnet_address_get_domain (state->row->address)));

  kept = linnet_spawn (
      "keep-account", linnet_sign_in_keep_fiber, g_rc_box_acquire (state), sign_in_unref);
  dex_future_disown (dex_ref (kept));
  account = dex_await_object (dex_ref (kept), &error);

  /* From here on the account is there; should the connection break just now, it comes back by itself. */
  if (account != NULL)
    dex_await (linnet_connection_wait_online (account->connection), NULL);

  if (is_dropped ())
    {
      state->dropped = TRUE;
      /* Kept there it is done also when the program ends. */
      g_ptr_array_add (state->manager->removals,
                       linnet_future_always (dex_future_then (dex_ref (kept),
                                                              take_back_cb,
                                                              g_object_ref (state->manager),
                                                              g_object_unref)));
      return linnet_verb_offline ();
    }

  return account != NULL ? dex_future_new_take_object (g_steal_pointer (&account))
                         : dex_future_new_for_error (g_steal_pointer (&error));
}

/**
 * linnet_account_manager_sign_in:
 * @sign_in: what the person typed; copied
 *
 * Returns: (transfer full): a future that resolves to the [class@Linnet.Account], or rejects with
 * LINNET_ERROR. Dropping it cancels: nothing of the account stays.
 */
DexFuture *
linnet_account_manager_sign_in (LinnetAccountManager *self,
                                const LinnetSignIn *sign_in)
{
  g_autofree char *address = NULL;
  g_autofree char *proxy = NULL;
  g_autofree char *proxy_password = NULL;
  g_autoptr (GError) error = NULL;
  SignIn *state;

  linnet_return_error_if_fail (LINNET_IS_ACCOUNT_MANAGER (self));
  linnet_return_error_if_fail (sign_in != NULL && sign_in->address != NULL && sign_in->password != NULL);

  if (linnet_account_manager_get_store (self) == NULL)
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_DATABASE, "The profile is not loaded");
  if (!(address = linnet_address_normalize (sign_in->address, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (linnet_account_manager_find_account (self, address) != NULL)
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_ACCOUNT_EXISTS, "Signed in already");
  if (sign_in->proxy != NULL && *sign_in->proxy != '\0' &&
      !(proxy = linnet_proxy_normalize (sign_in->proxy, &proxy_password, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  state = g_rc_box_new0 (SignIn);
  state->manager = g_object_ref (self);
  state->store = g_object_ref (linnet_account_manager_get_store (self));
  state->request = make_request (sign_in, address, proxy, proxy_password);
  state->password = g_strdup (sign_in->password);
  state->proxy_password = g_steal_pointer (&proxy_password);

  return linnet_verb (linnet_spawn ("sign-in", linnet_sign_in_fiber, state, sign_in_unref));
}
