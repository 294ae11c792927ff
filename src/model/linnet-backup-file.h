/* The file of a backup: a header in the clear, then encrypted chunks
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * All numbers are big-endian.
 *
 *   offset  bytes
 *        0      8  "LinnetBk"
 *        8      4  version of the format: 1
 *       12      4  how the key is made of the passphrase: 1, Argon2id 1.3
 *       16      8  its opslimit
 *       24      8  its memlimit, bytes
 *       32     16  its salt
 *       48     24  header of the crypto_secretstream_xchacha20poly1305 that follows
 *       72         chunks: 65536 bytes of content, the last one fewer, and 17 of the stream's own each
 *
 * The header is the additional data of the first chunk: nobody can change it. The last chunk, and only that,
 * carries the tag FINAL: what was cut off is noticed. Nothing follows it.
 */

#define LINNET_BACKUP_FILE_VERSION 1
#define LINNET_BACKUP_CHUNK 65536

/* Must not be asked to do more for a file of whoever: about ten seconds on a slow machine. */
#define LINNET_BACKUP_MAX_OPSLIMIT 16
#define LINNET_BACKUP_MAX_MEMLIMIT (1024u * 1024 * 1024)

typedef struct _LinnetBackupWriter LinnetBackupWriter;
typedef struct _LinnetBackupReader LinnetBackupReader;

typedef struct
{
  guint64 opslimit;
  guint64 memlimit;
} LinnetBackupCost;

/* What a backup of today costs whoever tries passphrases. */
extern const LinnetBackupCost linnet_backup_cost;

/* These work synchronously, on any one thread. They fail with LINNET_ERROR or an error of the stream. */

/* Writes the header. @stream is kept, not closed. NULL on error. */
LinnetBackupWriter *linnet_backup_writer_new (GOutputStream *stream,
                                              const char *passphrase,
                                              const LinnetBackupCost *cost,
                                              GCancellable *cancellable,
                                              GError **error);
gboolean linnet_backup_writer_write (
    LinnetBackupWriter *self, gconstpointer data, gsize length, GCancellable *cancellable, GError **error);
/* Writes the last chunk. */
gboolean
linnet_backup_writer_finish (LinnetBackupWriter *self, GCancellable *cancellable, GError **error);
void linnet_backup_writer_free (LinnetBackupWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetBackupWriter, linnet_backup_writer_free)

/* Reads the header and the first chunk. LINNET_ERROR_NO_BACKUP: it is something else; _BACKUP_NEWER;
 * _BACKUP_PASSPHRASE: it is not the one, or the file is damaged. */
LinnetBackupReader *linnet_backup_reader_new (GInputStream *stream,
                                              const char *passphrase,
                                              GCancellable *cancellable,
                                              GError **error);
/* All @length bytes or nothing: LINNET_ERROR_BACKUP_DAMAGED. */
gboolean linnet_backup_reader_read (
    LinnetBackupReader *self, gpointer data, gsize length, GCancellable *cancellable, GError **error);
/* Whether everything was read and the file ends there. */
gboolean
linnet_backup_reader_finish (LinnetBackupReader *self, GCancellable *cancellable, GError **error);
void linnet_backup_reader_free (LinnetBackupReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetBackupReader, linnet_backup_reader_free)

G_END_DECLS
