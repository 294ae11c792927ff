/* Tests of names and pictures
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-spawn.h"
#include "linnet-store-profiles.h"
#include "store-fixture.h"

static char *
set_avatar (StoreFixture *fixture, const char *jid, const char *hash)
{
  g_autoptr (GError) error = NULL;
  char *unused = dex_await_string (linnet_store_profiles_set_avatar (fixture->store,
                                                                     fixture->account,
                                                                     jid,
                                                                     hash,
                                                                     hash != NULL ? "image/png" : NULL,
                                                                     hash != NULL ? 1234 : 0,
                                                                     LINNET_STORE_AVATAR_VCARD),
                                   &error);

  g_assert_no_error (error);

  return unused;
}

static void
assert_unused (char *unused, const char *expected)
{
  g_assert_cmpstr (unused, ==, expected);
  g_free (unused);
}

static void
test_rows (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (GPtrArray) profiles = NULL;
  const LinnetStoreProfile *mira, *tom;

  linnet_test_assert_resolves (
      linnet_store_profiles_set_nickname (fixture->store, fixture->account, MIRA, "M"));
  assert_unused (set_avatar (fixture, MIRA, "hash"), NULL);
  linnet_test_assert_resolves (
      linnet_store_profiles_set_nickname (fixture->store, fixture->account, MIRA, "Mira"));
  assert_unused (set_avatar (fixture, "tom@lark.test", "tom"), NULL);
  linnet_test_assert_resolves (
      linnet_store_profiles_set_nickname (fixture->store, fixture->account, "tom@lark.test", NULL));

  profiles = dex_await_boxed (linnet_store_profiles_list (fixture->store, fixture->account), NULL);
  g_assert_cmpuint (profiles->len, ==, 2);
  mira = profiles->pdata[0];
  tom = profiles->pdata[1];
  g_assert_cmpstr (mira->jid, ==, MIRA);
  g_assert_cmpstr (mira->nickname, ==, "Mira");
  g_assert_cmpstr (mira->avatar_hash, ==, "hash");
  g_assert_cmpstr (mira->avatar_mime, ==, "image/png");
  g_assert_cmpint (mira->avatar_size, ==, 1234);
  g_assert_cmpint (mira->avatar_source, ==, LINNET_STORE_AVATAR_VCARD);
  g_assert_cmpstr (tom->jid, ==, "tom@lark.test");
  g_assert_null (tom->nickname);
}

/* A file goes when the last who names it lets go. */
static void
test_unused (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  assert_unused (set_avatar (fixture, MIRA, "one"), NULL);
  assert_unused (set_avatar (fixture, "tom@lark.test", "one"), NULL);
  assert_unused (set_avatar (fixture, MIRA, "two"), NULL);
  assert_unused (set_avatar (fixture, MIRA, "two"), NULL);
  assert_unused (set_avatar (fixture, "tom@lark.test", NULL), "one");
  assert_unused (set_avatar (fixture, "tom@lark.test", NULL), NULL);
  assert_unused (set_avatar (fixture, MIRA, "three"), "two");
}

/* Somebody else may have the same picture by the time it is erased. */
static void
test_erase (gconstpointer data)
{
  static const char *const hashes[] = { "used", "unused", "missing", NULL };
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  const char *directory = linnet_store_get_directory (fixture->store);
  g_autofree char *used = g_build_filename (directory, "used", NULL);
  g_autofree char *unused = g_build_filename (directory, "unused", NULL);

  g_assert_true (g_file_set_contents (used, "picture", -1, NULL));
  g_assert_true (g_file_set_contents (unused, "picture", -1, NULL));
  assert_unused (set_avatar (fixture, MIRA, "used"), NULL);
  assert_unused (set_avatar (fixture, MIRA, NULL), "used");
  assert_unused (set_avatar (fixture, "tom@lark.test", "used"), NULL);

  linnet_test_assert_resolves (linnet_store_profiles_erase_avatars (fixture->store, directory, hashes));
  g_assert_true (g_file_test (used, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (unused, G_FILE_TEST_EXISTS));
}

static void
test_no_account (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  linnet_test_assert_rejects (linnet_store_profiles_set_nickname (fixture->store, 4711, MIRA, "Mira"),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_NOT_FOUND);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/store/profiles/rows", test_rows, NULL);
  linnet_test_add ("/store/profiles/unused", test_unused, NULL);
  linnet_test_add ("/store/profiles/erase", test_erase, NULL);
  linnet_test_add ("/store/profiles/no-account", test_no_account, NULL);

  return g_test_run ();
}
