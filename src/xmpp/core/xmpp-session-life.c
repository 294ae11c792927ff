/* The life of a session: starting, resuming, ending
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-session"

#include "config.h"

#include "linnet-spawn.h"
#include "xmpp-session-private.h"

#define ACK_ON_CLOSE_TIMEOUT_MS 500
#define CLOSE_TIMEOUT_MS 1500 /* 2 s in all (R9) */

typedef struct
{
  XmppSession *session;
  XmppStream *stream;
  XmppJid *full_jid;
  XmppNode *stream_features;
  XmppSessionStart start;
} StartState;

static void
start_state_free (gpointer data)
{
  StartState *state = data;

  g_clear_object (&state->session);
  g_clear_object (&state->stream);
  g_clear_pointer (&state->full_jid, xmpp_jid_unref);
  g_clear_pointer (&state->stream_features, xmpp_node_unref);
  g_free (state->start.sm_id);
  g_clear_pointer (&state->start.early, g_ptr_array_unref);
  g_free (state);
}

void
xmpp_session_emit_tokens (XmppSession *self,
                          const char *signal,
                          GArray *tokens)
{
  if (tokens != NULL && tokens->len > 0)
    g_signal_emit_by_name (self, signal, tokens);
}

/* ---- the end ---- */

/* The server has forgotten this session, or never could resume it. @h: what it handled, if it said so. */
static void
end_session (XmppSession *self,
             const guint32 *h)
{
  g_autoptr (GArray) acked = NULL;
  g_autoptr (GArray) unsent = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) stanzas = xmpp_stream_management_take_unacked (self->sm, h, &acked);

  for (guint i = 0; i < stanzas->len; i++)
    {
      XmppSmStanza *stanza = stanzas->pdata[i];

      if (stanza->token != 0)
        g_array_append_val (unsent, stanza->token);
      else if (stanza->node != NULL)
        xmpp_session_keep (self, stanza->node);
    }

  /* Nobody here has begun it; there is only what an earlier run had sent. */
  if (!self->in_session)
    {
      xmpp_session_emit_tokens (self, "acked", acked);
      xmpp_session_emit_tokens (self, "unsent", unsent);
      return;
    }

  self->in_session = FALSE;
  dex_clear (&self->introduction);
  g_array_append_vals (unsent, self->unconfirmed->data, self->unconfirmed->len);
  g_array_set_size (self->unconfirmed, 0);

  g_clear_handle_id (&self->flood_timer, g_source_remove);
  xmpp_flood_clear (self->flood);
  xmpp_iq_tracker_fail_all (self->requests);
  for (guint i = 0; i < self->features->len; i++)
    {
      XmppFeatureClass *klass = XMPP_FEATURE_GET_CLASS (self->features->pdata[i]);

      if (klass->offline != NULL)
        klass->offline (self->features->pdata[i]);
    }

  xmpp_session_emit_tokens (self, "acked", acked);
  xmpp_session_emit_tokens (self, "unsent", unsent);
}

void
xmpp_session_fail (XmppSession *self,
                   GError *error,
                   XmppNode *stream_error)
{
  g_autoptr (XmppSession) guard = g_object_ref (self);
  g_autoptr (XmppStream) stream = g_steal_pointer (&self->stream);
  g_autoptr (DexPromise) closed = NULL;
  g_autoptr (GError) owned = error;
  gboolean was_online = self->online;

  if (stream == NULL)
    return;

  /* Before anybody is told anything: nothing can be sent any more. */
  self->online = FALSE;
  closed = dex_ref (self->closed);
  if (stream_error != NULL)
    {
      xmpp_stream_send (stream, stream_error);
      dex_future_disown (xmpp_stream_close (stream, CLOSE_TIMEOUT_MS));
    }
  else
    xmpp_stream_abort (stream);
  xmpp_session_stop_sending (self);
  xmpp_session_push_count (self);
  xmpp_stream_management_connection_lost (self->sm);

  if (self->closing || xmpp_stream_management_get_id (self->sm) == NULL)
    end_session (self, NULL);
  self->closing = FALSE;
  if (was_online)
    g_signal_emit_by_name (self, "online-changed");
  dex_promise_reject (closed, g_steal_pointer (&owned));
}

/* ---- the beginning ---- */

static void
take_stream (XmppSession *self,
             StartState *state)
{
  if (state->stream_features != NULL)
    {
      g_clear_pointer (&self->stream_features, xmpp_node_unref);
      self->stream_features = xmpp_node_ref (state->stream_features);
    }
  self->in_session = TRUE;
  xmpp_session_start_sending (self);
}

static void
begin_fresh (XmppSession *self,
             StartState *state)
{
  const XmppSessionStart *start = &state->start;

  end_session (self, start->sm_h_known ? &start->sm_h : NULL);
  self->foreign = FALSE;
  self->adopted = FALSE;

  g_clear_pointer (&self->full_jid, xmpp_jid_unref);
  self->full_jid = xmpp_jid_ref (state->full_jid);
  xmpp_iq_tracker_set_full_jid (self->requests, self->full_jid);
  self->carbons_inlined = start->carbons_enabled;

  self->received = self->committed = self->last_item = 0;
  if (start->sm_enabled)
    xmpp_stream_management_enable (self->sm, start->sm_resumable ? start->sm_id : NULL);
  if (self->journal != NULL && xmpp_stream_management_get_id (self->sm) != NULL)
    self->journal->begun (self->journal_data, xmpp_stream_management_get_id (self->sm));
  take_stream (self, state);

  /* Not counted by the server either, but what is answered to them is: it comes after <enable/>. */
  for (guint i = 0; start->early != NULL && i < start->early->len && self->stream == state->stream; i++)
    xmpp_session_handle_early (self, start->early->pdata[i]);
}

/* Returns whether the features must introduce themselves to the server first. */
static gboolean
begin_resumed (XmppSession *self,
               StartState *state,
               GError **error)
{
  g_autoptr (GArray) tokens = NULL;
  guint32 sent = xmpp_stream_management_get_sent (self->sm);

  if (!xmpp_stream_management_resumed (self->sm, state->start.sm_h, &tokens, error))
    {
      g_autoptr (XmppNode) too_high = xmpp_sm_handled_count_too_high (state->start.sm_h, sent);

      xmpp_session_fail (self, g_error_copy (*error), too_high);
      return FALSE;
    }

  if (self->foreign)
    self->adopted = TRUE;
  take_stream (self, state);
  xmpp_session_note_acked (self, state->start.sm_h);
  xmpp_session_emit_tokens (self, "acked", tokens);
  xmpp_session_resend (self);

  return TRUE;
}

static DexFuture *
run_online_hooks (XmppSession *self)
{
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  for (guint i = 0; i < self->features->len; i++)
    {
      XmppFeatureClass *klass = XMPP_FEATURE_GET_CLASS (self->features->pdata[i]);

      if (klass->online != NULL)
        g_ptr_array_add (futures, klass->online (self->features->pdata[i]));
    }

  if (futures->len == 0)
    return dex_future_new_true ();

  return dex_future_allv ((DexFuture *const *) futures->pdata, futures->len);
}

static void
run_resumed_hooks (XmppSession *self)
{
  for (guint i = 0; i < self->features->len; i++)
    {
      XmppFeatureClass *klass = XMPP_FEATURE_GET_CLASS (self->features->pdata[i]);

      if (klass->resumed != NULL)
        klass->resumed (self->features->pdata[i]);
    }
}

static DexFuture *
xmpp_session_start_fiber (gpointer user_data)
{
  StartState *state = user_data;
  XmppSession *self = state->session;
  g_autoptr (GError) error = NULL;
  gboolean introduce = !state->start.resumed || self->foreign;

  /* An item of the session before would be taken for one of this, and something acknowledged that is not
   * durable. */
  if (!dex_await (dex_future_first (xmpp_session_wait_drained (self),
                                    dex_ref (DEX_FUTURE (self->closed)),
                                    NULL),
                  &error) ||
      self->stream != state->stream)
    return dex_ref (DEX_FUTURE (self->closed));

  if (!state->start.resumed)
    begin_fresh (self, state);
  else if (!begin_resumed (self, state, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (self->stream != state->stream)
    return dex_ref (DEX_FUTURE (self->closed));
  xmpp_session_start_reading (self);

  if (introduce)
    {
      dex_clear (&self->introduction);
      self->introduction = run_online_hooks (self);
    }
  else
    run_resumed_hooks (self);

  /* It may have begun on a connection that broke: it goes on with the session. */
  dex_await (dex_future_first (dex_ref (self->introduction), dex_ref (DEX_FUTURE (self->closed)), NULL),
             NULL);

  if (self->stream != state->stream)
    return dex_ref (DEX_FUTURE (self->closed));

  self->foreign = FALSE;
  xmpp_session_send_kept (self);
  if (!self->online)
    {
      self->online = TRUE;
      g_signal_emit_by_name (self, "online-changed");
    }

  return dex_future_new_true ();
}

DexFuture *
xmpp_session_start (XmppSession *self,
                    XmppStream *stream,
                    const XmppSessionStart *start)
{
  StartState *state;

  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);
  g_return_val_if_fail (XMPP_IS_STREAM (stream), NULL);
  g_return_val_if_fail (start != NULL, NULL);
  g_return_val_if_fail (self->stream == NULL, NULL);

  if (start->resumed ? xmpp_stream_management_get_id (self->sm) == NULL : start->full_jid == NULL)
    return dex_future_new_reject (XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_PROTOCOL, "Nothing to start with");

  self->stream = g_object_ref (stream);
  self->closing = FALSE;
  dex_clear (&self->closed);
  self->closed = dex_promise_new ();

  state = g_new0 (StartState, 1);
  state->session = g_object_ref (self);
  state->stream = g_object_ref (stream);
  state->full_jid = start->full_jid != NULL ? xmpp_jid_ref (start->full_jid) : NULL;
  state->stream_features = start->stream_features != NULL ? xmpp_node_ref (start->stream_features) : NULL;
  state->start = *start;
  state->start.sm_id = g_strdup (start->sm_id);
  state->start.early = start->early != NULL ? g_ptr_array_ref (start->early) : NULL;

  return linnet_spawn ("xmpp-session-start",
                       xmpp_session_start_fiber,
                       state,
                       start_state_free);
}

DexFuture *
xmpp_session_wait_closed (XmppSession *self)
{
  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  if (self->closed == NULL)
    return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "There was no connection");

  return dex_ref (DEX_FUTURE (self->closed));
}

static DexFuture *
true_cb (DexFuture *future,
         gpointer user_data)
{
  return dex_future_new_true ();
}

typedef struct
{
  XmppSession *session;
  XmppStream *stream;
} CloseState;

static void
close_state_free (gpointer data)
{
  CloseState *state = data;

  g_clear_object (&state->session);
  g_clear_object (&state->stream);
  g_free (state);
}

/* What the server got of ours, and of what it sent, must be settled before </stream:stream>: what comes after
 * counts for nobody. */
static DexFuture *
xmpp_session_close_fiber (gpointer user_data)
{
  CloseState *state = user_data;
  XmppSession *self = state->session;
  XmppStream *stream = state->stream;

  if (self->stream != stream) /* lost before this fiber came to run */
    return dex_future_new_true ();

  if (xmpp_stream_management_get_n_unacked (self->sm) > 0)
    {
      g_autoptr (XmppNode) request = xmpp_sm_request ();

      self->all_acked = dex_promise_new ();
      xmpp_stream_send (stream, request);
      dex_await (dex_future_first (dex_ref (DEX_FUTURE (self->all_acked)),
                                   dex_ref (DEX_FUTURE (self->closed)),
                                   dex_timeout_new_msec (ACK_ON_CLOSE_TIMEOUT_MS),
                                   NULL),
                 NULL);
      dex_clear (&self->all_acked);
    }

  if (self->stream == stream && xmpp_stream_management_is_enabled (self->sm))
    {
      g_autoptr (XmppNode) ack = xmpp_sm_ack (xmpp_stream_management_get_handled (self->sm));

      xmpp_stream_send (stream, ack);
    }
  dex_await (xmpp_stream_close (stream, CLOSE_TIMEOUT_MS), NULL);

  if (self->stream == stream)
    xmpp_session_fail (self,
                       g_error_new_literal (XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CLOSED, "We are done"),
                       NULL);

  return dex_future_new_true ();
}

DexFuture *
xmpp_session_close (XmppSession *self)
{
  CloseState *state;

  g_return_val_if_fail (XMPP_IS_SESSION (self), NULL);

  if (self->closing)
    return dex_future_finally (xmpp_session_wait_closed (self), true_cb, NULL, NULL);

  if (self->stream == NULL)
    {
      xmpp_stream_management_disable (self->sm);
      end_session (self, NULL);
      return dex_future_new_true ();
    }

  self->closing = TRUE;

  state = g_new0 (CloseState, 1);
  state->session = g_object_ref (self);
  state->stream = g_object_ref (self->stream);

  return linnet_spawn ("xmpp-session-close", xmpp_session_close_fiber, state, close_state_free);
}

void
xmpp_session_abort (XmppSession *self)
{
  g_return_if_fail (XMPP_IS_SESSION (self));

  xmpp_session_fail (self,
                     g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The connection was given up"),
                     NULL);
}

gboolean
xmpp_session_get_resumption (XmppSession *self,
                             char **sm_id,
                             guint32 *sm_h)
{
  const char *id;

  g_return_val_if_fail (XMPP_IS_SESSION (self), FALSE);

  id = xmpp_stream_management_get_id (self->sm);
  if (id == NULL || self->committed != self->received)
    return FALSE;

  *sm_id = g_strdup (id);
  *sm_h = self->committed;

  return TRUE;
}

void
xmpp_session_restore (XmppSession *self,
                      const XmppSessionMemory *memory)
{
  g_return_if_fail (XMPP_IS_SESSION (self));
  g_return_if_fail (memory->full_jid != NULL);
  g_return_if_fail (memory->sm_id != NULL);
  g_return_if_fail (!self->in_session);

  g_clear_pointer (&self->full_jid, xmpp_jid_unref);
  self->full_jid = xmpp_jid_ref (memory->full_jid);
  xmpp_iq_tracker_set_full_jid (self->requests, memory->full_jid);
  g_clear_pointer (&self->stream_features, xmpp_node_unref);
  if (memory->stream_features != NULL)
    self->stream_features = xmpp_node_ref (memory->stream_features);

  /* How much that run sent in all is not known; the server will say what it has of it. */
  xmpp_stream_management_restore (self->sm, memory->sm_id, memory->sm_h, memory->acked, memory->acked);
  self->received = self->committed = self->last_item = memory->sm_h;
  self->foreign = TRUE;
}

void
xmpp_session_restore_sent (XmppSession *self,
                           guint32 counter,
                           const char *xml,
                           gint64 token)
{
  g_return_if_fail (XMPP_IS_SESSION (self));
  g_return_if_fail (self->foreign && !self->in_session);

  xmpp_stream_management_restore_stanza (self->sm, counter, xml, token);
}

void
xmpp_session_settle (XmppSession *self,
                     guint32 h)
{
  g_autoptr (GArray) tokens = NULL;

  g_return_if_fail (XMPP_IS_SESSION (self));
  g_return_if_fail (self->stream == NULL);

  if (!xmpp_stream_management_settle (self->sm, h, &tokens))
    return;

  xmpp_session_note_acked (self, h);
  xmpp_session_emit_tokens (self, "acked", tokens);
}
