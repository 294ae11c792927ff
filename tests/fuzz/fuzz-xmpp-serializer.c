/* Fuzz target: whatever is built, what is written is XML that reads as the same
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "xmpp-builder.h"

#define MAX_DEPTH 20
#define MAX_ITEMS 12

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

typedef struct
{
  const guint8 *at;
  const guint8 *end;
} Input;

static guint8
take_byte (Input *input)
{
  return input->at < input->end ? *input->at++ : 0;
}

/* Any bytes, up to a zero. */
static char *
take_text (Input *input)
{
  gsize length = strnlen ((const char *) input->at, input->end - input->at);
  char *text = g_strndup ((const char *) input->at, length);

  input->at = MIN (input->at + length + 1, input->end);

  return text;
}

static const char *
take_name (Input *input)
{
  static const char *const names[] = { "a", "body", "xml", "x-1.2", "_", "lang", "id", "stream" };

  return names[take_byte (input) % G_N_ELEMENTS (names)];
}

static char *
take_namespace (Input *input)
{
  static const char *const namespaces[] = {
    "",
    "jabber:client",
    "urn:x",
    XMPP_NS_XML,
    XMPP_NS_STREAM,
    "http://www.w3.org/2000/xmlns/",
  };
  guint8 choice = take_byte (input) % (G_N_ELEMENTS (namespaces) + 1);

  return choice < G_N_ELEMENTS (namespaces) ? g_strdup (namespaces[choice]) : take_text (input);
}

static XmppNode *
build (Input *input,
       guint depth)
{
  XmppNode *items[MAX_ITEMS + 1];
  guint n_items = take_byte (input) % (MAX_ITEMS + 1);
  const char *name = take_name (input);
  g_autofree char *ns = take_namespace (input);

  for (guint i = 0; i < n_items; i++)
    {
      guint8 kind = take_byte (input) % 4;
      const char *attr_name = kind < 2 ? take_name (input) : NULL;
      g_autofree char *attr_ns = kind == 1 ? take_namespace (input) : NULL;
      g_autofree char *text = kind < 3 ? take_text (input) : NULL;

      if (kind < 2)
        items[i] = xmpp_attr_ns (attr_name, attr_ns, text);
      else if (kind == 2)
        items[i] = xmpp_text (text);
      else
        items[i] = depth < MAX_DEPTH && input->at < input->end ? build (input, depth + 1) : NULL;
    }
  items[n_items] = XMPP_END;

  return xmpp_node_build (name, ns, items);
}

static void
check (XmppNode *node,
       const char *outer_ns)
{
  g_autofree char *xml = xmpp_node_to_string (node, outer_ns);
  g_autoptr (GError) error = NULL;
  g_autoptr (XmppNode) back = xmpp_node_parse (xml, -1, outer_ns, &error);
  g_autofree char *again = NULL;

  g_assert_true (g_utf8_validate (xml, -1, NULL));
  g_assert_no_error (error);
  g_assert_true (xmpp_node_equal (node, back));
  again = xmpp_node_to_string (back, outer_ns);
  g_assert_cmpstr (again, ==, xml);
}

static void
check_changes (XmppNode *node,
               Input *input)
{
  g_autofree char *value = take_text (input);
  g_autoptr (XmppNode) with_attr = xmpp_node_with_attr (node, take_name (input), value);
  g_autoptr (XmppNode) with_child = xmpp_node_with_child (with_attr, xmpp_node_ref (node));
  g_autoptr (XmppNode) without = xmpp_node_without (with_child, take_name (input), "urn:x");

  check (with_attr, NULL);
  check (with_child, "urn:x");
  check (without, XMPP_NS_CLIENT);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  Input input = { .at = data, .end = data + size };
  g_autoptr (XmppNode) node = NULL;

  /* Built by hand, or as someone else wrote it. */
  if (take_byte (&input) & 1)
    node = build (&input, 0);
  else
    node = xmpp_node_parse ((const char *) input.at, input.end - input.at, XMPP_NS_CLIENT, NULL);
  if (node == NULL)
    return 0;

  check (node, NULL);
  check (node, XMPP_NS_CLIENT);
  check_changes (node, &input);

  return 0;
}
