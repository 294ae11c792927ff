/* What an account signs in with: in memory, and in the keyring where there is one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-credentials"

#include "config.h"

#include <string.h>

#include "linnet-account-private.h"
#include "linnet-credentials.h"
#include "linnet-future.h"
#include "linnet-secrets.h"

struct _LinnetCredentials
{
  GObject parent_instance;

  LinnetAccount *account; /* weak */
  char *profile;
  char *address;
  char *password; /* nullable */
  char *token;    /* nullable */
  char *proxy;    /* nullable */
  DexFuture *saving_password;
  DexFuture *saving_token;
  DexFuture *saving_proxy;
  guint closed : 1;
};

G_DEFINE_FINAL_TYPE (LinnetCredentials, linnet_credentials, G_TYPE_OBJECT)

static void
replace (char **secret,
         const char *with)
{
  if (*secret != NULL)
    explicit_bzero (*secret, strlen (*secret));
  g_free (*secret);
  *secret = g_strdup (with);
}

static void
linnet_credentials_finalize (GObject *object)
{
  LinnetCredentials *self = LINNET_CREDENTIALS (object);

  g_clear_weak_pointer (&self->account);
  replace (&self->password, NULL);
  replace (&self->token, NULL);
  replace (&self->proxy, NULL);
  dex_clear (&self->saving_password);
  dex_clear (&self->saving_token);
  dex_clear (&self->saving_proxy);
  g_free (self->profile);
  g_free (self->address);

  G_OBJECT_CLASS (linnet_credentials_parent_class)->finalize (object);
}

static void
linnet_credentials_class_init (LinnetCredentialsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_credentials_finalize;
}

static void
linnet_credentials_init (LinnetCredentials *self)
{
}

LinnetCredentials *
linnet_credentials_new (LinnetAccount *account)
{
  LinnetCredentials *self = g_object_new (LINNET_TYPE_CREDENTIALS, NULL);

  g_set_weak_pointer (&self->account, account);
  self->profile = g_strdup (linnet_store_get_directory (linnet_account_get_store (account)));
  self->address = g_strdup (linnet_account_get_address (account));

  return self;
}

void
linnet_credentials_set_password (LinnetCredentials *self,
                                 const char *password)
{
  g_return_if_fail (LINNET_IS_CREDENTIALS (self));

  replace (&self->password, password);
}

char *
linnet_credentials_dup_typed_password (LinnetCredentials *self)
{
  g_return_val_if_fail (LINNET_IS_CREDENTIALS (self), NULL);

  return g_strdup (self->password);
}

static DexFuture *
password_stored_cb (DexFuture *future,
                    gpointer user_data)
{
  LinnetCredentials *self = user_data;
  g_autoptr (GError) error = NULL;

  dex_future_get_value (future, &error);
  if (error != NULL)
    g_info ("The password is not in the keyring: %s", error->message);
  else if (self->account != NULL)
    linnet_account_set_password_saved (self->account, TRUE);

  return dex_future_new_true ();
}

void
linnet_credentials_save_password (LinnetCredentials *self)
{
  g_return_if_fail (LINNET_IS_CREDENTIALS (self));

  if (self->closed || self->password == NULL || self->account == NULL || self->account->password_saved)
    return;

  /* Dropping the callback's future gives the request up; dropping a promise alone would not. */
  dex_clear (&self->saving_password);
  self->saving_password = dex_future_finally (
      linnet_secrets_store (self->profile, self->address, LINNET_SECRET_PASSWORD, self->password),
      password_stored_cb,
      g_object_ref (self),
      g_object_unref);
}

DexFuture *
linnet_credentials_wait_password_saved (LinnetCredentials *self)
{
  g_return_val_if_fail (LINNET_IS_CREDENTIALS (self), NULL);

  return self->saving_password != NULL ? dex_ref (self->saving_password) : dex_future_new_true ();
}

static DexFuture *
password_found_cb (DexFuture *future,
                   gpointer user_data)
{
  LinnetCredentials *self = user_data;

  if (self->account != NULL)
    linnet_account_set_password_saved (self->account,
                                       dex_future_get_status (future) == DEX_FUTURE_STATUS_RESOLVED);

  return dex_ref (future);
}

DexFuture *
linnet_credentials_lookup_password (LinnetCredentials *self)
{
  g_return_val_if_fail (LINNET_IS_CREDENTIALS (self), NULL);

  if (self->password != NULL)
    return dex_future_new_for_string (self->password);

  return dex_future_finally (linnet_secrets_lookup (self->profile, self->address, LINNET_SECRET_PASSWORD),
                             password_found_cb,
                             g_object_ref (self),
                             g_object_unref);
}

void
linnet_credentials_take_token (LinnetCredentials *self,
                               const char *token)
{
  g_return_if_fail (LINNET_IS_CREDENTIALS (self));
  g_return_if_fail (token != NULL);

  replace (&self->token, token);
  if (self->closed)
    return;

  dex_clear (&self->saving_token);
  self->saving_token = linnet_future_always (
      linnet_secrets_store (self->profile, self->address, LINNET_SECRET_TOKEN, self->token));
}

void
linnet_credentials_forget_token (LinnetCredentials *self)
{
  g_return_if_fail (LINNET_IS_CREDENTIALS (self));

  replace (&self->token, NULL);
  dex_clear (&self->saving_token);
  dex_future_disown (linnet_secrets_clear (self->profile, self->address, LINNET_SECRET_TOKEN));
}

DexFuture *
linnet_credentials_lookup_token (LinnetCredentials *self)
{
  g_return_val_if_fail (LINNET_IS_CREDENTIALS (self), NULL);

  if (self->token != NULL)
    return dex_future_new_for_string (self->token);

  return linnet_secrets_lookup (self->profile, self->address, LINNET_SECRET_TOKEN);
}

void
linnet_credentials_take_proxy_password (LinnetCredentials *self,
                                        const char *password)
{
  g_return_if_fail (LINNET_IS_CREDENTIALS (self));

  replace (&self->proxy, password);
  if (self->closed)
    return;

  dex_clear (&self->saving_proxy);
  self->saving_proxy = linnet_future_always (
      password != NULL
          ? linnet_secrets_store (self->profile, self->address, LINNET_SECRET_PROXY, self->proxy)
          : linnet_secrets_clear (self->profile, self->address, LINNET_SECRET_PROXY));
}

DexFuture *
linnet_credentials_lookup_proxy_password (LinnetCredentials *self)
{
  g_return_val_if_fail (LINNET_IS_CREDENTIALS (self), NULL);

  if (self->proxy != NULL)
    return dex_future_new_for_string (self->proxy);

  return linnet_secrets_lookup (self->profile, self->address, LINNET_SECRET_PROXY);
}

void
linnet_credentials_close (LinnetCredentials *self)
{
  g_return_if_fail (LINNET_IS_CREDENTIALS (self));

  self->closed = TRUE;
  dex_clear (&self->saving_password);
  dex_clear (&self->saving_token);
  dex_clear (&self->saving_proxy);
}

DexFuture *
linnet_credentials_clear (LinnetCredentials *self)
{
  g_return_val_if_fail (LINNET_IS_CREDENTIALS (self), NULL);

  return linnet_secrets_clear_all (self->profile, self->address);
}

void
linnet_credentials_forget (LinnetCredentials *self)
{
  g_return_if_fail (LINNET_IS_CREDENTIALS (self));

  dex_clear (&self->saving_password);
  dex_clear (&self->saving_token);
  dex_clear (&self->saving_proxy);
  replace (&self->password, NULL);
  replace (&self->token, NULL);
  replace (&self->proxy, NULL);
}
