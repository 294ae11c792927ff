/* Tests of the store on a disk that fills up, fails or loses power (R25, R26)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "linnet-spawn.h"
#include "linnet-test-vfs.h"
#include "store-fixture.h"

#define PER_BATCH 3

/* A batch with the next @PER_BATCH messages after @first. */
static LinnetStoreBatch *
batch_new (StoreFixture *fixture, guint first)
{
  LinnetStoreBatch *batch = linnet_store_batch_new (fixture->account);

  for (guint i = 0; i < PER_BATCH; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", first + i);
      LinnetStoreMessage *message =
          store_message_in (id, "Something long enough that a page is full now and then");

      /* New rows in as many tables as possible. */
      message->resource = g_strdup (id);
      linnet_store_batch_add_message (batch, i == 0 ? MIRA : id, message);
      linnet_store_batch_add_receipt (batch, "tom@lark.test", id);
    }
  linnet_store_batch_set_sm_h (batch, first + PER_BATCH);

  return batch;
}

static void
assert_state (StoreFixture *fixture, guint n_messages)
{
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM messages"), ==, n_messages);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT sm_h FROM streams"), ==, n_messages);
}

static void
assert_whole (StoreFixture *fixture)
{
  g_assert_cmpint (
      store_fixture_number (fixture, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), ==, 1);
  g_assert_cmpint (store_fixture_number (fixture, "SELECT count(*) FROM pragma_foreign_key_check"), ==, 0);
  g_assert_cmpint (store_fixture_number (fixture,
                                         "SELECT count(*) FROM conversations c WHERE unread <>"
                                         " (SELECT count(*) FROM messages WHERE conversation = c.id)"),
                   ==,
                   0);
}

typedef struct
{
  const char *name;
  int code;
  gboolean once;
  guint n; /* how far the failing operation wanders */
  LinnetStoreError expected;
} Failure;

static const Failure failures[] = {
  { "full", SQLITE_FULL, FALSE, 150, LINNET_STORE_ERROR_FULL },
  { "write", SQLITE_IOERR_WRITE, FALSE, 100, LINNET_STORE_ERROR_IO },
  { "write-once", SQLITE_IOERR_WRITE, TRUE, 150, LINNET_STORE_ERROR_IO },
  { "sync-once", SQLITE_IOERR_FSYNC, TRUE, 150, LINNET_STORE_ERROR_IO },
};

/* R26: whichever operation fails: nothing of that batch is there, the rest can be read, and as soon as there
   is room again the same batch goes in, without a restart. */
static void
test_failure (gconstpointer data)
{
  const Failure *failure = data;
  LinnetTestVfs *vfs = linnet_test_vfs_install ();
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  guint n_messages = 0, n_failed = 0, n = g_test_slow () ? 500 : failure->n;

  for (guint after = 0; after < n; after++)
    {
      guint before = linnet_test_vfs_get_failures (vfs);

      if (failure->once)
        linnet_test_vfs_fail_once (vfs, after % 50, failure->code);
      else
        linnet_test_vfs_fail (vfs, after, failure->code);

      for (gboolean failed = FALSE; !failed;)
        {
          g_autoptr (LinnetStoreBatch) batch = batch_new (fixture, n_messages);
          g_autoptr (GError) error = NULL;
          g_autoptr (LinnetStoreChanges) changes =
              dex_await_boxed (linnet_store_batch_commit (fixture->store, batch), &error);

          failed = linnet_test_vfs_get_failures (vfs) > before;
          if (error != NULL)
            {
              g_assert_true (failed);
              g_assert_error (error, LINNET_STORE_ERROR, (int) failure->expected);
              assert_state (fixture, n_messages);
              linnet_test_vfs_heal (vfs);
              linnet_store_changes_unref (store_fixture_commit (fixture, linnet_store_batch_ref (batch)));
              n_failed++;
            }
          n_messages += PER_BATCH;
        }
      linnet_test_vfs_heal (vfs);
    }

  /* A failure while the log is written back after a commit is none of the commit's business. */
  g_assert_cmpuint (n_failed, >, n / 2);
  assert_state (fixture, n_messages);
  assert_whole (fixture);
  store_fixture_close (fixture);
  store_fixture_open (fixture);
  assert_state (fixture, n_messages);
  assert_whole (fixture);
}

/* A disk that is full at the start. */
static void
test_full_at_start (gconstpointer data)
{
  LinnetTestVfs *vfs = linnet_test_vfs_install ();
  g_autoptr (StoreFixture) fixture = store_fixture_new ();

  linnet_store_changes_unref (store_fixture_commit (fixture, batch_new (fixture, 0)));
  store_fixture_close (fixture);

  /* What is there can be read. */
  linnet_test_vfs_fail (vfs, 0, SQLITE_FULL);
  store_fixture_open (fixture);
  assert_state (fixture, PER_BATCH);
  linnet_test_assert_rejects (
      linnet_store_conversations_open (fixture->store, fixture->account, "new@lark.test"),
      LINNET_STORE_ERROR,
      LINNET_STORE_ERROR_FULL);
  linnet_test_vfs_heal (vfs);
  linnet_store_changes_unref (store_fixture_commit (fixture, batch_new (fixture, PER_BATCH)));
}

/* The very first start, at each of its operations: an error, and afterwards a start as if nothing had been.
 */
static void
test_first_start (gconstpointer data)
{
  LinnetTestVfs *vfs = linnet_test_vfs_install ();
  guint n_failed = 0;

  for (guint after = 0;; after++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *directory = g_dir_make_tmp ("linnet-store-XXXXXX", NULL);
      g_autoptr (LinnetStore) store = NULL;
      StoreFixture *fixture = g_new0 (StoreFixture, 1);
      guint before = linnet_test_vfs_get_failures (vfs);

      linnet_test_vfs_fail (vfs, after, SQLITE_FULL);
      store = dex_await_object (linnet_store_open (directory), &error);
      linnet_test_vfs_heal (vfs);
      fixture->directory = g_steal_pointer (&directory);
      if (store != NULL)
        fixture->store = g_steal_pointer (&store);
      else
        {
          g_assert_error (error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_FULL);
          n_failed++;
          store_fixture_open (fixture);
        }
      assert_whole (fixture);
      store_fixture_free (fixture);
      if (linnet_test_vfs_get_failures (vfs) == before)
        break;
    }
  g_assert_cmpuint (n_failed, >, 5);
}

/* Opens, commits and closes until the power goes. Returns how many messages were told to be stored. */
static guint
work_until_cut (StoreFixture *fixture, LinnetTestVfs *vfs, guint n_messages)
{
  for (;;)
    {
      g_autoptr (LinnetStoreBatch) batch = batch_new (fixture, n_messages);
      g_autoptr (GError) error = NULL;
      g_autoptr (LinnetStoreChanges) changes =
          dex_await_boxed (linnet_store_batch_commit (fixture->store, batch), &error);

      if (changes == NULL)
        return n_messages;
      n_messages += PER_BATCH;
    }
}

/* R25: what a future told to be on the disk is there after the power went, at whatever moment; of the rest at
   most the one batch that was under way; and the database is whole. */
static void
test_power (gconstpointer data)
{
  LinnetTestVfs *vfs = linnet_test_vfs_install ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (25);
  g_autoptr (StoreFixture) fixture = store_fixture_new ();
  g_autofree char *shm = store_fixture_get_path (fixture, "linnet.db-shm");
  guint n_messages = 0, n_cuts = g_test_slow () ? 1000 : 150;

  for (guint cut = 0; cut < n_cuts; cut++)
    {
      gint64 found;

      linnet_test_vfs_start_caching (vfs);
      linnet_test_vfs_fail (vfs, g_rand_int_range (rand, 0, cut % 10 == 0 ? 400 : 40), SQLITE_IOERR_WRITE);
      n_messages = work_until_cut (fixture, vfs, n_messages);
      store_fixture_close (fixture);
      linnet_test_vfs_lose_power (vfs, rand);
      g_unlink (shm); /* is memory */

      store_fixture_open (fixture);
      found = store_fixture_number (fixture, "SELECT count(*) FROM messages");
      g_assert_true (found == n_messages || found == n_messages + PER_BATCH);
      n_messages = found;
      assert_state (fixture, n_messages);
      if (cut % 10 == 0)
        assert_whole (fixture);
    }
  assert_whole (fixture);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autofree char *path = g_strdup_printf ("/store/faults/%s", failures[i].name);

      linnet_test_add (path, test_failure, &failures[i]);
    }
  linnet_test_add ("/store/faults/full-at-start", test_full_at_start, NULL);
  linnet_test_add ("/store/faults/first-start", test_first_start, NULL);
  linnet_test_add ("/store/faults/power", test_power, NULL);

  return g_test_run ();
}
