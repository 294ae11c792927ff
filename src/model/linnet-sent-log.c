/* Which stanza was written as which number of its stream
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-sent-log"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "linnet-sent-log.h"

#define MAGIC 0x4c6e5331
/* More are hardly ever under way; the oldest are overwritten. */
#define MAX_ENTRIES 1024
#define HASH_SIZE 32

typedef struct
{
  gint64 token;
  guint64 sequence; /* the newest counts; its remainder is the place */
  guint32 counter;
  guint32 check;
} Entry;

typedef struct
{
  guint32 magic;
  guchar about[HASH_SIZE]; /* hash of boot and stream; all 0: nothing */
  Entry acked[2];          /* in turn, so that one is whole at any time */
  Entry entries[MAX_ENTRIES];
} Notes;

struct _LinnetSentLog
{
  char *path;
  char *boot;
  Notes *notes; /* NULL: there is no file for them */
  guint64 n_acked;
  guint64 n_entries; /* the next one's sequence */
};

/* ---- entries ---- */

/* FNV-1a. Nobody forges it: who can write the file can write the database beside it. */
static guint32
get_check (const Entry *entry)
{
  const guchar *bytes = (const guchar *) entry;
  guint32 hash = 2166136261u;

  for (gsize i = 0; i < offsetof (Entry, check); i++)
    hash = (hash ^ bytes[i]) * 16777619u;

  return hash;
}

static void
write_entry (Entry *ring,
             guint size,
             guint64 sequence,
             gint64 token,
             guint32 counter)
{
  Entry entry = { .token = token, .sequence = sequence, .counter = counter };

  entry.check = get_check (&entry);
  ring[sequence % size] = entry;
}

static gboolean
is_whole (const Entry *ring,
          guint size,
          guint index)
{
  const Entry *entry = &ring[index];

  return entry->token != 0 && entry->sequence % size == index && entry->check == get_check (entry);
}

/* NULL: there is none. */
static const Entry *
find_newest (const Entry *ring,
             guint size)
{
  const Entry *newest = NULL;

  for (guint i = 0; i < size; i++)
    if (is_whole (ring, size, i) && (newest == NULL || ring[i].sequence > newest->sequence))
      newest = &ring[i];

  return newest;
}

/* ---- the file ---- */

static Notes *
map_notes (const char *path)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  void *notes = MAP_FAILED;

  if (fd >= 0 && posix_fallocate (fd, 0, sizeof (Notes)) == 0)
    notes = mmap (NULL, sizeof (Notes), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (notes == MAP_FAILED)
    g_message ("Cannot keep notes of what was sent: %s", g_strerror (errno));
  if (fd >= 0)
    close (fd);

  return notes != MAP_FAILED ? notes : NULL;
}

static void
get_about (LinnetSentLog *self,
           const char *sm_id,
           guchar about[HASH_SIZE])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = HASH_SIZE;

  g_checksum_update (checksum, (const guchar *) self->boot, (gssize) strlen (self->boot) + 1);
  g_checksum_update (checksum, (const guchar *) sm_id, -1);
  g_checksum_get_digest (checksum, about, &length);
}

LinnetSentLog *
linnet_sent_log_new (const char *profile,
                     gint64 account,
                     const char *boot)
{
  LinnetSentLog *self = g_new0 (LinnetSentLog, 1);
  g_autofree char *name = g_strdup_printf ("sent-%" G_GINT64_FORMAT, account);
  const Entry *newest;

  self->path = g_build_filename (profile, name, NULL);
  self->boot = g_strdup (boot);
  if (boot != NULL)
    self->notes = map_notes (self->path);
  if (self->notes == NULL)
    return self;

  if ((newest = find_newest (self->notes->acked, G_N_ELEMENTS (self->notes->acked))) != NULL)
    self->n_acked = newest->sequence + 1;
  if ((newest = find_newest (self->notes->entries, MAX_ENTRIES)) != NULL)
    self->n_entries = newest->sequence + 1;

  return self;
}

void
linnet_sent_log_free (LinnetSentLog *self)
{
  if (self->notes != NULL)
    munmap (self->notes, sizeof (Notes));
  g_free (self->path);
  g_free (self->boot);
  g_free (self);
}

void
linnet_sent_log_erase (LinnetSentLog *self)
{
  g_unlink (self->path);
}

char *
linnet_sent_log_dup_boot (void)
{
  char *boot = NULL;

  return g_file_get_contents ("/proc/sys/kernel/random/boot_id", &boot, NULL, NULL) ? boot : NULL;
}

/* ---- writing ---- */

void
linnet_sent_log_begin (LinnetSentLog *self,
                       const char *sm_id)
{
  guchar about[HASH_SIZE];

  if (self->notes == NULL)
    return;

  /* Wherever this is interrupted, it is about no stream: the compiler may not change the order. */
  memset (self->notes->about, 0, HASH_SIZE);
  atomic_signal_fence (memory_order_seq_cst);
  memset (self->notes->acked, 0, sizeof self->notes->acked);
  memset (self->notes->entries, 0, sizeof self->notes->entries);
  self->notes->magic = MAGIC;
  self->n_entries = self->n_acked = 0;
  linnet_sent_log_set_acked (self, 0);
  get_about (self, sm_id, about);
  atomic_signal_fence (memory_order_seq_cst);
  memcpy (self->notes->about, about, HASH_SIZE);
}

void
linnet_sent_log_add (LinnetSentLog *self,
                     gint64 token,
                     guint32 counter)
{
  g_return_if_fail (token > 0);

  if (self->notes != NULL)
    write_entry (self->notes->entries, MAX_ENTRIES, self->n_entries++, token, counter);
}

void
linnet_sent_log_set_acked (LinnetSentLog *self,
                           guint32 counter)
{
  if (self->notes != NULL)
    write_entry (self->notes->acked, G_N_ELEMENTS (self->notes->acked), self->n_acked++, -1, counter);
}

/* ---- reading ---- */

static gboolean
is_about (LinnetSentLog *self,
          const char *sm_id)
{
  guchar about[HASH_SIZE];

  if (self->notes == NULL || self->notes->magic != MAGIC)
    return FALSE;

  get_about (self, sm_id, about);

  return memcmp (self->notes->about, about, HASH_SIZE) == 0;
}

/* The newest entry of each token in @tokens; all others are cleared. */
static GHashTable *
collect (LinnetSentLog *self,
         GHashTable *tokens)
{
  GHashTable *newest = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < MAX_ENTRIES; i++)
    {
      Entry *entry = &self->notes->entries[i];
      const Entry *other;

      if (!is_whole (self->notes->entries, MAX_ENTRIES, i) || !g_hash_table_contains (tokens, &entry->token))
        {
          memset (entry, 0, sizeof *entry);
          continue;
        }

      other = g_hash_table_lookup (newest, &entry->token);
      if (other == NULL || other->sequence < entry->sequence)
        g_hash_table_replace (newest, &entry->token, entry);
    }

  return newest;
}

GHashTable *
linnet_sent_log_read (LinnetSentLog *self,
                      const char *sm_id,
                      GHashTable *tokens,
                      guint32 *acked)
{
  g_autoptr (GHashTable) numbers = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) newest = NULL;
  const Entry *last_acked = NULL;
  GHashTableIter iter;
  gpointer value;

  *acked = 0;
  if (is_about (self, sm_id))
    last_acked = find_newest (self->notes->acked, G_N_ELEMENTS (self->notes->acked));
  if (last_acked == NULL)
    return NULL;

  newest = collect (self, tokens);
  g_hash_table_iter_init (&iter, newest);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Entry *entry = value;

      if (!g_hash_table_add (taken, GUINT_TO_POINTER (entry->counter)))
        return NULL;
      g_hash_table_insert (
          numbers, g_memdup2 (&entry->token, sizeof entry->token), GUINT_TO_POINTER (entry->counter));
    }
  *acked = last_acked->counter;

  return g_steal_pointer (&numbers);
}
