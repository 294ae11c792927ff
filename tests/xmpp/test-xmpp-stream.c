/* Tests of the stream without TLS: opening, again, and writing
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "linnet-spawn.h"
#include "linnet-test-stream.h"
#include "stream-fixture.h"
#include "xmpp-builder.h"
#include "xmpp-error.h"

static void
test_open (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN (DOMAIN, FEATURES),
    { .c = "</stream:stream>", .s = "</stream:stream>", .act = LINNET_TEST_CLOSE },
    {},
  };
  Fixture fixture = { NULL };

  fixture_init (&fixture, steps);
  g_assert_cmpint (xmpp_stream_get_last_read (fixture.stream), ==, 0);
  fixture_open (&fixture);
  g_assert_true (xmpp_node_is (fixture.features, "features", XMPP_NS_STREAM));
  g_assert_nonnull (xmpp_node_get_child (fixture.features, "bind", "urn:ietf:params:xml:ns:xmpp-bind"));
  g_assert_cmpint (xmpp_stream_get_last_read (fixture.stream), >, 0);
  g_assert_false (xmpp_stream_is_secure (fixture.stream));
  g_assert_null (xmpp_stream_get_tls_info (fixture.stream));
  g_assert_null (xmpp_stream_dup_channel_binding (fixture.stream, "tls-server-end-point"));
  linnet_test_assert_resolves (xmpp_stream_close (fixture.stream, 5000));
  linnet_test_assert_rejects (xmpp_stream_read (fixture.stream), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CLOSED);
  linnet_test_assert_rejects (
      xmpp_stream_open (fixture.stream, DOMAIN, NULL), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CLOSED);
  fixture_clear (&fixture);
}

/* The address of the person goes out only when it is asked for, and without the resource. */
static void
test_open_from (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    {
        .c = "<stream:stream to='example.org' from='ana@example.org' version='1.0' xml:lang='en'>",
        .s = LINNET_TEST_STREAM_S (DOMAIN) "<stream:features/>",
    },
    {},
  };
  g_autoptr (XmppJid) jid = xmpp_jid_new ("ana@example.org/desk", NULL);
  Fixture fixture = { NULL };

  fixture_init (&fixture, steps);
  linnet_test_assert_resolves (xmpp_stream_open (fixture.stream, DOMAIN, jid));
  fixture_clear (&fixture);
}

/* ---- what a server may say instead of opening the stream ---- */

typedef struct
{
  const char *name;
  const char *s;
  LinnetTestAct act;
  GQuark (*domain) (void);
  int code;
} OpenRow;

static const OpenRow open_rows[] = {
  { .name = "eof",
    .s = "",
    .act = LINNET_TEST_CLOSE,
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_CLOSED },
  { .name = "eof-in-header",
    .s = "<?xml version='1.0'?><stream:str",
    .act = LINNET_TEST_CLOSE,
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_CLOSED },
  { .name = "eof-after-header",
    .s = LINNET_TEST_STREAM_S (DOMAIN),
    .act = LINNET_TEST_CLOSE,
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_CLOSED },
  { .name = "reset",
    .s = "<?xml",
    .act = LINNET_TEST_RESET,
    .domain = g_io_error_quark,
    .code = G_IO_ERROR_CONNECTION_CLOSED },
  { .name = "http",
    .s = "HTTP/1.1 400 Bad Request\r\n\r\n",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_NOT_WELL_FORMED },
  { .name = "other-root",
    .s = "<html xmlns='http://www.w3.org/1999/xhtml'>",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_NOT_WELL_FORMED },
  { .name = "other-namespace",
    .s = "<stream:stream xmlns:stream='urn:other' version='1.0'>",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_NOT_WELL_FORMED },
  { .name = "no-version",
    .s = "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'>",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_PROTOCOL },
  { .name = "old-version",
    .s = "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' version='0.9'>",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_PROTOCOL },
  { .name = "closed",
    .s = LINNET_TEST_STREAM_S (DOMAIN) "</stream:stream>",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_CLOSED },
  { .name = "message-first",
    .s = LINNET_TEST_STREAM_S (DOMAIN) "<message><body>x</body></message>",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_PROTOCOL },
  { .name = "features-elsewhere",
    .s = LINNET_TEST_STREAM_S (DOMAIN) "<features/>",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_PROTOCOL },
  { .name = "doctype",
    .s = "<!DOCTYPE x [<!ENTITY a 'b'>]>" LINNET_TEST_STREAM_S (DOMAIN),
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_RESTRICTED_XML },
  { .name = "comment",
    .s = LINNET_TEST_STREAM_S (DOMAIN) "<!-- x --><stream:features/>",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_RESTRICTED_XML },
  { .name = "host-unknown",
    .s = LINNET_TEST_STREAM_S (
        DOMAIN) "<stream:error><host-unknown "
                "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_HOST_UNKNOWN },
  { .name = "redirect-in-clear",
    .s = LINNET_TEST_STREAM_S (
        DOMAIN) "<stream:error><see-other-host "
                "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>evil.example</see-other-host></stream:error>",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_PROTOCOL },
  { .name = "too-much", .s = NULL, .domain = xmpp_stream_error_quark, .code = XMPP_STREAM_ERROR_LIMIT },
};

static char *
too_much_cb (LinnetTestServer *server,
             gpointer user_data)
{
  g_autofree char *blanks = g_strnfill (70000, ' ');

  return g_strconcat (LINNET_TEST_STREAM_S (DOMAIN), blanks, "<stream:features/>", NULL);
}

static void
test_open_fails (gconstpointer data)
{
  const OpenRow *row = data;
  const LinnetTestStep steps[] = {
    {
        .c = LINNET_TEST_STREAM_C (DOMAIN),
        .s = row->s,
        .reply = row->s == NULL ? too_much_cb : NULL,
        .act = row->act != LINNET_TEST_NOTHING ? row->act : LINNET_TEST_WAIT_EOF,
    },
    {},
  };
  Fixture fixture = { NULL };
  GQuark domain = row->domain ();

  fixture_init (&fixture, steps);
  linnet_test_assert_rejects (xmpp_stream_open (fixture.stream, DOMAIN, NULL), domain, row->code);
  /* And so it stays. */
  linnet_test_assert_rejects (xmpp_stream_read (fixture.stream), domain, row->code);
  g_assert_null (xmpp_stream_try_read (fixture.stream));
  fixture_clear (&fixture);
}

/* ---- restart ---- */

/* security.md P6: SASL's success and what follows in one piece. */
static void
test_restart (gconstpointer data)
{
  const char *after = data;
  g_autofree char *s = g_strconcat ("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", after, NULL);
  const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN (DOMAIN, FEATURES),
    { .c = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", .s = s },
    LINNET_TEST_OPEN (DOMAIN, ""),
    { .c = "<presence/>", .s = "<message id='2'/>" },
    {},
  };
  const LinnetTestStep refused[] = {
    LINNET_TEST_OPEN (DOMAIN, FEATURES),
    { .c = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", .s = s, .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  gboolean fine = strspn (after, " \n") == strlen (after);
  g_autoptr (XmppNode) auth = xmpp_el ("auth", "urn:ietf:params:xml:ns:xmpp-sasl");
  g_autoptr (XmppNode) presence = xmpp_el ("presence", XMPP_NS_CLIENT);
  g_autoptr (XmppNode) success = NULL;
  g_autoptr (XmppNode) message = NULL;
  g_autoptr (GError) error = NULL;
  Fixture fixture = { NULL };

  fixture_init (&fixture, fine ? steps : refused);
  linnet_test_stream_set_chunks (LINNET_TEST_STREAM (linnet_test_server_get_stream (fixture.server)),
                                 LINNET_TEST_CHUNKS_WHOLE);
  fixture_open (&fixture);
  xmpp_stream_send (fixture.stream, auth);
  success = read_node (fixture.stream);
  g_assert_true (xmpp_node_is (success, "success", "urn:ietf:params:xml:ns:xmpp-sasl"));
  xmpp_stream_set_authenticated (fixture.stream);

  g_clear_pointer (&fixture.features, xmpp_node_unref);
  fixture.features = dex_await_boxed (xmpp_stream_open (fixture.stream, DOMAIN, NULL), &error);
  if (fine)
    {
      g_assert_no_error (error);
      g_assert_cmpuint (xmpp_node_get_n_children (fixture.features), ==, 0);
      xmpp_stream_send (fixture.stream, presence);
      message = read_node (fixture.stream);
      g_assert_cmpstr (xmpp_node_get_attr (message, "id"), ==, "2");
    }
  else
    {
      g_assert_true (g_error_matches (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_PROTOCOL) ||
                     g_error_matches (error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_NOT_WELL_FORMED));
    }
  fixture_clear (&fixture);
}

/* ---- writing ---- */

static void
test_write (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN (DOMAIN, FEATURES),
    { .c = "<presence/><message id='1'/><message id='2'><body>a &lt; b</body></message><iq id='3'/>",
      .s = "<iq/>" },
    {},
  };
  g_autoptr (XmppNode) presence = xmpp_el ("presence", XMPP_NS_CLIENT);
  g_autoptr (XmppNode) iq = xmpp_el ("iq", XMPP_NS_CLIENT, xmpp_attr ("id", "3"));
  g_autoptr (XmppNode) answer = NULL;
  g_autoptr (DexFuture) written = NULL;
  LinnetTestStream *server;
  Fixture fixture = { NULL };
  GIOStream *io;

  fixture_init (&fixture, steps);
  fixture_open (&fixture);
  server = LINNET_TEST_STREAM (linnet_test_server_get_stream (fixture.server));
  io = G_IO_STREAM (server);
  g_assert_nonnull (io);

  xmpp_stream_send (fixture.stream, presence);
  xmpp_stream_send_text (fixture.stream, "<message id='1'/>");
  xmpp_stream_send_text (fixture.stream, "<message id='2'><body>a &lt; b</body></message>");
  written = xmpp_stream_write (fixture.stream, iq);
  g_assert_true (dex_future_is_pending (written));
  linnet_test_assert_resolves (dex_ref (written));
  answer = read_node (fixture.stream);
  g_assert_nonnull (strstr (linnet_test_server_get_received (fixture.server),
                            "<presence/><message id='1'/><message id='2'>"));
  fixture_clear (&fixture);
}

/* Bytes of one turn leave in one write. */
static void
test_write_gathers (gconstpointer data)
{
  g_autoptr (LinnetTestStream) mine = NULL;
  g_autoptr (LinnetTestStream) other = NULL;
  g_autoptr (XmppStream) stream = NULL;
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "second write");

  linnet_test_stream_new_pair (&mine, &other);
  linnet_test_stream_set_chunks (mine, LINNET_TEST_CHUNKS_WHOLE);
  stream = xmpp_stream_new (G_IO_STREAM (mine));
  for (guint i = 0; i < 100; i++)
    xmpp_stream_send_text (stream, "0123456789");
  g_assert_cmpuint (linnet_test_stream_get_unread (mine), ==, 0);
  linnet_test_settle ();
  g_assert_cmpuint (linnet_test_stream_get_unread (mine), ==, 1000);
  g_assert_cmpuint (linnet_test_stream_get_n_writes (mine), ==, 1);
}

/* Of a real socket: no delay of small packets, and an end to unanswered ones (security.md R20). */
static void
test_socket (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN (DOMAIN, FEATURES),
    { .c = "</stream:stream>", .s = "</stream:stream>", .act = LINNET_TEST_CLOSE },
    {},
  };
  g_autoptr (LinnetTestServer) server = linnet_test_server_new ();
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) address = NULL;
  g_autoptr (GIOStream) io = NULL;
  g_autoptr (XmppStream) stream = NULL;
  GSocket *socket;
  int value;

  linnet_test_server_play (server, steps);
  address = g_network_address_new ("127.0.0.1", linnet_test_server_listen (server, "127.0.0.1"));
  io = dex_await_object (dex_socket_client_connect (client, address), NULL);
  g_assert_nonnull (io);
  stream = xmpp_stream_new (io);

  socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (io));
  g_assert_true (g_socket_get_option (socket, IPPROTO_TCP, TCP_NODELAY, &value, NULL));
  g_assert_cmpint (value, !=, 0);
  g_assert_true (g_socket_get_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, NULL));
  g_assert_cmpint (value, ==, 30000);

  linnet_test_assert_resolves (xmpp_stream_open (stream, DOMAIN, NULL));
  linnet_test_assert_resolves (xmpp_stream_close (stream, 5000));
  linnet_test_assert_resolves (linnet_test_server_finish (server));
  g_assert_finalize_object (g_steal_pointer (&stream));
}

static void
test_write_fails (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN (DOMAIN, FEATURES),
    { .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  g_autoptr (XmppNode) presence = xmpp_el ("presence", XMPP_NS_CLIENT);
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "TCP_USER_TIMEOUT");
  g_autoptr (LinnetTestServer) server = linnet_test_server_new ();
  g_autoptr (LinnetTestStream) io = NULL;
  g_autoptr (XmppStream) stream = NULL;
  g_autoptr (DexFuture) reading = NULL;

  linnet_test_server_play (server, steps);
  io = LINNET_TEST_STREAM (linnet_test_server_connect (server));
  stream = xmpp_stream_new (G_IO_STREAM (io));
  linnet_test_assert_resolves (xmpp_stream_open (stream, DOMAIN, NULL));
  linnet_test_stream_fail_writes (io, 0, error);
  reading = xmpp_stream_read (stream);
  linnet_test_assert_rejects (xmpp_stream_write (stream, presence), G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  linnet_test_assert_rejects (dex_ref (reading), G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  linnet_test_assert_rejects (xmpp_stream_write (stream, presence), G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  linnet_test_assert_resolves (linnet_test_server_finish (server));
  g_assert_finalize_object (g_steal_pointer (&stream));
}

int
main (int argc,
      char **argv)
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/xmpp/stream/open", test_open, NULL);
  linnet_test_add ("/xmpp/stream/open-from", test_open_from, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (open_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/xmpp/stream/open/", open_rows[i].name, NULL);

      linnet_test_add (path, test_open_fails, &open_rows[i]);
    }
  linnet_test_add ("/xmpp/stream/restart/plain", test_restart, "");
  linnet_test_add ("/xmpp/stream/restart/blank", test_restart, " \n");
  linnet_test_add ("/xmpp/stream/restart/stanza", test_restart, "<message/>");
  linnet_test_add ("/xmpp/stream/restart/half-stanza", test_restart, "<message><bo");
  linnet_test_add (
      "/xmpp/stream/restart/header", test_restart, LINNET_TEST_STREAM_S (DOMAIN) "<stream:features/>");
  linnet_test_add ("/xmpp/stream/write", test_write, NULL);
  linnet_test_add ("/xmpp/stream/write-gathers", test_write_gathers, NULL);
  linnet_test_add ("/xmpp/stream/socket", test_socket, NULL);
  linnet_test_add ("/xmpp/stream/write-fails", test_write_fails, NULL);

  return g_test_run ();
}
