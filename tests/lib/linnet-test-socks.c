/* A SOCKS5 proxy that leads to this machine alone
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-test-socks"

#include "config.h"

#include "linnet-gio.h"
#include "linnet-spawn.h"
#include "linnet-test-socks.h"

#define CHUNK 4096

struct _LinnetTestSocks
{
  GObject parent_instance;

  GSocketService *service;
  GString *asked;
  char *user;
  char *password;
  guint16 port; /* its own */
  guint16 leads_to;
};

G_DEFINE_FINAL_TYPE (LinnetTestSocks, linnet_test_socks, G_TYPE_OBJECT)

typedef struct
{
  LinnetTestSocks *socks;
  GIOStream *client;
} Client;

typedef struct
{
  GIOStream *from;
  GIOStream *to;
} Pipe;

static void
client_free (gpointer data)
{
  Client *self = data;

  g_object_unref (self->socks);
  g_object_unref (self->client);
  g_free (self);
}

static void
pipe_free (gpointer data)
{
  Pipe *self = data;

  g_object_unref (self->from);
  g_object_unref (self->to);
  g_free (self);
}

/* FALSE when the other side has gone. */
static gboolean
read_exactly (GIOStream *io, guint8 *buffer, gsize size)
{
  GInputStream *input = g_io_stream_get_input_stream (io);
  gint64 got = 0;

  for (gsize n = 0; n < size; n += got)
    if ((got = dex_await_int64 (dex_input_stream_read (input, buffer + n, size - n, 0), NULL)) <= 0)
      return FALSE;

  return TRUE;
}

static gboolean
reply (GIOStream *io, const char *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);

  return dex_await (linnet_gio_write_all (g_io_stream_get_output_stream (io), bytes), NULL);
}

static DexFuture *
pipe_fiber (gpointer data)
{
  Pipe *self = data;

  for (;;)
    {
      g_autoptr (GBytes) bytes = dex_await_boxed (
          dex_input_stream_read_bytes (g_io_stream_get_input_stream (self->from), CHUNK, 0), NULL);

      if (bytes == NULL || g_bytes_get_size (bytes) == 0 ||
          !dex_await (linnet_gio_write_all (g_io_stream_get_output_stream (self->to), bytes), NULL))
        break;
    }
  g_io_stream_close (self->to, NULL, NULL);

  return NULL;
}

static void
pipe_both_ways (GIOStream *a, GIOStream *b)
{
  Pipe *there = g_new0 (Pipe, 1);
  Pipe *back = g_new0 (Pipe, 1);

  there->from = g_object_ref (a);
  there->to = g_object_ref (b);
  back->from = g_object_ref (b);
  back->to = g_object_ref (a);
  linnet_spawn_detached ("socks there", pipe_fiber, there, pipe_free);
  linnet_spawn_detached ("socks back", pipe_fiber, back, pipe_free);
}

/* RFC 1929. @text: (out): one field */
static gboolean
read_field (GIOStream *io, char **text)
{
  guint8 length;
  guint8 buffer[255];

  if (!read_exactly (io, &length, 1) || !read_exactly (io, buffer, length))
    return FALSE;

  *text = g_strndup ((const char *) buffer, length);

  return TRUE;
}

static gboolean
authenticate (LinnetTestSocks *self, GIOStream *io)
{
  g_autofree char *user = NULL;
  g_autofree char *password = NULL;
  guint8 head[2], methods[255], version;

  if (!read_exactly (io, head, 2) || !read_exactly (io, methods, head[1]))
    return FALSE;
  if (self->user == NULL)
    return reply (io, "\x05\x00", 2);

  if (head[1] != 2 || !reply (io, "\x05\x02", 2) || !read_exactly (io, &version, 1) ||
      !read_field (io, &user) || !read_field (io, &password))
    return FALSE;
  if (g_strcmp0 (user, self->user) == 0 && g_strcmp0 (password, self->password) == 0)
    return reply (io, "\x01\x00", 2);
  reply (io, "\x01\x01", 2);

  return FALSE;
}

/* RFC 1928 */
static DexFuture *
client_fiber (gpointer data)
{
  Client *client = data;
  LinnetTestSocks *self = client->socks;
  GIOStream *io = client->client;
  g_autofree char *host = NULL;
  g_autoptr (GSocketClient) dialler = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GSocketConnectable) address = NULL;
  guint8 head[4], port[2];

  if (!authenticate (self, io) || !read_exactly (io, head, 4))
    return NULL;
  /* Who asks for an address has looked it up. */
  g_assert_cmpuint (head[3], ==, 3);
  if (!read_field (io, &host) || !read_exactly (io, port, 2))
    return NULL;
  g_string_append_printf (
      self->asked, "%s%s:%u", self->asked->len > 0 ? "," : "", host, port[0] << 8 | port[1]);

  if (self->leads_to == 0)
    {
      reply (io, "\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00", 10);
      return NULL;
    }

  address = g_network_address_new ("127.0.0.1", self->leads_to);
  g_socket_client_set_enable_proxy (dialler, FALSE);
  connection = dex_await_object (dex_socket_client_connect (dialler, address), NULL);
  if (connection == NULL || !reply (io, "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10))
    return NULL;
  pipe_both_ways (io, G_IO_STREAM (connection));

  return NULL;
}

static gboolean
incoming_cb (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             gpointer user_data)
{
  Client *client = g_new0 (Client, 1);

  client->socks = g_object_ref (user_data);
  client->client = G_IO_STREAM (g_object_ref (connection));
  linnet_spawn_detached ("socks", client_fiber, client, client_free);

  return TRUE;
}

static void
linnet_test_socks_finalize (GObject *object)
{
  LinnetTestSocks *self = LINNET_TEST_SOCKS (object);

  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_string_free (self->asked, TRUE);
  g_free (self->user);
  g_free (self->password);

  G_OBJECT_CLASS (linnet_test_socks_parent_class)->finalize (object);
}

static void
linnet_test_socks_class_init (LinnetTestSocksClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_test_socks_finalize;
}

static void
linnet_test_socks_init (LinnetTestSocks *self)
{
  self->service = g_socket_service_new ();
  self->asked = g_string_new (NULL);
}

LinnetTestSocks *
linnet_test_socks_new (const char *user, const char *password, guint16 port)
{
  LinnetTestSocks *self = g_object_new (LINNET_TYPE_TEST_SOCKS, NULL);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GError) error = NULL;

  self->user = g_strdup (user);
  self->password = g_strdup (password);
  self->leads_to = port;

  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service),
                                 address,
                                 G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP,
                                 NULL,
                                 &effective,
                                 &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  g_socket_service_start (self->service);

  return self;
}

guint16
linnet_test_socks_get_port (LinnetTestSocks *self)
{
  return self->port;
}

const char *
linnet_test_socks_get_asked (LinnetTestSocks *self)
{
  return self->asked->str;
}
