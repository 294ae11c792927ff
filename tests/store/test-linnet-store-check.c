/* Tests of the check after an unclean exit (R27)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include "linnet-store-check-private.h"
#include "linnet-store-db-private.h"
#include "store-fixture.h"

#define PAGE_SIZE 4096

static void
fill (StoreFixture *fixture)
{
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      linnet_store_batch_add_message (batch, MIRA, store_message_in (id, "The quick brown fox"));
    }
  linnet_store_changes_unref (store_fixture_commit (fixture, batch));
}

/* As after a crash: the mark still stands. */
static void
set_unclean (StoreFixture *fixture)
{
  g_autofree char *path = store_fixture_get_path (fixture, "lock");

  g_assert_true (g_file_set_contents (path, "+", 1, NULL));
}

static gboolean
is_clean (StoreFixture *fixture)
{
  g_autofree char *path = store_fixture_get_path (fixture, "lock");
  g_autofree char *contents = NULL;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));

  return g_str_equal (contents, "-");
}

/* The header of a page of messages: the tree cannot be walked. */
static void
damage (StoreFixture *fixture)
{
  g_autofree char *path = store_fixture_get_path (fixture, "linnet.db");
  gint64 page;
  int fd;

  page = store_fixture_number (fixture,
                               "SELECT pageno FROM dbstat WHERE name = 'messages' AND pagetype = 'leaf'"
                               " ORDER BY path LIMIT 1 OFFSET 5");
  g_assert_cmpint (page, >, 1);
  store_fixture_close (fixture);
  fd = open (path, O_WRONLY | O_CLOEXEC);
  g_assert_no_errno (fd);
  g_assert_cmpint (pwrite (fd, "\xff\xff\xff\xff\xff\xff", 6, (page - 1) * PAGE_SIZE), ==, 6);
  close (fd);
}

static gboolean
sum_job (LinnetStoreDb *db, gpointer data, GValue *result, GError **error)
{
  return linnet_store_db_execute_sql (db, "SELECT sum(length(body)) FROM messages", error);
}

static void
resolve_cb (gpointer object, gpointer user_data)
{
  dex_promise_resolve_boolean (user_data, TRUE);
}

/* The check beside the work finds it; the next opening makes it good. */
static void
test_damaged (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (DexPromise) promise = dex_promise_new ();

  fill (fixture);
  damage (fixture);
  set_unclean (fixture);

  store_fixture_open (fixture);
  g_assert_false (linnet_store_get_salvaged (fixture->store));
  g_signal_connect (fixture->store, "damaged", G_CALLBACK (resolve_cb), promise);
  if (!linnet_store_get_damaged (fixture->store))
    linnet_test_assert_resolves (dex_ref (DEX_FUTURE (promise)));

  /* What is not in that page can still be read. */
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM accounts"), ==, 1);
  store_fixture_close (fixture);
  g_assert_false (is_clean (fixture));

  store_fixture_open (fixture);
  g_assert_true (linnet_store_get_salvaged (fixture->store));
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM messages"), >=, 1900);
  store_fixture_close (fixture);
  g_assert_true (is_clean (fixture));

  store_fixture_open (fixture);
  g_assert_false (linnet_store_get_salvaged (fixture->store));
  g_assert_false (linnet_store_get_damaged (fixture->store));
}

/* So does the work itself. */
static void
test_met (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autoptr (DexPromise) promise = dex_promise_new ();

  fill (fixture);
  damage (fixture);
  store_fixture_open (fixture);
  g_signal_connect (fixture->store, "damaged", G_CALLBACK (resolve_cb), promise);
  linnet_test_assert_rejects (linnet_store_run (fixture->store, sum_job, NULL, NULL),
                              LINNET_STORE_ERROR,
                              LINNET_STORE_ERROR_CORRUPT);
  linnet_test_assert_resolves (dex_ref (DEX_FUTURE (promise)));
  g_assert_true (linnet_store_get_damaged (fixture->store));
  store_fixture_close (fixture);

  store_fixture_open (fixture);
  g_assert_true (linnet_store_get_salvaged (fixture->store));
}

static void
fail_cb (gpointer user_data)
{
  g_assert_not_reached ();
}

static void
test_fine (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autofree char *path = store_fixture_get_path (fixture, "linnet.db");
  LinnetStoreCheck *check = linnet_store_check_start (path, fail_cb, NULL);

  /* So little is checked before anybody looks whether to stop. */
  g_assert_true (linnet_store_check_stop (check));

  store_fixture_close (fixture);
  g_assert_true (is_clean (fixture));
  set_unclean (fixture);
  store_fixture_open (fixture);
  store_fixture_close (fixture);
  g_assert_true (is_clean (fixture));
}

/* The store is used, and closes, in the middle of a check. */
static void
test_stopped (gconstpointer data)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  fill (fixture);
  for (guint i = 0; i < 20; i++)
    {
      store_fixture_close (fixture);
      set_unclean (fixture);
      store_fixture_open (fixture);
      g_signal_connect_swapped (fixture->store, "damaged", G_CALLBACK (fail_cb), NULL);
      linnet_store_changes_unref (store_fixture_receive (fixture, MIRA, store_message_in (NULL, "Hello")));
    }
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/store/check/damaged", test_damaged, NULL);
  linnet_test_add ("/store/check/met", test_met, NULL);
  linnet_test_add ("/store/check/fine", test_fine, NULL);
  linnet_test_add ("/store/check/stopped", test_stopped, NULL);

  return g_test_run ();
}
