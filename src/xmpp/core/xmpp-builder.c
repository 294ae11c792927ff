/* Building elements and stanzas
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-builder"

#include "config.h"

#include <string.h>

#include "xmpp-builder.h"
#include "xmpp-node-private.h"

#define NS_XMLNS "http://www.w3.org/2000/xmlns/"

typedef struct
{
  GArray *attrs;       /* of XmppAttr, their strings borrowed from the items */
  GPtrArray *children; /* references that will be the element's */
  GArray *offsets;
  GString *text;
} Parts;

/* The one namespace that nothing may be in (Namespaces in XML 1.0 section 3) becomes none. */
static char *
clean_namespace (const char *ns)
{
  char *clean = xmpp_node_sanitize_text (ns);

  if (strcmp (clean, NS_XMLNS) == 0)
    clean[0] = '\0';

  return clean;
}

/* XML knows no element twice with the same attribute: the last one counts. */
static void
add_attr (Parts *parts,
          XmppNode *item)
{
  XmppAttr attr = { .name = item->name, .ns = *item->ns != '\0' ? item->ns : NULL, .value = item->text };

  for (guint i = 0; i < parts->attrs->len; i++)
    {
      XmppAttr *other = &g_array_index (parts->attrs, XmppAttr, i);

      if (g_str_equal (other->name, attr.name) && g_strcmp0 (other->ns, attr.ns) == 0)
        {
          *other = attr;
          return;
        }
    }
  g_array_append_val (parts->attrs, attr);
}

static void
add_item (Parts *parts,
          XmppNode *item)
{
  guint32 offset = parts->text->len;

  switch (item->kind)
    {
    case XMPP_NODE_ATTR:
      add_attr (parts, item);
      break;

    case XMPP_NODE_TEXT:
      g_string_append_len (parts->text, item->text, item->text_length);
      break;

    case XMPP_NODE_ELEMENT:
      g_ptr_array_add (parts->children, item);
      g_array_append_val (parts->offsets, offset);
      break;

    default:
      g_assert_not_reached ();
    }
}

static XmppNode *
new_piece (XmppNodeKind kind,
           const char *name,
           const char *ns,
           const char *text)
{
  g_autofree char *clean_ns = clean_namespace (ns);
  g_autofree char *clean_text = xmpp_node_sanitize_text (text);
  XmppNode piece = { .kind = kind, .name = name, .ns = clean_ns, .text = clean_text };

  piece.text_length = strlen (clean_text);

  return xmpp_node_new_full (&piece);
}

XmppNode *
xmpp_node_build (const char *name,
                 const char *ns,
                 XmppNode *const *items)
{
  g_autofree char *clean_ns = NULL;
  XmppNode template = { .kind = XMPP_NODE_ELEMENT, .name = name };
  XmppNode *self;
  Parts parts;

  g_return_val_if_fail (xmpp_node_is_name (name), NULL);
  g_return_val_if_fail (ns != NULL, NULL);
  g_return_val_if_fail (items != NULL, NULL);

  template.ns = clean_ns = clean_namespace (ns);
  parts.attrs = g_array_new (FALSE, FALSE, sizeof (XmppAttr));
  parts.children = g_ptr_array_new ();
  parts.offsets = g_array_new (FALSE, FALSE, sizeof (guint32));
  parts.text = g_string_new (NULL);
  for (guint i = 0; items[i] != XMPP_END; i++)
    if (items[i] != NULL)
      add_item (&parts, items[i]);

  template.attrs = (const XmppAttr *) parts.attrs->data;
  template.n_attrs = parts.attrs->len;
  template.children = (XmppNode *const *) parts.children->pdata;
  template.offsets = (const guint32 *) parts.offsets->data;
  template.n_children = parts.children->len;
  template.text = parts.text->str;
  template.text_length = parts.text->len;
  self = xmpp_node_new_full (&template);

  for (guint i = 0; items[i] != XMPP_END; i++)
    if (items[i] != NULL && items[i]->kind != XMPP_NODE_ELEMENT)
      xmpp_node_unref (items[i]);
  g_array_unref (parts.attrs);
  g_ptr_array_unref (parts.children);
  g_array_unref (parts.offsets);
  g_string_free (parts.text, TRUE);

  return self;
}

XmppNode *
xmpp_attr (const char *name,
           const char *value)
{
  return xmpp_attr_ns (name, NULL, value);
}

XmppNode *
xmpp_attr_ns (const char *name,
              const char *ns,
              const char *value)
{
  g_return_val_if_fail (xmpp_node_is_name (name), NULL);

  return value != NULL ? new_piece (XMPP_NODE_ATTR, name, ns != NULL ? ns : "", value) : NULL;
}

XmppNode *
xmpp_attr_uint (const char *name,
                guint64 value)
{
  char text[24];

  g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT, value);

  return xmpp_attr (name, text);
}

XmppNode *
xmpp_text (const char *text)
{
  return text != NULL ? new_piece (XMPP_NODE_TEXT, "", "", text) : NULL;
}

static XmppNode *
build_iq (const char *type,
          const char *to,
          const char *id,
          XmppNode *payload)
{
  return xmpp_el ("iq",
                  XMPP_NS_CLIENT,
                  xmpp_attr ("type", type),
                  xmpp_attr ("to", to),
                  xmpp_attr ("id", id),
                  payload);
}

static XmppNode *
build_reply (XmppNode *request,
             const char *type,
             XmppNode *payload)
{
  return build_iq (type, xmpp_node_get_attr (request, "from"), xmpp_node_get_attr (request, "id"), payload);
}

XmppNode *
xmpp_iq_get (XmppJid *to,
             XmppNode *payload)
{
  return build_iq ("get", to != NULL ? xmpp_jid_get_string (to) : NULL, NULL, payload);
}

XmppNode *
xmpp_iq_set (XmppJid *to,
             XmppNode *payload)
{
  return build_iq ("set", to != NULL ? xmpp_jid_get_string (to) : NULL, NULL, payload);
}

XmppNode *
xmpp_iq_result (XmppNode *request,
                XmppNode *payload)
{
  g_return_val_if_fail (request != NULL, NULL);

  return build_reply (request, "result", payload);
}

XmppNode *
xmpp_iq_error (XmppNode *request,
               const char *type,
               const char *condition)
{
  g_return_val_if_fail (request != NULL, NULL);
  g_return_val_if_fail (type != NULL && condition != NULL, NULL);

  return build_reply (request,
                      "error",
                      xmpp_el ("error",
                               XMPP_NS_CLIENT,
                               xmpp_attr ("type", type),
                               xmpp_el (condition, XMPP_NS_STANZAS)));
}
