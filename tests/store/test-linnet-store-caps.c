/* Tests of the disk cache of XEP-0115
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-spawn.h"
#include "linnet-store-caps.h"
#include "store-fixture.h"

static void
assert_info (StoreFixture *fixture, const char *hash, const char *ver, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *info = dex_await_string (linnet_store_caps_load (fixture->store, hash, ver), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (info, ==, expected);
}

static void
test_caps (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  assert_info (fixture, "sha-1", "v", NULL);
  linnet_test_assert_resolves (linnet_store_caps_save (fixture->store, "sha-1", "v", "<query/>"));
  linnet_test_assert_resolves (linnet_store_caps_save (fixture->store, "sha-256", "v", "other"));
  assert_info (fixture, "sha-1", "v", "<query/>");
  assert_info (fixture, "sha-256", "v", "other");
  linnet_test_assert_resolves (linnet_store_caps_save (fixture->store, "sha-1", "v", "again"));
  assert_info (fixture, "sha-1", "v", "again");
}

/* P12: whoever invents hashes does not fill the disk. */
static void
test_limit (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  store_fixture_execute (fixture,
                         "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                         " INSERT INTO caps (hash, ver, info) SELECT 'sha-1', i, '' FROM n");
  linnet_test_assert_resolves (linnet_store_caps_save (fixture->store, "sha-1", "new", "new"));

  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM caps"), ==, 2000);
  assert_info (fixture, "sha-1", "new", "new");
  assert_info (fixture, "sha-1", "1", NULL);
  assert_info (fixture, "sha-1", "2", "");
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/store/caps/rows", test_caps, NULL);
  linnet_test_add ("/store/caps/limit", test_limit, NULL);

  return g_test_run ();
}
