/* Tests of who may become a contact without being asked again
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "linnet-spawn.h"
#include "linnet-store-invitations.h"
#include "store-fixture.h"

#define TOKEN LINNET_STORE_INVITATION_TOKEN
#define ADDRESS LINNET_STORE_INVITATION_ADDRESS

static void
add (StoreFixture *fixture, LinnetStoreInvitationKind kind, const char *key, gint64 expires, gint64 now)
{
  linnet_test_assert_resolves (
      linnet_store_invitations_add (fixture->store, fixture->account, kind, key, expires, now));
}

static gboolean
redeem (StoreFixture *fixture, LinnetStoreInvitationKind kind, const char *key, gint64 now)
{
  g_autoptr (GError) error = NULL;
  gboolean found = dex_await_boolean (
      linnet_store_invitations_redeem (fixture->store, fixture->account, kind, key, now), &error);

  g_assert_no_error (error);

  return found;
}

static void
test_once (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  g_assert_false (redeem (fixture, TOKEN, "one", 10));
  add (fixture, TOKEN, "one", 100, 10);
  add (fixture, ADDRESS, MIRA, 100, 10);

  g_assert_false (redeem (fixture, ADDRESS, "one", 10));
  g_assert_false (redeem (fixture, TOKEN, MIRA, 10));
  g_assert_false (redeem (fixture, TOKEN, "On", 10));
  g_assert_true (redeem (fixture, TOKEN, "one", 10));
  g_assert_false (redeem (fixture, TOKEN, "one", 10));
  g_assert_true (redeem (fixture, ADDRESS, MIRA, 10));
  g_assert_false (redeem (fixture, ADDRESS, MIRA, 10));
}

static void
test_of_the_account (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  gint64 own = fixture->account;

  add (fixture, TOKEN, "one", 100, 10);
  fixture->account = own + 1;
  g_assert_false (redeem (fixture, TOKEN, "one", 10));
  fixture->account = own;
  g_assert_true (redeem (fixture, TOKEN, "one", 10));
}

static void
test_expiry (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  add (fixture, TOKEN, "one", 100, 10);
  g_assert_false (redeem (fixture, TOKEN, "one", 100));
  g_assert_true (redeem (fixture, TOKEN, "one", 99));

  add (fixture, TOKEN, "two", 100, 10);
  add (fixture, TOKEN, "three", 300, 200);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM invitations"), ==, 1);

  /* The same again lives longer. */
  add (fixture, TOKEN, "three", 400, 200);
  g_assert_true (redeem (fixture, TOKEN, "three", 399));
}

static void
test_limit (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  for (guint i = 0; i < LINNET_STORE_MAX_INVITATIONS + 5; i++)
    {
      g_autofree char *key = g_strdup_printf ("token-%u", i);

      add (fixture, TOKEN, key, 1000 + i, 10);
    }

  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM invitations"),
                   ==,
                   LINNET_STORE_MAX_INVITATIONS);
  g_assert_false (redeem (fixture, TOKEN, "token-4", 10));
  g_assert_true (redeem (fixture, TOKEN, "token-5", 10));
}

static void
test_gone_with_the_account (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  add (fixture, TOKEN, "one", 100, 10);
  store_fixture_execute (fixture, "DELETE FROM accounts");
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM invitations"), ==, 0);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/store/invitations/once", test_once, NULL);
  linnet_test_add ("/store/invitations/of-the-account", test_of_the_account, NULL);
  linnet_test_add ("/store/invitations/expiry", test_expiry, NULL);
  linnet_test_add ("/store/invitations/limit", test_limit, NULL);
  linnet_test_add ("/store/invitations/gone-with-the-account", test_gone_with_the_account, NULL);

  return g_test_run ();
}
