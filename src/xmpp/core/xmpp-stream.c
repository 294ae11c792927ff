/* An XML stream over a connection: bytes to elements and back, RFC 6120 section 4
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-stream"

#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "linnet-spawn.h"
#include "xmpp-error.h"
#include "xmpp-stream-private.h"

#define READ_SIZE (16 * 1024)
/* How much is read before other sources of the main loop get their turn. */
#define READS_PER_TURN 4
/* Reading pauses while so many elements wait for xmpp_stream_read(). */
#define MAX_WAITING 128
/* How long the last words and the orderly closing of the connection may take. */
#define LAST_WORDS_MS 2000
/* security.md R20: the kernel gives up on unacknowledged data after this. */
#define TCP_USER_TIMEOUT_MS 30000

G_DEFINE_FINAL_TYPE (XmppStream, xmpp_stream, G_TYPE_OBJECT)

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

static void read_turn (XmppStream *self);

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

/* ---- the end of a stream ---- */

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

/* Those who wait are told last of all: they may drop the stream. */
static void
tell_error (XmppStream *self)
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

/* Ends the stream without telling those who wait. */
static void
set_error (XmppStream *self,
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

static void
write_failed (gpointer user_data,
              GError *error)
{
  g_autoptr (XmppStream) self = g_object_ref (user_data);

  xmpp_stream_writer_stop (self->writer, error);
  xmpp_stream_fail (self, error);
}

/* ---- what comes in ---- */

/* Whether it makes sense to read now; before sign-in, one thing after the other. */
static gboolean
wants_bytes (XmppStream *self)
{
  return self->error == NULL &&
         self->parser != NULL &&
         self->phase != XMPP_STREAM_PHASE_IDLE &&
         (self->nodes.length < (self->authenticated ? MAX_WAITING : 1) || self->close_sent);
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

static void
arm (XmppStream *self)
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

  tell_error (self);
  arm (self);
}

static void
set_new_error (XmppStream *self,
               XmppStreamError code,
               const char *message)
{
  set_error (self, g_error_new_literal (XMPP_STREAM_ERROR, code, message));
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
    set_error (self, g_steal_pointer (&error));
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
    set_error (self, fault);
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

  n = g_pollable_input_stream_read_nonblocking (input, self->buffer, READ_SIZE, NULL, &error);

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
    set_error (self, g_steal_pointer (&error));

  return FALSE;
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
  arm (self);

  if (self->header_sent)
    dex_await (
        dex_future_first (dex_ref (DEX_FUTURE (self->ended)), dex_timeout_new_msec (state->timeout_ms), NULL),
        NULL);

  xmpp_stream_fail (
      self, g_error_new_literal (XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CLOSED, "The stream was closed"));

  return dex_future_new_true ();
}

static void
prepare_socket (GIOStream *io)
{
  GSocket *socket;

  if (!G_IS_SOCKET_CONNECTION (io))
    return;

  /* Writes are gathered already, so Nagle's delay would only add to it. Both fail only where there is no TCP.
   */
  socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (io));
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, TCP_USER_TIMEOUT_MS, NULL);
}

static void
xmpp_stream_dispose (GObject *object)
{
  XmppStream *self = XMPP_STREAM (object);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);

  if (self->error == NULL)
    self->error = g_error_new_literal (XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CLOSED, "The stream is gone");
  g_clear_pointer (&self->writer, xmpp_stream_writer_free);
  g_queue_clear_full (&self->nodes, (GDestroyNotify) xmpp_node_unref);
  tell_error (self);

  G_OBJECT_CLASS (xmpp_stream_parent_class)->dispose (object);
}

static void
xmpp_stream_finalize (GObject *object)
{
  XmppStream *self = XMPP_STREAM (object);

  g_clear_object (&self->io);
  g_clear_object (&self->transport);
  g_clear_pointer (&self->parser, xmpp_parser_free);
  g_clear_pointer (&self->step_result, xmpp_node_unref);
  if (self->tls_info != NULL)
    {
      g_free (self->tls_info->cipher);
      g_bytes_unref (self->tls_info->certificate);
      g_free (self->tls_info);
    }
  g_clear_error (&self->error);
  dex_clear (&self->ended);
  g_free (self->buffer);

  G_OBJECT_CLASS (xmpp_stream_parent_class)->finalize (object);
}

static void
xmpp_stream_class_init (XmppStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xmpp_stream_dispose;
  G_OBJECT_CLASS (klass)->finalize = xmpp_stream_finalize;
}

static void
xmpp_stream_init (XmppStream *self)
{
  self->buffer = g_malloc (READ_SIZE);
  self->ended = dex_promise_new ();
}

void
xmpp_stream_fail (XmppStream *self,
                  GError *error)
{
  g_autoptr (XmppStream) keep = g_object_ref (self);

  set_error (self, error);
  tell_error (self);
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
  arm (self);

  return future;
}

DexFuture *
xmpp_stream_unless_ended (XmppStream *self,
                          DexFuture *future)
{
  return dex_future_first (future, dex_ref (DEX_FUTURE (self->ended)), NULL);
}

XmppStream *
xmpp_stream_new (GIOStream *io)
{
  XmppStream *self;

  g_return_val_if_fail (G_IS_IO_STREAM (io), NULL);
  g_return_val_if_fail (G_IS_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (io)), NULL);

  self = g_object_new (XMPP_TYPE_STREAM, NULL);
  self->transport = g_object_ref (io);
  self->io = g_object_ref (io);
  self->writer = xmpp_stream_writer_new (g_io_stream_get_output_stream (io), write_failed, self);
  prepare_socket (io);

  return self;
}

DexFuture *
xmpp_stream_open (XmppStream *self,
                  const char *domain,
                  XmppJid *from)
{
  g_autofree char *header = NULL;
  g_autofree char *from_attr = NULL;

  g_return_val_if_fail (XMPP_IS_STREAM (self), NULL);
  g_return_val_if_fail (domain != NULL, NULL);
  g_return_val_if_fail (self->step == NULL, NULL);

  /* Nobody may put into the new stream what the old one did not vouch for (security.md P6, P7). */
  if (self->error == NULL && self->parser != NULL &&
      (self->nodes.length > 0 || !xmpp_parser_is_drained (self->parser)))
    xmpp_stream_fail (self,
                      g_error_new_literal (XMPP_STREAM_ERROR,
                                           XMPP_STREAM_ERROR_PROTOCOL,
                                           "The old stream goes on where a new one begins"));

  if (self->error != NULL)
    return dex_future_new_for_error (g_error_copy (self->error));

  g_clear_pointer (&self->parser, xmpp_parser_free);
  self->parser = xmpp_parser_new (NULL);
  if (self->authenticated)
    xmpp_parser_set_authenticated (self->parser);

  if (from != NULL)
    from_attr = g_markup_printf_escaped (" from='%s'", xmpp_jid_get_bare_string (from));
  header =
      g_markup_printf_escaped ("<?xml version='1.0'?>"
                               "<stream:stream xmlns='" XMPP_NS_CLIENT "' xmlns:stream='" XMPP_NS_STREAM "'"
                               " to='%s' version='1.0' xml:lang='en'",
                               domain);
  xmpp_stream_writer_append (self->writer, header);
  if (from_attr != NULL)
    xmpp_stream_writer_append (self->writer, from_attr);
  xmpp_stream_writer_append (self->writer, ">");
  self->header_sent = TRUE;

  return xmpp_stream_expect (self, XMPP_STREAM_PHASE_HEADER);
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
    arm (self);

  return node;
}

DexFuture *
xmpp_stream_write (XmppStream *self,
                   XmppNode *node)
{
  g_return_val_if_fail (XMPP_IS_STREAM (self), NULL);

  xmpp_stream_send (self, node);

  if (self->error != NULL)
    return dex_future_new_for_error (g_error_copy (self->error));

  return xmpp_stream_writer_flush (self->writer);
}

void
xmpp_stream_send (XmppStream *self,
                  XmppNode *node)
{
  g_autofree char *xml = NULL;

  g_return_if_fail (XMPP_IS_STREAM (self));
  g_return_if_fail (node != NULL);

  xml = xmpp_node_to_string (node, XMPP_NS_CLIENT);
  xmpp_stream_send_text (self, xml);
}

void
xmpp_stream_send_text (XmppStream *self,
                       const char *xml)
{
  g_return_if_fail (XMPP_IS_STREAM (self));
  g_return_if_fail (xml != NULL);

  if (self->error == NULL && !self->close_sent)
    xmpp_stream_writer_append (self->writer, xml);
}

gboolean
xmpp_stream_is_secure (XmppStream *self)
{
  g_return_val_if_fail (XMPP_IS_STREAM (self), FALSE);

  return self->secure;
}

const XmppTlsInfo *
xmpp_stream_get_tls_info (XmppStream *self)
{
  g_return_val_if_fail (XMPP_IS_STREAM (self), NULL);

  return self->tls_info;
}

void
xmpp_stream_set_authenticated (XmppStream *self)
{
  g_return_if_fail (XMPP_IS_STREAM (self));

  self->authenticated = TRUE;
  if (self->parser != NULL)
    xmpp_parser_set_authenticated (self->parser);
  arm (self);
}

gint64
xmpp_stream_get_last_read (XmppStream *self)
{
  g_return_val_if_fail (XMPP_IS_STREAM (self), 0);

  return self->last_read;
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
