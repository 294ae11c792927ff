/* Tests of the semaphore for questions to the network (P12)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "linnet-test.h"
#include "xmpp-throttle.h"

static void
test_throttle (gconstpointer data)
{
  g_autoptr (XmppThrottle) throttle = xmpp_throttle_new (2);
  g_autoptr (DexFuture) first = xmpp_throttle_acquire (throttle);
  g_autoptr (DexFuture) second = xmpp_throttle_acquire (throttle);
  g_autoptr (DexFuture) third = xmpp_throttle_acquire (throttle);
  g_autoptr (DexFuture) fourth = xmpp_throttle_acquire (throttle);
  g_autoptr (DexFuture) fifth = NULL;

  g_assert_true (dex_future_is_resolved (first));
  g_assert_true (dex_future_is_resolved (second));
  g_assert_true (dex_future_is_pending (third));

  xmpp_throttle_release (throttle);
  g_assert_true (dex_future_is_resolved (third));
  g_assert_true (dex_future_is_pending (fourth));
  xmpp_throttle_release (throttle);
  g_assert_true (dex_future_is_resolved (fourth));

  xmpp_throttle_release (throttle);
  fifth = xmpp_throttle_acquire (throttle);
  g_assert_true (dex_future_is_resolved (fifth));
}

static void
test_free (gconstpointer data)
{
  XmppThrottle *throttle = xmpp_throttle_new (1);
  g_autoptr (DexFuture) first = xmpp_throttle_acquire (throttle);
  g_autoptr (DexFuture) second = xmpp_throttle_acquire (throttle);

  xmpp_throttle_unref (throttle);
  g_assert_false (dex_future_is_resolved (second));
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/xmpp/throttle/in-order", test_throttle, NULL);
  linnet_test_add ("/xmpp/throttle/free", test_free, NULL);

  return g_test_run ();
}
