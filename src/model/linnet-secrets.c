/* Passwords and tokens, in the Secret Service and nowhere else
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-secrets"

#include "config.h"

#include <libsecret/secret.h>

#include "linnet-error.h"
#include "linnet-secrets.h"
#include "linnet-spawn.h"

static const SecretSchema schema = {
  .name = "im.linnet.Linnet",
  .flags = SECRET_SCHEMA_NONE,
  .attributes = {
      { "profile", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "address", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "kind", SECRET_SCHEMA_ATTRIBUTE_STRING },
  },
};

typedef struct
{
  char *profile;
  char *address;
  LinnetSecretKind kind;
  gboolean all_kinds; /* whatever @kind is */
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->profile);
  g_free (request->address);
  g_free (request);
}

static Request *
request_new (const char *profile, const char *address, LinnetSecretKind kind)
{
  Request *request = g_new0 (Request, 1);

  request->profile = g_strdup (profile);
  request->address = g_strdup (address);
  request->kind = kind;

  return request;
}

static const char *
kind_name (LinnetSecretKind kind)
{
  switch (kind)
    {
    case LINNET_SECRET_TOKEN:
      return "token";
    case LINNET_SECRET_PROXY:
      return "proxy";
    case LINNET_SECRET_PASSWORD:
    default:
      return "password";
    }
}

/* What libsecret and D-Bus say, as something a person can act on. */
static GError *
translate (const GError *error)
{
  LinnetError code = LINNET_ERROR_KEYRING_MISSING;

  if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    code = LINNET_ERROR_KEYRING_LOCKED;

  return g_error_new (LINNET_ERROR, code, "%s", error->message);
}

static void
stored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  g_autoptr (GError) error = NULL;

  if (secret_password_store_finish (result, &error))
    dex_promise_resolve_boolean (promise, TRUE);
  else if (error != NULL)
    dex_promise_reject (promise, translate (error));
  else
    /* A person closed the prompt that would have unlocked the keyring. */
    dex_promise_reject (promise,
                        g_error_new_literal (LINNET_ERROR, LINNET_ERROR_KEYRING_LOCKED, "Not unlocked"));
}

static GHashTable *
make_attributes (const char *profile, const char *address, const char *kind)
{
  GHashTable *attributes = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (attributes, (gpointer) "profile", (gpointer) profile);
  g_hash_table_insert (attributes, (gpointer) "address", (gpointer) address);
  if (kind != NULL)
    g_hash_table_insert (attributes, (gpointer) "kind", (gpointer) kind);

  return attributes;
}

static void
cleared_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  g_autoptr (GError) error = NULL;

  secret_password_clear_finish (result, &error);

  if (error == NULL)
    dex_promise_resolve_boolean (promise, TRUE);
  else
    dex_promise_reject (promise, translate (error));
}

/* Resolves to a string, or to NULL where there is none. */
static void
looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  g_autoptr (GError) error = NULL;
  char *secret = secret_password_lookup_finish (result, &error);

  if (error == NULL)
    dex_promise_resolve_string (promise, secret);
  else
    dex_promise_reject (promise, translate (error));
}

static void
searched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  g_autoptr (GError) error = NULL;
  GList *items = secret_password_search_finish (result, &error);

  if (error == NULL)
    dex_promise_resolve_boolean (promise, items != NULL);
  else
    dex_promise_reject (promise, translate (error));

  g_list_free_full (items, g_object_unref);
}

static DexFuture *
look_up (Request *request)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  secret_password_lookup (&schema,
                          dex_promise_get_cancellable (promise),
                          looked_up_cb,
                          dex_ref (promise),
                          "profile",
                          request->profile,
                          "address",
                          request->address,
                          "kind",
                          kind_name (request->kind),
                          NULL);

  return DEX_FUTURE (promise);
}

/* Resolves to whether there is any. */
static DexFuture *
search (GHashTable *attributes, SecretSearchFlags flags)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  secret_password_searchv (&schema,
                           attributes,
                           flags,
                           dex_promise_get_cancellable (promise),
                           searched_cb,
                           dex_ref (promise));

  return DEX_FUTURE (promise);
}

static DexFuture *
clear (GHashTable *attributes)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  secret_password_clearv (
      &schema, attributes, dex_promise_get_cancellable (promise), cleared_cb, dex_ref (promise));

  return DEX_FUTURE (promise);
}

static DexFuture *
linnet_secrets_lookup_fiber (gpointer data)
{
  Request *request = data;
  g_autoptr (GHashTable) attributes =
      make_attributes (request->profile, request->address, kind_name (request->kind));
  g_autoptr (GError) error = NULL;
  char *secret = dex_await_string (look_up (request), &error);

  if (secret != NULL)
    return dex_future_new_take_string (secret);

  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  /* Nothing came: either there is none, or it lies in a keyring that nobody wanted to unlock. */
  if (dex_await_boolean (search (attributes, SECRET_SEARCH_NONE), &error))
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_KEYRING_LOCKED, "The keyring was not unlocked");

  return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_NO_PASSWORD, "Nothing stored");
}

DexFuture *
linnet_secrets_store (const char *profile, const char *address, LinnetSecretKind kind, const char *secret)
{
  g_autofree char *label = NULL;
  DexPromise *promise;

  g_return_val_if_fail (profile != NULL && address != NULL && secret != NULL, NULL);

  label = g_strdup_printf ("Linnet: %s", address);
  promise = dex_promise_new_cancellable ();

  secret_password_store (&schema,
                         SECRET_COLLECTION_DEFAULT,
                         label,
                         secret,
                         dex_promise_get_cancellable (promise),
                         stored_cb,
                         dex_ref (promise),
                         "profile",
                         profile,
                         "address",
                         address,
                         "kind",
                         kind_name (kind),
                         NULL);

  return DEX_FUTURE (promise);
}

DexFuture *
linnet_secrets_lookup (const char *profile, const char *address, LinnetSecretKind kind)
{
  g_return_val_if_fail (profile != NULL && address != NULL, NULL);

  return linnet_spawn (
      "secret-lookup", linnet_secrets_lookup_fiber, request_new (profile, address, kind), request_free);
}

/* libsecret leaves alone what is locked, and does not say so: whoever is to have it unlocked is asked first,
 * and what is still there afterwards was not. */
static DexFuture *
linnet_secrets_clear_fiber (gpointer data)
{
  Request *request = data;
  g_autoptr (GHashTable) attributes = make_attributes (
      request->profile, request->address, request->all_kinds ? NULL : kind_name (request->kind));
  g_autoptr (GError) error = NULL;

  if (dex_await_boolean (search (attributes, SECRET_SEARCH_ALL | SECRET_SEARCH_UNLOCK), &error) &&
      dex_await (clear (attributes), &error) &&
      dex_await_boolean (search (attributes, SECRET_SEARCH_ALL), &error))
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_KEYRING_LOCKED, "The keyring was not unlocked");

  return error != NULL ? dex_future_new_for_error (g_steal_pointer (&error)) : dex_future_new_true ();
}

DexFuture *
linnet_secrets_clear (const char *profile, const char *address, LinnetSecretKind kind)
{
  g_return_val_if_fail (profile != NULL && address != NULL, NULL);

  return linnet_spawn (
      "clear-secret", linnet_secrets_clear_fiber, request_new (profile, address, kind), request_free);
}

DexFuture *
linnet_secrets_clear_all (const char *profile, const char *address)
{
  Request *request;

  g_return_val_if_fail (profile != NULL && address != NULL, NULL);

  request = request_new (profile, address, LINNET_SECRET_PASSWORD);
  request->all_kinds = TRUE;

  return linnet_spawn ("clear-secrets-of", linnet_secrets_clear_fiber, request, request_free);
}

typedef struct
{
  char *profile;
  char **addresses;
} Others;

static void
others_free (gpointer data)
{
  Others *others = data;

  g_free (others->profile);
  g_strfreev (others->addresses);
  g_free (others);
}

/* Resolves to a boxed GStrv: the addresses that something is stored for. */
static void
addresses_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  g_autoptr (GStrvBuilder) addresses = g_strv_builder_new ();
  g_autoptr (GError) error = NULL;
  GList *items = secret_password_search_finish (result, &error);

  for (GList *l = items; l != NULL; l = l->next)
    {
      g_autoptr (GHashTable) attributes = secret_retrievable_get_attributes (l->data);
      const char *address = g_hash_table_lookup (attributes, "address");

      if (address != NULL)
        g_strv_builder_add (addresses, address);
    }
  g_list_free_full (items, g_object_unref);

  if (error != NULL)
    dex_promise_reject (promise, translate (error));
  else
    dex_promise_resolve_boxed (promise, G_TYPE_STRV, g_strv_builder_end (addresses));
}

static DexFuture *
linnet_secrets_clear_others_fiber (gpointer data)
{
  Others *others = data;
  DexPromise *promise = dex_promise_new_cancellable ();
  g_auto (GStrv) found = NULL;
  g_autoptr (GError) error = NULL;

  secret_password_search (&schema,
                          SECRET_SEARCH_ALL,
                          dex_promise_get_cancellable (promise),
                          addresses_found_cb,
                          dex_ref (promise),
                          "profile",
                          others->profile,
                          NULL);
  found = dex_await_boxed (DEX_FUTURE (promise), &error);

  for (guint i = 0; error == NULL && found[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) others->addresses, found[i]))
      dex_await (linnet_secrets_clear_all (others->profile, found[i]), &error);

  return error != NULL ? dex_future_new_for_error (g_steal_pointer (&error)) : dex_future_new_true ();
}

DexFuture *
linnet_secrets_clear_others (const char *profile, const char *const *addresses)
{
  Others *others;

  g_return_val_if_fail (profile != NULL && addresses != NULL, NULL);

  others = g_new0 (Others, 1);
  others->profile = g_strdup (profile);
  others->addresses = g_strdupv ((GStrv) addresses);

  return linnet_spawn ("clear-secrets", linnet_secrets_clear_others_fiber, others, others_free);
}
