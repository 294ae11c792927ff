/* The memory of immutable XML elements
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-arena"

#include "config.h"

#include <string.h>

#include "xmpp-node-private.h"

#define MAX_BLOCK (64 * 1024)
#define ALIGN(size) (((size) + 7) & ~(gsize) 7)

typedef struct _Block Block;

struct _Block
{
  Block *next;
  gsize padding; /* keeps what follows aligned to 16 */
};

/* Structures grow up from the start of a block and strings down from its end, so that neither needs
 * padding. */
struct _XmppArena
{
  gatomicrefcount ref_count;
  guint n_foreign;
  XmppNode *const *foreign; /* elements of other arenas that elements of this one refer to */
  XmppArena *next_dead;
  Block *blocks; /* those after the first, which follows this structure */
  char *low;
  char *high;
  gsize next_size;
  gsize size; /* of everything */
};

static void
add_block (XmppArena *self,
           gsize needed)
{
  gsize size = MAX (self->next_size, needed);
  Block *block = g_malloc (sizeof (Block) + size);

  block->next = self->blocks;
  self->blocks = block;
  self->low = (char *) (block + 1);
  self->high = self->low + size;
  self->next_size = MIN (self->next_size * 2, MAX_BLOCK);
  self->size += sizeof (Block) + size;
}

XmppArena *
xmpp_arena_new (gsize size)
{
  XmppArena *self;

  size = ALIGN (size);
  self = g_malloc (sizeof (XmppArena) + size);
  g_atomic_ref_count_init (&self->ref_count);
  self->n_foreign = 0;
  self->foreign = NULL;
  self->next_dead = NULL;
  self->blocks = NULL;
  self->low = (char *) (self + 1);
  self->high = self->low + size;
  self->next_size = MIN (MAX (size * 2, 1024), MAX_BLOCK);
  self->size = sizeof (XmppArena) + size;

  return self;
}

gsize
xmpp_arena_get_size (XmppArena *self)
{
  return self->size;
}

void
xmpp_arena_ref (XmppArena *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
}

void
xmpp_arena_unref (XmppArena *self)
{
  XmppArena *dead;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  /* What dies with its parent is chained up, not recursed into: trees may be deep. */
  dead = self;
  while (dead != NULL)
    {
      XmppArena *arena = dead;

      dead = arena->next_dead;
      for (guint i = 0; i < arena->n_foreign; i++)
        {
          XmppArena *other = arena->foreign[i]->arena;

          if (g_atomic_ref_count_dec (&other->ref_count))
            {
              other->next_dead = dead;
              dead = other;
            }
        }
      while (arena->blocks != NULL)
        {
          Block *block = arena->blocks;

          arena->blocks = block->next;
          g_free (block);
        }
      g_free (arena);
    }
}

gpointer
xmpp_arena_alloc (XmppArena *self,
                  gsize size)
{
  gpointer memory;

  size = ALIGN (size);
  if ((gsize) (self->high - self->low) < size)
    add_block (self, size);
  memory = self->low;
  self->low += size;

  return memory;
}

const char *
xmpp_arena_add_string (XmppArena *self,
                       const char *text,
                       gsize length)
{
  if (length == 0)
    return "";

  if ((gsize) (self->high - self->low) < length + 1)
    add_block (self, length + 1);
  self->high -= length + 1;
  memcpy (self->high, text, length);
  self->high[length] = '\0';

  return self->high;
}

static gpointer
copy_array (XmppArena *arena,
            gconstpointer array,
            gsize size)
{
  gpointer copy;

  if (size == 0)
    return NULL;
  copy = xmpp_arena_alloc (arena, size);
  memcpy (copy, array, size);

  return copy;
}

static gsize
string_size (const char *text)
{
  return text != NULL ? strlen (text) + 1 : 0;
}

static const char *
copy_string (XmppArena *arena,
             const char *text)
{
  return text != NULL ? xmpp_arena_add_string (arena, text, strlen (text)) : NULL;
}

XmppNode *
xmpp_node_new_full (const XmppNode *template)
{
  gboolean mixed = template->n_children > 0 && template->text_length > 0;
  gsize size = sizeof (XmppNode) + template->text_length + 1;
  XmppArena *arena;
  XmppNode *self;
  XmppAttr *attrs;

  size += template->n_children * sizeof (XmppNode *) + template->n_attrs * sizeof (XmppAttr);
  size += mixed ? ALIGN (template->n_children * sizeof (guint32)) : 0;
  size += string_size (template->name) + string_size (template->ns);
  for (guint i = 0; i < template->n_attrs; i++)
    {
      size += string_size (template->attrs[i].name) + string_size (template->attrs[i].ns);
      size += string_size (template->attrs[i].value);
    }

  arena = xmpp_arena_new (size);
  self = xmpp_arena_alloc (arena, sizeof (XmppNode));
  *self = *template;
  self->arena = arena;
  self->name = copy_string (arena, template->name);
  self->ns = copy_string (arena, template->ns);
  self->text = xmpp_arena_add_string (arena, template->text, template->text_length);
  self->children = copy_array (arena, template->children, template->n_children * sizeof (XmppNode *));
  if (mixed)
    self->offsets = copy_array (arena, template->offsets, template->n_children * sizeof (guint32));
  else
    self->offsets = NULL;
  self->attrs = attrs = copy_array (arena, template->attrs, template->n_attrs * sizeof (XmppAttr));
  for (guint i = 0; i < template->n_attrs; i++)
    {
      attrs[i].name = copy_string (arena, attrs[i].name);
      attrs[i].ns = copy_string (arena, attrs[i].ns);
      attrs[i].value = copy_string (arena, attrs[i].value);
    }

  arena->foreign = self->children;
  arena->n_foreign = self->n_children;

  return self;
}
