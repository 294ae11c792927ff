/* Tests of what follows when a connection failed or ended
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <gio/gio.h>

#include "linnet-connection-policy.h"
#include "linnet-test.h"
#include "xmpp-error.h"
#include "xmpp-stream.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define RANDOM 0.5

typedef struct
{
  const char *name;
  GQuark (*domain) (void);
  int code;
  gint64 online_for; /* seconds; 0: never was online */
  guint before;      /* failures in a row before */
  gboolean hold;
  gboolean new_resource;
  gboolean other_host;
  guint delay_ms;
} Case;

static const Case cases[] = {
  { .name = "lost",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_CLOSED,
    .online_for = 60,
    .before = 5,
    .delay_ms = 500 },
  { .name = "lost-at-once",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_CLOSED,
    .online_for = 5,
    .before = 3,
    .delay_ms = 4000 },
  { .name = "first-failure",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_UNREACHABLE,
    .delay_ms = 500 },
  { .name = "fifth-failure",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_UNREACHABLE,
    .before = 4,
    .delay_ms = 8000 },
  { .name = "hundredth-failure",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_UNREACHABLE,
    .before = 99,
    .delay_ms = 30000 },
  { .name = "shutdown",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_SYSTEM_SHUTDOWN,
    .online_for = 60,
    .delay_ms = 2000 },
  { .name = "reset",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_RESET,
    .online_for = 60,
    .delay_ms = 2000 },
  { .name = "conflict",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_CONFLICT,
    .online_for = 60,
    .new_resource = TRUE,
    .delay_ms = 500 },
  { .name = "violation",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_POLICY_VIOLATION,
    .online_for = 60,
    .delay_ms = 60000 },
  { .name = "moved",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_SEE_OTHER_HOST,
    .online_for = 60,
    .other_host = TRUE,
    .delay_ms = 0 },
  /* Said before the server had proved who it is: not followed (A7). */
  { .name = "moved-in-clear",
    .domain = xmpp_stream_error_quark,
    .code = XMPP_STREAM_ERROR_SEE_OTHER_HOST,
    .delay_ms = 500 },
  { .name = "password",
    .domain = xmpp_sasl_error_quark,
    .code = XMPP_SASL_ERROR_NOT_AUTHORIZED,
    .hold = TRUE,
    .delay_ms = 500 },
  { .name = "downgrade",
    .domain = xmpp_sasl_error_quark,
    .code = XMPP_SASL_ERROR_DOWNGRADE,
    .hold = TRUE,
    .delay_ms = 500 },
  { .name = "busy", .domain = xmpp_sasl_error_quark, .code = XMPP_SASL_ERROR_TEMPORARY, .delay_ms = 500 },
  { .name = "certificate",
    .domain = xmpp_certificate_error_quark,
    .code = XMPP_CERTIFICATE_ERROR_REJECTED,
    .hold = TRUE,
    .delay_ms = 500 },
};

static void
test_verdict (gconstpointer data)
{
  const Case *row = data;
  g_autoptr (GError) error = g_error_new_literal (row->domain (), row->code, "it ended");
  gint64 now = 1000 * SECOND;
  LinnetConnectionHistory history = { .backoff = { .attempts = row->before } };
  LinnetConnectionVerdict verdict;

  if (row->online_for > 0)
    history.online_since = now - row->online_for * SECOND;

  linnet_connection_judge (&history, error, now, RANDOM, &verdict);

  g_assert_cmpint (verdict.hold, ==, row->hold);
  g_assert_cmpint (verdict.new_resource, ==, row->new_resource);
  g_assert_cmpint (verdict.other_host, ==, row->other_host);
  g_assert_cmpuint (verdict.delay_ms, ==, row->delay_ms);
  g_assert_cmpint (history.online_since, ==, 0);
}

/* Two copies of one profile must not throw each other out for ever. */
static void
test_ping_pong (void)
{
  g_autoptr (GError) error = g_error_new_literal (XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_CONFLICT, "replaced");
  LinnetConnectionHistory history = { .online_since = SECOND };
  LinnetConnectionVerdict verdict;

  linnet_connection_judge (&history, error, 100 * SECOND, RANDOM, &verdict);
  g_assert_false (verdict.hold);

  history.online_since = 101 * SECOND;
  linnet_connection_judge (&history, error, 200 * SECOND, RANDOM, &verdict);
  g_assert_true (verdict.hold);

  history.online_since = 201 * SECOND;
  linnet_connection_judge (&history, error, 3000 * SECOND, RANDOM, &verdict);
  g_assert_false (verdict.hold);
}

static void
test_second_violation (void)
{
  g_autoptr (GError) error =
      g_error_new_literal (XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_POLICY_VIOLATION, "too fast");
  LinnetConnectionHistory history = { .online_since = SECOND };
  LinnetConnectionVerdict verdict;

  linnet_connection_judge (&history, error, 100 * SECOND, RANDOM, &verdict);
  g_assert_false (verdict.hold);

  history.online_since = 161 * SECOND;
  linnet_connection_judge (&history, error, 170 * SECOND, RANDOM, &verdict);
  g_assert_true (verdict.hold);
}

/* Two servers that send us to each other. */
static void
test_to_and_fro (void)
{
  g_autoptr (GError) error =
      g_error_new_literal (XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_SEE_OTHER_HOST, "over there");
  LinnetConnectionHistory history = { .online_since = 1000 * SECOND };
  LinnetConnectionVerdict verdict;

  linnet_connection_judge (&history, error, 1001 * SECOND, RANDOM, &verdict);
  g_assert_cmpuint (verdict.delay_ms, ==, 0);

  history.online_since = 1002 * SECOND;
  linnet_connection_judge (&history, error, 1003 * SECOND, RANDOM, &verdict);
  g_assert_true (verdict.other_host);
  g_assert_cmpuint (verdict.delay_ms, ==, 1000);

  history.online_since = 1004 * SECOND;
  linnet_connection_judge (&history, error, 1005 * SECOND, RANDOM, &verdict);
  g_assert_cmpuint (verdict.delay_ms, ==, 2000);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/connection-policy/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_verdict);
    }
  g_test_add_func ("/model/connection-policy/ping-pong", test_ping_pong);
  g_test_add_func ("/model/connection-policy/second-violation", test_second_violation);
  g_test_add_func ("/model/connection-policy/to-and-fro", test_to_and_fro);

  return g_test_run ();
}
