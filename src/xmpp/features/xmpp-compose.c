/* Building the messages that a person sends
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-compose"

#include "config.h"

#include "xmpp-compose.h"
#include "xmpp-delay.h"
#include "xmpp-stanza-ids.h"

#define NS_RECEIPTS "urn:xmpp:receipts"
#define NS_MARKERS "urn:xmpp:chat-markers:0"
#define NS_CHAT_STATES "http://jabber.org/protocol/chatstates"

XmppNode *
xmpp_compose_chat (XmppJid *to,
                   const char *id,
                   const char *body,
                   XmppComposeFlags flags)
{
  g_return_val_if_fail (to != NULL, NULL);
  g_return_val_if_fail (id != NULL, NULL);
  g_return_val_if_fail (body != NULL, NULL);

  return xmpp_message (to,
                       "chat",
                       id,
                       xmpp_el ("body", XMPP_NS_CLIENT, xmpp_text (body)),
                       xmpp_el ("origin-id", XMPP_NS_SID, xmpp_attr ("id", id)),
                       flags & XMPP_COMPOSE_RECEIPT ? xmpp_el ("request", NS_RECEIPTS) : NULL,
                       flags & XMPP_COMPOSE_MARKABLE ? xmpp_el ("markable", NS_MARKERS) : NULL,
                       flags & XMPP_COMPOSE_CHAT_STATE ? xmpp_el ("active", NS_CHAT_STATES) : NULL);
}

char *
xmpp_compose_resend (const char *xml,
                     XmppJid *from,
                     gint64 written_at)
{
  g_autoptr (XmppNode) stanza = NULL;
  g_autoptr (XmppNode) fresh = NULL;
  g_autoptr (XmppNode) delayed = NULL;

  g_return_val_if_fail (xml != NULL, NULL);
  g_return_val_if_fail (from != NULL, NULL);

  stanza = xmpp_node_parse (xml, -1, XMPP_NS_CLIENT, NULL);
  if (stanza == NULL)
    return NULL;

  fresh = xmpp_node_without (stanza, "delay", XMPP_NS_DELAY);
  delayed = xmpp_node_with_child (fresh, xmpp_delay_create (from, written_at));

  return xmpp_node_to_string (delayed, XMPP_NS_CLIENT);
}
