/* Finding and reaching a server: RFC 6120 section 3.2, XEP-0368, Happy Eyeballs (RFC 8305)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-connector"

#include "config.h"

#include "linnet-gio.h"
#include "linnet-spawn.h"
#include "xmpp-connector-private.h"
#include "xmpp-error.h"
#include "xmpp-happy-eyeballs.h"
#include "xmpp-proxy.h"

#define PORT 5222
#define PORT_DIRECT_TLS 5223
/* From the first look-up of its address to verified TLS. */
#define TARGET_TIMEOUT (30 * G_TIME_SPAN_SECOND)
/* Until one of its addresses accepts a connection: others may be waiting for their turn. */
#define REACH_TIMEOUT (10 * G_TIME_SPAN_SECOND)
/* A resolver may wait much longer for servers that are silent; the fallback may still work. */
#define LOOKUP_TIMEOUT (10 * G_TIME_SPAN_SECOND)

typedef struct
{
  XmppConnectOptions options;
  XmppNetwork network;
  char *ascii_domain; /* for DNS and TLS */
  GStrv proxies;
  GPtrArray *targets;
  GError *error; /* the most telling one so far; nullable */
} Connector;

typedef struct
{
  Connector *connector;
  const XmppSrvTarget *target; /* the connector's */
} Attempt;

static void
connector_clear (gpointer data)
{
  Connector *self = data;

  xmpp_connect_options_clear (&self->options);
  xmpp_network_clear (&self->network);
  g_free (self->ascii_domain);
  g_strfreev (self->proxies);
  g_ptr_array_unref (self->targets);
  g_clear_error (&self->error);
}

static void
connector_unref (gpointer data)
{
  g_rc_box_release_full (data, connector_clear);
}

static void
attempt_free (gpointer data)
{
  Attempt *self = data;

  connector_unref (self->connector);
  g_free (self);
}

static DexFuture *
timed_out_cb (DexFuture *future,
              gpointer user_data)
{
  return dex_future_new_reject (
      XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_TIMEOUT, "%s took too long", (const char *) user_data);
}

/* Drops @future (consumed) after @microseconds. @what: static */
static DexFuture *
with_deadline (Connector *self,
               DexFuture *future,
               gint64 microseconds,
               const char *what)
{
  DexFuture *timeout = linnet_clock_wait (self->network.clock, microseconds);

  return dex_future_first (future, dex_future_then (timeout, timed_out_cb, (gpointer) what, NULL), NULL);
}

/* ---- one target ---- */

static DexFuture *
open_transport (Connector *self,
                const XmppSrvTarget *target,
                const char *proxy)
{
  if (proxy != NULL)
    return xmpp_proxy_connect (&self->network, proxy, target->host, target->port);

  return with_deadline (self,
                        xmpp_happy_eyeballs_connect (&self->network, target->host, target->port),
                        REACH_TIMEOUT,
                        "A connection");
}

/* Through the first proxy that lets us, or directly where there is none. */
static GIOStream *
reach (Connector *self,
       const XmppSrvTarget *target,
       GError **error)
{
  guint i = 0;

  do
    {
      GIOStream *io;

      g_clear_error (error);
      io = dex_await_object (open_transport (self, target, self->proxies[i]), error);
      if (io != NULL)
        return io;
    }
  while (self->proxies[i] != NULL && self->proxies[++i] != NULL);

  return NULL;
}

static gboolean
secure (Connector *self,
        const XmppSrvTarget *target,
        XmppStream *stream,
        GError **error)
{
  XmppTlsPolicy policy = {
    .domain = self->ascii_domain,
    .pinned_sha256 = self->options.pinned_sha256,
    .alpn = target->direct_tls,
  };
  g_autoptr (XmppNode) features = NULL;

  if (target->direct_tls)
    return dex_await (xmpp_stream_direct_tls (stream, &policy), error);

  /* No address of ours yet: everyone on the way could read it. */
  features =
      dex_await_boxed (xmpp_stream_open (stream, xmpp_jid_get_domain (self->options.jid), NULL), error);

  return features != NULL && dex_await (xmpp_stream_start_tls (stream, features, &policy), error);
}

static DexFuture *
attempt_fiber (gpointer user_data)
{
  Attempt *state = user_data;
  Connector *self = state->connector;
  g_autoptr (GIOStream) io = NULL;
  g_autoptr (XmppStream) stream = NULL;
  GError *error = NULL;

  io = reach (self, state->target, &error);
  if (io == NULL)
    return dex_future_new_for_error (error);

  stream = xmpp_stream_new (io);
  if (!secure (self, state->target, stream, &error))
    return dex_future_new_for_error (error);

  return dex_future_new_take_object (g_steal_pointer (&stream));
}

/* How much an error tells a person who may do something about it. */
static guint
get_rank (const GError *error)
{
  if (error->domain == XMPP_CERTIFICATE_ERROR)
    return 4;

  if (error->domain != XMPP_STREAM_ERROR)
    return 1;

  switch (error->code)
    {
    case XMPP_STREAM_ERROR_HOST_NOT_FOUND:
      return 0;
    case XMPP_STREAM_ERROR_CLOSED:
    case XMPP_STREAM_ERROR_TIMEOUT:
    case XMPP_STREAM_ERROR_UNREACHABLE:
      return 1;
    case XMPP_STREAM_ERROR_NO_TLS:
    case XMPP_STREAM_ERROR_TLS_INJECTION:
    case XMPP_STREAM_ERROR_TLS_VERSION:
      return 3;
    default:
      return 2;
    }
}

/* Consumes @error. */
static void
note_error (Connector *self,
            GError *error)
{
  if (self->error != NULL && get_rank (self->error) >= get_rank (error))
    {
      g_error_free (error);
      return;
    }

  g_clear_error (&self->error);
  self->error = error;
}

/* ---- which targets there are ---- */

static DexFuture *
look_up_service (Connector *self,
                 const char *service)
{
  g_autofree char *name = g_strdup_printf ("_%s._tcp.%s", service, self->ascii_domain);

  return with_deadline (self,
                        linnet_gio_lookup_records (self->network.resolver, name, G_RESOLVER_RECORD_SRV),
                        LOOKUP_TIMEOUT,
                        "A look-up in DNS");
}

static void
add_target (Connector *self,
            const char *host,
            guint16 port,
            gboolean direct_tls)
{
  g_ptr_array_add (self->targets, xmpp_srv_target_new (host, port, direct_tls));
}

/* FALSE when DNS says that the domain has no such service. A look-up that failed says nothing at all: the
 * server itself may be there although the resolver at hand knows no SRV records. */
static gboolean
add_service (Connector *self,
             DexFuture *future,
             gboolean direct_tls)
{
  g_autoptr (GPtrArray) records = dex_await_boxed (future, NULL);

  return records == NULL || xmpp_srv_add_records (self->targets, records, direct_tls);
}

/* RFC 6120 section 3.2.1, XEP-0368 section 3. */
static gboolean
look_up_services (Connector *self,
                  GError **error)
{
  DexFuture *direct = look_up_service (self, "xmpps-client");
  DexFuture *plain = look_up_service (self, "xmpp-client");
  gboolean has_plain;

  add_service (self, direct, TRUE);
  has_plain = add_service (self, plain, FALSE);
  xmpp_srv_sort (self->targets, self->network.random, self->network.user_data);

  if (self->targets->len > 0)
    return TRUE;

  if (!has_plain)
    {
      g_set_error (error,
                   XMPP_STREAM_ERROR,
                   XMPP_STREAM_ERROR_NO_XMPP_SERVICE,
                   "%s says that it has no XMPP service",
                   self->ascii_domain);
      return FALSE;
    }

  add_target (self, self->ascii_domain, PORT, FALSE);

  return TRUE;
}

static gboolean
find_targets (Connector *self,
              GError **error)
{
  const XmppConnectOptions *options = &self->options;
  g_autoptr (GInetAddress) literal = g_inet_address_new_from_string (self->ascii_domain);
  const char *host = options->host != NULL ? options->host : self->ascii_domain;
  guint16 port = options->host != NULL ? options->port : 0;
  gboolean direct_tls = options->host != NULL && options->direct_tls;

  if (port == 0)
    port = direct_tls ? PORT_DIRECT_TLS : PORT;

  self->proxies = dex_await_boxed (with_deadline (self,
                                                  xmpp_proxy_lookup (options->proxy_resolver, host, port),
                                                  LOOKUP_TIMEOUT,
                                                  "The look-up of the proxy"),
                                   error);
  if (self->proxies == NULL)
    return FALSE;

  /* With a proxy nothing is looked up here, SRV included (security.md A10). */
  if (options->host == NULL && literal == NULL && self->proxies[0] == NULL)
    return look_up_services (self, error);

  add_target (self, host, port, direct_tls);

  return TRUE;
}

static void
put_first (Connector *self,
           const char *host,
           guint16 port)
{
  for (guint i = 0; i < self->targets->len; i++)
    {
      const XmppSrvTarget *target = g_ptr_array_index (self->targets, i);

      if (g_ascii_strcasecmp (target->host, host) == 0 && target->port == port && !target->direct_tls)
        {
          g_ptr_array_remove_index (self->targets, i);
          break;
        }
    }

  g_ptr_array_insert (self->targets, 0, xmpp_srv_target_new (host, port, FALSE));
}

static DexFuture *
connect_fiber (gpointer user_data)
{
  Connector *self = user_data;
  GError *error = NULL;

  if (!find_targets (self, &error))
    return dex_future_new_for_error (error);
  if (self->options.first_host != NULL && self->options.host == NULL)
    put_first (
        self, self->options.first_host, self->options.first_port != 0 ? self->options.first_port : PORT);

  for (guint i = 0; i < self->targets->len; i++)
    {
      const XmppSrvTarget *target = g_ptr_array_index (self->targets, i);
      Attempt *attempt = g_new0 (Attempt, 1);
      XmppStream *stream;

      /* An attempt that is dropped may end after us. */
      attempt->connector = g_rc_box_acquire (self);
      attempt->target = target;
      stream =
          dex_await_object (with_deadline (self,
                                           linnet_spawn ("connection", attempt_fiber, attempt, attempt_free),
                                           TARGET_TIMEOUT,
                                           "The server"),
                            &error);
      if (stream != NULL)
        return dex_future_new_take_object (stream);
      if (g_error_matches (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED))
        return dex_future_new_for_error (error);

      g_debug ("%s:%u: %s", target->host, target->port, error->message);
      note_error (self, g_steal_pointer (&error));
    }

  return dex_future_new_for_error (g_steal_pointer (&self->error));
}

void
xmpp_connect_options_clear (XmppConnectOptions *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->jid, xmpp_jid_unref);
  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->first_host, g_free);
  g_clear_pointer (&self->pinned_sha256, g_free);
  g_clear_object (&self->proxy_resolver);
}

DexFuture *
xmpp_connect_over (const XmppConnectOptions *options,
                   const XmppNetwork *network)
{
  Connector *self;

  g_return_val_if_fail (options != NULL && options->jid != NULL, NULL);
  g_return_val_if_fail (network != NULL, NULL);

  self = g_rc_box_new0 (Connector);
  self->options.jid = xmpp_jid_ref (options->jid);
  self->options.host = g_strdup (options->host);
  self->options.port = options->port;
  self->options.direct_tls = options->direct_tls;
  self->options.first_host = g_strdup (options->first_host);
  self->options.first_port = options->first_port;
  self->options.pinned_sha256 = g_strdup (options->pinned_sha256);
  g_set_object (&self->options.proxy_resolver, options->proxy_resolver);
  xmpp_network_copy (&self->network, network);
  self->ascii_domain = xmpp_jid_dup_ascii_domain (options->jid);
  self->targets = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_srv_target_free);

  /* A set of one: unlike a fiber alone it stops when it is dropped. */
  return dex_future_first (linnet_spawn ("connector", connect_fiber, self, connector_unref), NULL);
}

DexFuture *
xmpp_connect (const XmppConnectOptions *options)
{
  XmppNetwork network;
  DexFuture *future;

  xmpp_network_init (&network);
  future = xmpp_connect_over (options, &network);
  xmpp_network_clear (&network);

  return future;
}
