/* Immutable XML elements
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-node"

#include "config.h"

#include <string.h>

#include "xmpp-node-private.h"

G_DEFINE_BOXED_TYPE (XmppNode, xmpp_node, xmpp_node_ref, xmpp_node_unref)

static gboolean
str_equal0 (const char *a,
            const char *b)
{
  return a == b || (a != NULL && b != NULL && strcmp (a, b) == 0);
}

static const XmppAttr *
find_attr (const XmppNode *self,
           const char *name,
           const char *ns)
{
  for (guint i = 0; i < self->n_attrs; i++)
    {
      const XmppAttr *attr = &self->attrs[i];

      if (str_equal0 (attr->name, name) && str_equal0 (attr->ns, ns))
        return attr;
    }

  return NULL;
}

static gboolean
shallow_equal (const XmppNode *a,
               const XmppNode *b)
{
  if (a->n_attrs != b->n_attrs || a->n_children != b->n_children || a->text_length != b->text_length ||
      !str_equal0 (a->name, b->name) || !str_equal0 (a->ns, b->ns) ||
      memcmp (a->text, b->text, a->text_length) != 0)
    return FALSE;

  if (a->offsets != NULL && memcmp (a->offsets, b->offsets, a->n_children * sizeof (guint32)) != 0)
    return FALSE;

  for (guint i = 0; i < a->n_attrs; i++)
    {
      const XmppAttr *attr = find_attr (b, a->attrs[i].name, a->attrs[i].ns);

      if (attr == NULL || strcmp (attr->value, a->attrs[i].value) != 0)
        return FALSE;
    }

  return TRUE;
}

XmppNode *
xmpp_node_ref (XmppNode *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  xmpp_arena_ref (self->arena);

  return self;
}

void
xmpp_node_unref (XmppNode *self)
{
  g_return_if_fail (self != NULL);

  xmpp_arena_unref (self->arena);
}

const char *
xmpp_node_get_name (XmppNode *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

const char *
xmpp_node_get_ns (XmppNode *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->ns;
}

gboolean
xmpp_node_is (XmppNode *self,
              const char *name,
              const char *ns)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (name != NULL && ns != NULL, FALSE);

  return str_equal0 (self->name, name) && str_equal0 (self->ns, ns);
}

const char *
xmpp_node_get_text (XmppNode *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

const char *
xmpp_node_get_attr (XmppNode *self,
                    const char *name)
{
  return xmpp_node_get_attr_ns (self, name, NULL);
}

const char *
xmpp_node_get_attr_ns (XmppNode *self,
                       const char *name,
                       const char *ns)
{
  const XmppAttr *attr;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  attr = find_attr (self, name, ns);

  return attr != NULL ? attr->value : NULL;
}

gboolean
xmpp_node_get_attr_uint (XmppNode *self,
                         const char *name,
                         guint64 max,
                         guint64 *out)
{
  const char *value = xmpp_node_get_attr (self, name);

  return value != NULL && g_ascii_string_to_unsigned (value, 10, 0, max, out, NULL);
}

gboolean
xmpp_node_get_attr_bool (XmppNode *self,
                         const char *name,
                         gboolean *out)
{
  const char *value = xmpp_node_get_attr (self, name);
  gboolean is_true = str_equal0 (value, "true") || str_equal0 (value, "1");

  if (!is_true && !str_equal0 (value, "false") && !str_equal0 (value, "0"))
    return FALSE;

  *out = is_true;

  return TRUE;
}

guint
xmpp_node_get_n_attrs (XmppNode *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_attrs;
}

const char *
xmpp_node_get_nth_attr (XmppNode *self,
                        guint index,
                        const char **name,
                        const char **ns)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (index < self->n_attrs, NULL);

  if (name != NULL)
    *name = self->attrs[index].name;
  if (ns != NULL)
    *ns = self->attrs[index].ns;

  return self->attrs[index].value;
}

guint
xmpp_node_get_n_children (XmppNode *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_children;
}

XmppNode *
xmpp_node_get_nth_child (XmppNode *self,
                         guint index)
{
  g_return_val_if_fail (self != NULL, NULL);

  return index < self->n_children ? self->children[index] : NULL;
}

XmppNode *
xmpp_node_get_child (XmppNode *self,
                     const char *name,
                     const char *ns)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL && ns != NULL, NULL);

  for (guint i = 0; i < self->n_children; i++)
    if (xmpp_node_is (self->children[i], name, ns))
      return self->children[i];

  return NULL;
}

const char *
xmpp_node_get_child_text (XmppNode *self,
                          const char *name,
                          const char *ns)
{
  XmppNode *child = xmpp_node_get_child (self, name, ns);

  return child != NULL ? child->text : NULL;
}

XmppNode *
xmpp_node_get_child_in_ns (XmppNode *self,
                           const char *ns)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (ns != NULL, NULL);

  for (guint i = 0; i < self->n_children; i++)
    if (str_equal0 (self->children[i]->ns, ns))
      return self->children[i];

  return NULL;
}

XmppNode *
xmpp_node_get_first_child (XmppNode *self)
{
  return xmpp_node_get_nth_child (self, 0);
}

gsize
xmpp_node_get_memory (XmppNode *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return xmpp_arena_get_size (self->arena);
}

XmppNode *
xmpp_node_find (XmppNode *self,
                const char *name,
                const char *ns,
                ...)
{
  va_list args;

  g_return_val_if_fail (self != NULL, NULL);

  va_start (args, ns);
  while (self != NULL && name != NULL)
    {
      self = xmpp_node_get_child (self, name, ns);
      name = va_arg (args, const char *);
      if (name != NULL)
        ns = va_arg (args, const char *);
    }
  va_end (args);

  return self;
}

XmppNode *
xmpp_node_with_child (XmppNode *self,
                      XmppNode *child)
{
  g_autofree XmppNode **children = NULL;
  g_autofree guint32 *offsets = NULL;
  XmppNode template;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (child != NULL && child->kind == XMPP_NODE_ELEMENT, NULL);

  template = *self;
  children = g_new (XmppNode *, self->n_children + 1);
  offsets = g_new (guint32, self->n_children + 1);
  for (guint i = 0; i < self->n_children; i++)
    {
      children[i] = xmpp_node_ref (self->children[i]);
      offsets[i] = self->offsets != NULL ? self->offsets[i] : 0;
    }
  children[self->n_children] = child;
  offsets[self->n_children] = self->text_length;

  template.children = children;
  template.offsets = offsets;
  template.n_children++;

  return xmpp_node_new_full (&template);
}

XmppNode *
xmpp_node_with_attr (XmppNode *self,
                     const char *name,
                     const char *value)
{
  g_autofree XmppAttr *attrs = NULL;
  g_autofree char *clean = NULL;
  XmppNode template;
  guint n_attrs = 0;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (xmpp_node_is_name (name), NULL);

  attrs = g_new (XmppAttr, self->n_attrs + 1);
  for (guint i = 0; i < self->n_attrs; i++)
    if (self->attrs[i].ns != NULL || !str_equal0 (self->attrs[i].name, name))
      attrs[n_attrs++] = self->attrs[i];
  if (value != NULL)
    {
      clean = xmpp_node_sanitize_text (value);
      attrs[n_attrs++] = (XmppAttr) { .name = name, .value = clean };
    }

  template = *self;
  template.attrs = attrs;
  template.n_attrs = n_attrs;
  for (guint i = 0; i < self->n_children; i++)
    xmpp_node_ref (self->children[i]);

  return xmpp_node_new_full (&template);
}

XmppNode *
xmpp_node_without (XmppNode *self,
                   const char *name,
                   const char *ns)
{
  g_autofree XmppNode **children = NULL;
  g_autofree guint32 *offsets = NULL;
  XmppNode template;
  guint n = 0;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL && ns != NULL, NULL);

  children = g_new (XmppNode *, self->n_children);
  offsets = g_new (guint32, self->n_children);
  for (guint i = 0; i < self->n_children; i++)
    {
      if (xmpp_node_is (self->children[i], name, ns))
        continue;
      children[n] = xmpp_node_ref (self->children[i]);
      offsets[n++] = self->offsets != NULL ? self->offsets[i] : 0;
    }

  template = *self;
  template.children = children;
  template.offsets = offsets;
  template.n_children = n;

  return xmpp_node_new_full (&template);
}

gboolean
xmpp_node_equal (XmppNode *a,
                 XmppNode *b)
{
  g_autoptr (GPtrArray) pending = NULL;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  /* Pairs of elements that are still to be compared, rather than recursion: trees may be deep. */
  pending = g_ptr_array_new ();
  g_ptr_array_add (pending, a);
  g_ptr_array_add (pending, b);
  while (pending->len > 0)
    {
      b = g_ptr_array_steal_index_fast (pending, pending->len - 1);
      a = g_ptr_array_steal_index_fast (pending, pending->len - 1);
      if (a == b)
        continue;
      if (!shallow_equal (a, b))
        return FALSE;
      for (guint i = 0; i < a->n_children; i++)
        {
          g_ptr_array_add (pending, a->children[i]);
          g_ptr_array_add (pending, b->children[i]);
        }
    }

  return TRUE;
}
