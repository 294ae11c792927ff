/* Tests of the sending half of a stream
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-spawn.h"
#include "linnet-test-stream.h"
#include "linnet-test.h"
#include "xmpp-stream-writer.h"

typedef struct
{
  LinnetTestStream *ours;
  LinnetTestStream *theirs;
  XmppStreamWriter *writer;
  GError *error; /* what it failed with; nullable */
  guint n_failures;
} Fixture;

static void
failed (gpointer user_data,
        GError *error)
{
  Fixture *self = user_data;

  self->n_failures++;
  xmpp_stream_writer_stop (self->writer, error);
  self->error = error;
}

static void
fixture_init (Fixture *self)
{
  linnet_test_stream_new_pair (&self->ours, &self->theirs);
  self->writer =
      xmpp_stream_writer_new (g_io_stream_get_output_stream (G_IO_STREAM (self->ours)), failed, self);
}

static void
fixture_clear (Fixture *self)
{
  g_clear_pointer (&self->writer, xmpp_stream_writer_free);
  linnet_test_settle ();
  g_assert_finalize_object (self->ours);
  g_assert_finalize_object (self->theirs);
  g_clear_error (&self->error);
}

static char *
read_text (Fixture *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  while (linnet_test_stream_get_unread (self->ours) > 0)
    {
      GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (self->theirs));
      g_autoptr (GBytes) bytes = dex_await_boxed (dex_input_stream_read_bytes (input, 100, 0), NULL);

      g_string_append_len (text, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      linnet_test_settle ();
    }

  return g_strdup (text->str);
}

static void
test_order (gconstpointer data)
{
  Fixture fixture = { NULL };
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autofree char *text = NULL;

  fixture_init (&fixture);
  linnet_test_stream_set_capacity (fixture.ours, 7);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u,", i);

      xmpp_stream_writer_append (fixture.writer, number);
      g_string_append (expected, number);
      if (i % 10 == 0)
        linnet_test_settle ();
    }
  text = read_text (&fixture);
  g_assert_cmpstr (text, ==, expected->str);
  fixture_clear (&fixture);
}

/* Each flush ends with what was appended before it, not with what came after. */
static void
test_flush (gconstpointer data)
{
  Fixture fixture = { NULL };
  g_autoptr (DexFuture) first = NULL;
  g_autoptr (DexFuture) second = NULL;
  g_autofree char *text = NULL;

  fixture_init (&fixture);
  linnet_test_assert_resolves (xmpp_stream_writer_flush (fixture.writer));
  xmpp_stream_writer_append (fixture.writer, "one");
  first = xmpp_stream_writer_flush (fixture.writer);
  g_assert_true (dex_future_is_pending (first));
  linnet_test_stream_set_capacity (fixture.ours, 3);
  linnet_test_settle ();
  g_assert_true (dex_future_is_resolved (first));

  xmpp_stream_writer_append (fixture.writer, "two");
  second = xmpp_stream_writer_flush (fixture.writer);
  linnet_test_settle ();
  g_assert_true (dex_future_is_pending (second));
  text = read_text (&fixture);
  g_assert_cmpstr (text, ==, "onetwo");
  linnet_test_assert_resolves (dex_ref (second));
  fixture_clear (&fixture);
}

static void
test_fails (gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
  g_autoptr (DexFuture) first = NULL;
  Fixture fixture = { NULL };

  fixture_init (&fixture);
  linnet_test_stream_fail_writes (fixture.ours, 2, error);
  xmpp_stream_writer_append (fixture.writer, "one");
  first = xmpp_stream_writer_flush (fixture.writer);
  linnet_test_assert_rejects (dex_ref (first), G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_error (fixture.error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);

  /* And never again. */
  xmpp_stream_writer_append (fixture.writer, "two");
  linnet_test_settle ();
  linnet_test_assert_rejects (xmpp_stream_writer_flush (fixture.writer), G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_cmpuint (fixture.n_failures, ==, 1);
  g_assert_cmpuint (linnet_test_stream_get_unread (fixture.ours), ==, 2);
  fixture_clear (&fixture);
}

/* Whether it has begun to write or not. */
static void
test_freed (gconstpointer data)
{
  gboolean begun = data != NULL;
  g_autoptr (DexFuture) first = NULL;
  Fixture fixture = { NULL };

  fixture_init (&fixture);
  linnet_test_stream_set_capacity (fixture.ours, 2);
  xmpp_stream_writer_append (fixture.writer, "one");
  first = xmpp_stream_writer_flush (fixture.writer);
  if (begun)
    linnet_test_settle ();
  g_clear_pointer (&fixture.writer, xmpp_stream_writer_free);
  linnet_test_assert_rejects (dex_ref (first), G_IO_ERROR, G_IO_ERROR_CLOSED);
  linnet_test_settle ();
  g_assert_cmpuint (linnet_test_stream_get_unread (fixture.ours), ==, begun ? 2 : 0);
  g_assert_cmpuint (fixture.n_failures, ==, 0);
  fixture_clear (&fixture);
}

static DexFuture *
free_cb (DexFuture *future,
         gpointer user_data)
{
  Fixture *self = user_data;

  g_clear_pointer (&self->writer, xmpp_stream_writer_free);

  return NULL;
}

/* Who is told may free it at once. */
static void
test_freed_by_waiter (gconstpointer data)
{
  g_autoptr (DexFuture) first = NULL;
  g_autoptr (DexFuture) second = NULL;
  Fixture fixture = { NULL };

  fixture_init (&fixture);
  xmpp_stream_writer_append (fixture.writer, "one");
  first = dex_future_finally (xmpp_stream_writer_flush (fixture.writer), free_cb, &fixture, NULL);
  second = xmpp_stream_writer_flush (fixture.writer);
  linnet_test_assert_resolves (dex_ref (second));
  g_assert_null (fixture.writer);
  fixture_clear (&fixture);
}

static void
test_other_output (gconstpointer data)
{
  g_autoptr (LinnetTestStream) ours = NULL;
  g_autoptr (LinnetTestStream) theirs = NULL;
  Fixture fixture = { NULL };

  fixture_init (&fixture);
  linnet_test_stream_new_pair (&ours, &theirs);
  xmpp_stream_writer_append (fixture.writer, "clear");
  linnet_test_assert_resolves (xmpp_stream_writer_flush (fixture.writer));
  xmpp_stream_writer_set_output (fixture.writer, g_io_stream_get_output_stream (G_IO_STREAM (ours)));
  xmpp_stream_writer_append (fixture.writer, "secret");
  linnet_test_assert_resolves (xmpp_stream_writer_flush (fixture.writer));
  g_assert_cmpuint (linnet_test_stream_get_unread (fixture.ours), ==, strlen ("clear"));
  g_assert_cmpuint (linnet_test_stream_get_unread (ours), ==, strlen ("secret"));
  fixture_clear (&fixture);
}

int
main (int argc,
      char **argv)
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/xmpp/stream-writer/order", test_order, NULL);
  linnet_test_add ("/xmpp/stream-writer/flush", test_flush, NULL);
  linnet_test_add ("/xmpp/stream-writer/fails", test_fails, NULL);
  linnet_test_add ("/xmpp/stream-writer/freed-before", test_freed, NULL);
  linnet_test_add ("/xmpp/stream-writer/freed-while", test_freed, "begun");
  linnet_test_add ("/xmpp/stream-writer/freed-by-waiter", test_freed_by_waiter, NULL);
  linnet_test_add ("/xmpp/stream-writer/other-output", test_other_output, NULL);

  return g_test_run ();
}
