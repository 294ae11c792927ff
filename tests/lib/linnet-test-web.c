/* A web server under TLS that says what a test wants, truthfully or not
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-test-web"

#include "config.h"

#include <string.h>

#include "linnet-gio.h"
#include "linnet-spawn.h"
#include "linnet-test-web.h"

struct _LinnetTestWeb
{
  GObject parent_instance;

  GSocketService *service;
  GTlsCertificate *certificate;
  const LinnetTestPage *pages;
  GString *requests;
  GPtrArray *silent; /* connections that are kept open */
  guint n_connections;
  guint16 port;
};

G_DEFINE_FINAL_TYPE (LinnetTestWeb, linnet_test_web, G_TYPE_OBJECT)

typedef struct
{
  LinnetTestWeb *web;
  GIOStream *client;
} Client;

static void
client_free (gpointer data)
{
  Client *self = data;

  g_object_unref (self->web);
  g_object_unref (self->client);
  g_free (self);
}

/* One request's head. NULL when the client has gone. */
static char *
read_head (GIOStream *io)
{
  g_autoptr (GString) head = g_string_new (NULL);

  while (strstr (head->str, "\r\n\r\n") == NULL)
    {
      g_autoptr (GBytes) bytes =
          dex_await_boxed (dex_input_stream_read_bytes (g_io_stream_get_input_stream (io), 4096, 0), NULL);

      if (bytes == NULL || g_bytes_get_size (bytes) == 0)
        return NULL;
      g_string_append_len (head, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    }

  return g_string_free_and_steal (g_steal_pointer (&head));
}

static const LinnetTestPage *
find_page (LinnetTestWeb *self, const char *head)
{
  for (const LinnetTestPage *page = self->pages; page->path != NULL; page++)
    {
      g_autofree char *start = g_strdup_printf ("GET %s HTTP/1.1\r\n", page->path);

      if (g_str_has_prefix (head, start))
        return page;
    }

  g_error ("Nobody expected \"%s\"", head);
}

static gboolean
send_text (GIOStream *io, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return dex_await (linnet_gio_write_all (g_io_stream_get_output_stream (io), bytes), NULL);
}

static DexFuture *
client_fiber (gpointer data)
{
  Client *client = data;
  LinnetTestWeb *self = client->web;
  g_autoptr (GIOStream) tls = NULL;
  g_autofree char *head = NULL;
  g_autofree char *answer = NULL;
  const LinnetTestPage *page;

  tls = g_tls_server_connection_new (client->client, self->certificate, NULL);
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
  if (!dex_await (linnet_gio_handshake (G_TLS_CONNECTION (tls)), NULL) || !(head = read_head (tls)))
    return NULL;

  g_string_append (self->requests, head);
  page = find_page (self, head);
  answer = g_strconcat (
      page->head, page->no_end ? "\r\n" : "\r\n\r\n", page->body != NULL ? page->body : "", NULL);
  if (!send_text (tls, answer))
    return NULL;
  while (page->endless && send_text (tls, page->body))
    ;

  if (page->silent)
    g_ptr_array_add (self->silent, g_object_ref (tls));
  else
    dex_await (dex_io_stream_close (tls, 0), NULL);

  return NULL;
}

static gboolean
incoming_cb (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             gpointer user_data)
{
  LinnetTestWeb *self = user_data;
  Client *client = g_new0 (Client, 1);

  self->n_connections++;
  client->web = g_object_ref (self);
  client->client = G_IO_STREAM (g_object_ref (connection));
  linnet_spawn_detached ("web", client_fiber, client, client_free);

  return TRUE;
}

static void
linnet_test_web_finalize (GObject *object)
{
  LinnetTestWeb *self = LINNET_TEST_WEB (object);

  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_object_unref (self->certificate);
  g_ptr_array_unref (self->silent);
  g_string_free (self->requests, TRUE);

  G_OBJECT_CLASS (linnet_test_web_parent_class)->finalize (object);
}

static void
linnet_test_web_class_init (LinnetTestWebClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_test_web_finalize;
}

static void
linnet_test_web_init (LinnetTestWeb *self)
{
  self->service = g_socket_service_new ();
  self->requests = g_string_new (NULL);
  self->silent = g_ptr_array_new_with_free_func (g_object_unref);
}

LinnetTestWeb *
linnet_test_web_new (GTlsCertificate *certificate, const LinnetTestPage *pages)
{
  LinnetTestWeb *self = g_object_new (LINNET_TYPE_TEST_WEB, NULL);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GError) error = NULL;

  self->certificate = g_object_ref (certificate);
  self->pages = pages;

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
linnet_test_web_get_port (LinnetTestWeb *self)
{
  return self->port;
}

guint
linnet_test_web_get_n_connections (LinnetTestWeb *self)
{
  return self->n_connections;
}

const char *
linnet_test_web_get_requests (LinnetTestWeb *self)
{
  return self->requests->str;
}
