/* What comes into a stream: bytes to elements, handed out in their turn, RFC 6120 section 4
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-stream"

#include "config.h"

#include "xmpp-error.h"
#include "xmpp-stream-private.h"

/* How much is read before other sources of the main loop get their turn. */
#define READS_PER_TURN 4
/* Reading pauses while so many elements wait for xmpp_stream_read(). */
#define MAX_WAITING 128

/* Whether it makes sense to read now; before sign-in, one thing after the other. */
static gboolean
wants_bytes (XmppStream *self)
{
  return self->error == NULL &&
         self->parser != NULL &&
         self->phase != XMPP_STREAM_PHASE_IDLE &&
         (self->nodes.length < (self->authenticated ? MAX_WAITING : 1) || self->close_sent);
}

static void
set_new_error (XmppStream *self,
               XmppStreamError code,
               const char *message)
{
  xmpp_stream_set_error (self, g_error_new_literal (XMPP_STREAM_ERROR, code, message));
}

static void
take_header (XmppStream *self,
             XmppNode *header)
{
  const char *version = xmpp_node_get_attr (header, "version");

  /* RFC 6120 section 4.7.5: without a version there are no features to wait for. */
  if (self->phase != XMPP_STREAM_PHASE_HEADER)
    set_new_error (self, XMPP_STREAM_ERROR_PROTOCOL, "A stream header came out of turn");
  else if (version == NULL || g_ascii_strtoull (version, NULL, 10) < 1)
    set_new_error (self, XMPP_STREAM_ERROR_PROTOCOL, "The server speaks an old version of the protocol");
  else
    self->phase = XMPP_STREAM_PHASE_FEATURES;
}

static void
take_stream_error (XmppStream *self,
                   XmppNode *node)
{
  g_autoptr (GError) error = xmpp_error_from_stream_error (node);

  /* Anyone on the way can write this into a stream in clear; only the right server may send us elsewhere
   * (A7). */
  if (!self->secure && g_error_matches (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_SEE_OTHER_HOST))
    set_new_error (self, XMPP_STREAM_ERROR_PROTOCOL, "A redirection before TLS counts nothing");
  else
    xmpp_stream_set_error (self, g_steal_pointer (&error));
}

static void
take_proceed (XmppStream *self,
              XmppNode *node)
{
  if (xmpp_node_is (node, "failure", XMPP_NS_TLS))
    set_new_error (self, XMPP_STREAM_ERROR_NO_TLS, "The server cannot start TLS");
  else if (!xmpp_node_is (node, "proceed", XMPP_NS_TLS))
    set_new_error (self, XMPP_STREAM_ERROR_PROTOCOL, "Something else than <proceed/> came in clear");
  else if (!xmpp_parser_flush (self->parser, NULL) || !xmpp_parser_is_drained (self->parser))
    set_new_error (self, XMPP_STREAM_ERROR_TLS_INJECTION, "Clear text came after <proceed/>");
  else
    {
      self->step_result = xmpp_node_ref (node);
      self->phase = XMPP_STREAM_PHASE_IDLE;
    }
}

static void
take_element (XmppStream *self,
              XmppNode *node)
{
  if (xmpp_node_is (node, "error", XMPP_NS_STREAM))
    {
      take_stream_error (self, node);
      return;
    }

  switch (self->phase)
    {
    case XMPP_STREAM_PHASE_FEATURES:
      if (!xmpp_node_is (node, "features", XMPP_NS_STREAM))
        {
          set_new_error (self, XMPP_STREAM_ERROR_PROTOCOL, "Something else than features came first");
          break;
        }
      self->step_result = xmpp_node_ref (node);
      self->phase = XMPP_STREAM_PHASE_READY;
      break;

    case XMPP_STREAM_PHASE_PROCEED:
      take_proceed (self, node);
      break;

    case XMPP_STREAM_PHASE_READY:
      if (!self->close_sent)
        g_queue_push_tail (&self->nodes, xmpp_node_ref (node));
      break;

    case XMPP_STREAM_PHASE_IDLE:
    case XMPP_STREAM_PHASE_HEADER:
    default:
      set_new_error (self, XMPP_STREAM_ERROR_PROTOCOL, "An element came out of turn");
      break;
    }
}

/* Takes what the parser has; @fault (nullable, consumed) is what stopped it after that. */
static void
take_events (XmppStream *self,
             GError *fault)
{
  XmppParserEvent event;
  XmppNode *next;

  while (self->error == NULL && (event = xmpp_parser_next (self->parser, &next)) != XMPP_PARSER_EVENT_NONE)
    {
      g_autoptr (XmppNode) node = next;

      if (event == XMPP_PARSER_EVENT_OPENED)
        take_header (self, node);
      else if (event == XMPP_PARSER_EVENT_ELEMENT)
        take_element (self, node);
      else
        set_new_error (self, XMPP_STREAM_ERROR_CLOSED, "The server closed the stream");
    }

  if (fault != NULL)
    xmpp_stream_set_error (self, fault);
}

/* The socket has nothing more for now: what expat put off is due (security.md P4). */
static void
take_rest (XmppStream *self)
{
  g_autoptr (GError) fault = NULL;

  self->unchecked = FALSE;
  xmpp_parser_flush (self->parser, &fault);
  take_events (self, g_steal_pointer (&fault));
}

/* FALSE when the turn is over. */
static gboolean
read_once (XmppStream *self)
{
  GPollableInputStream *input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (self->io));
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) fault = NULL;
  gssize n;

  n = g_pollable_input_stream_read_nonblocking (input, self->buffer, XMPP_STREAM_READ_SIZE, NULL, &error);

  if (n > 0)
    {
      self->last_read = g_get_monotonic_time ();
      xmpp_parser_feed (self->parser, (const char *) self->buffer, n, &fault);
      take_events (self, g_steal_pointer (&fault));
      return TRUE;
    }

  take_rest (self);
  if (n == 0 || g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_EOF))
    set_new_error (self, XMPP_STREAM_ERROR_CLOSED, "The connection was closed");
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    xmpp_stream_set_error (self, g_steal_pointer (&error));

  return FALSE;
}

/* Hands out what has come. The last thing to do in a turn, for it runs the code of others. */
static void
deliver (XmppStream *self)
{
  g_autoptr (XmppStream) keep = g_object_ref (self);

  if (self->step_result != NULL && self->step != NULL)
    {
      g_autoptr (DexPromise) step = g_steal_pointer (&self->step);

      dex_promise_resolve_boxed (step, XMPP_TYPE_NODE, g_steal_pointer (&self->step_result));
    }

  while (self->nodes.length > 0 && self->readers.length > 0)
    {
      g_autoptr (DexPromise) reader = g_queue_pop_head (&self->readers);

      /* Whoever no longer waits must not swallow an element. */
      if (!g_cancellable_is_cancelled (dex_promise_get_cancellable (reader)))
        dex_promise_resolve_boxed (reader, XMPP_TYPE_NODE, g_queue_pop_head (&self->nodes));
    }

  xmpp_stream_tell_error (self);
  xmpp_stream_arm (self);
}

static void
read_turn (XmppStream *self)
{
  gboolean more = TRUE;

  g_clear_pointer (&self->source, g_source_unref);

  self->unchecked = TRUE;
  for (guint i = 0; more && i < (self->authenticated ? READS_PER_TURN : 1) && wants_bytes (self); i++)
    more = read_once (self);

  deliver (self);
}

static gboolean
readable_cb (GObject *pollable,
             gpointer user_data)
{
  read_turn (user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
turn_cb (gpointer user_data)
{
  read_turn (user_data);

  return G_SOURCE_REMOVE;
}

void
xmpp_stream_arm (XmppStream *self)
{
  if (self->source != NULL || !wants_bytes (self))
    return;

  if (self->unchecked)
    {
      self->source = g_idle_source_new ();
      g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
      g_source_set_callback (self->source, turn_cb, self, NULL);
    }
  else
    {
      GPollableInputStream *input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (self->io));

      self->source = g_pollable_input_stream_create_source (input, NULL);
      g_source_set_callback (self->source, G_SOURCE_FUNC (readable_cb), self, NULL);
    }

  g_source_set_static_name (self->source, "XmppStream");
  g_source_attach (self->source, NULL);
}

DexFuture *
xmpp_stream_expect (XmppStream *self,
                    XmppStreamPhase phase)
{
  DexFuture *future;

  g_assert (self->step == NULL);
  g_assert (self->error == NULL);

  self->phase = phase;
  self->step = dex_promise_new ();
  future = dex_ref (DEX_FUTURE (self->step));
  xmpp_stream_arm (self);

  return future;
}

DexFuture *
xmpp_stream_read (XmppStream *self)
{
  DexPromise *reader;
  XmppNode *node;

  g_return_val_if_fail (XMPP_IS_STREAM (self), NULL);

  if ((node = xmpp_stream_try_read (self)) != NULL)
    return dex_future_new_take_boxed (XMPP_TYPE_NODE, node);

  if (self->error != NULL)
    return dex_future_new_for_error (g_error_copy (self->error));

  reader = dex_promise_new_cancellable ();
  g_queue_push_tail (&self->readers, dex_ref (reader));

  return DEX_FUTURE (reader);
}

XmppNode *
xmpp_stream_try_read (XmppStream *self)
{
  XmppNode *node;

  g_return_val_if_fail (XMPP_IS_STREAM (self), NULL);

  node = g_queue_pop_head (&self->nodes);
  if (self->source == NULL)
    xmpp_stream_arm (self);

  return node;
}
