/* Tests of the stream without TLS
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "linnet-spawn.h"
#include "linnet-test-server.h"
#include "linnet-test-stream.h"
#include "linnet-test.h"
#include "xmpp-builder.h"
#include "xmpp-error.h"
#include "xmpp-stream.h"

#define DOMAIN "example.org"
#define FEATURES "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"

typedef struct
{
  LinnetTestServer *server;
  XmppStream *stream;
  XmppNode *features;
} Fixture;

static void
fixture_init (Fixture *self,
              const LinnetTestStep *steps)
{
  g_autoptr (GIOStream) io = NULL;

  self->server = linnet_test_server_new ();
  linnet_test_server_play (self->server, steps);
  io = linnet_test_server_connect (self->server);
  self->stream = xmpp_stream_new (io);
}

static void
fixture_open (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  self->features = dex_await_boxed (xmpp_stream_open (self->stream, DOMAIN, NULL), &error);
  g_assert_no_error (error);
}

static void
fixture_clear (Fixture *self)
{
  linnet_test_assert_resolves (linnet_test_server_finish (self->server));
  g_clear_pointer (&self->features, xmpp_node_unref);
  if (self->stream != NULL)
    g_assert_finalize_object (g_steal_pointer (&self->stream));
  g_clear_object (&self->server);
}

static XmppNode *
read_node (XmppStream *stream)
{
  g_autoptr (GError) error = NULL;
  XmppNode *node = dex_await_boxed (xmpp_stream_read (stream), &error);

  g_assert_no_error (error);

  return node;
}

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

/* ---- faults of an open stream ---- */

typedef struct
{
  const char *name;
  const char *s;
  const char *c; /* what we are to say before we close */
  LinnetTestAct act;
  int code;
} FaultRow;

#define WE_SAY(condition) \
  "<stream:error><" condition " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"

static const FaultRow fault_rows[] = {
  { .name = "closed", .s = "</stream:stream>", .code = XMPP_STREAM_ERROR_CLOSED },
  { .name = "eof", .act = LINNET_TEST_CLOSE, .code = XMPP_STREAM_ERROR_CLOSED },
  { .name = "conflict",
    .s = "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
    .code = XMPP_STREAM_ERROR_CONFLICT },
  { .name = "conflict-and-close",
    .s = "<stream:error><conflict "
         "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
    .act = LINNET_TEST_CLOSE,
    .code = XMPP_STREAM_ERROR_CONFLICT },
  { .name = "shutdown",
    .s = "<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
    .code = XMPP_STREAM_ERROR_SYSTEM_SHUTDOWN },
  { .name = "not-xml",
    .s = "<message></presence>",
    .c = WE_SAY ("not-well-formed"),
    .code = XMPP_STREAM_ERROR_NOT_WELL_FORMED },
  { .name = "header-again",
    .s = "<?xml version='1.0'?>",
    .c = WE_SAY ("not-well-formed"),
    .code = XMPP_STREAM_ERROR_NOT_WELL_FORMED },
  { .name = "instruction",
    .s = "<?php echo 1 ?>",
    .c = WE_SAY ("restricted-xml"),
    .code = XMPP_STREAM_ERROR_RESTRICTED_XML },
  { .name = "comment",
    .s = "<!-- -->",
    .c = WE_SAY ("restricted-xml"),
    .code = XMPP_STREAM_ERROR_RESTRICTED_XML },
  { .name = "deep", .s = NULL, .c = WE_SAY ("policy-violation"), .code = XMPP_STREAM_ERROR_LIMIT },
};

static char *
deep_cb (LinnetTestServer *server,
         gpointer user_data)
{
  g_autoptr (GString) text = g_string_new ("<message id='last'/>");

  for (guint i = 0; i < 200; i++)
    g_string_append (text, "<a>");

  return g_strdup (text->str);
}

/* What came before the fault is still read; then nothing but the fault. */
static void
test_fault (gconstpointer data)
{
  const FaultRow *row = data;
  g_autofree char *s = g_strconcat ("<message id='last'/>", row->s, NULL);
  const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN (DOMAIN, FEATURES),
    {
        .c = "<presence/>",
        .s = row->s != NULL || row->act == LINNET_TEST_CLOSE ? s : NULL,
        .reply = row->s != NULL || row->act == LINNET_TEST_CLOSE ? NULL : deep_cb,
        .act = row->act,
    },
    { .c = row->c },
    { .c = row->act == LINNET_TEST_CLOSE ? NULL : "</stream:stream>",
      .act = row->act == LINNET_TEST_CLOSE ? LINNET_TEST_NOTHING : LINNET_TEST_WAIT_EOF },
    {},
  };
  g_autoptr (XmppNode) presence = xmpp_el ("presence", XMPP_NS_CLIENT);
  g_autoptr (XmppNode) last = NULL;
  Fixture fixture = { NULL };

  fixture_init (&fixture, steps);
  fixture_open (&fixture);
  xmpp_stream_send (fixture.stream, presence);
  last = read_node (fixture.stream);
  g_assert_cmpstr (xmpp_node_get_attr (last, "id"), ==, "last");
  linnet_test_assert_rejects (xmpp_stream_read (fixture.stream), XMPP_STREAM_ERROR, row->code);
  linnet_test_assert_rejects (xmpp_stream_read (fixture.stream), XMPP_STREAM_ERROR, row->code);
  linnet_test_assert_rejects (xmpp_stream_write (fixture.stream, presence), XMPP_STREAM_ERROR, row->code);
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

/* ---- splits (security.md P4) ---- */

static const char split_sample[] =
    "<message from='ä@example.org/x' id='1'><body>Grüße &amp; 🐦 </body></message>"
    "<r xmlns='urn:xmpp:sm:3'/>\n"
    "<presence/>";

/* However the bytes are cut, all three arrive, and without waiting for anything more. */
static void
test_splits (gconstpointer data)
{
  gboolean three = data != NULL;
  gsize length = strlen (split_sample);

  for (gsize i = 1; i < length; i++)
    for (gsize j = three ? i : length; j <= length; j += three ? 31 : 1)
      {
        static const LinnetTestStep steps[] = { LINNET_TEST_OPEN (DOMAIN, FEATURES), {} };
        g_autoptr (XmppNode) message = NULL;
        g_autoptr (XmppNode) request = NULL;
        g_autoptr (XmppNode) presence = NULL;
        Fixture fixture = { NULL };
        GOutputStream *output;

        fixture_init (&fixture, steps);
        output = g_io_stream_get_output_stream (linnet_test_server_get_stream (fixture.server));
        linnet_test_stream_set_chunks (LINNET_TEST_STREAM (linnet_test_server_get_stream (fixture.server)),
                                       LINNET_TEST_CHUNKS_WHOLE);
        fixture_open (&fixture);
        xmpp_stream_set_authenticated (fixture.stream);

        g_output_stream_write_all (output, split_sample, i, NULL, NULL, NULL);
        linnet_test_settle ();
        g_output_stream_write_all (output, split_sample + i, j - i, NULL, NULL, NULL);
        linnet_test_settle ();
        g_output_stream_write_all (output, split_sample + j, length - j, NULL, NULL, NULL);
        linnet_test_settle ();

        message = xmpp_stream_try_read (fixture.stream);
        request = xmpp_stream_try_read (fixture.stream);
        presence = xmpp_stream_try_read (fixture.stream);
        g_assert_nonnull (message);
        g_assert_cmpstr (xmpp_node_get_child_text (message, "body", XMPP_NS_CLIENT), ==, "Grüße & 🐦 ");
        g_assert_nonnull (request);
        g_assert_nonnull (presence);
        g_assert_null (xmpp_stream_try_read (fixture.stream));
        fixture_clear (&fixture);
      }
}

/* ---- reading and writing ---- */

#define N_MANY 3000

static char *
many_cb (LinnetTestServer *server,
         gpointer user_data)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < N_MANY; i++)
    g_string_append_printf (text, "<message id='%u'><body>Nothing much</body></message>", i);

  return g_strdup (text->str);
}

/* Nothing is read ahead without end, nothing is lost, nothing changes places. */
static void
test_back_pressure (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN (DOMAIN, FEATURES),
    { .reply = many_cb },
    {},
  };
  Fixture fixture = { NULL };
  guint n_waiting;

  fixture_init (&fixture, steps);
  linnet_test_stream_set_chunks (LINNET_TEST_STREAM (linnet_test_server_get_stream (fixture.server)),
                                 LINNET_TEST_CHUNKS_WHOLE);
  fixture_open (&fixture);
  xmpp_stream_set_authenticated (fixture.stream);
  linnet_test_settle ();
  g_assert_cmpuint (
      linnet_test_stream_get_unread (LINNET_TEST_STREAM (linnet_test_server_get_stream (fixture.server))),
      >,
      32 * 1024);

  n_waiting = 0;
  while (n_waiting < N_MANY)
    {
      g_autoptr (XmppNode) first = read_node (fixture.stream);
      guint n_at_once = 1;

      do
        {
          g_autofree char *id = g_strdup_printf ("%u", n_waiting++);

          g_assert_cmpstr (xmpp_node_get_attr (first, "id"), ==, id);
          g_clear_pointer (&first, xmpp_node_unref);
          first = xmpp_stream_try_read (fixture.stream);
          n_at_once++;
        }
      while (first != NULL);

      /* One read of 16 KiB brings about 300 of them more than the 128 that may wait. */
      g_assert_cmpuint (n_at_once, <, 600);
    }
  fixture_clear (&fixture);
}

/* Before sign-in, one thing after the other: what follows a success belongs to the time after it. */
static void
test_one_by_one_before_sign_in (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN (DOMAIN, FEATURES),
    { .c = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", .reply = many_cb },
    {},
  };
  g_autoptr (XmppNode) auth = xmpp_el ("auth", "urn:ietf:params:xml:ns:xmpp-sasl");
  Fixture fixture = { NULL };

  fixture_init (&fixture, steps);
  linnet_test_stream_set_chunks (LINNET_TEST_STREAM (linnet_test_server_get_stream (fixture.server)),
                                 LINNET_TEST_CHUNKS_WHOLE);
  fixture_open (&fixture);
  xmpp_stream_send (fixture.stream, auth);
  for (guint i = 0; i < N_MANY; i++)
    {
      g_autoptr (XmppNode) node = read_node (fixture.stream);

      g_assert_cmpuint (g_ascii_strtoull (xmpp_node_get_attr (node, "id"), NULL, 10), ==, i);
      xmpp_stream_set_authenticated (fixture.stream);
    }
  fixture_clear (&fixture);
}

static void
test_read_dropped (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN (DOMAIN, FEATURES),
    { .c = "<presence/>", .s = "<message id='1'/>" },
    {},
  };
  g_autoptr (XmppNode) presence = xmpp_el ("presence", XMPP_NS_CLIENT);
  g_autoptr (XmppNode) message = NULL;
  Fixture fixture = { NULL };

  fixture_init (&fixture, steps);
  fixture_open (&fixture);
  linnet_test_assert_rejects (
      dex_future_first (xmpp_stream_read (fixture.stream), dex_timeout_new_msec (1), NULL),
      DEX_ERROR,
      DEX_ERROR_TIMED_OUT);
  xmpp_stream_send (fixture.stream, presence);
  message = read_node (fixture.stream);
  g_assert_cmpstr (xmpp_node_get_attr (message, "id"), ==, "1");
  fixture_clear (&fixture);
}

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

/* ---- the end ---- */

static void
test_close_times_out (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN (DOMAIN, FEATURES),
    { .c = "</stream:stream>", .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  Fixture fixture = { NULL };

  fixture_init (&fixture, steps);
  fixture_open (&fixture);
  linnet_test_assert_resolves (xmpp_stream_close (fixture.stream, 10));
  linnet_test_assert_resolves (xmpp_stream_close (fixture.stream, 10));
  linnet_test_assert_rejects (xmpp_stream_read (fixture.stream), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CLOSED);
  fixture_clear (&fixture);
}

/* A peer that takes nothing any more cannot hold us back. */
static void
test_close_stuck (gconstpointer data)
{
  static const LinnetTestStep steps[] = { LINNET_TEST_OPEN (DOMAIN, FEATURES), {} };
  g_autoptr (LinnetTestServer) server = linnet_test_server_new ();
  g_autoptr (LinnetTestStream) io = NULL;
  g_autoptr (XmppStream) stream = NULL;

  linnet_test_server_play (server, steps);
  io = LINNET_TEST_STREAM (linnet_test_server_connect (server));
  stream = xmpp_stream_new (G_IO_STREAM (io));
  linnet_test_assert_resolves (xmpp_stream_open (stream, DOMAIN, NULL));
  linnet_test_stream_set_capacity (io, 0);
  linnet_test_assert_resolves (xmpp_stream_close (stream, 10));
  g_assert_finalize_object (g_steal_pointer (&stream));
}

static void
test_abort (gconstpointer data)
{
  static const LinnetTestStep steps[] = {
    LINNET_TEST_OPEN (DOMAIN, FEATURES),
    { .act = LINNET_TEST_WAIT_EOF },
    {},
  };
  g_autoptr (DexFuture) reading = NULL;
  Fixture fixture = { NULL };

  fixture_init (&fixture, steps);
  fixture_open (&fixture);
  reading = xmpp_stream_read (fixture.stream);
  xmpp_stream_send_text (fixture.stream, "<message/>");
  xmpp_stream_abort (fixture.stream);
  xmpp_stream_abort (fixture.stream);
  g_assert_true (dex_future_is_rejected (reading));
  linnet_test_assert_rejects (dex_ref (reading), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CLOSED);
  fixture_clear (&fixture);
  g_assert_null (fixture.server);
}

/* Nobody keeps a dropped stream alive, whatever it is doing. */
static void
test_dropped (gconstpointer data)
{
  const char *when = data;
  static const LinnetTestStep steps[] = { LINNET_TEST_OPEN (DOMAIN, FEATURES),
                                          { .act = LINNET_TEST_WAIT_EOF },
                                          {} };
  static const LinnetTestStep silent[] = { { .c = LINNET_TEST_STREAM_C (DOMAIN) },
                                           { .act = LINNET_TEST_WAIT_EOF },
                                           {} };
  g_autoptr (DexFuture) future = NULL;
  Fixture fixture = { NULL };

  fixture_init (&fixture, g_str_equal (when, "opening") ? silent : steps);
  if (g_str_equal (when, "opening"))
    {
      future = xmpp_stream_open (fixture.stream, DOMAIN, NULL);
      linnet_test_settle ();
    }
  else
    {
      fixture_open (&fixture);
      if (g_str_equal (when, "reading"))
        future = xmpp_stream_read (fixture.stream);
      if (g_str_equal (when, "writing"))
        {
          g_autofree char *long_text = g_strnfill (200000, ' ');

          xmpp_stream_send_text (fixture.stream, long_text);
          linnet_test_stream_set_capacity (
              LINNET_TEST_STREAM (linnet_test_server_get_stream (fixture.server)), 10);
        }
    }

  g_assert_finalize_object (g_steal_pointer (&fixture.stream));
  if (future != NULL)
    linnet_test_assert_rejects (dex_ref (future), XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CLOSED);
  fixture_clear (&fixture);
}

static void
add_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (open_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/xmpp/stream/open/", open_rows[i].name, NULL);

      linnet_test_add (path, test_open_fails, &open_rows[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (fault_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/xmpp/stream/fault/", fault_rows[i].name, NULL);

      linnet_test_add (path, test_fault, &fault_rows[i]);
    }
}

int
main (int argc,
      char **argv)
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/xmpp/stream/open", test_open, NULL);
  linnet_test_add ("/xmpp/stream/open-from", test_open_from, NULL);
  add_rows ();
  linnet_test_add ("/xmpp/stream/restart/plain", test_restart, "");
  linnet_test_add ("/xmpp/stream/restart/blank", test_restart, " \n");
  linnet_test_add ("/xmpp/stream/restart/stanza", test_restart, "<message/>");
  linnet_test_add ("/xmpp/stream/restart/half-stanza", test_restart, "<message><bo");
  linnet_test_add (
      "/xmpp/stream/restart/header", test_restart, LINNET_TEST_STREAM_S (DOMAIN) "<stream:features/>");
  linnet_test_add ("/xmpp/stream/splits/two", test_splits, NULL);
  linnet_test_add ("/xmpp/stream/splits/three", test_splits, "three");
  linnet_test_add ("/xmpp/stream/back-pressure", test_back_pressure, NULL);
  linnet_test_add ("/xmpp/stream/one-by-one-before-sign-in", test_one_by_one_before_sign_in, NULL);
  linnet_test_add ("/xmpp/stream/read-dropped", test_read_dropped, NULL);
  linnet_test_add ("/xmpp/stream/write", test_write, NULL);
  linnet_test_add ("/xmpp/stream/write-gathers", test_write_gathers, NULL);
  linnet_test_add ("/xmpp/stream/socket", test_socket, NULL);
  linnet_test_add ("/xmpp/stream/write-fails", test_write_fails, NULL);
  linnet_test_add ("/xmpp/stream/close-times-out", test_close_times_out, NULL);
  linnet_test_add ("/xmpp/stream/close-stuck", test_close_stuck, NULL);
  linnet_test_add ("/xmpp/stream/abort", test_abort, NULL);
  linnet_test_add ("/xmpp/stream/dropped/opening", test_dropped, "opening");
  linnet_test_add ("/xmpp/stream/dropped/idle", test_dropped, "idle");
  linnet_test_add ("/xmpp/stream/dropped/reading", test_dropped, "reading");
  linnet_test_add ("/xmpp/stream/dropped/writing", test_dropped, "writing");

  return g_test_run ();
}
