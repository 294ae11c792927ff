/* Reaching a host that has several addresses, RFC 8305
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-happy-eyeballs"

#include "config.h"

#include "linnet-gio.h"
#include "linnet-spawn.h"
#include "xmpp-error.h"
#include "xmpp-happy-eyeballs.h"

/* RFC 8305 sections 3 and 5. */
#define RESOLUTION_DELAY (50 * G_TIME_SPAN_MILLISECOND)
#define ATTEMPT_DELAY (250 * G_TIME_SPAN_MILLISECOND)
#define MAX_ADDRESSES 16

typedef enum
{
  FAMILY_IPV6,
  FAMILY_IPV4,
  N_FAMILIES,
} Family;

/* Everything under way reports here and wakes the fiber; dropping the race drops it all. */
typedef struct
{
  XmppNetwork network;
  char *host;
  guint16 port;

  GQueue addresses[N_FAMILIES]; /* GInetAddress not tried yet */
  DexFuture *lookups[N_FAMILIES];
  DexFuture *lookup;   /* of both families at once */
  guint n_lookups;     /* under way */
  GPtrArray *attempts; /* DexFuture */
  guint n_started;
  guint n_attempts; /* under way */
  DexFuture *timer; /* of RESOLUTION_DELAY or ATTEMPT_DELAY; nullable */
  Family next_family;
  guint waiting : 1; /* for the timer */

  GIOStream *winner;
  GError *lookup_error;
  GError *error;
  DexPromise *wake;
} Race;

static Race *
race_new (const XmppNetwork *network,
          const char *host,
          guint16 port)
{
  Race *self = g_new0 (Race, 1);

  xmpp_network_copy (&self->network, network);
  self->host = g_strdup (host);
  self->port = port;
  self->attempts = g_ptr_array_new_with_free_func (dex_unref);
  self->wake = dex_promise_new ();

  return self;
}

static void
race_free (gpointer data)
{
  Race *self = data;

  /* What is still under way is stopped by this, and does not call back. */
  for (guint i = 0; i < N_FAMILIES; i++)
    {
      dex_clear (&self->lookups[i]);
      g_queue_clear_full (&self->addresses[i], g_object_unref);
    }
  dex_clear (&self->lookup);
  dex_clear (&self->timer);
  g_ptr_array_unref (self->attempts);
  dex_clear (&self->wake);

  g_clear_object (&self->winner);
  g_clear_error (&self->lookup_error);
  g_clear_error (&self->error);
  xmpp_network_clear (&self->network);
  g_free (self->host);
  g_free (self);
}

static void
race_wake (Race *self)
{
  dex_promise_resolve_boolean (self->wake, TRUE);
}

static DexFuture *
timer_cb (DexFuture *future,
          gpointer user_data)
{
  Race *self = user_data;

  self->waiting = FALSE;
  race_wake (self);

  return dex_future_new_true ();
}

static void
race_wait (Race *self,
           gint64 microseconds)
{
  dex_clear (&self->timer);
  self->waiting = TRUE;
  self->timer =
      dex_future_finally (linnet_clock_wait (self->network.clock, microseconds), timer_cb, self, NULL);
}

static DexFuture *
looked_up_cb (DexFuture *future,
              gpointer user_data)
{
  Race *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  self->n_lookups--;
  /* Neither family need wait for the other any more. */
  if (self->n_started == 0)
    self->waiting = FALSE;

  for (const GList *l = value != NULL ? g_value_get_boxed (value) : NULL; l != NULL; l = l->next)
    {
      gboolean is_ipv6 = g_inet_address_get_family (l->data) == G_SOCKET_FAMILY_IPV6;
      GQueue *queue = &self->addresses[is_ipv6 ? FAMILY_IPV6 : FAMILY_IPV4];

      if (queue->length < MAX_ADDRESSES)
        g_queue_push_tail (queue, g_object_ref (l->data));
    }

  /* That there is no address of one family says nothing; that the resolver failed says more. */
  if (error != NULL &&
      (self->lookup_error == NULL || !g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND)))
    {
      g_clear_error (&self->lookup_error);
      self->lookup_error = g_steal_pointer (&error);
    }

  race_wake (self);

  return dex_future_new_true ();
}

static DexFuture *
race_look_up (Race *self,
              GResolverNameLookupFlags flags)
{
  self->n_lookups++;

  return dex_future_finally (
      linnet_gio_lookup_by_name (self->network.resolver, self->host, flags), looked_up_cb, self, NULL);
}

static DexFuture *
attempted_cb (DexFuture *future,
              gpointer user_data)
{
  Race *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  self->n_attempts--;
  if (value != NULL)
    {
      if (self->winner == NULL)
        self->winner = g_value_dup_object (value);
    }
  else
    {
      g_debug ("%s: %s", self->host, error->message);
      g_clear_error (&self->error);
      self->error = g_steal_pointer (&error);
      /* The next one need not wait. */
      self->waiting = FALSE;
    }

  race_wake (self);

  return dex_future_new_true ();
}

static gboolean
race_has_addresses (Race *self)
{
  return self->addresses[FAMILY_IPV6].length > 0 || self->addresses[FAMILY_IPV4].length > 0;
}

static void
race_start_attempt (Race *self)
{
  Family family = self->addresses[self->next_family].length > 0 ? self->next_family : !self->next_family;
  g_autoptr (GInetAddress) address = g_queue_pop_head (&self->addresses[family]);
  g_autoptr (GSocketAddress) socket_address = g_inet_socket_address_new (address, self->port);

  self->next_family = !family;
  self->n_started++;
  self->n_attempts++;
  race_wait (self, ATTEMPT_DELAY);
  g_ptr_array_add (
      self->attempts,
      dex_future_finally (
          self->network.dial (socket_address, self->network.user_data), attempted_cb, self, NULL));
}

static void
race_start_lookups (Race *self)
{
  g_autoptr (GInetAddress) literal = g_inet_address_new_from_string (self->host);

  if (literal != NULL)
    {
      g_queue_push_tail (&self->addresses[FAMILY_IPV4], g_steal_pointer (&literal));
      return;
    }

  self->lookups[FAMILY_IPV6] = race_look_up (self, G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY);
  self->lookups[FAMILY_IPV4] = race_look_up (self, G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY);
}

/* One of: an attempt started, a look-up started, a timer started, nothing to do but wait (FALSE). */
static gboolean
race_go_on (Race *self)
{
  gboolean ipv6_is_late =
      self->n_started == 0 && self->addresses[FAMILY_IPV6].length == 0 && self->n_lookups > 0;

  if (race_has_addresses (self) && !self->waiting)
    {
      if (ipv6_is_late && self->timer == NULL)
        race_wait (self, RESOLUTION_DELAY);
      else
        race_start_attempt (self);
      return TRUE;
    }

  /* Where there is only a loopback interface, glibc knows names for both families together that it does not
   * know for either of them. */
  if (self->n_started == 0 && self->n_lookups == 0 && self->lookup == NULL && self->lookups[0] != NULL &&
      !race_has_addresses (self))
    {
      self->lookup = race_look_up (self, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT);
      return TRUE;
    }

  return FALSE;
}

static GError *
race_get_error (Race *self)
{
  if (self->n_started > 0)
    return g_error_new (XMPP_STREAM_ERROR,
                        XMPP_STREAM_ERROR_UNREACHABLE,
                        "%s does not answer: %s",
                        self->host,
                        self->error->message);

  if (g_error_matches (self->lookup_error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND))
    return g_error_new (XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_HOST_NOT_FOUND, "%s has no address", self->host);

  return g_error_new (XMPP_STREAM_ERROR,
                      XMPP_STREAM_ERROR_UNREACHABLE,
                      "The address of %s cannot be looked up: %s",
                      self->host,
                      self->lookup_error != NULL ? self->lookup_error->message : "there is none");
}

static DexFuture *
race_fiber (gpointer user_data)
{
  Race *self = user_data;
  GError *error = NULL;

  race_start_lookups (self);

  while (self->winner == NULL)
    {
      if (race_go_on (self))
        continue;

      if (self->n_lookups == 0 && self->n_attempts == 0 && !race_has_addresses (self))
        return dex_future_new_for_error (race_get_error (self));

      if (!dex_await (dex_ref (DEX_FUTURE (self->wake)), &error))
        return dex_future_new_for_error (error);

      dex_unref (self->wake);
      self->wake = dex_promise_new ();
    }

  return dex_future_new_take_object (g_steal_pointer (&self->winner));
}

DexFuture *
xmpp_happy_eyeballs_connect (const XmppNetwork *network,
                             const char *host,
                             guint16 port)
{
  g_return_val_if_fail (network != NULL, NULL);
  g_return_val_if_fail (host != NULL, NULL);

  /* A set of one: unlike a fiber alone it stops when it is dropped. */
  return dex_future_first (
      linnet_spawn ("happy eyeballs", race_fiber, race_new (network, host, port), race_free), NULL);
}
