/* Fuzz target: whatever a server says while one signs in, it gets no secret and never counts as trusted
 * without proof
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "../xmpp/login-fixture.h"
#include "linnet-test-stream.h"

#define MAX_SIZE 65536
#define COMPUTING_US 200000

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

typedef struct
{
  DexFuture *login;
  GIOStream *server;
  GString *sent; /* by the client */
} Run;

static void
collect_sent (Run *run)
{
  GInputStream *input = g_io_stream_get_input_stream (run->server);
  char buffer[4096];
  gssize n;

  while ((n = g_pollable_input_stream_read_nonblocking (
              G_POLLABLE_INPUT_STREAM (input), buffer, sizeof buffer, NULL, NULL)) > 0)
    g_string_append_len (run->sent, buffer, n);
}

/* Lets the client do what it can; where it has to compute, on another thread, until it has said something. */
static void
settle (Run *run,
        gint64 patience)
{
  gint64 deadline = g_get_monotonic_time () + patience;
  gsize before = run->sent->len;

  do
    {
      while (g_main_context_iteration (NULL, FALSE))
        continue;
      collect_sent (run);
      if (patience > 0)
        g_thread_yield ();
    }
  while (run->sent->len == before && dex_future_is_pending (run->login) &&
         g_get_monotonic_time () < deadline);
}

/* @data: what the server sends, in pieces that NUL separates */
static void
play (Run *run,
      const char *data,
      gsize size)
{
  GOutputStream *output = g_io_stream_get_output_stream (run->server);

  settle (run, 0);
  while (size > 0 && dex_future_is_pending (run->login))
    {
      const char *end = memchr (data, '\0', size);
      gsize length = end != NULL ? (gsize) (end - data) : size;

      g_output_stream_write_all (output, data, length, NULL, NULL, NULL);
      settle (run, g_strstr_len (data, (gssize) length, "<challenge") != NULL ? COMPUTING_US : 0);
      data += length;
      size -= length;
      if (size > 0)
        {
          data++;
          size--;
        }
    }
  g_output_stream_close (output, NULL, NULL);
  settle (run, 0);
}

static void
check (Run *run,
       const LoginRow *row,
       const char *text)
{
  const GValue *value = dex_future_is_pending (run->login) ? NULL : dex_future_get_value (run->login, NULL);

  g_assert (!row->clear || run->sent->len == 0);
  g_assert (strstr (run->sent->str, PLAIN_FIRST) == NULL);
  g_assert (strstr (run->sent->str, "pencil") == NULL);
  g_assert (strstr (run->sent->str, "secret-token") == NULL);

  if (value == NULL)
    return;
  g_assert (!row->clear);
  if (!row->revoke)
    {
      XmppLoginResult *result = g_value_get_boxed (value);

      g_assert_cmpstr (xmpp_jid_get_bare_string (result->full_jid), ==, "user@example.org");
      g_assert (result->resumed == (row->sm_id != NULL && result->resumed));
      g_assert (result->sm_resumable == (result->sm_id != NULL));
      g_assert (!result->fast_rejected || row->token_mechanism != NULL);
    }
  /* Nobody can make up the proof, so it came from the corpus. References may hide it. */
  g_assert (strchr (text, '&') != NULL || strstr (text, "CDATA") != NULL ||
            strstr (text, UNBOUND_FINAL) != NULL || strstr (text, EXPORTER_FINAL) != NULL ||
            strstr (text, PROVEN_FINAL) != NULL || strstr (text, TOKEN_FINAL) != NULL ||
            (row->revoke && strstr (text, "<failure") != NULL));
}

int
LLVMFuzzerInitialize (int *argc,
                      char ***argv)
{
  dex_init ();

  return 0;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  LoginRow row = { 0 };
  Run run = { 0 };
  LinnetTestStream *client, *server;
  XmppStream *stream;
  g_autofree char *text = NULL;

  if (size < 1 || size > MAX_SIZE)
    return 0;
  row.clear = (data[0] & 1) != 0;
  row.no_exporter = (data[0] & 2) != 0;
  row.token_mechanism = data[0] & 4 ? "HT-SHA-256-EXPR" : NULL;
  row.sm_id = data[0] & 8 ? "old" : NULL;
  row.revoke = (data[0] & 16) != 0 && row.token_mechanism != NULL;
  row.no_end_point = (data[0] & 32) != 0;
  text = g_strndup ((const char *) data + 1, size - 1);
  for (gsize i = 0; i + 1 < size; i++)
    text[i] = data[i + 1] != '\0' ? (char) data[i + 1] : ' ';

  linnet_test_stream_new_pair (&client, &server);
  linnet_test_stream_set_capacity (server, size + 1);
  linnet_test_stream_set_chunks (server, data[0] & 64 ? LINNET_TEST_CHUNKS_HALF : LINNET_TEST_CHUNKS_WHOLE);
  linnet_test_stream_set_chunks (client, LINNET_TEST_CHUNKS_WHOLE);
  stream = xmpp_stream_new (G_IO_STREAM (client));
  g_object_unref (client);
  run.server = G_IO_STREAM (server);
  run.sent = g_string_new (NULL);
  run.login = login_row_start (&row, stream);

  play (&run, (const char *) data + 1, size - 1);
  check (&run, &row, text);

  dex_unref (run.login);
  xmpp_stream_abort (stream);
  g_object_unref (stream);
  g_object_unref (server);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_string_free (run.sent, TRUE);

  return 0;
}
