/* Tests of what is said about a connection that is down
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-connection-text.h"
#include "linnet-error.h"
#include "linnet-test.h"

#define NO_ERROR (-1)
#define OFFLINE "You are offline. Messages will be sent when you are back."

typedef struct
{
  const char *name;
  LinnetConnectionState state;
  int code;
  guint retry_in;
  const char *text;
  const char *action;
} Row;

static const Row rows[] = {
  { "no-network", LINNET_CONNECTION_OFFLINE, LINNET_ERROR_CONNECTION_LOST, 60, OFFLINE, "Reconnect" },
  { "switched-off", LINNET_CONNECTION_OFFLINE, NO_ERROR, 0, OFFLINE, "Reconnect" },
  { "no-error", LINNET_CONNECTION_RECONNECTING, NO_ERROR, 0, OFFLINE, "Reconnect" },
  { "lost",
    LINNET_CONNECTION_RECONNECTING,
    LINNET_ERROR_CONNECTION_LOST,
    1,
    "The connection was lost. Next attempt in 1 second.",
    "Reconnect" },
  { "trying",
    LINNET_CONNECTION_RECONNECTING,
    LINNET_ERROR_CONNECTION_LOST,
    0,
    "The connection was lost.",
    "Reconnect" },
  { "shutdown",
    LINNET_CONNECTION_RECONNECTING,
    LINNET_ERROR_SERVER_SHUTDOWN,
    59,
    "lark.test is restarting. Linnet will connect again. Next attempt in 59 seconds.",
    "Reconnect" },
  { "minutes",
    LINNET_CONNECTION_RECONNECTING,
    LINNET_ERROR_SERVER_UNREACHABLE,
    61,
    "lark.test does not answer. Next attempt in 2 minutes.",
    "Reconnect" },
  { "conflict",
    LINNET_CONNECTION_FAILED,
    LINNET_ERROR_CONFLICT,
    0,
    "Another program took over this connection.",
    "Reconnect" },
  { "policy",
    LINNET_CONNECTION_FAILED,
    LINNET_ERROR_POLICY_VIOLATION,
    0,
    "lark.test ended the connection because of its rules.",
    "Reconnect" },
  { "password",
    LINNET_CONNECTION_FAILED,
    LINNET_ERROR_WRONG_PASSWORD,
    0,
    "lark.test did not accept this address and password.",
    "Sign In…" },
  { "plain",
    LINNET_CONNECTION_FAILED,
    LINNET_ERROR_PLAIN_CONSENT,
    0,
    "lark.test wants to see your password itself. Only go on if you trust this server.",
    "Sign In…" },
  { "failed", LINNET_CONNECTION_FAILED, NO_ERROR, 0, OFFLINE, "Reconnect" },
  { "certificate",
    LINNET_CONNECTION_FAILED,
    LINNET_ERROR_CERTIFICATE,
    0,
    "lark.test could not prove who it is. Somebody may be listening in.",
    "Show Certificate…" },
  { "authority",
    LINNET_CONNECTION_FAILED,
    LINNET_ERROR_AUTHORITY_CHANGED,
    0,
    "lark.test shows a certificate of another authority than before. Somebody may be listening in.",
    "Details…" },
  { "no-mechanism",
    LINNET_CONNECTION_FAILED,
    LINNET_ERROR_NO_MECHANISM,
    0,
    "lark.test offers no way to sign in that Linnet knows.",
    "Reconnect" },
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GError) error =
      row->code != NO_ERROR ? g_error_new_literal (LINNET_ERROR, row->code, "for the log") : NULL;
  g_autofree char *text = linnet_connection_text (row->state, error, "lark.test", row->retry_in);

  g_assert_cmpstr (text, ==, row->text);
  g_assert_cmpstr (linnet_connection_text_action (row->state, error), ==, row->action);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/connection-text/%s", rows[i].name);

      g_test_add_data_func (path, &rows[i], test_row);
    }

  return g_test_run ();
}
