/* Tests of the list of blocked addresses
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-spawn.h"
#include "linnet-store-blocks.h"
#include "store-fixture.h"

static void
assert_list (StoreFixture *fixture, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) jids = dex_await_boxed (linnet_store_blocks_list (fixture->store, fixture->account), &error);
  g_autofree char *joined = NULL;

  g_assert_no_error (error);
  joined = g_strjoinv (" ", jids);
  g_assert_cmpstr (joined, ==, expected);
}

static void
test_blocks (gconstpointer data)
{
  static const char *const jids[] = { "spam.example", "eve@lark.test", "spam.example", NULL };
  static const char *const others[] = { "eve@lark.test", "a@lark.test", NULL };
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  assert_list (fixture, "");
  linnet_test_assert_resolves (linnet_store_blocks_replace (fixture->store, fixture->account, jids));
  assert_list (fixture, "eve@lark.test spam.example");
  linnet_test_assert_resolves (linnet_store_blocks_replace (fixture->store, fixture->account, others));
  assert_list (fixture, "a@lark.test eve@lark.test");
  linnet_test_assert_resolves (linnet_store_blocks_replace (fixture->store, fixture->account, jids + 3));
  assert_list (fixture, "");
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/store/blocks", test_blocks, NULL);

  return g_test_run ();
}
