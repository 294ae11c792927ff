/* XEP-0428 Fallback Indication, version 0.2.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-fallback"

#include "config.h"

#include "xmpp-fallback.h"
#include "xmpp-reply.h"
#include "xmpp-retraction.h"

#define NS_FALLBACK "urn:xmpp:fallback:0"
/* Parts that are looked at. */
#define MAX_PARTS 16

/* In code points, not bytes nor what a person would call characters (XEP-0426). */
typedef struct
{
  guint64 start;
  guint64 end;
} Part;

struct _XmppFallback
{
  XmppFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppFallback, xmpp_fallback, XMPP_TYPE_FEATURE)

static int
compare_parts (gconstpointer a, gconstpointer b)
{
  const Part *left = a;
  const Part *right = b;

  return (left->start > right->start) - (left->start < right->start);
}

static gboolean
is_understood (XmppMessage *message, const char *spec)
{
  if (g_strcmp0 (spec, XMPP_NS_REPLY) == 0)
    return message->reply_id != NULL;

  return g_strcmp0 (spec, XMPP_NS_RETRACTION) == 0 && message->retracts != NULL;
}

/* A part that is not inside the text is somebody's mistake: rather too much is shown than too little. */
static void
add_part (GArray *parts, XmppNode *element, guint64 length)
{
  Part part = { 0, length };

  if ((xmpp_node_get_attr (element, "start") != NULL &&
       !xmpp_node_get_attr_uint (element, "start", length, &part.start)) ||
      (xmpp_node_get_attr (element, "end") != NULL &&
       !xmpp_node_get_attr_uint (element, "end", length, &part.end)) ||
      part.start >= part.end || parts->len >= MAX_PARTS)
    return;

  g_array_append_val (parts, part);
}

static void
add_parts (GArray *parts, XmppNode *fallback, guint64 length)
{
  const Part all = { 0, length };
  guint n = xmpp_node_get_n_children (fallback);

  /* Without children it is about all of the text; with others it may be about the subject alone. */
  if (n == 0 && parts->len < MAX_PARTS)
    g_array_append_val (parts, all);

  for (guint i = 0; i < n && parts->len < MAX_PARTS; i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (fallback, i);

      if (xmpp_node_is (child, "body", NS_FALLBACK))
        add_part (parts, child, length);
    }
}

/* @parts: sorted, may overlap */
static char *
cut (const char *text, GArray *parts)
{
  g_autoptr (GString) kept = g_string_new (NULL);
  guint64 at = 0;

  for (guint i = 0; i < parts->len; i++)
    {
      const Part *part = &g_array_index (parts, Part, i);
      guint64 start = MAX (part->start, at);
      const char *end;

      if (part->end <= at)
        continue;

      end = g_utf8_offset_to_pointer (text, start - at);
      g_string_append_len (kept, text, end - text);
      text = g_utf8_offset_to_pointer (end, part->end - start);
      at = part->end;
    }
  g_string_append (kept, text);

  return xmpp_text_clean (kept->str, XMPP_MESSAGE_MAX_BODY, NULL);
}

/* Looks at all of them when it is shown the first, since their places are those of the whole text: of the one
 * that came, before it was cleaned. */
static XmppVerdict
xmpp_fallback_deliver (XmppFeature *feature, XmppMessage *message, XmppNode *payload)
{
  const char *text = xmpp_node_get_child_text (message->node, "body", XMPP_NS_CLIENT);
  g_autoptr (GArray) parts = NULL;
  guint64 length;

  if (message->body == NULL || text == NULL ||
      payload != xmpp_node_get_child_in_ns (message->node, NS_FALLBACK))
    return XMPP_VERDICT_PASS;

  parts = g_array_new (FALSE, FALSE, sizeof (Part));
  length = g_utf8_strlen (text, -1);
  for (guint i = 0; i < xmpp_node_get_n_children (message->node); i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (message->node, i);

      if (xmpp_node_is (child, "fallback", NS_FALLBACK) &&
          is_understood (message, xmpp_node_get_attr (child, "for")))
        add_parts (parts, child, length);
    }

  if (parts->len > 0)
    {
      g_array_sort (parts, compare_parts);
      message->has_fallback = TRUE;
      message->bare_body = cut (text, parts);
    }

  return XMPP_VERDICT_PASS;
}

static void
xmpp_fallback_class_init (XmppFallbackClass *klass)
{
  /* After all that a fallback may be for. */
  xmpp_feature_class_add_message_hook (
      XMPP_FEATURE_CLASS (klass), XMPP_STAGE_DELIVER, NS_FALLBACK, xmpp_fallback_deliver);
}

static void
xmpp_fallback_init (XmppFallback *self)
{
}

XmppNode *
xmpp_fallback_create (const char *spec, gsize length)
{
  g_return_val_if_fail (spec != NULL, NULL);

  return xmpp_el (
      "fallback",
      NS_FALLBACK,
      xmpp_attr ("for", spec),
      length > 0
          ? xmpp_el ("body", NS_FALLBACK, xmpp_attr_uint ("start", 0), xmpp_attr_uint ("end", length))
          : NULL);
}
