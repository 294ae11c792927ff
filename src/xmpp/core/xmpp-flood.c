/* A limit to what one sender may have us do (security.md P12)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-flood"

#include "config.h"

#include <string.h>

#include "xmpp-flood.h"

/* So many senders are remembered, and so many stanzas put off; beyond that the fullest buckets and the newest
 * stanzas are forgotten. */
#define MAX_SOURCES 4096
#define MAX_KEPT 4096
#define MAX_KEPT_BYTES (4 * 1024 * 1024)
/* Nobody has more devices and nodes that matter here. */
#define MAX_KEPT_PER_SOURCE 64
/* An entry of a hash table, a link of a queue, and what the allocator takes for itself. */
#define OVERHEAD 128

typedef struct
{
  gint64 filled_at; /* when @tokens was right */
  double tokens;
} Bucket;

typedef struct
{
  char *key;
  char *source;
  XmppNode *stanza;
  gsize size;
} Kept;

struct _XmppFlood
{
  double per_second;
  double burst;
  GHashTable *buckets; /* source to Bucket */
  GQueue kept;         /* of Kept, oldest key first */
  GHashTable *by_key;  /* key to its link in @kept */
  GHashTable *n_kept;  /* source to how many of @kept are its, at least 1 */
  gsize kept_bytes;
};

static void
kept_free (Kept *self)
{
  g_free (self->key);
  g_free (self->source);
  xmpp_node_unref (self->stanza);
  g_free (self);
}

XmppFlood *
xmpp_flood_new (guint per_second,
                guint burst)
{
  XmppFlood *self = g_new0 (XmppFlood, 1);

  self->per_second = per_second;
  self->burst = burst;
  self->buckets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  self->n_kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&self->kept);

  return self;
}

void
xmpp_flood_clear (XmppFlood *self)
{
  g_hash_table_remove_all (self->by_key);
  g_queue_clear_full (&self->kept, (GDestroyNotify) kept_free);
  g_hash_table_remove_all (self->n_kept);
  self->kept_bytes = 0;
  g_hash_table_remove_all (self->buckets);
}

void
xmpp_flood_free (XmppFlood *self)
{
  xmpp_flood_clear (self);
  g_clear_pointer (&self->by_key, g_hash_table_unref);
  g_clear_pointer (&self->n_kept, g_hash_table_unref);
  g_clear_pointer (&self->buckets, g_hash_table_unref);
  g_free (self);
}

static void
fill (XmppFlood *self,
      Bucket *bucket,
      gint64 now)
{
  double added = (double) (now - bucket->filled_at) / G_USEC_PER_SEC * self->per_second;

  bucket->tokens = MIN (self->burst, bucket->tokens + added);
  bucket->filled_at = now;
}

/* A full bucket says nothing that a new one would not. If nobody's is full, a fresh start for all is the
 * least evil. */
static void
forget_quiet (XmppFlood *self,
              gint64 now)
{
  GHashTableIter iter;
  Bucket *bucket;

  g_hash_table_iter_init (&iter, self->buckets);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &bucket))
    {
      fill (self, bucket, now);
      if (bucket->tokens >= self->burst)
        g_hash_table_iter_remove (&iter);
    }

  if (g_hash_table_size (self->buckets) >= MAX_SOURCES)
    g_hash_table_remove_all (self->buckets);
}

gboolean
xmpp_flood_admit (XmppFlood *self,
                  const char *source,
                  gint64 now)
{
  Bucket *bucket = g_hash_table_lookup (self->buckets, source);

  if (bucket == NULL)
    {
      if (g_hash_table_size (self->buckets) >= MAX_SOURCES)
        forget_quiet (self, now);

      bucket = g_new (Bucket, 1);
      bucket->filled_at = now;
      bucket->tokens = self->burst;
      g_hash_table_insert (self->buckets, g_strdup (source), bucket);
    }

  fill (self, bucket, now);
  if (bucket->tokens < 1)
    return FALSE;

  bucket->tokens -= 1;

  return TRUE;
}

static guint
count_kept (XmppFlood *self,
            const char *source)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->n_kept, source));
}

static void
set_stanza (XmppFlood *self,
            Kept *kept,
            XmppNode *stanza)
{
  self->kept_bytes -= kept->size;
  g_clear_pointer (&kept->stanza, xmpp_node_unref);
  kept->stanza = xmpp_node_ref (stanza);
  kept->size = sizeof (Kept) + 2 * OVERHEAD + strlen (kept->key) + strlen (kept->source) +
               xmpp_node_get_memory (stanza);
  self->kept_bytes += kept->size;
}

static void
drop_kept (XmppFlood *self,
           GList *link)
{
  Kept *kept = link->data;
  guint n_left = count_kept (self, kept->source) - 1;

  if (n_left > 0)
    g_hash_table_insert (self->n_kept, g_strdup (kept->source), GUINT_TO_POINTER (n_left));
  else
    g_hash_table_remove (self->n_kept, kept->source);
  self->kept_bytes -= kept->size;
  g_hash_table_remove (self->by_key, kept->key);
  g_queue_delete_link (&self->kept, link);
  kept_free (kept);
}

gboolean
xmpp_flood_admit_or_keep (XmppFlood *self,
                          const char *source,
                          const char *key,
                          XmppNode *stanza,
                          gint64 now)
{
  GList *link = g_hash_table_lookup (self->by_key, key);
  Kept *kept;

  if (xmpp_flood_admit (self, source, now))
    {
      if (link != NULL) /* out of date from now on */
        drop_kept (self, link);
      return TRUE;
    }

  if (link == NULL)
    {
      guint n_kept = count_kept (self, source);

      if (self->kept.length >= MAX_KEPT || n_kept >= MAX_KEPT_PER_SOURCE)
        return FALSE;

      kept = g_new0 (Kept, 1);
      kept->key = g_strdup (key);
      kept->source = g_strdup (source);
      g_queue_push_tail (&self->kept, kept);
      link = self->kept.tail;
      g_hash_table_insert (self->by_key, kept->key, link);
      g_hash_table_insert (self->n_kept, g_strdup (source), GUINT_TO_POINTER (n_kept + 1));
    }

  /* What it says instead of the one before is not to be had without its size; the one before is not true. */
  set_stanza (self, link->data, stanza);
  if (self->kept_bytes > MAX_KEPT_BYTES)
    drop_kept (self, link);

  return FALSE;
}

GPtrArray *
xmpp_flood_release (XmppFlood *self,
                    gint64 now)
{
  GPtrArray *released = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_node_unref);
  GList *next;

  for (GList *link = self->kept.head; link != NULL; link = next)
    {
      Kept *kept = link->data;

      next = link->next;
      if (xmpp_flood_admit (self, kept->source, now))
        {
          g_ptr_array_add (released, xmpp_node_ref (kept->stanza));
          drop_kept (self, link);
        }
    }

  return released;
}

guint
xmpp_flood_get_n_kept (XmppFlood *self)
{
  return self->kept.length;
}

gsize
xmpp_flood_get_kept_bytes (XmppFlood *self)
{
  return self->kept_bytes;
}
