/* What goes out of a session: sending, acknowledgements, keeping watch over the peer
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-session"

#include "config.h"

#include "xmpp-hints.h"
#include "xmpp-session-private.h"

#define NS_PING "urn:xmpp:ping"
#define MAX_KEPT 500

typedef struct
{
  XmppSession *session; /* not owned: the session owns its probes */
  DexPromise *promise;
  gint64 since;
  guint timer;
} Probe;

typedef struct
{
  XmppFeature *feature; /* alive until the last request is settled */
  XmppIqHook hook;
} Hooked;

static void
probe_free (Probe *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  dex_clear (&self->promise);
  g_free (self);
}

static GError *
dead_peer_error (void)
{
  return g_error_new_literal (XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_TIMEOUT, "The server does not answer");
}

/* ---- stanzas ---- */

static XmppSmKind
stanza_kind (XmppNode *stanza)
{
  const char *name = xmpp_node_get_name (stanza);

  if (g_str_equal (name, "iq"))
    return XMPP_SM_IQ;

  return g_str_equal (name, "presence") ? XMPP_SM_PRESENCE : XMPP_SM_MESSAGE;
}

/* While a session waits to be resumed, what is sent waits with it. */
static gboolean
can_send (XmppSession *self)
{
  return self->in_session && !self->closing &&
         (self->stream != NULL || xmpp_stream_management_get_id (self->sm) != NULL);
}

/* The session may not have got it to the server. A receipt that is lost leaves the other side in doubt for
 * ever, and one that comes twice does no harm; when somebody typed is of no interest any more. */
void
xmpp_session_keep (XmppSession *self,
                   XmppNode *stanza)
{
  if (stanza_kind (stanza) != XMPP_SM_MESSAGE || xmpp_node_get_child (stanza, "store", XMPP_NS_HINTS) == NULL)
    return;

  if (self->kept->len == MAX_KEPT)
    g_ptr_array_remove_index (self->kept, 0);
  g_ptr_array_add (self->kept, xmpp_node_ref (stanza));
}

void
xmpp_session_send_kept (XmppSession *self)
{
  g_autoptr (GPtrArray) kept = g_steal_pointer (&self->kept);

  self->kept = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_node_unref);
  for (guint i = 0; i < kept->len; i++)
    xmpp_session_send (self, xmpp_node_ref (kept->pdata[i]));
}

void
xmpp_session_send (XmppSession *self,
                   XmppNode *stanza)
{
  g_autoptr (XmppNode) owned = stanza;

  g_return_if_fail (XMPP_IS_SESSION (self));
  g_return_if_fail (stanza != NULL);

  if (!can_send (self))
    {
      xmpp_session_keep (self, stanza);
      return;
    }

  if (xmpp_stream_management_is_enabled (self->sm))
    xmpp_stream_management_sent (self->sm, stanza_kind (stanza), stanza, NULL, 0);
  if (self->stream != NULL)
    xmpp_stream_send (self->stream, stanza);
  xmpp_session_request_ack (self);
}

/* Before it is written (R24): as long as a number is in the journal no other stanza can have it. */
static void
note_sent (XmppSession *self,
           gint64 token,
           guint32 counter)
{
  if (self->journal != NULL && xmpp_stream_management_get_id (self->sm) != NULL)
    self->journal->sent (self->journal_data, token, counter);
}

void
xmpp_session_note_acked (XmppSession *self,
                         guint32 h)
{
  if (self->journal != NULL && xmpp_stream_management_get_id (self->sm) != NULL)
    self->journal->acked (self->journal_data, h);
}

gboolean
xmpp_session_send_stored (XmppSession *self,
                          const char *xml,
                          gint64 token)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), FALSE);
  g_return_val_if_fail (xml != NULL, FALSE);
  g_return_val_if_fail (token != 0, FALSE);

  if (!self->online || self->closing)
    return FALSE;

  if (xmpp_stream_management_is_enabled (self->sm))
    note_sent (self, token, xmpp_stream_management_sent (self->sm, XMPP_SM_MESSAGE, NULL, xml, token));
  else
    g_array_append_val (self->unconfirmed, token);
  xmpp_stream_send_text (self->stream, xml);
  xmpp_session_request_ack (self);

  return TRUE;
}

void
xmpp_session_send_nonza (XmppSession *self,
                         XmppNode *nonza)
{
  g_autoptr (XmppNode) owned = nonza;

  g_return_if_fail (XMPP_IS_SESSION (self));
  g_return_if_fail (nonza != NULL);

  if (self->stream != NULL && !self->closing)
    xmpp_stream_send (self->stream, nonza);
}

static void
hooked_cb (gpointer user_data,
           XmppNode *reply,
           const GError *error)
{
  g_autofree Hooked *hooked = user_data;

  hooked->hook (hooked->feature, reply, error);
}

static DexFuture *
send_iq (XmppSession *self,
         XmppNode *iq,
         XmppIqReply reply,
         gpointer user_data)
{
  XmppNode *request = iq;
  DexFuture *future;

  if (!can_send (self))
    {
      g_autoptr (GError) error = NULL;

      error = g_error_new_literal (XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED, "There is no session");
      if (reply != NULL)
        reply (user_data, NULL, error);
      xmpp_node_unref (request);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  future = xmpp_iq_tracker_add (self->requests, &request, reply, user_data);
  if (dex_future_is_pending (future))
    xmpp_session_send (self, request);
  else
    xmpp_node_unref (request);

  return future;
}

DexFuture *
xmpp_session_send_iq (XmppSession *self,
                      XmppNode *iq)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);
  g_return_val_if_fail (iq != NULL, NULL);

  return send_iq (self, iq, NULL, NULL);
}

DexFuture *
xmpp_session_send_iq_hooked (XmppSession *self,
                             XmppNode *iq,
                             XmppFeature *feature,
                             XmppIqHook hook)
{
  Hooked *hooked;

  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);
  g_return_val_if_fail (iq != NULL, NULL);
  g_return_val_if_fail (XMPP_IS_FEATURE (feature), NULL);
  g_return_val_if_fail (hook != NULL, NULL);

  hooked = g_new (Hooked, 1);
  hooked->feature = feature;
  hooked->hook = hook;

  return send_iq (self, iq, hooked_cb, hooked);
}

DexFuture *
xmpp_session_send_iq_told (XmppSession *self,
                           XmppNode *iq,
                           XmppIqReply reply,
                           gpointer user_data)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);
  g_return_val_if_fail (iq != NULL, NULL);
  g_return_val_if_fail (reply != NULL, NULL);

  return send_iq (self, iq, reply, user_data);
}

void
xmpp_session_prolong_iq (XmppSession *self,
                         DexFuture *future)
{
  g_return_if_fail (XMPP_IS_SESSION (self));
  g_return_if_fail (DEX_IS_FUTURE (future));

  xmpp_iq_tracker_prolong (self->requests, future);
}

/* ---- acknowledgements ---- */

static gboolean
ack_timer_cb (gpointer user_data)
{
  XmppSession *self = user_data;
  gint64 silent = (g_get_monotonic_time () - xmpp_stream_get_last_read (self->stream)) / 1000;

  self->ack_timer = 0;
  if (!xmpp_stream_management_is_request_pending (self->sm))
    return G_SOURCE_REMOVE;

  /* A slow server that still sends something is no dead one. */
  if (silent >= self->ack_timeout)
    xmpp_session_fail (self, dead_peer_error (), NULL);
  else
    self->ack_timer = g_timeout_add ((guint) (self->ack_timeout - silent), ack_timer_cb, self);

  return G_SOURCE_REMOVE;
}

static void
pong_cb (gpointer user_data,
         XmppNode *reply,
         const GError *error)
{
  XmppSession *self = user_data;
  g_autoptr (GArray) tokens = NULL;
  guint confirmed = MIN (self->confirming, self->unconfirmed->len);

  self->confirming = 0;

  /* An error is an answer, too, unless it is our own. */
  if (g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_TIMED_OUT) ||
      g_error_matches (error, XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_DISCONNECTED))
    return;

  tokens = g_array_sized_new (FALSE, FALSE, sizeof (gint64), confirmed);
  if (confirmed > 0)
    {
      g_array_append_vals (tokens, self->unconfirmed->data, confirmed);
      g_array_remove_range (self->unconfirmed, 0, confirmed);
    }
  xmpp_session_emit_tokens (self, "acked", tokens);
  if (self->unconfirmed->len > 0)
    xmpp_session_request_ack (self);
}

/* Servers process what a client sends in order (RFC 6120 section 10.1): a pong says that what went before
 * arrived. */
static void
send_ping (XmppSession *self,
           XmppIqReply reply)
{
  dex_future_disown (send_iq (self, xmpp_iq_get (NULL, xmpp_el ("ping", NS_PING)), reply, self));
}

static gboolean
burst_cb (gpointer user_data)
{
  XmppSession *self = user_data;

  self->burst_idle = 0;
  if (self->stream == NULL)
    return G_SOURCE_REMOVE;

  if (xmpp_stream_management_wants_request (self->sm))
    {
      g_autoptr (XmppNode) request = xmpp_sm_request ();

      xmpp_stream_send (self->stream, request);
      xmpp_stream_management_requested (self->sm);
      g_clear_handle_id (&self->ack_timer, g_source_remove);
      self->ack_timer = g_timeout_add (self->ack_timeout, ack_timer_cb, self);
    }
  else if (self->unconfirmed->len > 0 && self->confirming == 0)
    {
      self->confirming = self->unconfirmed->len;
      send_ping (self, pong_cb);
    }

  return G_SOURCE_REMOVE;
}

void
xmpp_session_request_ack (XmppSession *self)
{
  if (self->burst_idle == 0 && self->stream != NULL)
    self->burst_idle = g_idle_add_full (G_PRIORITY_DEFAULT, burst_cb, self, NULL);
}

void
xmpp_session_take_ack (XmppSession *self,
                       XmppNode *ack)
{
  g_autoptr (GArray) tokens = NULL;
  g_autoptr (GError) error = NULL;
  guint32 sent = xmpp_stream_management_get_sent (self->sm);
  guint32 h;

  if (!xmpp_stream_management_is_enabled (self->sm) || !xmpp_sm_get_h (ack, &h))
    return;

  if (!xmpp_stream_management_acked (self->sm, h, &tokens, &error))
    {
      g_autoptr (XmppNode) too_high = xmpp_sm_handled_count_too_high (h, sent);

      xmpp_session_fail (self, g_steal_pointer (&error), too_high);
      return;
    }

  /* The next request has its own time: silence before it was no lack of an answer. */
  g_clear_handle_id (&self->ack_timer, g_source_remove);
  xmpp_session_note_acked (self, h);
  xmpp_session_emit_tokens (self, "acked", tokens);
  if (self->all_acked != NULL && xmpp_stream_management_get_n_unacked (self->sm) == 0)
    {
      g_autoptr (DexPromise) all_acked = g_steal_pointer (&self->all_acked);

      dex_promise_resolve_boolean (all_acked, TRUE);
    }
  else if (xmpp_stream_management_wants_request (self->sm))
    xmpp_session_request_ack (self);
}

void
xmpp_session_send_ack (XmppSession *self)
{
  guint32 h;

  if (self->stream != NULL && xmpp_stream_management_take_ack (self->sm, &h))
    {
      g_autoptr (XmppNode) ack = xmpp_sm_ack (h);

      xmpp_stream_send (self->stream, ack);
    }
}

void
xmpp_session_resend (XmppSession *self)
{
  g_autoptr (GPtrArray) stanzas = xmpp_stream_management_peek_unacked (self->sm);

  for (guint i = 0; i < stanzas->len; i++)
    {
      XmppSmStanza *stanza = stanzas->pdata[i];

      if (stanza->token != 0)
        note_sent (self, stanza->token, stanza->counter);
      if (stanza->node != NULL)
        xmpp_stream_send (self->stream, stanza->node);
      else
        xmpp_stream_send_text (self->stream, stanza->xml);
    }
  xmpp_session_request_ack (self);
}

/* ---- watching the peer ---- */

static gboolean
probe_timeout_cb (gpointer user_data)
{
  Probe *probe = user_data;
  XmppSession *self = probe->session;

  probe->timer = 0;
  if (self->stream != NULL && xmpp_stream_get_last_read (self->stream) > probe->since)
    xmpp_session_note_alive (self); /* bytes, if no whole element yet */
  else
    xmpp_session_fail (self, dead_peer_error (), NULL);

  return G_SOURCE_REMOVE;
}

DexFuture *
xmpp_session_probe (XmppSession *self,
                    guint timeout_ms)
{
  Probe *probe;

  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  if (self->stream == NULL || self->closing)
    return dex_future_new_reject (XMPP_STANZA_ERROR,
                                  XMPP_STANZA_ERROR_DISCONNECTED,
                                  "There is no connection");

  probe = g_new0 (Probe, 1);
  probe->session = self;
  probe->promise = dex_promise_new ();
  probe->since = g_get_monotonic_time ();
  probe->timer = g_timeout_add (timeout_ms, probe_timeout_cb, probe);
  g_ptr_array_add (self->probes, probe);

  if (xmpp_stream_management_is_enabled (self->sm))
    {
      g_autoptr (XmppNode) request = xmpp_sm_request ();

      xmpp_stream_send (self->stream, request);
    }
  else
    send_ping (self, NULL);

  return dex_ref (DEX_FUTURE (probe->promise));
}

void
xmpp_session_note_alive (XmppSession *self)
{
  g_autoptr (GPtrArray) probes = NULL;

  if (self->probes->len == 0)
    return;

  probes = g_steal_pointer (&self->probes);
  self->probes = g_ptr_array_new_with_free_func ((GDestroyNotify) probe_free);
  for (guint i = 0; i < probes->len; i++)
    dex_promise_resolve_boolean (((Probe *) probes->pdata[i])->promise, TRUE);
}

static gboolean
idle_timer_cb (gpointer user_data)
{
  XmppSession *self = user_data;
  gint64 silent = (g_get_monotonic_time () - xmpp_stream_get_last_read (self->stream)) / 1000;

  if (silent >= self->idle_timeout)
    {
      dex_future_disown (xmpp_session_probe (self, self->ack_timeout));
      silent = 0;
    }
  self->idle_timer = g_timeout_add ((guint) (self->idle_timeout - silent), idle_timer_cb, self);

  return G_SOURCE_REMOVE;
}

void
xmpp_session_start_sending (XmppSession *self)
{
  if (self->probes == NULL)
    self->probes = g_ptr_array_new_with_free_func ((GDestroyNotify) probe_free);
  self->idle_timer = g_timeout_add (self->idle_timeout, idle_timer_cb, self);
}

void
xmpp_session_stop_sending (XmppSession *self)
{
  g_autoptr (GPtrArray) probes = g_steal_pointer (&self->probes);

  g_clear_handle_id (&self->burst_idle, g_source_remove);
  g_clear_handle_id (&self->ack_timer, g_source_remove);
  g_clear_handle_id (&self->idle_timer, g_source_remove);
  self->confirming = 0;

  self->probes = g_ptr_array_new_with_free_func ((GDestroyNotify) probe_free);
  for (guint i = 0; probes != NULL && i < probes->len; i++)
    dex_promise_reject (((Probe *) probes->pdata[i])->promise, dead_peer_error ());
}
