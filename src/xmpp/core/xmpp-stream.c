/* An XML stream over a connection: bytes to elements and back, RFC 6120 section 4
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-stream"

#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "xmpp-error.h"
#include "xmpp-stream-private.h"

/* security.md R20: the kernel gives up on unacknowledged data after this. */
#define TCP_USER_TIMEOUT_MS 30000

G_DEFINE_FINAL_TYPE (XmppStream, xmpp_stream, G_TYPE_OBJECT)

static void
write_failed (gpointer user_data,
              GError *error)
{
  g_autoptr (XmppStream) self = g_object_ref (user_data);

  xmpp_stream_writer_stop (self->writer, error);
  xmpp_stream_fail (self, error);
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
  xmpp_stream_tell_error (self);

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
  self->buffer = g_malloc (XMPP_STREAM_READ_SIZE);
  self->ended = dex_promise_new ();
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
  XmppParserLimits limits = { .max_unauthenticated = 0 };

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
  limits.max_unauthenticated = self->budget;
  self->parser = xmpp_parser_new (&limits);
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
xmpp_stream_set_budget (XmppStream *self,
                        gsize max_unauthenticated)
{
  g_return_if_fail (XMPP_IS_STREAM (self));

  self->budget = max_unauthenticated;
}

void
xmpp_stream_set_authenticated (XmppStream *self)
{
  g_return_if_fail (XMPP_IS_STREAM (self));

  self->authenticated = TRUE;
  if (self->parser != NULL)
    xmpp_parser_set_authenticated (self->parser);
  xmpp_stream_arm (self);
}

gint64
xmpp_stream_get_last_read (XmppStream *self)
{
  g_return_val_if_fail (XMPP_IS_STREAM (self), 0);

  return self->last_read;
}
