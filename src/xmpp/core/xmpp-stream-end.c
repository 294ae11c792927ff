/* The end of a stream: who is told, last words, closing, RFC 6120 sections 4.4 and 4.9
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-stream"

#include "config.h"

#include "linnet-spawn.h"
#include "xmpp-error.h"
#include "xmpp-stream-private.h"

/* How long the last words and the orderly closing of the connection may take. */
#define LAST_WORDS_MS 2000

typedef struct
{
  GIOStream *io;
  DexFuture *written;
} Closing;

typedef struct
{
  XmppStream *stream;
  guint timeout_ms;
} Close;

static void
closing_free (gpointer data)
{
  Closing *self = data;

  g_object_unref (self->io);
  dex_unref (self->written);
  g_free (self);
}

static void
close_free (gpointer data)
{
  Close *self = data;

  g_object_unref (self->stream);
  g_free (self);
}

static DexFuture *
closing_fiber (gpointer user_data)
{
  Closing *self = user_data;

  dex_await (dex_future_first (dex_ref (self->written), dex_timeout_new_msec (LAST_WORDS_MS), NULL), NULL);
  dex_await (dex_future_first (dex_io_stream_close (self->io, G_PRIORITY_DEFAULT),
                               dex_timeout_new_msec (LAST_WORDS_MS),
                               NULL),
             NULL);

  return dex_future_new_true ();
}

static void
close_transport (XmppStream *self)
{
  Closing *state = g_new0 (Closing, 1);

  state->io = g_object_ref (self->io);
  state->written = xmpp_stream_writer_flush (self->writer);
  linnet_spawn_detached ("closing of a stream", closing_fiber, state, closing_free);
}

/* The condition of RFC 6120 section 4.9.3 for a fault that is the server's, or NULL. */
static const char *
get_condition (const GError *error)
{
  if (error->domain != XMPP_STREAM_ERROR)
    return NULL;

  switch (error->code)
    {
    case XMPP_STREAM_ERROR_NOT_WELL_FORMED:
      return "not-well-formed";
    case XMPP_STREAM_ERROR_RESTRICTED_XML:
      return "restricted-xml";
    case XMPP_STREAM_ERROR_LIMIT:
      return "policy-violation";
    case XMPP_STREAM_ERROR_PROTOCOL:
      return "invalid-xml";
    default:
      return NULL;
    }
}

static DexFuture *
close_fiber (gpointer user_data)
{
  Close *state = user_data;
  XmppStream *self = state->stream;

  if (self->error != NULL)
    return dex_future_new_true ();

  if (!self->close_sent)
    xmpp_stream_writer_append (self->writer, "</stream:stream>");
  self->close_sent = TRUE;
  xmpp_stream_arm (self);

  if (self->header_sent)
    dex_await (
        dex_future_first (dex_ref (DEX_FUTURE (self->ended)), dex_timeout_new_msec (state->timeout_ms), NULL),
        NULL);

  xmpp_stream_fail (
      self, g_error_new_literal (XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CLOSED, "The stream was closed"));

  return dex_future_new_true ();
}

void
xmpp_stream_tell_error (XmppStream *self)
{
  DexPromise *reader;
  g_autoptr (DexPromise) step = NULL;

  if (self->error == NULL)
    return;

  step = g_steal_pointer (&self->step);
  if (step != NULL)
    dex_promise_reject (step, g_error_copy (self->error));

  while (self->nodes.length == 0 && (reader = g_queue_pop_head (&self->readers)) != NULL)
    {
      dex_promise_reject (reader, g_error_copy (self->error));
      dex_unref (reader);
    }

  if (!self->error_told)
    {
      self->error_told = TRUE;
      dex_promise_reject (self->ended, g_error_copy (self->error));
    }
}

void
xmpp_stream_set_error (XmppStream *self,
                       GError *error)
{
  const char *condition;

  if (self->error != NULL)
    {
      g_error_free (error);
      return;
    }

  self->error = error;
  self->phase = XMPP_STREAM_PHASE_IDLE;
  g_clear_pointer (&self->step_result, xmpp_node_unref);
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);

  if (error->domain == XMPP_STREAM_ERROR && self->header_sent && !self->close_sent)
    {
      if ((condition = get_condition (error)) != NULL)
        {
          g_autofree char *last_words =
              g_strdup_printf ("<stream:error><%s xmlns='" XMPP_NS_STREAMS "'/></stream:error>", condition);

          xmpp_stream_writer_append (self->writer, last_words);
        }
      xmpp_stream_writer_append (self->writer, "</stream:stream>");
      self->close_sent = TRUE;
    }
  else if (error->domain != XMPP_STREAM_ERROR)
    {
      xmpp_stream_writer_stop (self->writer, error);
    }

  close_transport (self);
}

void
xmpp_stream_fail (XmppStream *self,
                  GError *error)
{
  g_autoptr (XmppStream) keep = g_object_ref (self);

  xmpp_stream_set_error (self, error);
  xmpp_stream_tell_error (self);
}

DexFuture *
xmpp_stream_unless_ended (XmppStream *self,
                          DexFuture *future)
{
  return dex_future_first (future, dex_ref (DEX_FUTURE (self->ended)), NULL);
}

DexFuture *
xmpp_stream_close (XmppStream *self,
                   guint timeout_ms)
{
  Close *state;

  g_return_val_if_fail (XMPP_IS_STREAM (self), NULL);

  state = g_new0 (Close, 1);
  state->stream = g_object_ref (self);
  state->timeout_ms = timeout_ms;

  return linnet_spawn ("close of a stream", close_fiber, state, close_free);
}

void
xmpp_stream_abort (XmppStream *self)
{
  g_autoptr (XmppStream) keep = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (XMPP_IS_STREAM (self));

  keep = g_object_ref (self);
  error = g_error_new_literal (XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CLOSED, "The connection was dropped");
  xmpp_stream_writer_stop (self->writer, error);
  xmpp_stream_fail (self, g_steal_pointer (&error));
  /* Not the TLS connection, which would wait for a dead peer. */
  dex_future_disown (dex_io_stream_close (self->transport, G_PRIORITY_DEFAULT));
}
