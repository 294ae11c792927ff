/* Tests of what the verbs of the model give back
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-error.h"
#include "linnet-store.h"
#include "linnet-test.h"
#include "linnet-verb.h"
#include "xmpp-error.h"

static DexFuture *
reject (GQuark domain,
        int code)
{
  return linnet_verb (dex_future_new_for_error (g_error_new_literal (domain, code, "from below")));
}

/* Whatever layer an error is from, the window sees one domain. */
static void
test_reject (gconstpointer data)
{
  linnet_test_assert_rejects (
      reject (XMPP_STANZA_ERROR, XMPP_STANZA_ERROR_NOT_AUTHORIZED), LINNET_ERROR, LINNET_ERROR_NOT_ALLOWED);
  linnet_test_assert_rejects (
      reject (XMPP_SASL_ERROR, XMPP_SASL_ERROR_NOT_AUTHORIZED), LINNET_ERROR, LINNET_ERROR_WRONG_PASSWORD);
  linnet_test_assert_rejects (
      reject (LINNET_STORE_ERROR, LINNET_STORE_ERROR_FULL), LINNET_ERROR, LINNET_ERROR_DISK_FULL);
  linnet_test_assert_rejects (
      reject (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED), LINNET_ERROR, LINNET_ERROR_SERVER_UNREACHABLE);

  /* What is one already stays the same. */
  linnet_test_assert_rejects (
      reject (LINNET_ERROR, LINNET_ERROR_TOO_LONG), LINNET_ERROR, LINNET_ERROR_TOO_LONG);
}

static void
test_resolve (gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (dex_await_int64 (linnet_verb (dex_future_new_for_int64 (4711)), &error), ==, 4711);
  g_assert_no_error (error);
}

static void
test_offline (gconstpointer data)
{
  linnet_test_assert_rejects (linnet_verb_offline (), LINNET_ERROR, LINNET_ERROR_OFFLINE);
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/verb/reject", test_reject, NULL);
  linnet_test_add ("/model/verb/resolve", test_resolve, NULL);
  linnet_test_add ("/model/verb/offline", test_offline, NULL);

  return g_test_run ();
}
