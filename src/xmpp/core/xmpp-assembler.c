/* Parser events to elements
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-assembler"

#include "config.h"

#include <string.h>

#include "xmpp-assembler.h"
#include "xmpp-names.h"
#include "xmpp-node-private.h"

#define ARENA_SIZE 2000 /* enough for most stanzas */

/* An element whose end tag has not come. Its children and its text so far are at the end of the common
 * lists. */
typedef struct
{
  XmppNode *node;
  guint first_child;
  guint32 text_start;
} Frame;

typedef struct
{
  XmppNode *node;
  guint32 offset; /* in the parent's text */
} Child;

struct _XmppAssembler
{
  XmppNames names;
  XmppArena *arena; /* of the tree that is being built */
  GArray *frames;
  GArray *children;
  GString *text;
};

static const char *
add_name (XmppAssembler *self,
          const char *text,
          gsize length)
{
  const char *known = xmpp_names_lookup (&self->names, text, length);

  return known != NULL ? known : xmpp_arena_add_string (self->arena, text, length);
}

/* Takes @full apart into name and namespace (NULL: none). */
static const char *
add_full_name (XmppAssembler *self,
               const char *full,
               const char *parent_ns,
               const char **ns)
{
  const char *separator = strchr (full, XMPP_ASSEMBLER_SEPARATOR);
  gsize length;

  if (separator == NULL)
    {
      *ns = NULL;
      return add_name (self, full, strlen (full));
    }

  /* Mostly it is the parent's, which is in the same arena. */
  length = separator - full;
  if (parent_ns != NULL && strncmp (full, parent_ns, length) == 0 && parent_ns[length] == '\0')
    *ns = parent_ns;
  else
    *ns = add_name (self, full, length);

  return add_name (self, separator + 1, strlen (separator + 1));
}

static const XmppAttr *
add_attrs (XmppAssembler *self,
           const char **atts,
           guint n_attrs)
{
  XmppAttr *attrs = xmpp_arena_alloc (self->arena, n_attrs * sizeof (XmppAttr));

  for (guint i = 0; i < n_attrs; i++)
    {
      const char *value = atts[2 * i + 1];

      attrs[i].name = add_full_name (self, atts[2 * i], NULL, &attrs[i].ns);
      attrs[i].value = xmpp_arena_add_string (self->arena, value, strlen (value));
    }

  return attrs;
}

static void
add_children (XmppAssembler *self,
              XmppNode *node,
              const Child *children,
              guint n_children)
{
  XmppNode **nodes = xmpp_arena_alloc (self->arena, n_children * sizeof (XmppNode *));
  guint32 *offsets = NULL;

  if (node->text_length > 0)
    offsets = xmpp_arena_alloc (self->arena, n_children * sizeof (guint32));
  for (guint i = 0; i < n_children; i++)
    {
      nodes[i] = children[i].node;
      if (offsets != NULL)
        offsets[i] = children[i].offset;
    }
  node->children = nodes;
  node->n_children = n_children;
  node->offsets = offsets;
}

XmppAssembler *
xmpp_assembler_new (void)
{
  XmppAssembler *self = g_new0 (XmppAssembler, 1);

  xmpp_names_init (&self->names);
  self->frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  self->children = g_array_new (FALSE, FALSE, sizeof (Child));
  self->text = g_string_new (NULL);

  return self;
}

void
xmpp_assembler_free (XmppAssembler *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->arena, xmpp_arena_unref);
  g_array_unref (self->frames);
  g_array_unref (self->children);
  g_string_free (self->text, TRUE);
  g_free (self);
}

void
xmpp_assembler_start (XmppAssembler *self,
                      const char *name,
                      const char **atts)
{
  Frame frame = { .first_child = self->children->len, .text_start = self->text->len };
  const char *parent_ns = NULL;
  const char *ns;
  guint n_attrs = 0;

  while (atts[2 * n_attrs] != NULL)
    n_attrs++;
  if (self->frames->len > 0)
    parent_ns = g_array_index (self->frames, Frame, self->frames->len - 1).node->ns;
  else
    self->arena = xmpp_arena_new (ARENA_SIZE);

  frame.node = xmpp_arena_alloc (self->arena, sizeof (XmppNode));
  memset (frame.node, 0, sizeof (XmppNode));
  frame.node->arena = self->arena;
  frame.node->kind = XMPP_NODE_ELEMENT;
  frame.node->n_attrs = n_attrs;
  frame.node->name = add_full_name (self, name, parent_ns, &ns);
  frame.node->ns = ns != NULL ? ns : "";
  if (n_attrs > 0)
    frame.node->attrs = add_attrs (self, atts, n_attrs);
  g_array_append_val (self->frames, frame);
}

void
xmpp_assembler_text (XmppAssembler *self,
                     const char *text,
                     gsize length)
{
  g_string_append_len (self->text, text, length);
}

XmppNode *
xmpp_assembler_end (XmppAssembler *self)
{
  Frame frame;
  XmppNode *node;
  Child child;

  g_return_val_if_fail (self->frames->len > 0, NULL);

  frame = g_array_index (self->frames, Frame, self->frames->len - 1);
  g_array_set_size (self->frames, self->frames->len - 1);
  node = frame.node;
  node->text_length = self->text->len - frame.text_start;
  node->text = xmpp_arena_add_string (self->arena, self->text->str + frame.text_start, node->text_length);
  g_string_truncate (self->text, frame.text_start);
  if (self->children->len > frame.first_child)
    {
      add_children (self,
                    node,
                    &g_array_index (self->children, Child, frame.first_child),
                    self->children->len - frame.first_child);
      g_array_set_size (self->children, frame.first_child);
    }

  if (self->frames->len == 0)
    {
      self->arena = NULL; /* its reference is the element's now */
      return node;
    }

  child.node = node;
  child.offset = frame.text_start - g_array_index (self->frames, Frame, self->frames->len - 1).text_start;
  g_array_append_val (self->children, child);

  return NULL;
}
