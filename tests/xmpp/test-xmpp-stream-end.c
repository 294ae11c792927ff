/* Tests of how a stream ends
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-test-stream.h"
#include "stream-fixture.h"
#include "xmpp-builder.h"
#include "xmpp-error.h"

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

/* ---- our own end ---- */

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

int
main (int argc,
      char **argv)
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (fault_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/xmpp/stream-end/fault/", fault_rows[i].name, NULL);

      linnet_test_add (path, test_fault, &fault_rows[i]);
    }
  linnet_test_add ("/xmpp/stream-end/close-times-out", test_close_times_out, NULL);
  linnet_test_add ("/xmpp/stream-end/close-stuck", test_close_stuck, NULL);
  linnet_test_add ("/xmpp/stream-end/abort", test_abort, NULL);
  linnet_test_add ("/xmpp/stream-end/dropped/opening", test_dropped, "opening");
  linnet_test_add ("/xmpp/stream-end/dropped/idle", test_dropped, "idle");
  linnet_test_add ("/xmpp/stream-end/dropped/reading", test_dropped, "reading");
  linnet_test_add ("/xmpp/stream-end/dropped/writing", test_dropped, "writing");

  return g_test_run ();
}
