/* The way through a proxy, if the person's settings say that there is one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-proxy"

#include "config.h"

#include "linnet-gio.h"
#include "linnet-spawn.h"
#include "xmpp-error.h"
#include "xmpp-happy-eyeballs.h"
#include "xmpp-proxy.h"

#define DIRECT "direct://"

typedef struct
{
  GProxyResolver *resolver;
  char *uri;
} Lookup;

typedef struct
{
  XmppNetwork network;
  char *uri;
  char *host;
  guint16 port;
} Connect;

typedef struct
{
  const char *scheme;
  const char *protocol; /* GProxy's name */
  guint16 port;         /* when the URI names none */
} Kind;

/* Those that take host names. "socks" is what some desktops write. */
static const Kind kinds[] = {
  { "socks5", "socks5", 1080 },
  { "socks4a", "socks4a", 1080 },
  { "socks", "socks5", 1080 },
  { "http", "http", 8080 },
  { "https", "https", 443 },
};

static void
lookup_free (gpointer data)
{
  Lookup *self = data;

  g_object_unref (self->resolver);
  g_free (self->uri);
  g_free (self);
}

static void
connect_free (gpointer data)
{
  Connect *self = data;

  xmpp_network_clear (&self->network);
  g_free (self->uri);
  g_free (self->host);
  g_free (self);
}

static const Kind *
find_kind (const char *uri)
{
  g_autofree char *scheme = g_uri_parse_scheme (uri);

  for (gsize i = 0; scheme != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_ascii_strcasecmp (scheme, kinds[i].scheme) == 0)
      return &kinds[i];

  return NULL;
}

static DexFuture *
lookup_fiber (gpointer user_data)
{
  Lookup *self = user_data;
  g_autoptr (GStrvBuilder) usable = g_strv_builder_new ();
  g_auto (GStrv) uris = NULL;
  g_autoptr (GError) error = NULL;
  gboolean proxied = FALSE;
  gboolean any = FALSE;

  uris = dex_await_boxed (linnet_gio_lookup_proxies (self->resolver, self->uri), &error);
  if (uris == NULL)
    return dex_future_new_reject (XMPP_STREAM_ERROR,
                                  XMPP_STREAM_ERROR_PROXY,
                                  "The proxy cannot be determined: %s",
                                  error->message);

  for (guint i = 0; uris[i] != NULL; i++)
    {
      if (g_str_equal (uris[i], DIRECT))
        continue;

      proxied = TRUE;
      if (find_kind (uris[i]) == NULL)
        continue;
      any = TRUE;
      g_strv_builder_add (usable, uris[i]);
    }

  if (proxied && !any)
    return dex_future_new_reject (XMPP_STREAM_ERROR,
                                  XMPP_STREAM_ERROR_PROXY,
                                  "The proxy is of a kind that does not take host names");

  return dex_future_new_take_boxed (G_TYPE_STRV, g_strv_builder_end (usable));
}

/* That the proxy itself is the trouble, and not who stands behind it, is what a person has to know. Consumes
 * @error. */
static DexFuture *
reject_for_proxy (GError *error,
                  gboolean reached)
{
  g_autoptr (GError) own = error;

  if (reached && !g_error_matches (own, G_IO_ERROR, G_IO_ERROR_PROXY_FAILED) &&
      !g_error_matches (own, G_IO_ERROR, G_IO_ERROR_PROXY_AUTH_FAILED) &&
      !g_error_matches (own, G_IO_ERROR, G_IO_ERROR_PROXY_NEED_AUTH) &&
      !g_error_matches (own, G_IO_ERROR, G_IO_ERROR_PROXY_NOT_ALLOWED))
    return dex_future_new_for_error (g_steal_pointer (&own));

  return dex_future_new_reject (XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_PROXY, "The proxy: %s", own->message);
}

static DexFuture *
connect_fiber (gpointer user_data)
{
  Connect *self = user_data;
  const Kind *kind = find_kind (self->uri);
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GProxy) proxy = NULL;
  g_autoptr (GInetAddress) any = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GIOStream) io = NULL;
  g_autoptr (GIOStream) through = NULL;
  GError *error = NULL;
  guint16 port;

  g_assert (kind != NULL);

  uri = g_uri_parse (self->uri, G_URI_FLAGS_HAS_PASSWORD, &error);
  if (uri == NULL)
    return dex_future_new_for_error (error);

  proxy = g_proxy_get_default_for_protocol (kind->protocol);
  if (proxy == NULL || !g_proxy_supports_hostname (proxy))
    return dex_future_new_reject (
        XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_PROXY, "There is no support for this proxy");

  port = g_uri_get_port (uri) > 0 ? g_uri_get_port (uri) : kind->port;
  io = dex_await_object (xmpp_happy_eyeballs_connect (&self->network, g_uri_get_host (uri), port), &error);
  if (io == NULL)
    return reject_for_proxy (error, FALSE);

  /* The connection stands already: the proxy's own address in this is never looked at. */
  any = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  address = g_object_new (G_TYPE_PROXY_ADDRESS,
                          "address",
                          any,
                          "port",
                          port,
                          "protocol",
                          kind->protocol,
                          "destination-hostname",
                          self->host,
                          "destination-port",
                          self->port,
                          "username",
                          g_uri_get_user (uri),
                          "password",
                          g_uri_get_password (uri),
                          "uri",
                          self->uri,
                          NULL);
  through = dex_await_object (linnet_gio_connect_proxy (proxy, io, G_PROXY_ADDRESS (address)), &error);
  if (through == NULL)
    return reject_for_proxy (error, TRUE);

  return dex_future_new_take_object (g_steal_pointer (&through));
}

DexFuture *
xmpp_proxy_lookup (GProxyResolver *resolver,
                   const char *host,
                   guint16 port)
{
  Lookup *state;

  g_return_val_if_fail (host != NULL, NULL);

  if (resolver == NULL)
    resolver = g_proxy_resolver_get_default ();

  state = g_new0 (Lookup, 1);
  state->resolver = g_object_ref (resolver);
  state->uri = g_uri_join (G_URI_FLAGS_NONE, "xmpp-client", NULL, host, port, "", NULL, NULL);

  return linnet_spawn ("proxy look-up", lookup_fiber, state, lookup_free);
}

DexFuture *
xmpp_proxy_connect (const XmppNetwork *network,
                    const char *uri,
                    const char *host,
                    guint16 port)
{
  Connect *state;

  g_return_val_if_fail (network != NULL, NULL);
  g_return_val_if_fail (uri != NULL && find_kind (uri) != NULL, NULL);
  g_return_val_if_fail (host != NULL, NULL);

  state = g_new0 (Connect, 1);
  xmpp_network_copy (&state->network, network);
  state->uri = g_strdup (uri);
  state->host = g_strdup (host);
  state->port = port;

  return linnet_spawn ("proxy", connect_fiber, state, connect_free);
}
