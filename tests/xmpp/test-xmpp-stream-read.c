/* Tests of what comes in by a stream
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-test-stream.h"
#include "stream-fixture.h"
#include "xmpp-builder.h"

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

/* ---- how much is read ---- */

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

int
main (int argc,
      char **argv)
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/xmpp/stream-read/splits/two", test_splits, NULL);
  linnet_test_add ("/xmpp/stream-read/splits/three", test_splits, "three");
  linnet_test_add ("/xmpp/stream-read/back-pressure", test_back_pressure, NULL);
  linnet_test_add ("/xmpp/stream-read/one-by-one-before-sign-in", test_one_by_one_before_sign_in, NULL);
  linnet_test_add ("/xmpp/stream-read/read-dropped", test_read_dropped, NULL);

  return g_test_run ();
}
