/* Tests of putting a restored profile in the place of another one, wherever it is interrupted
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <glib/gstdio.h>

#include "linnet-store-backup.h"
#include "linnet-store-swap-private.h"
#include "linnet-test.h"

/* A file says whose it is: "old" or "new". A path that ends with / is an empty directory. */
typedef struct
{
  const char *path;
  const char *content;
} File;

#define N_FILES 8

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static char *
make_profile (const File *files)
{
  char *directory = g_dir_make_tmp ("linnet-swap-XXXXXX", NULL);

  for (guint i = 0; i < N_FILES && files[i].path != NULL; i++)
    {
      g_autofree char *path = g_build_filename (directory, files[i].path, NULL);
      g_autofree char *parent = g_path_get_dirname (path);

      g_assert_cmpint (
          g_mkdir_with_parents (files[i].content != NULL ? parent : path, 0700), ==, 0);
      if (files[i].content != NULL)
        g_assert_true (g_file_set_contents (path, files[i].content, -1, NULL));
    }

  return directory;
}

/* "path=content " of every file, "path/ " of every empty directory, by name. */
static void
append_tree (GString *out, const char *root, const char *path)
{
  g_autofree char *full = g_build_filename (root, path, NULL);
  g_autoptr (GDir) dir = g_dir_open (full, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *content = NULL;
  const char *name;

  if (dir == NULL)
    {
      g_assert_true (g_file_get_contents (full, &content, NULL, NULL));
      g_string_append_printf (out, "%s=%s ", path, content);
      return;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, *path != '\0' ? g_build_filename (path, name, NULL) : g_strdup (name));
  g_ptr_array_sort_values (names, (GCompareFunc) g_strcmp0);
  for (guint i = 0; i < names->len; i++)
    append_tree (out, root, g_ptr_array_index (names, i));
  if (names->len == 0)
    g_string_append_printf (out, "%s/ ", path);
}

static void
assert_tree (const char *directory, const char *expected)
{
  g_autoptr (GString) tree = g_string_new (NULL);

  append_tree (tree, directory, "");
  g_assert_cmpstr (tree->str, ==, expected);
}

static const struct
{
  const char *name;
  File files[N_FILES];
  const char *swapped; /* what there is before it was opened */
  const char *settled; /* what there is when that worked */
  const char *undone;  /* what there is when it did not */
} cases[] = {
  { .name = "nothing-to-do",
    .files = { { "linnet.db", "old" }, { "avatars/1", "old" } },
    .swapped = "avatars/1=old linnet.db=old ",
    .settled = "avatars/1=old linnet.db=old ",
    .undone = "avatars/1=old linnet.db=old " },
  { .name = "whole",
    .files = { { "linnet.db", "old" },
               { "linnet.db-wal", "old" },
               { "avatars/1", "old" },
               { "sent-1", "old" },
               { "settings.ini", "both" },
               { "lock", "+" },
               { "restored/linnet.db", "new" },
               { "restored/avatars/2", "new" } },
    .swapped = "avatars/2=new before-restore/avatars/1=old before-restore/linnet.db=old "
               "before-restore/linnet.db-wal=old before-restore/sent-1=old linnet.db=new lock=+ "
               "settings.ini=both ",
    .settled = "avatars/2=new linnet.db=new lock=+ settings.ini=both ",
    .undone = "avatars/1=old linnet.db=old linnet.db-wal=old lock=+ sent-1=old settings.ini=both " },
  { .name = "into-nothing",
    .files = { { "restored/linnet.db", "new" }, { "restored/avatars", NULL } },
    .swapped = "avatars/ before-restore/ linnet.db=new ",
    .settled = "avatars/ linnet.db=new ",
    .undone = "/ " },
  { .name = "interrupted-while-putting-aside",
    .files = { { "before-restore/avatars/1", "old" },
               { "linnet.db", "old" },
               { "restored/linnet.db", "new" },
               { "restored/avatars/2", "new" } },
    .swapped = "avatars/2=new before-restore/avatars/1=old before-restore/linnet.db=old linnet.db=new ",
    .settled = "avatars/2=new linnet.db=new ",
    .undone = "avatars/1=old linnet.db=old " },
  { .name = "interrupted-after-the-pictures",
    .files = { { "before-restore/avatars/1", "old" },
               { "before-restore/linnet.db", "old" },
               { "avatars/2", "new" },
               { "restored/linnet.db", "new" } },
    .swapped = "avatars/2=new before-restore/avatars/1=old before-restore/linnet.db=old linnet.db=new ",
    .settled = "avatars/2=new linnet.db=new ",
    .undone = "avatars/1=old linnet.db=old " },
  { .name = "interrupted-after-the-database",
    .files = { { "before-restore/linnet.db", "old" },
               { "avatars/2", "new" },
               { "linnet.db", "new" },
               { "restored", NULL } },
    .swapped = "avatars/2=new before-restore/linnet.db=old linnet.db=new ",
    .settled = "avatars/2=new linnet.db=new ",
    .undone = "linnet.db=old " },
  { .name = "interrupted-while-undoing",
    .files = { { "before-restore/linnet.db", "old" },
               { "before-restore/avatars/1", "old" },
               { "restored-broken/linnet.db", "new" },
               { "avatars/2", "new" } },
    .swapped = "avatars/1=old linnet.db=old ",
    .settled = "avatars/1=old linnet.db=old ",
    .undone = "avatars/1=old linnet.db=old " },
  { .name = "interrupted-while-returning",
    .files = { { "before-restore-returning/linnet.db", "old" },
               { "avatars/1", "old" },
               { "restored-broken/linnet.db", "new" } },
    .swapped = "avatars/1=old linnet.db=old ",
    .settled = "avatars/1=old linnet.db=old ",
    .undone = "avatars/1=old linnet.db=old " },
  { .name = "unfinished",
    .files = { { "linnet.db", "old" },
               { "linnet.db.backup-1234", "copy" },
               { "restoring-1234/avatars/2", "new" },
               { "restoring-5678/raw.db", "new" } },
    .swapped = "linnet.db=old ",
    .settled = "linnet.db=old ",
    .undone = "linnet.db=old " },
};

static void
test_swap (gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *settling = make_profile (cases[i].files);
      g_autofree char *undoing = make_profile (cases[i].files);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].name);
      g_assert_true (linnet_store_swap (settling, &error));
      assert_tree (settling, cases[i].swapped);
      linnet_store_swap_settle (settling);
      assert_tree (settling, cases[i].settled);

      g_assert_true (linnet_store_swap (undoing, &error));
      linnet_store_swap_undo (undoing);
      assert_tree (undoing, cases[i].undone);
      remove_tree (settling);
      remove_tree (undoing);
    }
}

/* The store: a restored database that cannot be opened gives way to the one from before. */
static void
test_open (gconstpointer data)
{
  static const File files[] = { { "old/1", "old" }, {} };
  g_autofree char *directory = make_profile (files);
  g_autofree char *restored = g_build_filename (directory, LINNET_STORE_RESTORED, NULL);
  g_autofree char *pictures = g_build_filename (restored, "avatars", NULL);
  g_autofree char *database = g_build_filename (restored, LINNET_STORE_DATABASE, NULL);
  g_autoptr (LinnetStore) store = NULL;

  g_assert_cmpint (g_mkdir_with_parents (pictures, 0700), ==, 0);
  /* A directory is no database in whatever way it is read. */
  g_assert_cmpint (g_mkdir (database, 0700), ==, 0);
  store = dex_await_object (linnet_store_open (directory), NULL);
  g_assert_nonnull (store);
  linnet_test_assert_resolves (linnet_store_close (store));

  {
    g_autofree char *old = g_build_filename (directory, "old", "1", NULL);

    g_assert_true (g_file_test (old, G_FILE_TEST_EXISTS));
    g_assert_false (g_file_test (restored, G_FILE_TEST_EXISTS));
  }
  remove_tree (directory);
}

int
main (int argc, char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/store/swap/swap", test_swap, NULL);
  linnet_test_add ("/store/swap/open", test_open, NULL);

  return g_test_run ();
}
