/* Setting aside what brings the program down (R29)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-guard"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "linnet-guard.h"

/* What a death counts, and how much is enough. */
#define FULL 2
#define HALF 1
#define ENOUGH 4
/* After so many stanzas without a death nothing is suspect any more. */
#define PATIENCE 1000

#define HASH_SIZE 32
#define MAGIC 0x4c6e4731

/* The ways to a death, each of which proves only itself harmless when it is left alive. */
typedef enum
{
  WAY_DISPATCH,
  WAY_BATCH,
  N_WAYS
} Way;

/* In memory that is also the file: what is written to it outlives the process, if not the machine. */
typedef struct
{
  guint32 magic;
  guint32 n[N_WAYS];
  guint32 waiting;
  guchar dispatched[HASH_SIZE];
  guchar batch[LINNET_GUARD_MAX_BATCH][HASH_SIZE];
} Marks;

struct _LinnetGuard
{
  GObject parent_instance;

  char *quarantine;
  char *marks_path;
  char *suspects_path;
  Marks *marks;                 /* NULL: there is no file for them */
  GHashTable *suspects[N_WAYS]; /* hash in hexadecimal digits -> what its deaths count */
  guint n_left;                 /* without a death */
};

G_DEFINE_FINAL_TYPE (LinnetGuard, linnet_guard, G_TYPE_OBJECT)

static const char *const way_names[N_WAYS] = { "dispatch", "batch" };

/* ---- what a stanza is known by ---- */

/* Not by what its way adds: it comes back late, or to another resource. */
static gboolean
is_of_the_way (const char *ns)
{
  return g_strcmp0 (ns, "urn:xmpp:delay") == 0 || g_strcmp0 (ns, "urn:xmpp:sid:0") == 0;
}

static void
get_hash (XmppNode *stanza,
          guchar hash[HASH_SIZE])
{
  static const char *const attributes[] = { "from", "type", "id" };
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = HASH_SIZE;

  g_checksum_update (checksum, (const guchar *) xmpp_node_get_name (stanza), -1);
  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    {
      const char *value = xmpp_node_get_attr (stanza, attributes[i]);

      g_checksum_update (checksum, (const guchar *) "", 1);
      if (value != NULL)
        g_checksum_update (checksum, (const guchar *) value, -1);
    }
  for (guint i = 0; i < xmpp_node_get_n_children (stanza); i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (stanza, i);
      g_autofree char *text = NULL;

      if (is_of_the_way (xmpp_node_get_ns (child)))
        continue;
      text = xmpp_node_to_string (child, NULL);
      g_checksum_update (checksum, (const guchar *) text, -1);
    }

  g_checksum_get_digest (checksum, hash, &length);
}

static char *
hash_to_name (const guchar hash[HASH_SIZE])
{
  char *name = g_malloc (HASH_SIZE * 2 + 1);

  for (guint i = 0; i < HASH_SIZE; i++)
    g_snprintf (name + i * 2, 3, "%02x", hash[i]);

  return name;
}

/* ---- suspects ---- */

static guint
get_count (LinnetGuard *self,
           Way way,
           const char *name)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->suspects[way], name));
}

static void
save_suspects (LinnetGuard *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  guint n = 0;

  for (guint way = 0; way < N_WAYS; way++)
    {
      GHashTableIter iter;
      gpointer name, count;

      g_hash_table_iter_init (&iter, self->suspects[way]);
      while (g_hash_table_iter_next (&iter, &name, &count))
        {
          g_key_file_set_integer (file, way_names[way], name, GPOINTER_TO_INT (count));
          n++;
        }
    }

  if (n == 0)
    g_unlink (self->suspects_path);
  else if (!g_key_file_save_to_file (file, self->suspects_path, &error))
    g_message ("Cannot write down what is suspect: %s", error->message);
}

static void
load_suspects (LinnetGuard *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (!g_key_file_load_from_file (file, self->suspects_path, G_KEY_FILE_NONE, NULL))
    return;

  for (guint way = 0; way < N_WAYS; way++)
    {
      g_auto (GStrv) names = g_key_file_get_keys (file, way_names[way], NULL, NULL);

      for (guint i = 0; names != NULL && names[i] != NULL; i++)
        {
          int count = MIN (g_key_file_get_integer (file, way_names[way], names[i], NULL), ENOUGH);

          if (count > 0)
            g_hash_table_insert (self->suspects[way], g_strdup (names[i]), GINT_TO_POINTER (count));
        }
    }
}

static void
blame (LinnetGuard *self,
       Way way,
       const guchar hash[HASH_SIZE],
       guint weight)
{
  char *name = hash_to_name (hash);

  g_hash_table_insert (
      self->suspects[way], name, GUINT_TO_POINTER (MIN (get_count (self, way, name) + weight, ENOUGH)));
}

/* The program died with these marks standing. */
static void
read_marks (LinnetGuard *self)
{
  Marks *marks = self->marks;

  if (marks->magic == MAGIC && (marks->n[WAY_DISPATCH] > 0 || marks->n[WAY_BATCH] > 0))
    {
      if (marks->n[WAY_DISPATCH] > 0)
        blame (self, WAY_DISPATCH, marks->dispatched, FULL);
      for (guint i = 0; i < MIN (marks->n[WAY_BATCH], LINNET_GUARD_MAX_BATCH); i++)
        blame (self, WAY_BATCH, marks->batch[i], marks->waiting ? HALF : FULL);
      save_suspects (self);
    }

  memset (marks, 0, sizeof *marks);
  marks->magic = MAGIC;
}

/* Neither acquitted nor found guilty. */
static gboolean
is_open (gpointer name,
         gpointer count,
         gpointer unused)
{
  return GPOINTER_TO_UINT (count) < ENOUGH;
}

/* It was handled, and here we are. */
static void
acquit (LinnetGuard *self,
        Way way,
        const guchar (*hashes)[HASH_SIZE],
        guint n_hashes)
{
  gboolean changed = FALSE;

  if (g_hash_table_size (self->suspects[WAY_DISPATCH]) + g_hash_table_size (self->suspects[WAY_BATCH]) == 0)
    return;

  for (guint i = 0; i < n_hashes; i++)
    {
      g_autofree char *name = hash_to_name (hashes[i]);

      changed |= g_hash_table_remove (self->suspects[way], name);
    }
  self->n_left += n_hashes;
  if (self->n_left >= PATIENCE)
    {
      g_hash_table_foreach_remove (self->suspects[WAY_DISPATCH], is_open, NULL);
      g_hash_table_foreach_remove (self->suspects[WAY_BATCH], is_open, NULL);
      self->n_left = 0;
      changed = TRUE;
    }

  if (changed)
    save_suspects (self);
}

/* ---- the object ---- */

static void
linnet_guard_finalize (GObject *object)
{
  LinnetGuard *self = LINNET_GUARD (object);

  if (self->marks != NULL)
    {
      /* An orderly end is no death. */
      memset (self->marks->n, 0, sizeof self->marks->n);
      munmap (self->marks, sizeof (Marks));
    }
  for (guint way = 0; way < N_WAYS; way++)
    g_clear_pointer (&self->suspects[way], g_hash_table_unref);
  g_free (self->quarantine);
  g_free (self->marks_path);
  g_free (self->suspects_path);

  G_OBJECT_CLASS (linnet_guard_parent_class)->finalize (object);
}

static void
linnet_guard_class_init (LinnetGuardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = linnet_guard_finalize;
}

static void
linnet_guard_init (LinnetGuard *self)
{
  for (guint way = 0; way < N_WAYS; way++)
    self->suspects[way] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static Marks *
map_marks (const char *path)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  void *marks = MAP_FAILED;

  if (fd >= 0 && posix_fallocate (fd, 0, sizeof (Marks)) == 0)
    marks = mmap (NULL, sizeof (Marks), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (marks == MAP_FAILED)
    g_message ("Cannot keep marks of what is being handled: %s", g_strerror (errno));
  if (fd >= 0)
    close (fd);

  return marks != MAP_FAILED ? marks : NULL;
}

LinnetGuard *
linnet_guard_new (const char *profile,
                  gint64 account)
{
  LinnetGuard *self = g_object_new (LINNET_TYPE_GUARD, NULL);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, account);
  g_autofree char *marks = g_strdup_printf ("handling-%" G_GINT64_FORMAT, account);
  g_autofree char *suspects = g_strdup_printf ("suspects-%" G_GINT64_FORMAT, account);

  self->quarantine = g_build_filename (profile, "quarantine", number, NULL);
  self->marks_path = g_build_filename (profile, marks, NULL);
  self->suspects_path = g_build_filename (profile, suspects, NULL);
  load_suspects (self);
  self->marks = map_marks (self->marks_path);
  if (self->marks != NULL)
    read_marks (self);

  return self;
}

void
linnet_guard_erase (LinnetGuard *self)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_return_if_fail (LINNET_IS_GUARD (self));

  g_unlink (self->marks_path);
  g_unlink (self->suspects_path);

  dir = g_dir_open (self->quarantine, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->quarantine, name, NULL);

      g_unlink (path);
    }
  g_rmdir (self->quarantine);
}

gboolean
linnet_guard_is_poison (LinnetGuard *self,
                        XmppNode *stanza)
{
  g_autofree char *name = NULL;
  guchar hash[HASH_SIZE];

  g_return_val_if_fail (LINNET_IS_GUARD (self), FALSE);

  if (g_hash_table_size (self->suspects[WAY_DISPATCH]) + g_hash_table_size (self->suspects[WAY_BATCH]) == 0)
    return FALSE;

  get_hash (stanza, hash);
  name = hash_to_name (hash);

  return get_count (self, WAY_DISPATCH, name) >= ENOUGH || get_count (self, WAY_BATCH, name) >= ENOUGH;
}

gboolean
linnet_guard_set_aside (LinnetGuard *self,
                        XmppNode *stanza,
                        GError **error)
{
  g_autofree char *xml = NULL;
  g_autofree char *name = NULL;
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;
  guchar hash[HASH_SIZE];

  g_return_val_if_fail (LINNET_IS_GUARD (self), FALSE);

  if (g_mkdir_with_parents (self->quarantine, 0700) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      return FALSE;
    }

  get_hash (stanza, hash);
  name = hash_to_name (hash);
  file = g_strconcat (name, ".xml", NULL);
  path = g_build_filename (self->quarantine, file, NULL);
  xml = xmpp_node_to_string (stanza, NULL);

  return g_file_set_contents_full (path,
                                   xml,
                                   -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600,
                                   error);
}

void
linnet_guard_enter (LinnetGuard *self,
                    XmppNode *stanza)
{
  g_return_if_fail (LINNET_IS_GUARD (self));

  if (self->marks == NULL)
    return;

  get_hash (stanza, self->marks->dispatched);
  self->marks->n[WAY_DISPATCH] = 1;
}

void
linnet_guard_leave (LinnetGuard *self)
{
  g_return_if_fail (LINNET_IS_GUARD (self));

  if (self->marks == NULL || self->marks->n[WAY_DISPATCH] == 0)
    return;

  self->marks->n[WAY_DISPATCH] = 0;
  acquit (self, WAY_DISPATCH, &self->marks->dispatched, 1);
}

void
linnet_guard_enter_batch (LinnetGuard *self,
                          XmppNode *const *stanzas,
                          guint n_stanzas)
{
  g_return_if_fail (LINNET_IS_GUARD (self));
  g_return_if_fail (n_stanzas <= LINNET_GUARD_MAX_BATCH);

  if (self->marks == NULL)
    return;

  for (guint i = 0; i < n_stanzas; i++)
    get_hash (stanzas[i], self->marks->batch[i]);
  self->marks->waiting = FALSE;
  self->marks->n[WAY_BATCH] = n_stanzas;
}

void
linnet_guard_set_waiting (LinnetGuard *self,
                          gboolean waiting)
{
  g_return_if_fail (LINNET_IS_GUARD (self));

  if (self->marks != NULL)
    self->marks->waiting = waiting;
}

void
linnet_guard_leave_batch (LinnetGuard *self)
{
  guint n;

  g_return_if_fail (LINNET_IS_GUARD (self));

  if (self->marks == NULL)
    return;

  n = self->marks->n[WAY_BATCH];
  self->marks->n[WAY_BATCH] = 0;
  acquit (self, WAY_BATCH, self->marks->batch, n);
}

guint
linnet_guard_get_max_batch (LinnetGuard *self)
{
  g_return_val_if_fail (LINNET_IS_GUARD (self), 1);

  return g_hash_table_find (self->suspects[WAY_BATCH], is_open, NULL) != NULL ? 1 : LINNET_GUARD_MAX_BATCH;
}
