/* Tests of one process per profile, and of how the last one ended
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "linnet-store-lock-private.h"
#include "linnet-test.h"

static LinnetStoreLock *
take (const char *directory)
{
  g_autoptr (GError) error = NULL;
  LinnetStoreLock *lock = linnet_store_lock_take (directory, &error);

  g_assert_no_error (error);
  g_assert_nonnull (lock);

  return lock;
}

static void
mark (LinnetStoreLock *lock)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (linnet_store_lock_mark (lock, &error));
  g_assert_no_error (error);
}

static void
test_lock (void)
{
  g_autofree char *top = g_dir_make_tmp ("linnet-lock-XXXXXX", NULL);
  g_autofree char *directory = g_build_filename (top, "a", "b", NULL);
  g_autofree char *path = g_build_filename (directory, "lock", NULL);
  g_autoptr (GError) error = NULL;
  LinnetStoreLock *lock = take (directory);
  struct stat info;

  g_assert_no_errno (stat (directory, &info));
  g_assert_cmpuint (info.st_mode & 0777, ==, 0700);
  g_assert_null (linnet_store_lock_take (directory, &error));
  g_assert_error (error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_LOCKED_BY_OTHER);

  /* Only an end without release after the mark is unclean. */
  g_assert_false (linnet_store_lock_was_unclean (lock));
  linnet_store_lock_release (lock, FALSE);
  lock = take (directory);
  g_assert_false (linnet_store_lock_was_unclean (lock));
  mark (lock);
  linnet_store_lock_release (lock, FALSE);
  lock = take (directory);
  g_assert_true (linnet_store_lock_was_unclean (lock));
  mark (lock);
  linnet_store_lock_release (lock, TRUE);
  lock = take (directory);
  g_assert_false (linnet_store_lock_was_unclean (lock));
  linnet_store_lock_release (lock, TRUE);

  g_assert_no_errno (g_unlink (path));
}

/* Nobody leads the lock to another file. */
static void
test_link (void)
{
  g_autofree char *directory = g_dir_make_tmp ("linnet-lock-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "lock", NULL);
  g_autoptr (GFile) link = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_make_symbolic_link (link, "elsewhere", NULL, NULL));
  g_assert_null (linnet_store_lock_take (directory, &error));
  g_assert_error (error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_IO);
  g_assert_no_errno (g_unlink (path));
  g_assert_no_errno (g_rmdir (directory));
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  g_test_add_func ("/store/lock/lock", test_lock);
  g_test_add_func ("/store/lock/link", test_link);

  return g_test_run ();
}
