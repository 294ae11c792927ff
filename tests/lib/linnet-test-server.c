/* A server that plays a transcript of literal XML, truthfully or not
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-test-server"

#include "config.h"

#include <expat.h>
#include <string.h>
#include <sys/socket.h>

#include "linnet-gio.h"
#include "linnet-spawn.h"
#include "linnet-test-server.h"
#include "linnet-test-stream.h"
#include "linnet-test-xml.h"
#include "linnet-test.h"

#define READ_SIZE 4096
#define STREAM_CLOSE "</stream:stream>"
#define STREAM_NAME "http://etherx.jabber.org/streams stream"
#define ERROR_NAME "http://etherx.jabber.org/streams error"

typedef struct
{
  gatomicrefcount ref_count;
  LinnetTestServer *server; /* unowned; NULL when it is gone */
  const LinnetTestStep *steps;
  GIOStream *io;
  GIOStream *tls; /* nullable */
  XML_Parser parser;
  GPtrArray *open; /* unowned LinnetTestXml: elements not closed yet, without the stream's own */
  GQueue arrived;  /* LinnetTestXml, the stream header among them */
  GPtrArray *captures;
  GHashTable *kept;
  GString *clear;
  GString *received;
  DexPromise *finished;
  guint depth;
  guint stream_closed : 1;
  guint eof : 1;
} Connection;

struct _LinnetTestServer
{
  GObject parent_instance;

  GTlsCertificate *certificate;
  char **protocols;
  gpointer user_data;
  GQueue transcripts;
  GPtrArray *connections;
  GSocketListener *listener;
  DexCancellable *cancellable;
  gboolean may_hang_up;
};

G_DEFINE_FINAL_TYPE (LinnetTestServer, linnet_test_server, G_TYPE_OBJECT)

/* ---- parsing what the client sends ---- */

static void
start_element_cb (void *user_data,
                  const char *name,
                  const char **attributes)
{
  Connection *self = user_data;
  LinnetTestXml *element = linnet_test_xml_new (name, attributes);

  if (self->depth++ == 0)
    {
      g_queue_push_tail (&self->arrived, element);
      return;
    }

  if (self->open->len > 0)
    linnet_test_xml_add_child (g_ptr_array_index (self->open, self->open->len - 1), element);
  g_ptr_array_add (self->open, element);
}

static void
end_element_cb (void *user_data,
                const char *name)
{
  Connection *self = user_data;

  if (--self->depth == 0)
    {
      self->stream_closed = TRUE;
      return;
    }

  if (self->open->len == 1)
    g_queue_push_tail (&self->arrived, g_ptr_array_index (self->open, 0));
  g_ptr_array_set_size (self->open, self->open->len - 1);
}

static void
text_cb (void *user_data,
         const char *text,
         int length)
{
  Connection *self = user_data;

  if (self->open->len > 0)
    linnet_test_xml_add_text (g_ptr_array_index (self->open, self->open->len - 1), text, length);
}

static void
connection_reset_parser (Connection *self)
{
  g_clear_pointer (&self->parser, XML_ParserFree);
  if (self->open->len > 0)
    linnet_test_xml_free (g_ptr_array_index (self->open, 0));
  g_ptr_array_set_size (self->open, 0);
  g_queue_clear_full (&self->arrived, (GDestroyNotify) linnet_test_xml_free);
  self->depth = 0;
  self->stream_closed = FALSE;

  self->parser = XML_ParserCreateNS (NULL, ' ');
  XML_SetUserData (self->parser, self);
  XML_SetElementHandler (self->parser, start_element_cb, end_element_cb);
  XML_SetCharacterDataHandler (self->parser, text_cb);
  XML_SetReparseDeferralEnabled (self->parser, XML_FALSE);
}

/* ---- a connection ---- */

static Connection *
connection_new (LinnetTestServer *server,
                GIOStream *io,
                const LinnetTestStep *steps)
{
  Connection *self = g_new0 (Connection, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->server = server;
  self->steps = steps;
  self->io = g_object_ref (io);
  self->open = g_ptr_array_new ();
  self->captures = g_ptr_array_new_with_free_func (g_free);
  self->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->clear = g_string_new (NULL);
  self->received = g_string_new (NULL);
  self->finished = dex_promise_new ();
  connection_reset_parser (self);

  return self;
}

static Connection *
connection_ref (Connection *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

static void
connection_unref (Connection *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  connection_reset_parser (self);
  XML_ParserFree (self->parser);
  g_clear_object (&self->tls);
  g_clear_object (&self->io);
  g_ptr_array_unref (self->open);
  g_ptr_array_unref (self->captures);
  g_hash_table_unref (self->kept);
  g_string_free (self->clear, TRUE);
  g_string_free (self->received, TRUE);
  dex_unref (self->finished);
  g_free (self);
}

static GIOStream *
connection_get_io (Connection *self)
{
  return self->tls != NULL ? self->tls : self->io;
}

static gboolean
connection_must_stay (Connection *self)
{
  return self->server != NULL && !self->server->may_hang_up;
}

static void G_GNUC_PRINTF (3, 4) G_GNUC_NORETURN
    connection_fail (Connection *self,
                     const LinnetTestStep *step,
                     const char *format,
                     ...)
{
  g_autofree char *message = NULL;
  g_autofree char *received = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  received = g_strescape (self->received->str, "\"\n"); /* it may be anything, as TLS without its time */

  g_error ("Step %d of the transcript%s%s: %s\nReceived in all: %s",
           (int) (step - self->steps),
           step->c != NULL ? ", which expects " : "",
           step->c != NULL ? step->c : "",
           message,
           received);
}

/* FALSE at the end of file. */
static gboolean
connection_read (Connection *self,
                 const LinnetTestStep *step)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const char *data;
  gsize size;

  if (self->eof)
    return FALSE;

  bytes = dex_await_boxed (
      dex_input_stream_read_bytes (g_io_stream_get_input_stream (connection_get_io (self)), READ_SIZE, 0),
      &error);
  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    {
      self->eof = TRUE;
      return FALSE;
    }

  data = g_bytes_get_data (bytes, &size);
  g_string_append_len (self->received, data, size);
  if (self->tls == NULL)
    g_string_append_len (self->clear, data, size);

  if (!XML_Parse (self->parser, data, size, FALSE))
    connection_fail (
        self, step, "the client sent what is not XML: %s", XML_ErrorString (XML_GetErrorCode (self->parser)));

  return TRUE;
}

static void
connection_expect_element (Connection *self,
                           const LinnetTestStep *step,
                           LinnetTestXml *pattern)
{
  g_autoptr (LinnetTestXml) element = NULL;
  g_autofree char *why = NULL;

  while (self->arrived.length == 0)
    if (!connection_read (self, step))
      {
        if (connection_must_stay (self))
          connection_fail (self, step, "the client closed the connection");
        return;
      }

  element = g_queue_pop_head (&self->arrived);
  if (!linnet_test_xml_match (pattern, element, self->captures, self->kept, &why))
    {
      g_autofree char *xml = linnet_test_xml_to_string (element);

      connection_fail (self, step, "%s: %s", why, xml);
    }
}

static void
connection_expect (Connection *self,
                   const LinnetTestStep *step)
{
  g_autoptr (GPtrArray) patterns = NULL;

  g_ptr_array_set_size (self->captures, 0);

  if (g_str_equal (step->c, STREAM_CLOSE))
    {
      while (!self->stream_closed && self->arrived.length == 0 && connection_read (self, step))
        continue;
      if (!self->stream_closed && connection_must_stay (self))
        connection_fail (self, step, "something else came");
      return;
    }

  patterns = linnet_test_xml_parse (step->c);
  for (guint i = 0; i < patterns->len; i++)
    {
      LinnetTestXml *pattern = g_ptr_array_index (patterns, i);

      /* A client starts a new stream only after all of the old one was answered. */
      if (g_str_equal (linnet_test_xml_get_name (pattern), STREAM_NAME) && self->depth > 0)
        {
          if (self->arrived.length > 0 && self->depth > 1)
            connection_fail (self, step, "something of the old stream is left");
          if (self->arrived.length == 0)
            connection_reset_parser (self);
        }
      connection_expect_element (self, step, pattern);
    }
}

static gboolean
connection_write (Connection *self,
                  const char *data,
                  gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);

  return dex_await (linnet_gio_write_all (g_io_stream_get_output_stream (connection_get_io (self)), bytes),
                    NULL);
}

static void
connection_send (Connection *self,
                 const LinnetTestStep *step)
{
  g_autofree char *built = NULL;
  const char *data;
  gsize size;

  if (step->reply != NULL)
    {
      data = built = step->reply (self->server, self->server->user_data);
      size = strlen (data);
    }
  else if (step->s_length > 0)
    {
      data = step->s;
      size = step->s_length;
    }
  else
    {
      data = built = linnet_test_xml_expand (step->s, self->captures, self->kept);
      size = strlen (data);
    }

  /* A client may hang up at any byte; what follows in the transcript finds out. */
  if (!step->trickle)
    {
      connection_write (self, data, size);
      return;
    }

  for (gsize i = 0; i < size && connection_write (self, data + i, 1); i++)
    linnet_test_settle ();
}

static void
connection_start_tls (Connection *self,
                      const LinnetTestStep *step)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) tls = NULL;

  tls = g_tls_server_connection_new (self->io, self->server->certificate, &error);
  g_assert_no_error (error);
  if (self->server->protocols != NULL)
    g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (tls),
                                               (const char *const *) self->server->protocols);

  if (dex_await (linnet_gio_handshake (G_TLS_CONNECTION (tls)), &error))
    {
      g_set_object (&self->tls, tls);
      connection_reset_parser (self);
      if (step->act == LINNET_TEST_REFUSED_TLS && connection_read (self, step))
        connection_fail (self, step, "the client accepts this TLS");
    }
  else
    {
      if (step->act == LINNET_TEST_START_TLS && connection_must_stay (self))
        connection_fail (self, step, "no TLS: %s", error->message);
      /* What is left of a handshake that broke off is not for the transcript. */
      self->eof = TRUE;
    }
}

static void
connection_reset (Connection *self)
{
  if (LINNET_IS_TEST_STREAM (self->io))
    {
      linnet_test_stream_reset (LINNET_TEST_STREAM (self->io));
    }
  else
    {
      GSocket *socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (self->io));
      struct linger linger = { .l_onoff = 1, .l_linger = 0 };

      setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
      g_socket_close (socket, NULL);
    }
}

/* The client may close its stream and say what is wrong, nothing else. */
static void
connection_wait_eof (Connection *self,
                     const LinnetTestStep *step)
{
  do
    {
      while (self->arrived.length > 0)
        {
          g_autoptr (LinnetTestXml) element = g_queue_pop_head (&self->arrived);
          g_autofree char *xml = linnet_test_xml_to_string (element);

          if (!g_str_equal (linnet_test_xml_get_name (element), ERROR_NAME))
            connection_fail (self, step, "the transcript does not expect %s", xml);
        }
    }
  while (!self->eof && connection_read (self, step));
}

static DexFuture *
connection_fiber (gpointer user_data)
{
  Connection *self = user_data;
  const LinnetTestStep *step;

  for (step = self->steps; self->server != NULL; step++)
    {
      if (step->c == NULL && step->s == NULL && step->reply == NULL && step->act == LINNET_TEST_NOTHING)
        break;

      if (step->c != NULL)
        connection_expect (self, step);
      if (self->server != NULL && (step->s != NULL || step->reply != NULL))
        connection_send (self, step);
      if (self->server == NULL)
        break;

      switch (step->act)
        {
        case LINNET_TEST_START_TLS:
        case LINNET_TEST_REFUSED_TLS:
          connection_start_tls (self, step);
          break;
        case LINNET_TEST_CLOSE:
          dex_await (dex_io_stream_close (connection_get_io (self), 0), NULL);
          break;
        case LINNET_TEST_RESET:
          connection_reset (self);
          break;
        case LINNET_TEST_WAIT_EOF:
          connection_wait_eof (self, step);
          break;
        case LINNET_TEST_NOTHING:
        default:
          break;
        }
    }

  dex_promise_resolve_boolean (self->finished, TRUE);

  if (!g_io_stream_is_closed (connection_get_io (self)) && self->server != NULL)
    {
      connection_wait_eof (self, step);
      dex_await (dex_io_stream_close (connection_get_io (self), 0), NULL);
    }

  return dex_future_new_true ();
}

static void
linnet_test_server_add (LinnetTestServer *self,
                        GIOStream *io)
{
  const LinnetTestStep *steps = g_queue_pop_head (&self->transcripts);
  Connection *connection;

  if (steps == NULL)
    g_error ("A client connects, but there is no transcript for it");

  connection = connection_new (self, io, steps);
  g_ptr_array_add (self->connections, connection);
  dex_future_disown (dex_future_first (linnet_spawn ("test connection",
                                                     connection_fiber,
                                                     connection_ref (connection),
                                                     (GDestroyNotify) connection_unref),
                                       dex_ref (DEX_FUTURE (self->cancellable)),
                                       NULL));
}

static DexFuture *
accepted_cb (DexFuture *future,
             gpointer user_data)
{
  g_autoptr (LinnetTestServer) self = g_weak_ref_get (user_data);
  const GValue *value = dex_future_get_value (future, NULL);

  if (self == NULL || value == NULL)
    return NULL;

  linnet_test_server_add (self, g_value_get_object (value));

  return dex_socket_listener_accept (self->listener);
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static Connection *
linnet_test_server_get_newest (LinnetTestServer *self)
{
  g_assert (self->connections->len > 0);

  return g_ptr_array_index (self->connections, self->connections->len - 1);
}

static void
linnet_test_server_dispose (GObject *object)
{
  LinnetTestServer *self = LINNET_TEST_SERVER (object);

  for (guint i = 0; i < self->connections->len; i++)
    ((Connection *) g_ptr_array_index (self->connections, i))->server = NULL;
  dex_cancellable_cancel (self->cancellable);
  if (self->listener != NULL)
    g_socket_listener_close (self->listener);

  G_OBJECT_CLASS (linnet_test_server_parent_class)->dispose (object);
}

static void
linnet_test_server_finalize (GObject *object)
{
  LinnetTestServer *self = LINNET_TEST_SERVER (object);

  g_clear_object (&self->certificate);
  g_clear_object (&self->listener);
  g_strfreev (self->protocols);
  g_queue_clear (&self->transcripts);
  g_ptr_array_unref (self->connections);
  dex_clear (&self->cancellable);

  G_OBJECT_CLASS (linnet_test_server_parent_class)->finalize (object);
}

static void
linnet_test_server_class_init (LinnetTestServerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = linnet_test_server_dispose;
  G_OBJECT_CLASS (klass)->finalize = linnet_test_server_finalize;
}

static void
linnet_test_server_init (LinnetTestServer *self)
{
  self->connections = g_ptr_array_new_with_free_func ((GDestroyNotify) connection_unref);
  self->cancellable = dex_cancellable_new ();
}

LinnetTestServer *
linnet_test_server_new (void)
{
  return g_object_new (LINNET_TYPE_TEST_SERVER, NULL);
}

void
linnet_test_server_set_certificate (LinnetTestServer *self,
                                    GTlsCertificate *certificate)
{
  g_return_if_fail (LINNET_IS_TEST_SERVER (self));

  g_set_object (&self->certificate, certificate);
}

void
linnet_test_server_set_protocols (LinnetTestServer *self,
                                  const char *const *protocols)
{
  g_return_if_fail (LINNET_IS_TEST_SERVER (self));

  g_strfreev (self->protocols);
  self->protocols = g_strdupv ((char **) protocols);
}

void
linnet_test_server_set_user_data (LinnetTestServer *self,
                                  gpointer user_data)
{
  g_return_if_fail (LINNET_IS_TEST_SERVER (self));

  self->user_data = user_data;
}

void
linnet_test_server_allow_hang_up (LinnetTestServer *self)
{
  g_return_if_fail (LINNET_IS_TEST_SERVER (self));

  self->may_hang_up = TRUE;
}

void
linnet_test_server_play (LinnetTestServer *self,
                         const LinnetTestStep *steps)
{
  g_return_if_fail (LINNET_IS_TEST_SERVER (self));
  g_return_if_fail (steps != NULL);

  g_queue_push_tail (&self->transcripts, (gpointer) steps);
}

GIOStream *
linnet_test_server_connect (LinnetTestServer *self)
{
  LinnetTestStream *client;
  g_autoptr (LinnetTestStream) server = NULL;

  g_return_val_if_fail (LINNET_IS_TEST_SERVER (self), NULL);

  linnet_test_stream_new_pair (&client, &server);
  linnet_test_server_add (self, G_IO_STREAM (server));

  return G_IO_STREAM (client);
}

void
linnet_test_server_serve (LinnetTestServer *self,
                          GIOStream *io)
{
  g_return_if_fail (LINNET_IS_TEST_SERVER (self));
  g_return_if_fail (G_IS_IO_STREAM (io));

  linnet_test_server_add (self, io);
}

GIOStream *
linnet_test_server_get_stream (LinnetTestServer *self)
{
  g_return_val_if_fail (LINNET_IS_TEST_SERVER (self), NULL);

  return linnet_test_server_get_newest (self)->io;
}

guint16
linnet_test_server_listen (LinnetTestServer *self,
                           const char *address)
{
  g_autoptr (GSocketAddress) wanted = NULL;
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GError) error = NULL;
  GWeakRef *weak;

  g_return_val_if_fail (LINNET_IS_TEST_SERVER (self), 0);
  g_return_val_if_fail (self->listener == NULL, 0);

  self->listener = g_socket_listener_new ();
  wanted = g_inet_socket_address_new_from_string (address, 0);
  g_assert_nonnull (wanted);
  g_socket_listener_add_address (
      self->listener, wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);

  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  dex_future_disown (dex_future_first (
      dex_future_then_loop (dex_socket_listener_accept (self->listener), accepted_cb, weak, weak_ref_free),
      dex_ref (DEX_FUTURE (self->cancellable)),
      NULL));

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
}

DexFuture *
linnet_test_server_finish (LinnetTestServer *self)
{
  g_autoptr (GPtrArray) futures = NULL;

  g_return_val_if_fail (LINNET_IS_TEST_SERVER (self), NULL);

  if (self->transcripts.length > 0)
    return dex_future_new_reject (G_IO_ERROR,
                                  G_IO_ERROR_FAILED,
                                  "%u transcripts were not played: no client came",
                                  self->transcripts.length);

  futures = g_ptr_array_new ();
  for (guint i = 0; i < self->connections->len; i++)
    g_ptr_array_add (futures, ((Connection *) g_ptr_array_index (self->connections, i))->finished);

  if (futures->len == 0)
    return dex_future_new_true ();

  /* The set takes a reference to each. */
  return dex_future_allv ((DexFuture *const *) futures->pdata, futures->len);
}

const char *
linnet_test_server_get_capture (LinnetTestServer *self,
                                guint n)
{
  GPtrArray *captures;

  g_return_val_if_fail (LINNET_IS_TEST_SERVER (self), NULL);

  captures = linnet_test_server_get_newest (self)->captures;
  g_return_val_if_fail (n >= 1 && n <= captures->len, NULL);

  return g_ptr_array_index (captures, n - 1);
}

const char *
linnet_test_server_get_kept (LinnetTestServer *self,
                             const char *name)
{
  g_return_val_if_fail (LINNET_IS_TEST_SERVER (self), NULL);

  return g_hash_table_lookup (linnet_test_server_get_newest (self)->kept, name);
}

GTlsConnection *
linnet_test_server_get_tls (LinnetTestServer *self)
{
  GIOStream *tls;

  g_return_val_if_fail (LINNET_IS_TEST_SERVER (self), NULL);

  tls = linnet_test_server_get_newest (self)->tls;

  return tls != NULL ? G_TLS_CONNECTION (tls) : NULL;
}

const char *
linnet_test_server_get_clear (LinnetTestServer *self)
{
  g_return_val_if_fail (LINNET_IS_TEST_SERVER (self), NULL);

  return linnet_test_server_get_newest (self)->clear->str;
}

const char *
linnet_test_server_get_received (LinnetTestServer *self)
{
  g_return_val_if_fail (LINNET_IS_TEST_SERVER (self), NULL);

  return linnet_test_server_get_newest (self)->received->str;
}

guint
linnet_test_server_get_n_connections (LinnetTestServer *self)
{
  g_return_val_if_fail (LINNET_IS_TEST_SERVER (self), 0);

  return self->connections->len;
}
