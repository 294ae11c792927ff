/* GIO's asynchronous calls as futures, where libdex 0.10 has none
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-gio"

#include "config.h"

#include "linnet-gio.h"

/* Every callback owns one reference to its promise: the caller may have dropped the future meanwhile. */

typedef struct
{
  DexPromise *promise;
  GBytes *bytes;
} WriteAll;

static void
handshake_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;

  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (object), result, &error))
    dex_promise_resolve_boolean (promise, TRUE);
  else
    dex_promise_reject (promise, error);
}

static void
write_all_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  WriteAll *state = user_data;
  GError *error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, &error))
    dex_promise_resolve_boolean (state->promise, TRUE);
  else
    dex_promise_reject (state->promise, error);

  dex_unref (state->promise);
  g_bytes_unref (state->bytes);
  g_free (state);
}

static void
lookup_by_name_cb (GObject *object,
                   GAsyncResult *result,
                   gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  GList *addresses;

  addresses = g_resolver_lookup_by_name_with_flags_finish (G_RESOLVER (object), result, &error);

  if (error != NULL)
    dex_promise_reject (promise, error);
  else
    dex_promise_resolve_boxed (promise, DEX_TYPE_INET_ADDRESS_LIST, addresses);
}

static void
lookup_records_cb (GObject *object,
                   GAsyncResult *result,
                   gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  GList *list = g_resolver_lookup_records_finish (G_RESOLVER (object), result, &error);
  GPtrArray *records;

  if (error != NULL)
    {
      dex_promise_reject (promise, error);
      return;
    }

  records = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  for (const GList *l = list; l != NULL; l = l->next)
    g_ptr_array_add (records, l->data);
  g_list_free (list);

  dex_promise_resolve_boxed (promise, G_TYPE_PTR_ARRAY, records);
}

static void
lookup_proxies_cb (GObject *object,
                   GAsyncResult *result,
                   gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  GStrv uris = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (object), result, &error);

  if (uris != NULL)
    dex_promise_resolve_boxed (promise, G_TYPE_STRV, uris);
  else
    dex_promise_reject (promise, error);
}

static void
connect_proxy_cb (GObject *object,
                  GAsyncResult *result,
                  gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  GIOStream *stream = g_proxy_connect_finish (G_PROXY (object), result, &error);

  if (stream != NULL)
    dex_promise_resolve_object (promise, stream);
  else
    dex_promise_reject (promise, error);
}

DexFuture *
linnet_gio_handshake (GTlsConnection *connection)
{
  DexPromise *promise;

  g_return_val_if_fail (G_IS_TLS_CONNECTION (connection), NULL);

  promise = dex_promise_new_cancellable ();
  g_tls_connection_handshake_async (connection,
                                    G_PRIORITY_DEFAULT,
                                    dex_promise_get_cancellable (promise),
                                    handshake_cb,
                                    dex_ref (promise));

  return DEX_FUTURE (promise);
}

DexFuture *
linnet_gio_write_all (GOutputStream *stream,
                      GBytes *bytes)
{
  DexPromise *promise;
  WriteAll *state;
  gconstpointer data;
  gsize size;

  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), NULL);
  g_return_val_if_fail (bytes != NULL, NULL);

  promise = dex_promise_new_cancellable ();
  data = g_bytes_get_data (bytes, &size);
  state = g_new0 (WriteAll, 1);
  state->promise = dex_ref (promise);
  state->bytes = g_bytes_ref (bytes);
  g_output_stream_write_all_async (stream,
                                   data,
                                   size,
                                   G_PRIORITY_DEFAULT,
                                   dex_promise_get_cancellable (promise),
                                   write_all_cb,
                                   state);

  return DEX_FUTURE (promise);
}

DexFuture *
linnet_gio_lookup_by_name (GResolver *resolver,
                           const char *hostname,
                           GResolverNameLookupFlags flags)
{
  DexPromise *promise;

  g_return_val_if_fail (G_IS_RESOLVER (resolver), NULL);
  g_return_val_if_fail (hostname != NULL, NULL);

  promise = dex_promise_new_cancellable ();
  g_resolver_lookup_by_name_with_flags_async (resolver,
                                              hostname,
                                              flags,
                                              dex_promise_get_cancellable (promise),
                                              lookup_by_name_cb,
                                              dex_ref (promise));

  return DEX_FUTURE (promise);
}

DexFuture *
linnet_gio_lookup_records (GResolver *resolver,
                           const char *rrname,
                           GResolverRecordType type)
{
  DexPromise *promise;

  g_return_val_if_fail (G_IS_RESOLVER (resolver), NULL);
  g_return_val_if_fail (rrname != NULL, NULL);

  promise = dex_promise_new_cancellable ();
  g_resolver_lookup_records_async (resolver,
                                   rrname,
                                   type,
                                   dex_promise_get_cancellable (promise),
                                   lookup_records_cb,
                                   dex_ref (promise));

  return DEX_FUTURE (promise);
}

DexFuture *
linnet_gio_lookup_proxies (GProxyResolver *resolver,
                           const char *uri)
{
  DexPromise *promise;

  g_return_val_if_fail (G_IS_PROXY_RESOLVER (resolver), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  promise = dex_promise_new_cancellable ();
  g_proxy_resolver_lookup_async (resolver,
                                 uri,
                                 dex_promise_get_cancellable (promise),
                                 lookup_proxies_cb,
                                 dex_ref (promise));

  return DEX_FUTURE (promise);
}

DexFuture *
linnet_gio_connect_proxy (GProxy *proxy,
                          GIOStream *connection,
                          GProxyAddress *address)
{
  DexPromise *promise;

  g_return_val_if_fail (G_IS_PROXY (proxy), NULL);
  g_return_val_if_fail (G_IS_IO_STREAM (connection), NULL);
  g_return_val_if_fail (G_IS_PROXY_ADDRESS (address), NULL);

  promise = dex_promise_new_cancellable ();
  g_proxy_connect_async (proxy,
                         connection,
                         address,
                         dex_promise_get_cancellable (promise),
                         connect_proxy_cb,
                         dex_ref (promise));

  return DEX_FUTURE (promise);
}
