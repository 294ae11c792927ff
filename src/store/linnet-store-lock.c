/* One process per profile, and whether the last one ended well
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-store"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linnet-store-db-private.h"
#include "linnet-store-lock-private.h"

#define MARK_CLEAN "-"
#define MARK_OPEN "+"
#define MARK_DAMAGED "!"

struct _LinnetStoreLock
{
  int fd;
  gboolean unclean;
  gboolean was_damaged;
  gint damaged; /* atomic */
};

static gboolean
make_directory (const char *directory, GError **error)
{
  struct stat info;

  if (g_mkdir_with_parents (directory, 0700) != 0 || stat (directory, &info) != 0)
    return linnet_store_fail_by_errno (error, "Cannot make the data directory");

  /* L3: nobody else reads what is in it, however it was made. */
  if ((info.st_mode & 0077) != 0 && chmod (directory, 0700) != 0)
    return linnet_store_fail_by_errno (error, "Cannot protect the data directory");

  return TRUE;
}

LinnetStoreLock *
linnet_store_lock_take (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "lock", NULL);
  LinnetStoreLock *self;
  char mark = 0;
  int fd;

  if (!make_directory (directory, error))
    return NULL;

  fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    {
      linnet_store_fail_by_errno (error, "Cannot open the lock file");
      return NULL;
    }

  if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      if (errno == EWOULDBLOCK)
        g_set_error_literal (error,
                             LINNET_STORE_ERROR,
                             LINNET_STORE_ERROR_LOCKED_BY_OTHER,
                             "Another process has this profile open");
      else
        linnet_store_fail_by_errno (error, "Cannot lock the data directory");
      close (fd);
      return NULL;
    }

  self = g_new0 (LinnetStoreLock, 1);
  self->fd = fd;
  if (pread (fd, &mark, 1, 0) == 1)
    {
      self->unclean = mark == MARK_OPEN[0];
      self->was_damaged = mark == MARK_DAMAGED[0];
    }

  return self;
}

gboolean
linnet_store_lock_was_unclean (LinnetStoreLock *self)
{
  return self->unclean;
}

gboolean
linnet_store_lock_was_damaged (LinnetStoreLock *self)
{
  return self->was_damaged;
}

void
linnet_store_lock_set_damaged (LinnetStoreLock *self)
{
  g_atomic_int_set (&self->damaged, TRUE);
  if (pwrite (self->fd, MARK_DAMAGED, 1, 0) != 1 || fdatasync (self->fd) != 0)
    g_debug ("Cannot write the lock file: %s", g_strerror (errno));
}

gboolean
linnet_store_lock_mark (LinnetStoreLock *self, GError **error)
{
  if (pwrite (self->fd, MARK_OPEN, 1, 0) != 1 || fdatasync (self->fd) != 0)
    return linnet_store_fail_by_errno (error, "Cannot write the lock file");

  return TRUE;
}

void
linnet_store_lock_release (LinnetStoreLock *self, gboolean clean)
{
  /* A mark that cannot be written only costs a check at the next start. */
  if (clean && !g_atomic_int_get (&self->damaged) && pwrite (self->fd, MARK_CLEAN, 1, 0) != 1)
    g_debug ("Cannot write the lock file: %s", g_strerror (errno));

  close (self->fd);
  g_free (self);
}
