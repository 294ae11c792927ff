/* A disk that fills up, fails or loses power when a test says so
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-test-vfs"

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linnet-test-vfs.h"

/* What a torn write is torn at. */
#define SECTOR 512

struct _LinnetTestVfs
{
  sqlite3_vfs vfs;
  sqlite3_vfs *real;
  GMutex mutex;
  guint operations;
  guint failures;
  gint64 fail_at; /* the number of the operation; -1 none */
  int code;
  gboolean once;
  GHashTable *caches; /* path -> GPtrArray of Change; NULL: nothing is lost */
};

/* A write or (with no bytes) a truncation that was not synced. */
typedef struct
{
  gint64 offset;
  GBytes *bytes;   /* NULL: truncated to @offset */
  GBytes *before;  /* what was there */
  gint64 old_size; /* of the file */
} Change;

typedef struct
{
  sqlite3_file file;
  LinnetTestVfs *vfs;
  char *path; /* NULL: temporary */
  sqlite3_file *real;
} File;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->before, g_bytes_unref);
  g_free (self);
}

/* SQLITE_OK, or what the operation has to fail with. */
static int
count (LinnetTestVfs *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gint64 number = self->operations++;

  if (self->fail_at < 0 || number < self->fail_at || (self->once && number > self->fail_at))
    return SQLITE_OK;
  self->failures++;

  return self->code;
}

static GBytes *
read_before (File *file, gint64 offset, gint64 size, gint64 length)
{
  gint64 n = CLAMP (size - offset, 0, length);
  guchar *bytes = g_malloc0 (MAX (n, 1));

  if (n > 0)
    g_assert_cmpint (file->real->pMethods->xRead (file->real, bytes, n, offset), ==, SQLITE_OK);

  return g_bytes_new_take (bytes, n);
}

/* Remembers what the change to come would destroy. */
static void
cache (File *file, const void *bytes, gint64 length, gint64 offset)
{
  LinnetTestVfs *self = file->vfs;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  sqlite3_int64 size = 0;
  GPtrArray *changes;
  Change *change;

  if (self->caches == NULL || file->path == NULL)
    return;

  changes = g_hash_table_lookup (self->caches, file->path);
  if (changes == NULL)
    {
      changes = g_ptr_array_new_with_free_func (change_free);
      g_hash_table_insert (self->caches, g_strdup (file->path), changes);
    }
  file->real->pMethods->xFileSize (file->real, &size);
  change = g_new0 (Change, 1);
  change->offset = offset;
  change->old_size = size;
  change->bytes = bytes != NULL ? g_bytes_new (bytes, length) : NULL;
  change->before = read_before (file, offset, size, bytes != NULL ? length : size - offset);
  g_ptr_array_add (changes, change);
}

static int
file_close (sqlite3_file *file)
{
  File *self = (File *) file;
  int code = self->real->pMethods->xClose (self->real);

  g_free (self->path);
  g_free (self->real);

  return code;
}

static int
file_read (sqlite3_file *file, void *bytes, int length, sqlite3_int64 offset)
{
  File *self = (File *) file;

  return self->real->pMethods->xRead (self->real, bytes, length, offset);
}

static int
file_write (sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
  File *self = (File *) file;
  int code = count (self->vfs);

  if (code != SQLITE_OK)
    return code;
  cache (self, bytes, length, offset);

  return self->real->pMethods->xWrite (self->real, bytes, length, offset);
}

static int
file_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  File *self = (File *) file;
  int code = count (self->vfs);

  if (code != SQLITE_OK)
    return code;
  cache (self, NULL, 0, size);

  return self->real->pMethods->xTruncate (self->real, size);
}

static int
file_sync (sqlite3_file *file, int flags)
{
  File *self = (File *) file;
  int code = count (self->vfs);

  if (code != SQLITE_OK)
    return code;

  g_mutex_lock (&self->vfs->mutex);
  if (self->vfs->caches != NULL && self->path != NULL)
    g_hash_table_remove (self->vfs->caches, self->path);
  g_mutex_unlock (&self->vfs->mutex);

  return SQLITE_OK;
}

static int
file_size (sqlite3_file *file, sqlite3_int64 *size)
{
  File *self = (File *) file;

  return self->real->pMethods->xFileSize (self->real, size);
}

static int
file_lock (sqlite3_file *file, int lock)
{
  File *self = (File *) file;

  return self->real->pMethods->xLock (self->real, lock);
}

static int
file_unlock (sqlite3_file *file, int lock)
{
  File *self = (File *) file;

  return self->real->pMethods->xUnlock (self->real, lock);
}

static int
file_check_reserved_lock (sqlite3_file *file, int *result)
{
  File *self = (File *) file;

  return self->real->pMethods->xCheckReservedLock (self->real, result);
}

static int
file_control (sqlite3_file *file, int operation, void *argument)
{
  File *self = (File *) file;

  return self->real->pMethods->xFileControl (self->real, operation, argument);
}

static int
file_sector_size (sqlite3_file *file)
{
  return SECTOR;
}

static int
file_device_characteristics (sqlite3_file *file)
{
  /* Nothing is promised but that a write changes no byte beside it. */
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int
file_shm_map (sqlite3_file *file, int region, int size, int extend, void volatile **map)
{
  File *self = (File *) file;

  return self->real->pMethods->xShmMap (self->real, region, size, extend, map);
}

static int
file_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  File *self = (File *) file;

  return self->real->pMethods->xShmLock (self->real, offset, n, flags);
}

static void
file_shm_barrier (sqlite3_file *file)
{
  File *self = (File *) file;

  self->real->pMethods->xShmBarrier (self->real);
}

static int
file_shm_unmap (sqlite3_file *file, int erase)
{
  File *self = (File *) file;

  return self->real->pMethods->xShmUnmap (self->real, erase);
}

static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = file_close,
  .xRead = file_read,
  .xWrite = file_write,
  .xTruncate = file_truncate,
  .xSync = file_sync,
  .xFileSize = file_size,
  .xLock = file_lock,
  .xUnlock = file_unlock,
  .xCheckReservedLock = file_check_reserved_lock,
  .xFileControl = file_control,
  .xSectorSize = file_sector_size,
  .xDeviceCharacteristics = file_device_characteristics,
  .xShmMap = file_shm_map,
  .xShmLock = file_shm_lock,
  .xShmBarrier = file_shm_barrier,
  .xShmUnmap = file_shm_unmap,
};

static int
vfs_open (sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out_flags)
{
  LinnetTestVfs *vfs_self = (LinnetTestVfs *) vfs;
  File *self = (File *) file;
  int code;

  self->file.pMethods = NULL;
  self->vfs = vfs_self;
  self->real = g_malloc0 (vfs_self->real->szOsFile);
  code = vfs_self->real->xOpen (vfs_self->real, path, self->real, flags, out_flags);
  if (code != SQLITE_OK)
    {
      g_free (self->real);
      return code;
    }
  self->path = g_strdup (path);
  self->file.pMethods = &methods;

  return SQLITE_OK;
}

static int
vfs_delete (sqlite3_vfs *vfs, const char *path, int sync_directory)
{
  LinnetTestVfs *self = (LinnetTestVfs *) vfs;
  int code = count (self);

  if (code != SQLITE_OK)
    return code;
  g_mutex_lock (&self->mutex);
  if (self->caches != NULL)
    g_hash_table_remove (self->caches, path);
  g_mutex_unlock (&self->mutex);

  return self->real->xDelete (self->real, path, FALSE);
}

LinnetTestVfs *
linnet_test_vfs_install (void)
{
  static LinnetTestVfs instance;
  LinnetTestVfs *self = &instance;

  if (self->real != NULL)
    return self;

  self->real = sqlite3_vfs_find (NULL);
  self->vfs = *self->real;
  self->vfs.pNext = NULL;
  self->vfs.zName = "linnet-test";
  self->vfs.szOsFile = sizeof (File);
  self->vfs.xOpen = vfs_open;
  self->vfs.xDelete = vfs_delete;
  self->fail_at = -1;
  g_mutex_init (&self->mutex);
  g_assert_cmpint (sqlite3_vfs_register (&self->vfs, TRUE), ==, SQLITE_OK);

  return self;
}

static void
fail (LinnetTestVfs *self, guint after, int code, gboolean once)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->fail_at = (gint64) self->operations + after;
  self->code = code;
  self->once = once;
}

void
linnet_test_vfs_fail (LinnetTestVfs *self, guint after, int code)
{
  fail (self, after, code, FALSE);
}

void
linnet_test_vfs_fail_once (LinnetTestVfs *self, guint after, int code)
{
  fail (self, after, code, TRUE);
}

void
linnet_test_vfs_heal (LinnetTestVfs *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->fail_at = -1;
}

guint
linnet_test_vfs_get_operations (LinnetTestVfs *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->operations;
}

guint
linnet_test_vfs_get_failures (LinnetTestVfs *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->failures;
}

void
linnet_test_vfs_start_caching (LinnetTestVfs *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_clear_pointer (&self->caches, g_hash_table_unref);
  self->caches = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
}

static void
write_bytes (int fd, GBytes *bytes, gsize length, gint64 offset)
{
  if (length > 0)
    g_assert_cmpint (pwrite (fd, g_bytes_get_data (bytes, NULL), length, offset), ==, length);
}

static void
undo (int fd, const Change *change)
{
  write_bytes (fd, change->before, g_bytes_get_size (change->before), change->offset);
  g_assert_no_errno (ftruncate (fd, change->old_size));
}

static void
redo (int fd, const Change *change, GRand *rand)
{
  gsize length;

  if (change->bytes == NULL)
    {
      if (g_rand_boolean (rand))
        g_assert_no_errno (ftruncate (fd, change->offset));
      return;
    }

  length = g_bytes_get_size (change->bytes);
  switch (g_rand_int_range (rand, 0, 3))
    {
    case 0:
      break;
    case 1:
      write_bytes (fd, change->bytes, length, change->offset);
      break;
    default:
      write_bytes (fd,
                   change->bytes,
                   MIN (length, (gsize) g_rand_int_range (rand, 0, length / SECTOR + 1) * SECTOR),
                   change->offset);
      break;
    }
}

void
linnet_test_vfs_lose_power (LinnetTestVfs *self, GRand *rand)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  GHashTableIter iter;
  const char *path;
  GPtrArray *changes;

  g_assert_nonnull (self->caches);
  g_hash_table_iter_init (&iter, self->caches);
  while (g_hash_table_iter_next (&iter, (gpointer *) &path, (gpointer *) &changes))
    {
      int fd = open (path, O_RDWR | O_CLOEXEC);

      g_assert_no_errno (fd);
      for (guint i = changes->len; i > 0; i--)
        undo (fd, changes->pdata[i - 1]);
      for (guint i = 0; i < changes->len; i++)
        redo (fd, changes->pdata[i], rand);
      close (fd);
    }
  g_clear_pointer (&self->caches, g_hash_table_unref);
  self->fail_at = -1;
}
