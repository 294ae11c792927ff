/* Tests that the scripted server notices what a client does wrong: a transcript must be able to fail
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include "linnet-gio.h"
#include "linnet-test-server.h"
#include "linnet-test.h"

typedef struct
{
  const char *name;
  LinnetTestStep steps[4];
  const char *sent;
  gboolean closes;
  const char *complaint; /* NULL: all is well */
} Row;

#define HEADER "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

static const Row rows[] = {
  { .name = "right", .steps = { { .c = "<stream:stream>" }, { .c = "<a/>" } }, .sent = HEADER "<a/>" },
  { .name = "right-and-closed",
    .steps = { { .c = "<stream:stream>" }, { .c = "</stream:stream>" }, { .act = LINNET_TEST_WAIT_EOF } },
    .sent = HEADER "</stream:stream>",
    .closes = TRUE },
  { .name = "two-at-once",
    .steps = { { .c = "<stream:stream>" }, { .c = "<a/><b/>" } },
    .sent = HEADER "<a/> <b/>" },
  { .name = "wrong-header",
    .steps = { { .c = "<stream:stream to='a'>" } },
    .sent = HEADER,
    .complaint = "*expected 'a'*" },
  { .name = "wrong-element",
    .steps = { { .c = "<stream:stream>" }, { .c = "<a/>" } },
    .sent = HEADER "<b/>",
    .complaint = "*Step 1*<jabber:client b>, expected <jabber:client a>*" },
  { .name = "wrong-child",
    .steps = { { .c = "<stream:stream>" }, { .c = "<a><b/></a>" } },
    .sent = HEADER "<a><c/></a>",
    .complaint = "*Step 1*" },
  { .name = "closes-early",
    .steps = { { .c = "<stream:stream>" }, { .c = "<a/>" } },
    .sent = HEADER,
    .closes = TRUE,
    .complaint = "*the client closed the connection*" },
  { .name = "no-farewell",
    .steps = { { .c = "<stream:stream>" }, { .c = "</stream:stream>" } },
    .sent = HEADER "<a/>",
    .complaint = "*something else came*" },
  { .name = "not-xml",
    .steps = { { .c = "<stream:stream>" }, { .c = "<a/>" } },
    .sent = HEADER "<a></b>",
    .complaint = "*not XML*" },
  { .name = "surplus",
    .steps = { { .c = "<stream:stream>" }, { .c = "<a/>" } },
    .sent = HEADER "<a/><b/>",
    .complaint = "*does not expect*" },
  { .name = "surplus-before-end",
    .steps = { { .c = "<stream:stream>" }, { .act = LINNET_TEST_WAIT_EOF } },
    .sent = HEADER "<a/>",
    .closes = TRUE,
    .complaint = "*does not expect*" },
  { .name = "error-before-end",
    .steps = { { .c = "<stream:stream>" }, { .act = LINNET_TEST_WAIT_EOF } },
    .sent = HEADER "<stream:error/></stream:stream>",
    .closes = TRUE },
};

static void
play (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (LinnetTestServer) server = linnet_test_server_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static (row->sent, strlen (row->sent));
  g_autoptr (GIOStream) io = NULL;

  linnet_test_server_play (server, row->steps);
  io = linnet_test_server_connect (server);
  linnet_test_assert_resolves (linnet_gio_write_all (g_io_stream_get_output_stream (io), bytes));
  if (row->closes)
    g_clear_object (&io);
  linnet_test_assert_resolves (linnet_test_server_finish (server));
  linnet_test_settle ();
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;

  if (g_test_subprocess () || row->complaint == NULL)
    {
      linnet_test_fiber (play, row);
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr (row->complaint);
}

/* A transcript for which nobody came. */
static void
test_unplayed (gconstpointer data)
{
  g_autoptr (LinnetTestServer) server = linnet_test_server_new ();

  linnet_test_server_play (server, rows[0].steps);
  linnet_test_assert_rejects (linnet_test_server_finish (server), G_IO_ERROR, G_IO_ERROR_FAILED);
}

int
main (int argc,
      char **argv)
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/lib/server/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  linnet_test_add ("/lib/server/unplayed", test_unplayed, NULL);

  return g_test_run ();
}
