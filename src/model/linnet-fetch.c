/* Fetching small things by HTTPS, from addresses that came from the network
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-fetch"

#include "config.h"

#include <string.h>

#include <libsoup/soup.h>

#include "linnet-error.h"
#include "linnet-fetch-policy.h"
#include "linnet-fetch-private.h"
#include "linnet-fetch-target.h"
#include "linnet-future.h"
#include "linnet-gio.h"
#include "linnet-proxy.h"
#include "linnet-spawn.h"
#include "linnet-verb.h"

#define MAX_REDIRECTS 3
#define CHUNK (64 * 1024)
#define PORT 443
/* F9: no version, nothing of the system. */
#define USER_AGENT "Linnet"

typedef struct
{
  char *url;
  gsize max_size;
  guint timeout_s;
  char **types; /* nullable */
  char *proxy;  /* nullable */
  gboolean is_page;
  char *host; /* nullable: that is asked first */
  const LinnetFetchPolicy *policy;
} Fetch;

G_DEFINE_BOXED_TYPE (LinnetFetched, linnet_fetched, linnet_fetched_ref, linnet_fetched_unref)

LinnetFetched *
linnet_fetched_ref (LinnetFetched *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
linnet_fetched_unref (LinnetFetched *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_bytes_unref (self->bytes);
  g_free (self->type);
  g_free (self->url);
  g_free (self);
}

static void
fetch_free (Fetch *self)
{
  g_free (self->url);
  g_strfreev (self->types);
  g_free (self->proxy);
  g_free (self->host);
  g_free (self);
}

static gboolean
fail (GError **error, LinnetError code, const char *why)
{
  g_set_error_literal (error, LINNET_ERROR, code, why);

  return FALSE;
}

/* ---- where to connect ---- */

/* NULL when nothing may be fetched from @url, which is asked first or comes of a redirection. */
static GUri *
check_url (Fetch *self, const char *url, GError **error)
{
  g_autoptr (GUri) uri = self->is_page ? linnet_fetch_policy_check_page (url, error)
                                       : linnet_fetch_policy_check (url, error);

  if (uri == NULL)
    return NULL;

  /* The person agreed to one server: no page leads to the ports of another. */
  if (self->host == NULL)
    self->host = g_strdup (g_uri_get_host (uri));
  else if (g_uri_get_port (uri) != PORT && !g_str_equal (g_uri_get_host (uri), self->host))
    {
      fail (error, LINNET_ERROR_FETCH_REFUSED, "It leads to a port of another server");
      return NULL;
    }

  return g_steal_pointer (&uri);
}

/* The proxy to go through; NULL with or without @error. Whoever has one is never brought around it. */
static char *
find_proxy (Fetch *self, const char *url, GError **error)
{
  g_autoptr (GProxyResolver) resolver = linnet_proxy_get_resolver (self->proxy);
  g_auto (GStrv) proxies = NULL;

  proxies = dex_await_boxed (
      linnet_gio_lookup_proxies (resolver != NULL ? resolver : g_proxy_resolver_get_default (), url), error);
  if (proxies == NULL || proxies[0] == NULL || g_str_equal (proxies[0], LINNET_PROXY_NONE))
    return NULL;

  return g_strdup (proxies[0]);
}

static gboolean
allows (Fetch *self, GInetAddress *address)
{
  return self->policy != NULL ? self->policy->allows (address)
                              : linnet_fetch_policy_allows_address (address);
}

/* One look-up, whose answer is used. A name that also leads to where nothing may be fetched from is no
 * name of a public server. */
static GSocketConnectable *
find_target (Fetch *self, GUri *uri, GError **error)
{
  const char *host = g_uri_get_host (uri);
  GResolver *resolver = self->policy != NULL ? self->policy->resolver : g_resolver_get_default ();
  guint16 port = self->policy != NULL ? self->policy->port : (guint16) g_uri_get_port (uri);
  g_autoptr (GInetAddress) literal = g_inet_address_new_from_string (host);
  g_autolist (GInetAddress) addresses = NULL;

  if (self->policy != NULL)
    g_object_ref (resolver);
  if (literal != NULL)
    addresses = g_list_append (NULL, g_object_ref (literal));
  else
    addresses = dex_await_boxed (
        linnet_gio_lookup_by_name (resolver, host, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT), error);
  g_object_unref (resolver);

  if (addresses == NULL)
    return NULL;
  for (GList *l = addresses; l != NULL; l = l->next)
    if (!allows (self, l->data))
      {
        fail (error, LINNET_ERROR_FETCH_REFUSED, "The name leads to no public address");
        return NULL;
      }

  return linnet_fetch_target_new (host, addresses, port);
}

/* Nothing of one fetch, or of one hop of it, is there in the next: no connection, no cookie. */
static SoupSession *
make_session (Fetch *self, GUri *uri, GError **error)
{
  g_autofree char *url = g_uri_to_string (uri);
  g_autofree char *proxy = NULL;
  g_autoptr (GSocketConnectable) target = NULL;
  g_autoptr (GProxyResolver) resolver = NULL;
  g_autoptr (GError) local_error = NULL;
  SoupSession *session;

  proxy = find_proxy (self, url, &local_error);
  if (local_error == NULL && proxy == NULL)
    target = find_target (self, uri, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  session = soup_session_new_with_options (
      "remote-connectable", target, "timeout", self->timeout_s, "user-agent", USER_AGENT, NULL);
  if (proxy != NULL)
    resolver = linnet_proxy_get_resolver (proxy);
  soup_session_set_proxy_resolver (session, resolver);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);

  return session;
}

/* ---- one request ---- */

static void
send_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  GInputStream *stream = soup_session_send_finish (SOUP_SESSION (object), result, &error);

  if (stream != NULL)
    dex_promise_resolve_object (promise, stream);
  else
    dex_promise_reject (promise, error);
}

/* Resolves to the GInputStream of the body. */
static DexFuture *
send_message (SoupSession *session, SoupMessage *message)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  soup_session_send_async (session,
                           message,
                           G_PRIORITY_DEFAULT,
                           dex_promise_get_cancellable (promise),
                           send_cb,
                           dex_ref (promise));

  return DEX_FUTURE (promise);
}

static SoupMessage *
make_message (GUri *uri)
{
  SoupMessage *message = soup_message_new_from_uri (SOUP_METHOD_GET, uri);

  soup_message_add_flags (message,
                          SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_DO_NOT_USE_AUTH_CACHE |
                              SOUP_MESSAGE_NEW_CONNECTION);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Accept-Encoding", "identity");

  return message;
}

static gboolean
is_wanted_type (Fetch *self, const char *type)
{
  for (gsize i = 0; self->types != NULL && self->types[i] != NULL; i++)
    if (g_str_equal (self->types[i], type) ||
        (g_str_has_suffix (self->types[i], "/") && g_str_has_prefix (type, self->types[i])))
      return TRUE;

  return self->types == NULL;
}

/* @type: (out) */
static gboolean
check_answer (Fetch *self, SoupMessage *message, char **type, GError **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *encoding = soup_message_headers_get_list (headers, "Content-Encoding");
  const char *content_type = soup_message_headers_get_content_type (headers, NULL);

  if (soup_message_get_status (message) != SOUP_STATUS_OK)
    return fail (error, LINNET_ERROR_FETCH_FAILED, soup_message_get_reason_phrase (message));
  if (encoding != NULL && g_ascii_strcasecmp (encoding, "identity") != 0)
    return fail (error, LINNET_ERROR_FETCH_REFUSED, "It is encoded, which nobody asked for");

  *type = g_ascii_strdown (content_type != NULL ? content_type : "application/octet-stream", -1);
  if (!is_wanted_type (self, *type))
    return fail (error, LINNET_ERROR_FETCH_REFUSED, "It is of another type");

  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH &&
      soup_message_headers_get_content_length (headers) > (goffset) self->max_size)
    return fail (error, LINNET_ERROR_TOO_LARGE, "It says itself that it is too large");

  return TRUE;
}

/* However long it says that it is: what counts is what comes (F3). */
static GBytes *
read_body (Fetch *self, GInputStream *stream, GError **error)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();

  for (;;)
    {
      g_autoptr (GBytes) chunk =
          dex_await_boxed (dex_input_stream_read_bytes (stream, CHUNK, G_PRIORITY_DEFAULT), error);

      if (chunk == NULL)
        return NULL;
      if (g_bytes_get_size (chunk) == 0)
        return g_byte_array_free_to_bytes (g_steal_pointer (&body));
      if (g_bytes_get_size (chunk) > self->max_size - body->len)
        {
          fail (error, LINNET_ERROR_TOO_LARGE, "More comes than is wanted");
          return NULL;
        }
      g_byte_array_append (body, g_bytes_get_data (chunk, NULL), g_bytes_get_size (chunk));
    }
}

/* @location: (out) (nullable): where it is instead. NULL with an @error or a @location. */
static LinnetFetched *
fetch_once (Fetch *self, GUri *uri, char **location, GError **error)
{
  g_autoptr (SoupSession) session = make_session (self, uri, error);
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *type = NULL;
  LinnetFetched *fetched;

  if (session == NULL)
    return NULL;

  message = make_message (uri);
  if (!(stream = dex_await_object (send_message (session, message), error)))
    return NULL;

  if (SOUP_STATUS_IS_REDIRECTION (soup_message_get_status (message)))
    {
      *location = g_strdup (
          soup_message_headers_get_one (soup_message_get_response_headers (message), "Location"));
      if (*location == NULL)
        fail (error, LINNET_ERROR_FETCH_FAILED, "It is elsewhere, but nobody says where");
      return NULL;
    }

  if (!check_answer (self, message, &type, error) || !(bytes = read_body (self, stream, error)))
    return NULL;

  fetched = g_new0 (LinnetFetched, 1);
  g_atomic_ref_count_init (&fetched->ref_count);
  fetched->bytes = g_steal_pointer (&bytes);
  fetched->type = g_steal_pointer (&type);
  fetched->url = g_uri_to_string (uri);

  return fetched;
}

static DexFuture *
linnet_fetch_fiber (gpointer data)
{
  Fetch *self = data;
  g_autofree char *url = g_strdup (self->url);

  for (guint hop = 0; hop <= MAX_REDIRECTS; hop++)
    {
      g_autoptr (GUri) uri = NULL;
      g_autoptr (GUri) next = NULL;
      g_autoptr (LinnetFetched) fetched = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *location = NULL;

      uri = check_url (self, url, &error);
      if (uri == NULL)
        return dex_future_new_for_error (g_steal_pointer (&error));

      fetched = fetch_once (self, uri, &location, &error);
      if (fetched != NULL)
        return dex_future_new_take_boxed (LINNET_TYPE_FETCHED, g_steal_pointer (&fetched));
      if (location == NULL)
        return dex_future_new_for_error (g_steal_pointer (&error));

      next = g_uri_parse_relative (uri, location, G_URI_FLAGS_ENCODED, NULL);
      if (next == NULL)
        return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_FETCH_REFUSED, "It leads to no address");
      g_free (url);
      url = g_uri_to_string (next);
    }

  return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_FETCH_REFUSED, "It leads from place to place");
}

/* What went wrong with a certificate is nothing to decide on here: there is no account at stake. */
static DexFuture *
translate_cb (DexFuture *future, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) != NULL)
    return dex_ref (future);

  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_FETCH_REFUSED, "%s", error->message);
  if (error->domain == SOUP_SESSION_ERROR)
    return dex_future_new_reject (LINNET_ERROR, LINNET_ERROR_FETCH_FAILED, "%s", error->message);

  return dex_ref (future);
}

DexFuture *
linnet_fetch_with_policy (const LinnetFetchRequest *request, const LinnetFetchPolicy *policy)
{
  g_autofree char *proxy = NULL;
  g_autofree char *password = NULL;
  g_autoptr (GError) error = NULL;
  Fetch *fetch;
  DexFuture *fiber;

  linnet_return_error_if_fail (request != NULL && request->url != NULL);
  linnet_return_error_if_fail (request->max_size > 0 && request->max_size <= G_MAXUINT / 2);
  linnet_return_error_if_fail (request->timeout_s > 0);

  if (request->proxy != NULL && !(proxy = linnet_proxy_normalize (request->proxy, &password, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  fetch = g_new0 (Fetch, 1);
  fetch->url = g_strdup (request->url);
  fetch->max_size = request->max_size;
  fetch->timeout_s = request->timeout_s;
  fetch->types = g_strdupv ((char **) request->types);
  fetch->proxy = linnet_proxy_with_password (proxy, password);
  fetch->is_page = request->is_page;
  fetch->policy = policy;

  fiber = linnet_spawn ("fetch", linnet_fetch_fiber, fetch, (GDestroyNotify) fetch_free);
  fiber = dex_future_first (fiber, dex_timeout_new_seconds (request->timeout_s), NULL);

  return linnet_verb (dex_future_catch (fiber, translate_cb, NULL, NULL));
}

DexFuture *
linnet_fetch (const LinnetFetchRequest *request)
{
  return linnet_fetch_with_policy (request, NULL);
}
