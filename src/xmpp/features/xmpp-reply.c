/* XEP-0461 Message Replies, version 0.2.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-reply"

#include "config.h"

#include "xmpp-fallback.h"
#include "xmpp-reply.h"
#include "xmpp-stanza-ids.h"

/* Of what is quoted for clients that do not know replies. */
#define MAX_QUOTED_LINES 8
#define MAX_QUOTED_BYTES 1024

struct _XmppReply
{
  XmppFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (XmppReply, xmpp_reply, XMPP_TYPE_FEATURE)

/* The claimed author, if it is somebody who can have written something in this conversation. */
static XmppJid *
dup_author (XmppMessage *message, XmppNode *payload)
{
  const char *text = xmpp_node_get_attr (payload, "to");
  g_autoptr (XmppJid) author = text != NULL ? xmpp_jid_new (text, NULL) : NULL;

  if (author == NULL ||
      (!xmpp_jid_bare_equal (author, message->from) && !xmpp_jid_bare_equal (author, message->to)))
    return NULL;

  return g_steal_pointer (&author);
}

static XmppVerdict
xmpp_reply_annotate (XmppFeature *feature, XmppMessage *message, XmppNode *payload)
{
  g_autofree char *id = xmpp_stanza_ids_dup (payload, "id");

  /* In rooms these are ids that the room gave (section 4). */
  if (id == NULL || message->reply_id != NULL || !xmpp_node_is (payload, "reply", XMPP_NS_REPLY) ||
      g_str_equal (message->type, "groupchat"))
    return XMPP_VERDICT_PASS;

  if (g_strcmp0 (id, message->id) != 0)
    {
      message->reply_id = g_steal_pointer (&id);
      message->reply_to = dup_author (message, payload);
    }

  return XMPP_VERDICT_PASS;
}

static void
xmpp_reply_class_init (XmppReplyClass *klass)
{
  xmpp_feature_class_add_message_hook (
      XMPP_FEATURE_CLASS (klass), XMPP_STAGE_ANNOTATE, XMPP_NS_REPLY, xmpp_reply_annotate);
}

static void
xmpp_reply_init (XmppReply *self)
{
}

/* Lines that begin with "> ". Only what can be sent is in it, so that it can be counted. */
static char *
quote (const char *quoted)
{
  gboolean truncated = FALSE;
  g_autofree char *clean = xmpp_text_clean (quoted, MAX_QUOTED_BYTES, &truncated);
  g_auto (GStrv) lines = g_strsplit (clean != NULL ? clean : "", "\n", MAX_QUOTED_LINES + 1);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (XmppNode) sent = NULL;

  for (guint i = 0; lines[i] != NULL && i < MAX_QUOTED_LINES; i++)
    g_string_append_printf (text, "%s> %s", i > 0 ? "\n" : "", lines[i]);
  if (truncated || g_strv_length (lines) > MAX_QUOTED_LINES)
    g_string_append (text, "…");
  if (text->len > 0)
    g_string_append_c (text, '\n');

  sent = xmpp_el ("body", XMPP_NS_CLIENT, xmpp_text (text->str));

  return g_strdup (xmpp_node_get_text (sent));
}

XmppNode *
xmpp_reply_compose (XmppJid *to,
                    const char *id,
                    const char *body,
                    XmppComposeFlags flags,
                    const XmppReplyTarget *target)
{
  g_autofree char *quotation = NULL;
  g_autofree char *text = NULL;
  g_autoptr (XmppNode) message = NULL;
  g_autoptr (XmppNode) reply = NULL;

  g_return_val_if_fail (body != NULL, NULL);
  g_return_val_if_fail (target != NULL && target->id != NULL && target->author != NULL, NULL);

  quotation = quote (target->quoted != NULL ? target->quoted : "");
  text = g_strconcat (quotation, body, NULL);
  message = xmpp_compose_chat (to, id, text, flags);
  reply = xmpp_node_with_child (message,
                                xmpp_el ("reply",
                                         XMPP_NS_REPLY,
                                         xmpp_attr ("to", xmpp_jid_get_bare_string (target->author)),
                                         xmpp_attr ("id", target->id)));
  if (*quotation == '\0')
    return g_steal_pointer (&reply);

  return xmpp_node_with_child (reply,
                               xmpp_fallback_create (XMPP_NS_REPLY, g_utf8_strlen (quotation, -1)));
}
