/* Reading a backup, on a thread of its own: whoever made it is not trusted
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-backup"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "linnet-account-manager.h"
#include "linnet-backup-private.h"
#include "linnet-error.h"
#include "linnet-store-backup.h"

#define HASH_LENGTH 40
#define RAW "raw.db" /* the database as it is in the file */

typedef struct
{
  LinnetBackupReader *reader;
  LinnetWork *work;
  GCancellable *cancellable;
  const char *staging;
  char *settings;
  guint64 done;
  guint64 total; /* bytes of the file: nothing in it can be longer */
  gboolean has_manifest;
  gboolean has_database;
} Reading;

static gboolean
fail (GError **error,
      LinnetError code,
      const char *what)
{
  g_set_error_literal (error, LINNET_ERROR, code, what);

  return FALSE;
}

static gboolean
fail_by_errno (GError **error)
{
  int saved = errno;

  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (saved), g_strerror (saved));

  return FALSE;
}

void
linnet_backup_remove_tree (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (g_unlink (path) == 0 || errno == ENOENT)
    return;

  dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      linnet_backup_remove_tree (child);
    }
  g_rmdir (path);
}

static gboolean
get_bytes (Reading *self,
           gpointer bytes,
           gsize length,
           GError **error)
{
  self->done += length;
  linnet_work_set_done (self->work, self->done, self->total);

  return !g_cancellable_set_error_if_cancelled (self->cancellable, error) &&
         linnet_backup_reader_read (self->reader, bytes, length, self->cancellable, error);
}

/* NULL on error. */
static char *
get_text (Reading *self,
          guint64 length,
          GError **error)
{
  g_autofree char *text = NULL;

  if (length > LINNET_BACKUP_MAX_TEXT)
    {
      fail (error, LINNET_ERROR_BACKUP_DAMAGED, "A text is too long");
      return NULL;
    }
  text = g_malloc0 (length + 1);
  if (!get_bytes (self, text, length, error))
    return NULL;
  if (!g_utf8_validate (text, (gssize) length, NULL))
    {
      fail (error, LINNET_ERROR_BACKUP_DAMAGED, "A text is none");
      return NULL;
    }

  return g_steal_pointer (&text);
}

/* @checksum: nullable */
static gboolean
get_file (Reading *self,
          const char *path,
          guint64 length,
          GChecksum *checksum,
          GError **error)
{
  g_autofree guchar *buffer = g_malloc (LINNET_BACKUP_CHUNK);
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  gboolean ok = fd >= 0 || fail_by_errno (error);

  while (ok && length > 0)
    {
      gsize n = MIN (length, LINNET_BACKUP_CHUNK);

      ok = get_bytes (self, buffer, n, error);
      for (gsize written = 0; ok && written < n;)
        {
          gssize more = write (fd, buffer + written, n - written);

          if (more > 0)
            written += (gsize) more;
          else if (errno != EINTR)
            ok = fail_by_errno (error);
        }
      if (ok && checksum != NULL)
        g_checksum_update (checksum, buffer, (gssize) n);
      length -= n;
    }
  if (ok && fsync (fd) != 0)
    ok = fail_by_errno (error);
  if (fd >= 0)
    close (fd);

  return ok;
}

static gboolean
get_manifest (Reading *self,
              guint64 length,
              GError **error)
{
  g_autofree char *text = get_text (self, length, error);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;
  JsonObject *object;

  if (text == NULL)
    return FALSE;
  if (!json_parser_load_from_data (parser, text, -1, NULL) ||
      !(root = json_parser_get_root (parser)) || !JSON_NODE_HOLDS_OBJECT (root))
    return fail (error, LINNET_ERROR_BACKUP_DAMAGED, "There is no description");

  object = json_node_get_object (root);
  if (json_object_get_int_member_with_default (object, "format", 0) > LINNET_BACKUP_FORMAT ||
      json_object_get_int_member_with_default (object, "schema", 0) > linnet_store_backup_get_version ())
    return fail (error, LINNET_ERROR_BACKUP_NEWER, "A newer program wrote it");
  self->has_manifest = TRUE;

  return TRUE;
}

static gboolean
get_picture (Reading *self,
             const char *hash,
             guint64 length,
             GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_autofree char *path = NULL;

  if (strlen (hash) != HASH_LENGTH || strspn (hash, "0123456789abcdef") != HASH_LENGTH ||
      length > LINNET_BACKUP_MAX_PICTURE)
    return fail (error, LINNET_ERROR_BACKUP_DAMAGED, "No picture of this program");

  path = g_build_filename (self->staging, LINNET_BACKUP_PICTURES, hash, NULL);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return fail (error, LINNET_ERROR_BACKUP_DAMAGED, "A picture is there twice");
  if (!get_file (self, path, length, checksum, error))
    return FALSE;

  return g_str_equal (g_checksum_get_string (checksum), hash) ||
         fail (error, LINNET_ERROR_BACKUP_DAMAGED, "Another picture than it says");
}

static gboolean
get_entry (Reading *self,
           const char *name,
           guint64 length,
           GError **error)
{
  g_autofree char *raw = g_build_filename (self->staging, RAW, NULL);

  if (length > self->total)
    return fail (error, LINNET_ERROR_BACKUP_DAMAGED, "Longer than the file");
  if (!self->has_manifest)
    return g_str_equal (name, LINNET_BACKUP_MANIFEST)
               ? get_manifest (self, length, error)
               : fail (error, LINNET_ERROR_BACKUP_DAMAGED, "The description does not come first");

  if (g_str_equal (name, LINNET_BACKUP_SETTINGS) && self->settings == NULL)
    return (self->settings = get_text (self, length, error)) != NULL;
  if (g_str_equal (name, LINNET_STORE_DATABASE) && !self->has_database)
    {
      self->has_database = TRUE;
      return get_file (self, raw, length, NULL, error);
    }
  if (g_str_has_prefix (name, LINNET_BACKUP_PICTURES "/"))
    return get_picture (self, name + strlen (LINNET_BACKUP_PICTURES "/"), length, error);

  return fail (error, LINNET_ERROR_BACKUP_DAMAGED, "Something that has no place there");
}

static gboolean
get_all (Reading *self,
         GError **error)
{
  char name[LINNET_BACKUP_MAX_NAME + 1];
  guint32 name_length;
  guint64 length;

  for (;;)
    {
      if (!get_bytes (self, &name_length, sizeof name_length, error))
        return FALSE;
      name_length = GUINT32_FROM_BE (name_length);
      if (name_length == 0)
        break;
      if (name_length > LINNET_BACKUP_MAX_NAME)
        return fail (error, LINNET_ERROR_BACKUP_DAMAGED, "A name is too long");
      memset (name, 0, sizeof name);
      if (!get_bytes (self, name, name_length, error) || !get_bytes (self, &length, sizeof length, error) ||
          !get_entry (self, name, GUINT64_FROM_BE (length), error))
        return FALSE;
    }

  if (!self->has_database)
    return fail (error, LINNET_ERROR_BACKUP_DAMAGED, "There is no database");

  return linnet_backup_reader_finish (self->reader, self->cancellable, error);
}

static gboolean
make_directories (const char *staging,
                  GError **error)
{
  g_autofree char *pictures = g_build_filename (staging, LINNET_BACKUP_PICTURES, NULL);

  return (g_mkdir (staging, 0700) == 0 && g_mkdir (pictures, 0700) == 0) || fail_by_errno (error);
}

/* The file's own database is only read: tables, indices and all else are this program's. */
static gboolean
make_database (Reading *self,
               GError **error)
{
  g_autofree char *raw = g_build_filename (self->staging, RAW, NULL);
  g_autofree char *database = g_build_filename (self->staging, LINNET_STORE_DATABASE, NULL);
  g_autoptr (GError) local_error = NULL;
  gboolean ok = linnet_store_backup_copy (raw, database, TRUE, self->cancellable, &local_error);

  if (g_error_matches (local_error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_NEWER_SCHEMA))
    fail (error, LINNET_ERROR_BACKUP_NEWER, local_error->message);
  else if (g_error_matches (local_error, LINNET_STORE_ERROR, LINNET_STORE_ERROR_CORRUPT))
    fail (error, LINNET_ERROR_BACKUP_DAMAGED, local_error->message);
  else if (!ok)
    g_propagate_error (error, g_steal_pointer (&local_error));
  g_unlink (raw);

  return ok;
}

/* What is no address would be no account when the profile is loaded: better none of it is. */
static gboolean
check_accounts (Reading *self,
                GError **error)
{
  g_autofree char *database = g_build_filename (self->staging, LINNET_STORE_DATABASE, NULL);
  g_auto (GStrv) addresses = linnet_store_backup_list_accounts (database, error);

  for (guint i = 0; addresses != NULL && addresses[i] != NULL; i++)
    {
      g_autofree char *address = linnet_address_normalize (addresses[i], NULL);

      if (g_strcmp0 (address, addresses[i]) != 0)
        return fail (error, LINNET_ERROR_BACKUP_DAMAGED, "An account has no address");
    }

  return addresses != NULL;
}

gboolean
linnet_backup_read (GFile *file,
                    const char *passphrase,
                    const char *staging,
                    char **settings,
                    LinnetWork *work,
                    GError **error)
{
  Reading self = { .work = work, .staging = staging, .cancellable = linnet_work_get_cancellable (work) };
  g_autoptr (GFileInputStream) stream = g_file_read (file, self.cancellable, error);
  g_autoptr (GFileInfo) info = NULL;
  gboolean ok;

  if (stream == NULL)
    return FALSE;
  info = g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, self.cancellable, error);
  if (info == NULL)
    return FALSE;
  self.total = (guint64) g_file_info_get_size (info);

  self.reader = linnet_backup_reader_new (G_INPUT_STREAM (stream), passphrase, self.cancellable, error);
  if (self.reader == NULL)
    return FALSE;

  ok = make_directories (staging, error) && get_all (&self, error) && make_database (&self, error) &&
       check_accounts (&self, error);
  linnet_backup_reader_free (self.reader);
  if (ok)
    *settings = g_steal_pointer (&self.settings);
  else
    linnet_backup_remove_tree (staging);
  g_free (self.settings);

  return ok;
}
