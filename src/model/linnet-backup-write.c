/* Writing a backup, on a thread of its own
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-backup"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "linnet-backup-private.h"
#include "linnet-store-backup.h"

typedef struct
{
  LinnetBackupWriter *writer;
  LinnetWork *work;
  GCancellable *cancellable;
  guint64 done;
  guint64 total;
} Writing;

static gboolean
put_bytes (Writing *self,
           gconstpointer bytes,
           gsize length,
           GError **error)
{
  self->done += length;
  linnet_work_set_done (self->work, self->done, self->total);

  return !g_cancellable_set_error_if_cancelled (self->cancellable, error) &&
         linnet_backup_writer_write (self->writer, bytes, length, self->cancellable, error);
}

static gboolean
put_head (Writing *self,
          const char *name,
          guint64 length,
          GError **error)
{
  guint32 name_length = GUINT32_TO_BE ((guint32) strlen (name));

  length = GUINT64_TO_BE (length);

  return put_bytes (self, &name_length, sizeof name_length, error) &&
         put_bytes (self, name, strlen (name), error) && put_bytes (self, &length, sizeof length, error);
}

static gboolean
put_text (Writing *self,
          const char *name,
          const char *text,
          GError **error)
{
  return put_head (self, name, strlen (text), error) && put_bytes (self, text, strlen (text), error);
}

/* A file that must not change meanwhile. */
static gboolean
put_file (Writing *self,
          const char *name,
          GFile *file,
          guint64 length,
          GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, self->cancellable, error);
  g_autofree guchar *buffer = g_malloc (LINNET_BACKUP_CHUNK);

  if (stream == NULL || !put_head (self, name, length, error))
    return FALSE;

  while (length > 0)
    {
      gsize n;

      if (!g_input_stream_read_all (G_INPUT_STREAM (stream),
                                    buffer,
                                    MIN (length, LINNET_BACKUP_CHUNK),
                                    &n,
                                    self->cancellable,
                                    error))
        return FALSE;
      if (n == 0)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "A file became shorter");
          return FALSE;
        }
      if (!put_bytes (self, buffer, n, error))
        return FALSE;
      length -= n;
    }

  return TRUE;
}

/* 0: there is none. */
static guint64
get_size (GFile *file)
{
  g_autoptr (GFileInfo) info = g_file_query_info (
      file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);

  return info != NULL ? (guint64) g_file_info_get_size (info) : 0;
}

static char *
make_manifest (const char *const *accounts)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *created = g_date_time_format_iso8601 (now);
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "format");
  json_builder_add_int_value (builder, LINNET_BACKUP_FORMAT);
  json_builder_set_member_name (builder, "schema");
  json_builder_add_int_value (builder, linnet_store_backup_get_version ());
  json_builder_set_member_name (builder, "program");
  json_builder_add_string_value (builder, "Linnet " VERSION);
  json_builder_set_member_name (builder, "created");
  json_builder_add_string_value (builder, created);
  json_builder_set_member_name (builder, "accounts");
  json_builder_begin_array (builder);
  for (guint i = 0; accounts[i] != NULL; i++)
    json_builder_add_string_value (builder, accounts[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);

  return json_to_string (root, TRUE);
}

/* Pictures that can be fetched again are no reason to fail. */
static gboolean
put_pictures (Writing *self,
              GFile *pictures,
              const char *const *hashes,
              GError **error)
{
  for (guint i = 0; hashes[i] != NULL; i++)
    {
      g_autoptr (GFile) file = g_file_get_child (pictures, hashes[i]);
      g_autofree char *name = g_strconcat (LINNET_BACKUP_PICTURES "/", hashes[i], NULL);
      guint64 size = get_size (file);

      if (size > 0 && size <= LINNET_BACKUP_MAX_PICTURE && !put_file (self, name, file, size, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
put_all (Writing *self,
         const char *directory,
         const char *settings,
         const char *copy,
         GError **error)
{
  const guint32 end = 0;
  g_autofree char *path = g_build_filename (directory, LINNET_BACKUP_PICTURES, NULL);
  g_autoptr (GFile) pictures = g_file_new_for_path (path);
  g_autoptr (GFile) database = g_file_new_for_path (copy);
  g_auto (GStrv) accounts = linnet_store_backup_list_accounts (copy, error);
  g_auto (GStrv) hashes = accounts != NULL ? linnet_store_backup_list_pictures (copy, error) : NULL;
  g_autofree char *manifest = NULL;

  if (hashes == NULL)
    return FALSE;

  manifest = make_manifest ((const char *const *) accounts);
  self->total = get_size (database);
  for (guint i = 0; hashes[i] != NULL; i++)
    {
      g_autoptr (GFile) picture = g_file_get_child (pictures, hashes[i]);

      self->total += get_size (picture);
    }

  return put_text (self, LINNET_BACKUP_MANIFEST, manifest, error) &&
         (settings == NULL || put_text (self, LINNET_BACKUP_SETTINGS, settings, error)) &&
         put_file (self, LINNET_STORE_DATABASE, database, get_size (database), error) &&
         put_pictures (self, pictures, (const char *const *) hashes, error) &&
         put_bytes (self, &end, sizeof end, error) &&
         linnet_backup_writer_finish (self->writer, self->cancellable, error);
}

static gboolean
write_part (const char *directory,
            const char *settings,
            const char *copy,
            GFile *part,
            const char *passphrase,
            const LinnetBackupCost *cost,
            LinnetWork *work,
            GError **error)
{
  Writing self = { .work = work, .cancellable = linnet_work_get_cancellable (work) };
  g_autoptr (GFileOutputStream) stream = NULL;
  gboolean ok;

  stream = g_file_replace (part,
                           NULL,
                           FALSE,
                           G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                           self.cancellable,
                           error);
  if (stream == NULL)
    return FALSE;

  self.writer = linnet_backup_writer_new (
      G_OUTPUT_STREAM (stream), passphrase, cost, self.cancellable, error);
  ok = self.writer != NULL && put_all (&self, directory, settings, copy, error);
  g_clear_pointer (&self.writer, linnet_backup_writer_free);

  return g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, ok ? error : NULL) && ok;
}

gboolean
linnet_backup_write (const char *directory,
                     const char *settings,
                     GFile *file,
                     const char *passphrase,
                     const LinnetBackupCost *cost,
                     LinnetWork *work,
                     GError **error)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *name = g_strconcat (LINNET_STORE_COPY "-", id, NULL);
  g_autofree char *copy = g_build_filename (directory, name, NULL);
  g_autofree char *database = g_build_filename (directory, LINNET_STORE_DATABASE, NULL);
  g_autofree char *uri = g_file_get_uri (file);
  g_autofree char *part_uri = g_strconcat (uri, ".part", NULL);
  g_autoptr (GFile) part = g_file_new_for_uri (part_uri);
  GCancellable *cancellable = linnet_work_get_cancellable (work);
  gboolean ok;

  ok = linnet_store_backup_copy (database, copy, FALSE, cancellable, error) &&
       write_part (directory, settings, copy, part, passphrase, cost, work, error) &&
       g_file_move (
           part, file, G_FILE_COPY_OVERWRITE | G_FILE_COPY_NO_FALLBACK_FOR_MOVE, NULL, NULL, NULL, error);
  if (!ok)
    g_file_delete (part, NULL, NULL);
  g_unlink (copy);

  return ok;
}
