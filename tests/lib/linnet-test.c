/* Set-up of test programs, and test bodies that run in a fiber
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-test"

#include "config.h"

#include "linnet-spawn.h"
#include "linnet-test.h"

#define DEADLINE_SECONDS 60
/* A loop that is never idle must not keep a finished test from ending. */
#define MAX_LAST_TURNS 1000

typedef struct
{
  LinnetTestFunc func;
  gconstpointer data;
} Body;

static DexFuture *
body_fiber (gpointer user_data)
{
  Body *body = user_data;

  body->func (body->data);

  return dex_future_new_true ();
}

static gboolean G_GNUC_NORETURN
deadline_cb (gpointer user_data)
{
  g_error ("The test's body did not end within %d s", DEADLINE_SECONDS);
}

static void
run_body_cb (gconstpointer user_data)
{
  const Body *body = user_data;

  linnet_test_fiber (body->func, body->data);
}

static gboolean
resolve_cb (gpointer user_data)
{
  dex_promise_resolve_boolean (DEX_PROMISE (user_data), TRUE);

  return G_SOURCE_REMOVE;
}

void
linnet_test_init (int *argc,
                  char ***argv)
{
  static const char *const proxies[] = { "http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy" };

  for (gsize i = 0; i < G_N_ELEMENTS (proxies); i++)
    {
      g_autofree char *upper = g_ascii_strup (proxies[i], -1);

      g_unsetenv (proxies[i]);
      g_unsetenv (upper);
    }
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_setenv ("GIO_USE_VFS", "local", TRUE);

  g_test_init (argc, argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  dex_init ();
}

void
linnet_test_add (const char *path,
                 LinnetTestFunc func,
                 gconstpointer data)
{
  Body *body = g_new0 (Body, 1);

  body->func = func;
  body->data = data;

  g_test_add_data_func_full (path, body, (GTestDataFunc) run_body_cb, g_free);
}

void
linnet_test_fiber (LinnetTestFunc func,
                   gconstpointer data)
{
  g_autoptr (DexFuture) fiber = NULL;
  Body body = { func, data };
  guint deadline;

  g_return_if_fail (func != NULL);

  deadline = g_timeout_add_seconds (DEADLINE_SECONDS, deadline_cb, NULL);
  fiber = linnet_spawn ("test body", body_fiber, &body, NULL);

  while (dex_future_is_pending (fiber))
    g_main_context_iteration (NULL, TRUE);

  g_source_remove (deadline);

  /* What the body let go of is often finalized by a callback that is still waiting for its turn. */
  for (guint i = 0; i < MAX_LAST_TURNS && g_main_context_iteration (NULL, FALSE); i++)
    continue;
}

static void
await_idle (int priority)
{
  g_autoptr (DexPromise) promise = dex_promise_new ();

  g_idle_add_full (priority, resolve_cb, dex_ref (promise), dex_unref);

  dex_await (dex_ref (DEX_FUTURE (promise)), NULL);
}

void
linnet_test_settle (void)
{
  /* Sources of a higher priority go first, so this one runs when there is none. */
  await_idle (G_PRIORITY_LOW + 1000);
}

void
linnet_test_turn (void)
{
  await_idle (G_PRIORITY_DEFAULT);
}

void
linnet_test_check_resolves (DexFuture *future,
                            const char *expression,
                            const char *file,
                            int line)
{
  g_autoptr (GError) error = NULL;

  if (!dex_await (future, &error))
    {
      g_autofree char *message = g_strdup_printf ("%s rejected: %s", expression, error->message);

      g_assertion_message (G_LOG_DOMAIN, file, line, G_STRFUNC, message);
    }
}

void
linnet_test_check_rejects (DexFuture *future,
                           GQuark domain,
                           int code,
                           const char *expression,
                           const char *file,
                           int line)
{
  g_autoptr (GError) error = NULL;

  dex_await (future, &error);
  if (!g_error_matches (error, domain, code))
    g_assertion_message_error (G_LOG_DOMAIN, file, line, G_STRFUNC, expression, error, domain, code);
}
