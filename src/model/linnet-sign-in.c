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
  char *password;
  char *proxy_password; /* nullable */
} SignIn;

static void
sign_in_free (SignIn *state)
{
  g_object_unref (state->manager);
  g_object_unref (state->store);
  g_clear_pointer (&state->request, linnet_sign_on_request_free);
  explicit_bzero (state->password, strlen (state->password));
  g_free (state->password);
  if (state->proxy_password != NULL)
    explicit_bzero (state->proxy_password, strlen (state->proxy_password));
  g_free (state->proxy_password);
  g_free (state);
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

static DexFuture *
linnet_sign_in_fiber (gpointer data)
{
  SignIn *state = data;
  g_autoptr (LinnetStoreAccount) row = linnet_store_account_copy (state->request->account);
  g_autoptr (LinnetSignedOn) signed_on = NULL;
  g_autoptr (LinnetAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  signed_on = dex_await_boxed (linnet_sign_on (g_steal_pointer (&state->request)), &error);
  if (signed_on == NULL)
    return dex_future_new_for_error (
        linnet_error_from_lower (error, linnet_address_get_domain (row->address)));

  linnet_sign_on_remember (signed_on->login, row);
  row->id = dex_await_int64 (linnet_store_accounts_add (state->store, row), &error);
  if (error == NULL)
    {
      account = linnet_account_new (state->manager, state->store, linnet_store_account_copy (row));
      dex_await (linnet_account_load (account), &error);
    }

  if (error != NULL || linnet_account_manager_get_store (state->manager) != state->store)
    {
      xmpp_stream_abort (signed_on->stream);
      if (row->id != 0)
        dex_future_disown (linnet_store_accounts_remove (state->store, row->id));
      return error != NULL ? dex_future_new_for_error (g_steal_pointer (&error)) : linnet_verb_offline ();
    }

  linnet_credentials_set_password (linnet_connection_get_credentials (account->connection), state->password);
  if (state->proxy_password != NULL)
    linnet_credentials_take_proxy_password (linnet_connection_get_credentials (account->connection),
                                            state->proxy_password);
  linnet_account_manager_add (state->manager, account);
  linnet_account_start (account, g_steal_pointer (&signed_on));

  /* From here on the account is there; should the connection break just now, it comes back by itself. */
  dex_await (linnet_connection_wait_online (account->connection), NULL);

  return dex_future_new_take_object (g_steal_pointer (&account));
}

/**
 * linnet_account_manager_sign_in:
 * @sign_in: what the person typed; copied
 *
 * Returns: (transfer full): a future that resolves to the [class@Linnet.Account], or rejects with
 * LINNET_ERROR. Dropping it cancels.
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

  state = g_new0 (SignIn, 1);
  state->manager = g_object_ref (self);
  state->store = g_object_ref (linnet_account_manager_get_store (self));
  state->request = make_request (sign_in, address, proxy, proxy_password);
  state->password = g_strdup (sign_in->password);
  state->proxy_password = g_steal_pointer (&proxy_password);

  return linnet_verb (linnet_spawn ("sign-in", linnet_sign_in_fiber, state, (GDestroyNotify) sign_in_free));
}
