/* Tests of the file of a backup: what is changed, cut off or asks too much is refused
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <string.h>

#include <sodium.h>

#include "linnet-backup-file.h"
#include "linnet-error.h"
#include "linnet-test.h"

#define PASSPHRASE "correct horse battery staple"

/* As little as there may be: tests are not what it is to hold out against. */
static const LinnetBackupCost cost = {
  .opslimit = crypto_pwhash_argon2id_OPSLIMIT_MIN,
  .memlimit = crypto_pwhash_argon2id_MEMLIMIT_MIN,
};

static GBytes *
make_content (gsize length)
{
  guchar *content = g_malloc (length + 1);

  for (gsize i = 0; i < length; i++)
    content[i] = (guchar) (i * 7 + i / 251);

  return g_bytes_new_take (content, length);
}

static GByteArray *
write_file (gsize length)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GBytes) content = make_content (length);
  g_autoptr (GError) error = NULL;
  LinnetBackupWriter *writer = linnet_backup_writer_new (stream, PASSPHRASE, &cost, NULL, &error);
  gsize half = length / 3;

  g_assert_no_error (error);
  g_assert_true (
      linnet_backup_writer_write (writer, g_bytes_get_data (content, NULL), half, NULL, &error));
  g_assert_true (linnet_backup_writer_write (
      writer, (const guchar *) g_bytes_get_data (content, NULL) + half, length - half, NULL, &error));
  g_assert_true (linnet_backup_writer_finish (writer, NULL, &error));
  linnet_backup_writer_free (writer);
  g_output_stream_close (stream, NULL, NULL);

  return g_bytes_unref_to_array (g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream)));
}

/* Reads @length bytes, which must be those that were written. */
static gboolean
read_file (GByteArray *file,
           const char *passphrase,
           gsize length,
           GError **error)
{
  g_autoptr (GInputStream) stream =
      g_memory_input_stream_new_from_data (file->data, (gssize) file->len, NULL);
  g_autoptr (GBytes) expected = make_content (length);
  g_autofree guchar *content = g_malloc (length + 1);
  g_autoptr (LinnetBackupReader) reader = linnet_backup_reader_new (stream, passphrase, NULL, error);

  if (reader == NULL || !linnet_backup_reader_read (reader, content, length, NULL, error) ||
      !linnet_backup_reader_finish (reader, NULL, error))
    return FALSE;
  g_assert_cmpmem (content, length, g_bytes_get_data (expected, NULL), length);

  return TRUE;
}

static void
assert_fails (GByteArray *file,
              const char *passphrase,
              gsize length,
              LinnetError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (read_file (file, passphrase, length, &error));
  g_assert_error (error, LINNET_ERROR, (int) code);
}

static const gsize lengths[] = {
  0,
  1,
  LINNET_BACKUP_CHUNK - 1,
  LINNET_BACKUP_CHUNK,
  LINNET_BACKUP_CHUNK + 1,
  3 * LINNET_BACKUP_CHUNK,
};

static void
test_round_trip (gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GByteArray) file = write_file (lengths[i]);
      g_autoptr (GByteArray) again = write_file (lengths[i]);
      g_autoptr (GError) error = NULL;

      g_assert_true (read_file (file, PASSPHRASE, lengths[i], &error));
      g_assert_no_error (error);
      assert_fails (file, "Correct horse battery staple", lengths[i], LINNET_ERROR_BACKUP_PASSPHRASE);
      assert_fails (file, PASSPHRASE, lengths[i] + 1, LINNET_ERROR_BACKUP_DAMAGED);
      if (lengths[i] > 0)
        assert_fails (file, PASSPHRASE, lengths[i] - 1, LINNET_ERROR_BACKUP_DAMAGED);

      /* Nothing is the same twice but what tells the format. */
      g_assert_cmpint (memcmp (file->data, again->data, 32), ==, 0);
      g_assert_cmpint (memcmp (file->data + 32, again->data + 32, 16), !=, 0);
      g_assert_cmpint (memcmp (file->data + 48, again->data + 48, 24), !=, 0);
    }
}

/* Wherever a bit changes or the file ends, nobody takes it for a whole one. */
static void
test_damage (gconstpointer data)
{
  const gsize length = LINNET_BACKUP_CHUNK + 100;
  g_autoptr (GByteArray) file = write_file (length);

  for (gsize i = 0; i < file->len; i = i < 200 || i > file->len - 20 ? i + 1 : i + 4999)
    {
      g_autoptr (GError) error = NULL;

      /* What says how much work to do is for the next test. */
      if (i >= 16 && i < 32)
        continue;
      file->data[i] ^= 0x10;
      g_assert_false (read_file (file, PASSPHRASE, length, &error));
      g_assert_true (error->domain == LINNET_ERROR);
      file->data[i] ^= 0x10;
    }

  for (gsize i = 0; i < file->len; i = i < 200 || i > file->len - 20 ? i + 1 : i + 4999)
    {
      g_autoptr (GByteArray) part = g_byte_array_new ();
      g_autoptr (GError) error = NULL;

      g_byte_array_append (part, file->data, (guint) i);
      g_assert_false (read_file (part, PASSPHRASE, length, &error));
      g_assert_true (error->domain == LINNET_ERROR);
    }

  g_byte_array_append (file, (const guchar *) "", 1);
  assert_fails (file, PASSPHRASE, length, LINNET_ERROR_BACKUP_DAMAGED);
}

/* Whole chunks that are left out, or stand in another order. */
static void
test_chunks (gconstpointer data)
{
  const gsize sealed = LINNET_BACKUP_CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES;
  g_autoptr (GByteArray) file = write_file (3 * LINNET_BACKUP_CHUNK + 10);
  g_autoptr (GByteArray) without = g_byte_array_new ();
  g_autoptr (GByteArray) swapped = g_byte_array_new ();

  g_byte_array_append (without, file->data, (guint) (72 + sealed));
  g_byte_array_append (without, file->data + 72 + 2 * sealed, (guint) (file->len - 72 - 2 * sealed));
  assert_fails (without, PASSPHRASE, 2 * LINNET_BACKUP_CHUNK + 10, LINNET_ERROR_BACKUP_DAMAGED);

  g_byte_array_append (swapped, file->data, (guint) (72 + sealed));
  g_byte_array_append (swapped, file->data + 72 + 2 * sealed, (guint) sealed);
  g_byte_array_append (swapped, file->data + 72 + sealed, (guint) sealed);
  g_byte_array_append (swapped, file->data + 72 + 3 * sealed, (guint) (file->len - 72 - 3 * sealed));
  assert_fails (swapped, PASSPHRASE, 3 * LINNET_BACKUP_CHUNK + 10, LINNET_ERROR_BACKUP_DAMAGED);
}

static const struct
{
  const char *name;
  gsize offset;
  guint64 value;
  guint n_bytes;
  LinnetError expect;
} headers[] = {
  { "magic", 0, 0x53514c6974652066, 8, LINNET_ERROR_NO_BACKUP },
  { "newer", 8, 2, 4, LINNET_ERROR_BACKUP_NEWER },
  { "version-0", 8, 0, 4, LINNET_ERROR_BACKUP_DAMAGED },
  { "other-kdf", 12, 2, 4, LINNET_ERROR_BACKUP_DAMAGED },
  { "no-work", 16, 0, 8, LINNET_ERROR_BACKUP_DAMAGED },
  { "work-of-years", 16, 4000000000, 8, LINNET_ERROR_BACKUP_DAMAGED },
  { "work-without-end", 16, G_MAXUINT64, 8, LINNET_ERROR_BACKUP_DAMAGED },
  { "no-memory", 24, 0, 8, LINNET_ERROR_BACKUP_DAMAGED },
  { "100-gigabytes", 24, 100 * (1ull << 30), 8, LINNET_ERROR_BACKUP_DAMAGED },
  { "memory-without-end", 24, G_MAXUINT64, 8, LINNET_ERROR_BACKUP_DAMAGED },
  { "other-work", 16, 2, 8, LINNET_ERROR_BACKUP_PASSPHRASE },
  { "other-memory", 24, 16384, 8, LINNET_ERROR_BACKUP_PASSPHRASE },
};

static void
test_header (gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr (GByteArray) file = write_file (10);

      g_test_message ("%s", headers[i].name);
      for (guint j = 0; j < headers[i].n_bytes; j++)
        file->data[headers[i].offset + j] =
            (guchar) (headers[i].value >> (8 * (headers[i].n_bytes - 1 - j)));
      assert_fails (file, PASSPHRASE, 10, headers[i].expect);
    }
}

int
main (int argc,
      char *argv[])
{
  linnet_test_init (&argc, &argv);

  linnet_test_add ("/model/backup-file/round-trip", test_round_trip, NULL);
  linnet_test_add ("/model/backup-file/damage", test_damage, NULL);
  linnet_test_add ("/model/backup-file/chunks", test_chunks, NULL);
  linnet_test_add ("/model/backup-file/header", test_header, NULL);

  return g_test_run ();
}
