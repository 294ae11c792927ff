/* A message on its way through the features: what each of them found out about it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-message"

#include "config.h"

#include <gio/gio.h>

#include "xmpp-error.h"
#include "xmpp-message.h"

G_DEFINE_BOXED_TYPE (XmppMessage, xmpp_message, xmpp_message_ref, xmpp_message_unref)

/* An absent type means "normal", and so does an unknown one (RFC 6121 section 5.2.2). */
static const char *
get_type (XmppNode *stanza)
{
  static const char *const types[] = { "chat", "normal", "groupchat", "headline", "error" };
  const char *type = xmpp_node_get_attr (stanza, "type");

  for (guint i = 0; type != NULL && i < G_N_ELEMENTS (types); i++)
    {
      if (g_str_equal (type, types[i]))
        return types[i];
    }

  return "normal";
}

static XmppJid *
get_address (XmppNode *stanza,
             const char *attribute,
             XmppJid *fallback)
{
  const char *text = xmpp_node_get_attr (stanza, attribute);

  return text != NULL ? xmpp_jid_new (text, NULL) : xmpp_jid_ref (fallback);
}

/* Several bodies differ in language only (RFC 6121 section 5.2.3); without a better reason the first is as
 * good. */
static void
take_body (XmppMessage *self)
{
  XmppNode *body = xmpp_node_get_child (self->node, "body", XMPP_NS_CLIENT);
  gboolean truncated = FALSE;

  if (body == NULL)
    return;

  self->body = xmpp_text_clean (xmpp_node_get_text (body), XMPP_MESSAGE_MAX_BODY, &truncated);
  self->truncated = truncated;
}

/* Takes over the addresses; they are what it is checked for. */
static void
take_stanza (XmppMessage *self,
             XmppNode *stanza,
             XmppJid *from,
             XmppJid *to)
{
  const char *id = xmpp_node_get_attr (stanza, "id");

  self->node = xmpp_node_ref (stanza);
  self->from = from;
  self->to = to;
  self->type = g_strdup (get_type (stanza));
  self->id = id != NULL && *id != '\0' ? g_strdup (id) : NULL;

  if (g_str_equal (self->type, "error"))
    self->error = xmpp_error_from_stanza (stanza);
  else
    take_body (self);
}

static void
clear_stanza (XmppMessage *self)
{
  g_clear_pointer (&self->node, xmpp_node_unref);
  g_clear_pointer (&self->from, xmpp_jid_unref);
  g_clear_pointer (&self->to, xmpp_jid_unref);
  g_clear_pointer (&self->type, g_free);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->body, g_free);
  g_clear_error (&self->error);
}

XmppMessage *
xmpp_message_new (XmppNode *stanza,
                  XmppJid *self_jid)
{
  g_autoptr (XmppJid) from = NULL;
  g_autoptr (XmppJid) to = NULL;
  XmppMessage *self;

  g_return_val_if_fail (stanza != NULL, NULL);
  g_return_val_if_fail (self_jid != NULL, NULL);

  from = get_address (stanza, "from", self_jid);
  to = get_address (stanza, "to", self_jid);
  if (from == NULL || to == NULL)
    return NULL;

  self = g_new0 (XmppMessage, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->source = XMPP_MESSAGE_LIVE;
  take_stanza (self, stanza, g_steal_pointer (&from), g_steal_pointer (&to));

  return self;
}

XmppMessage *
xmpp_message_ref (XmppMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
xmpp_message_unref (XmppMessage *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  clear_stanza (self);
  g_clear_pointer (&self->stanza_id, g_free);
  g_clear_pointer (&self->origin_id, g_free);
  g_clear_pointer (&self->receipt_for, g_free);
  g_clear_pointer (&self->displayed_for, g_free);
  g_clear_pointer (&self->displayed_here, g_free);
  g_clear_pointer (&self->replaces, g_free);
  g_clear_pointer (&self->retracts, g_free);
  g_clear_pointer (&self->reply_id, g_free);
  g_clear_pointer (&self->reply_to, xmpp_jid_unref);
  g_clear_pointer (&self->bare_body, g_free);
  g_clear_pointer (&self->nickname, g_free);
  g_clear_pointer (&self->quote_from, xmpp_jid_unref);
  g_clear_pointer (&self->quote_body, g_free);
  g_free (self);
}

gboolean
xmpp_message_unwrap (XmppMessage *self,
                     XmppNode *inner,
                     XmppMessageSource source,
                     XmppJid *self_jid)
{
  g_autoptr (XmppNode) stanza = NULL;
  g_autoptr (XmppJid) from = NULL;
  g_autoptr (XmppJid) to = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (self_jid != NULL, FALSE);
  g_return_val_if_fail (source != XMPP_MESSAGE_LIVE, FALSE);

  /* A wrapper in a wrapper is an attempt to have somebody else's words believed (security.md I6). */
  if (self->source != XMPP_MESSAGE_LIVE || inner == NULL || !xmpp_node_is (inner, "message", XMPP_NS_CLIENT))
    return FALSE;

  from = get_address (inner, "from", self_jid);
  to = get_address (inner, "to", self_jid);
  if (from == NULL || to == NULL)
    return FALSE;

  stanza = xmpp_node_ref (inner);
  clear_stanza (self);
  self->source = source;
  self->truncated = FALSE;
  take_stanza (self, stanza, g_steal_pointer (&from), g_steal_pointer (&to));

  return TRUE;
}

gboolean
xmpp_message_is_outgoing (XmppMessage *self,
                          XmppJid *self_jid)
{
  g_return_val_if_fail (self != NULL, FALSE);

  /* A note to oneself comes in as well as it goes out; it is listed as what it is here, something that came.
   */
  return xmpp_jid_bare_equal (self->from, self_jid) && !xmpp_jid_bare_equal (self->to, self_jid);
}

const char *
xmpp_message_get_text (XmppMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->has_fallback ? self->bare_body : self->body;
}

XmppJid *
xmpp_message_get_peer (XmppMessage *self,
                       XmppJid *self_jid)
{
  g_return_val_if_fail (self != NULL, NULL);

  return xmpp_message_is_outgoing (self, self_jid) ? self->to : self->from;
}
