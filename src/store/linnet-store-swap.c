/* Putting a restored profile in the place of the one that is there
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "linnet-store-backup.h"
#include "linnet-store-db-private.h"
#include "linnet-store-swap-private.h"

#define ASIDE "before-restore"                 /* what was there */
#define BROKEN LINNET_STORE_RESTORED "-broken" /* what could not be opened */
#define RETURNING ASIDE "-returning"           /* what was there, on its way back */

/* What stays where it is: it belongs to the directory, or is about the swap itself. */
static const char *const staying[] = {
  "lock",
  "settings.ini",
  LINNET_STORE_RESTORED,
  ASIDE,
  BROKEN,
  RETURNING,
  NULL,
};

static gboolean
sync_directory (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  gboolean ok = fd >= 0 && fsync (fd) == 0;

  if (!ok)
    linnet_store_fail_by_errno (error, "Cannot write the data directory");
  if (fd >= 0)
    close (fd);

  return ok;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  /* Never through a link. */
  if (g_unlink (path) == 0 || errno == ENOENT)
    return;

  dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  if (g_rmdir (path) != 0)
    g_message ("Cannot remove %s: %s", path, g_strerror (errno));
}

/* Everything in @from but what stays. */
static gboolean
move_all (const char *from, const char *to, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (!g_strv_contains (staying, name))
      g_ptr_array_add (names, g_strdup (name));

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *old = g_build_filename (from, g_ptr_array_index (names, i), NULL);
      g_autofree char *new = g_build_filename (to, g_ptr_array_index (names, i), NULL);

      if (g_rename (old, new) != 0)
        return linnet_store_fail_by_errno (error, "Cannot move the data");
    }

  return sync_directory (to, error) && sync_directory (from, error);
}

static gboolean
is_there (const char *directory, const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* What was put aside goes back, after what could not be opened went; each half may be done already. */
static gboolean
undo (const char *directory, GError **error)
{
  g_autofree char *aside = g_build_filename (directory, ASIDE, NULL);
  g_autofree char *broken = g_build_filename (directory, BROKEN, NULL);
  g_autofree char *returning = g_build_filename (directory, RETURNING, NULL);

  if (!is_there (directory, RETURNING))
    {
      if ((g_mkdir (broken, 0700) != 0 && errno != EEXIST) || !move_all (directory, broken, error) ||
          g_rename (aside, returning) != 0 || !sync_directory (directory, error))
        return FALSE;
    }
  if (!move_all (returning, directory, error))
    return FALSE;

  remove_tree (returning);
  remove_tree (broken);

  return TRUE;
}

/* Of copies and restored profiles that were being made when the program ended. */
static void
remove_unfinished (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, LINNET_STORE_COPY) || g_str_has_prefix (name, LINNET_STORE_STAGING))
      {
        g_autofree char *path = g_build_filename (directory, name, NULL);

        remove_tree (path);
      }
}

gboolean
linnet_store_swap (const char *directory, GError **error)
{
  g_autofree char *restored = g_build_filename (directory, LINNET_STORE_RESTORED, NULL);
  g_autofree char *database = g_build_filename (restored, LINNET_STORE_DATABASE, NULL);
  g_autofree char *pictures = g_build_filename (restored, "avatars", NULL);
  g_autofree char *aside = g_build_filename (directory, ASIDE, NULL);
  g_autofree char *place = g_build_filename (directory, LINNET_STORE_DATABASE, NULL);
  g_autofree char *place_of_pictures = g_build_filename (directory, "avatars", NULL);

  remove_unfinished (directory);
  if (is_there (directory, RETURNING) || (is_there (directory, BROKEN) && is_there (directory, ASIDE)))
    return undo (directory, error);
  if (!is_there (directory, LINNET_STORE_RESTORED))
    return TRUE;

  /* The pictures go before the database: while they are there nothing restored is in place. */
  if (g_file_test (pictures, G_FILE_TEST_EXISTS))
    {
      if (g_mkdir (aside, 0700) != 0 && errno != EEXIST)
        return linnet_store_fail_by_errno (error, "Cannot put the data aside");
      if (!move_all (directory, aside, error))
        return FALSE;
      if (g_rename (pictures, place_of_pictures) != 0)
        return linnet_store_fail_by_errno (error, "Cannot move the pictures");
    }
  if (g_rename (database, place) != 0 && errno != ENOENT)
    return linnet_store_fail_by_errno (error, "Cannot move the database");
  if (!sync_directory (directory, error))
    return FALSE;
  remove_tree (restored);

  return TRUE;
}

gboolean
linnet_store_swap_undo (const char *directory)
{
  g_autoptr (GError) error = NULL;

  if (!is_there (directory, ASIDE))
    return FALSE;
  if (undo (directory, &error))
    return TRUE;

  g_warning ("What was there before is still in %s: %s",
             directory,
             error != NULL ? error->message : g_strerror (errno));

  return FALSE;
}

void
linnet_store_swap_settle (const char *directory)
{
  g_autofree char *aside = g_build_filename (directory, ASIDE, NULL);

  remove_tree (aside);
}
