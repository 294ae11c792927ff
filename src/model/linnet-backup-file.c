/* The file of a backup: a header in the clear, then encrypted chunks
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-backup"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "linnet-backup-file.h"
#include "linnet-error.h"

#define MAGIC "LinnetBk"
#define KDF_ARGON2ID 1
#define HEADER_SIZE (48 + crypto_secretstream_xchacha20poly1305_HEADERBYTES)
#define SEALED_CHUNK (LINNET_BACKUP_CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES)

typedef struct
{
  guchar bytes[HEADER_SIZE];
} Header;

struct _LinnetBackupWriter
{
  GOutputStream *stream;
  crypto_secretstream_xchacha20poly1305_state state;
  Header header;
  gboolean begun; /* a chunk was written */
  gsize length;
  guchar chunk[LINNET_BACKUP_CHUNK];
  guchar sealed[SEALED_CHUNK];
};

struct _LinnetBackupReader
{
  GInputStream *stream;
  crypto_secretstream_xchacha20poly1305_state state;
  Header header;
  gboolean begun;
  gboolean final;
  gsize position;
  gsize length;
  guchar chunk[LINNET_BACKUP_CHUNK];
  guchar sealed[SEALED_CHUNK];
};

const LinnetBackupCost linnet_backup_cost = {
  .opslimit = crypto_pwhash_argon2id_OPSLIMIT_MODERATE,
  .memlimit = crypto_pwhash_argon2id_MEMLIMIT_MODERATE,
};

static void
put_number (guchar *at, guint n_bytes, guint64 number)
{
  for (guint i = 0; i < n_bytes; i++)
    at[i] = (guchar) (number >> (8 * (n_bytes - 1 - i)));
}

static guint64
get_number (const guchar *at, guint n_bytes)
{
  guint64 number = 0;

  for (guint i = 0; i < n_bytes; i++)
    number = number << 8 | at[i];

  return number;
}

static gboolean
fail (GError **error, LinnetError code, const char *what)
{
  g_set_error_literal (error, LINNET_ERROR, code, what);

  return FALSE;
}

/* The limits and the salt are in the header. */
static gboolean
make_key (const Header *header,
          const char *passphrase,
          guchar key[crypto_secretstream_xchacha20poly1305_KEYBYTES],
          GError **error)
{
  if (sodium_init () < 0 || crypto_pwhash (key,
                                           crypto_secretstream_xchacha20poly1305_KEYBYTES,
                                           passphrase,
                                           strlen (passphrase),
                                           header->bytes + 32,
                                           get_number (header->bytes + 16, 8),
                                           get_number (header->bytes + 24, 8),
                                           crypto_pwhash_ALG_ARGON2ID13) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "Not enough memory to make a key");
      return FALSE;
    }

  return TRUE;
}

/* ---- writing ---- */

void
linnet_backup_writer_free (LinnetBackupWriter *self)
{
  g_object_unref (self->stream);
  sodium_memzero (self, sizeof *self);
  g_free (self);
}

LinnetBackupWriter *
linnet_backup_writer_new (GOutputStream *stream,
                          const char *passphrase,
                          const LinnetBackupCost *cost,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autoptr (LinnetBackupWriter) self = NULL;
  guchar key[crypto_secretstream_xchacha20poly1305_KEYBYTES];

  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), NULL);
  g_return_val_if_fail (passphrase != NULL && cost != NULL, NULL);

  self = g_new0 (LinnetBackupWriter, 1);
  self->stream = g_object_ref (stream);
  memcpy (self->header.bytes, MAGIC, 8);
  put_number (self->header.bytes + 8, 4, LINNET_BACKUP_FILE_VERSION);
  put_number (self->header.bytes + 12, 4, KDF_ARGON2ID);
  put_number (self->header.bytes + 16, 8, cost->opslimit);
  put_number (self->header.bytes + 24, 8, cost->memlimit);
  randombytes_buf (self->header.bytes + 32, crypto_pwhash_SALTBYTES);
  if (!make_key (&self->header, passphrase, key, error))
    return NULL;
  crypto_secretstream_xchacha20poly1305_init_push (&self->state, self->header.bytes + 48, key);
  sodium_memzero (key, sizeof key);

  if (!g_output_stream_write_all (
          stream, self->header.bytes, sizeof self->header.bytes, NULL, cancellable, error))
    return NULL;

  return g_steal_pointer (&self);
}

static gboolean
seal (LinnetBackupWriter *self, guchar tag, GCancellable *cancellable, GError **error)
{
  unsigned long long sealed_length;

  crypto_secretstream_xchacha20poly1305_push (&self->state,
                                              self->sealed,
                                              &sealed_length,
                                              self->chunk,
                                              self->length,
                                              self->begun ? NULL : self->header.bytes,
                                              self->begun ? 0 : sizeof self->header.bytes,
                                              tag);
  self->begun = TRUE;
  self->length = 0;

  return g_output_stream_write_all (
      self->stream, self->sealed, (gsize) sealed_length, NULL, cancellable, error);
}

gboolean
linnet_backup_writer_write (
    LinnetBackupWriter *self, gconstpointer data, gsize length, GCancellable *cancellable, GError **error)
{
  const guchar *bytes = data;

  g_return_val_if_fail (self != NULL, FALSE);

  while (length > 0)
    {
      gsize n = MIN (length, LINNET_BACKUP_CHUNK - self->length);

      /* Only now: the last chunk may be a full one. */
      if (n == 0)
        {
          if (!seal (self, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE, cancellable, error))
            return FALSE;
          continue;
        }
      memcpy (self->chunk + self->length, bytes, n);
      self->length += n;
      bytes += n;
      length -= n;
    }

  return TRUE;
}

gboolean
linnet_backup_writer_finish (LinnetBackupWriter *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return seal (self, crypto_secretstream_xchacha20poly1305_TAG_FINAL, cancellable, error);
}

/* ---- reading ---- */

void
linnet_backup_reader_free (LinnetBackupReader *self)
{
  g_object_unref (self->stream);
  sodium_memzero (self, sizeof *self);
  g_free (self);
}

static gboolean
check_header (const Header *header, GError **error)
{
  guint64 opslimit = get_number (header->bytes + 16, 8);
  guint64 memlimit = get_number (header->bytes + 24, 8);

  if (get_number (header->bytes + 8, 4) > LINNET_BACKUP_FILE_VERSION)
    return fail (error, LINNET_ERROR_BACKUP_NEWER, "A newer format");
  if (get_number (header->bytes + 8, 4) != LINNET_BACKUP_FILE_VERSION ||
      get_number (header->bytes + 12, 4) != KDF_ARGON2ID)
    return fail (error, LINNET_ERROR_BACKUP_DAMAGED, "No such format");

  /* Whoever made it, it does not get all memory and the afternoon. */
  if (opslimit < crypto_pwhash_argon2id_OPSLIMIT_MIN || opslimit > LINNET_BACKUP_MAX_OPSLIMIT ||
      memlimit < crypto_pwhash_argon2id_MEMLIMIT_MIN || memlimit > LINNET_BACKUP_MAX_MEMLIMIT)
    return fail (error, LINNET_ERROR_BACKUP_DAMAGED, "It would cost too much");

  return TRUE;
}

static gboolean
open_chunk (LinnetBackupReader *self, GCancellable *cancellable, GError **error)
{
  LinnetError code = self->begun ? LINNET_ERROR_BACKUP_DAMAGED : LINNET_ERROR_BACKUP_PASSPHRASE;
  unsigned long long length;
  gsize sealed_length;
  guchar tag;

  if (!g_input_stream_read_all (
          self->stream, self->sealed, sizeof self->sealed, &sealed_length, cancellable, error))
    return FALSE;
  if (sealed_length < crypto_secretstream_xchacha20poly1305_ABYTES)
    return fail (error, LINNET_ERROR_BACKUP_DAMAGED, "It was cut off");
  if (crypto_secretstream_xchacha20poly1305_pull (&self->state,
                                                  self->chunk,
                                                  &length,
                                                  &tag,
                                                  self->sealed,
                                                  sealed_length,
                                                  self->begun ? NULL : self->header.bytes,
                                                  self->begun ? 0 : sizeof self->header.bytes) != 0)
    return fail (error, code, "A chunk cannot be opened");

  self->begun = TRUE;
  self->final = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  self->position = 0;
  self->length = (gsize) length;
  if (!self->final &&
      (tag != crypto_secretstream_xchacha20poly1305_TAG_MESSAGE || length != LINNET_BACKUP_CHUNK))
    return fail (error, LINNET_ERROR_BACKUP_DAMAGED, "Not as this program writes it");

  return TRUE;
}

LinnetBackupReader *
linnet_backup_reader_new (GInputStream *stream,
                          const char *passphrase,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autoptr (LinnetBackupReader) self = NULL;
  guchar key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
  gsize length;
  int code;

  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), NULL);
  g_return_val_if_fail (passphrase != NULL, NULL);

  self = g_new0 (LinnetBackupReader, 1);
  self->stream = g_object_ref (stream);
  if (!g_input_stream_read_all (
          stream, self->header.bytes, sizeof self->header.bytes, &length, cancellable, error))
    return NULL;
  if (length < 8 || memcmp (self->header.bytes, MAGIC, 8) != 0)
    {
      fail (error, LINNET_ERROR_NO_BACKUP, "Something else");
      return NULL;
    }
  if (length < sizeof self->header.bytes)
    {
      fail (error, LINNET_ERROR_BACKUP_DAMAGED, "It was cut off");
      return NULL;
    }
  if (!check_header (&self->header, error) || !make_key (&self->header, passphrase, key, error))
    return NULL;

  code = crypto_secretstream_xchacha20poly1305_init_pull (&self->state, self->header.bytes + 48, key);
  sodium_memzero (key, sizeof key);
  if (code != 0)
    {
      fail (error, LINNET_ERROR_BACKUP_DAMAGED, "The stream's header is wrong");
      return NULL;
    }

  return open_chunk (self, cancellable, error) ? g_steal_pointer (&self) : NULL;
}

gboolean
linnet_backup_reader_read (
    LinnetBackupReader *self, gpointer data, gsize length, GCancellable *cancellable, GError **error)
{
  guchar *bytes = data;

  g_return_val_if_fail (self != NULL, FALSE);

  while (length > 0)
    {
      gsize n = MIN (length, self->length - self->position);

      if (n == 0)
        {
          if (self->final)
            return fail (error, LINNET_ERROR_BACKUP_DAMAGED, "It ends too early");
          if (!open_chunk (self, cancellable, error))
            return FALSE;
          continue;
        }
      memcpy (bytes, self->chunk + self->position, n);
      self->position += n;
      bytes += n;
      length -= n;
    }

  return TRUE;
}

gboolean
linnet_backup_reader_finish (LinnetBackupReader *self, GCancellable *cancellable, GError **error)
{
  gsize length;
  guchar byte;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!self->final || self->position < self->length)
    return fail (error, LINNET_ERROR_BACKUP_DAMAGED, "There is more than expected");
  if (!g_input_stream_read_all (self->stream, &byte, 1, &length, cancellable, error))
    return FALSE;

  return length == 0 || fail (error, LINNET_ERROR_BACKUP_DAMAGED, "Something follows the end");
}
