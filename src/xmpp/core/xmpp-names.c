/* Names and namespaces that XMPP uses over and over
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "xmpp-names"

#include "config.h"

#include <string.h>

#include "xmpp-names.h"

#define NAME(text) { text, sizeof (text) - 1 }

static const struct
{
  const char *text;
  guint8 length;
} names[] = {
  /* stanzas and what is in them */
  NAME ("message"),
  NAME ("presence"),
  NAME ("iq"),
  NAME ("body"),
  NAME ("subject"),
  NAME ("thread"),
  NAME ("show"),
  NAME ("status"),
  NAME ("priority"),
  NAME ("error"),
  NAME ("query"),
  NAME ("item"),
  NAME ("items"),
  NAME ("group"),
  NAME ("event"),
  NAME ("pubsub"),
  NAME ("active"),
  NAME ("composing"),
  NAME ("paused"),
  NAME ("request"),
  NAME ("received"),
  NAME ("sent"),
  NAME ("forwarded"),
  NAME ("displayed"),
  NAME ("markable"),
  NAME ("delay"),
  NAME ("stanza-id"),
  NAME ("origin-id"),
  NAME ("result"),
  NAME ("encrypted"),
  NAME ("encryption"),
  NAME ("header"),
  NAME ("key"),
  NAME ("keys"),
  NAME ("iv"),
  NAME ("payload"),
  NAME ("c"),
  NAME ("x"),
  NAME ("r"),
  NAME ("a"),
  NAME ("photo"),
  NAME ("nick"),
  NAME ("field"),
  NAME ("value"),
  NAME ("identity"),
  NAME ("feature"),
  NAME ("occupant-id"),
  NAME ("store"),
  /* attributes */
  NAME ("from"),
  NAME ("to"),
  NAME ("id"),
  NAME ("type"),
  NAME ("lang"),
  NAME ("jid"),
  NAME ("name"),
  NAME ("subscription"),
  NAME ("ask"),
  NAME ("node"),
  NAME ("ver"),
  NAME ("hash"),
  NAME ("stamp"),
  NAME ("by"),
  NAME ("var"),
  NAME ("category"),
  NAME ("h"),
  NAME ("rid"),
  NAME ("sid"),
  NAME ("kex"),
  NAME ("queryid"),
  NAME ("code"),
  NAME ("affiliation"),
  NAME ("role"),
  /* namespaces */
  NAME ("jabber:client"),
  NAME ("jabber:iq:roster"),
  NAME ("jabber:x:data"),
  NAME ("http://etherx.jabber.org/streams"),
  NAME ("http://www.w3.org/XML/1998/namespace"),
  NAME ("http://jabber.org/protocol/caps"),
  NAME ("http://jabber.org/protocol/chatstates"),
  NAME ("http://jabber.org/protocol/disco#info"),
  NAME ("http://jabber.org/protocol/disco#items"),
  NAME ("http://jabber.org/protocol/muc"),
  NAME ("http://jabber.org/protocol/muc#user"),
  NAME ("http://jabber.org/protocol/nick"),
  NAME ("http://jabber.org/protocol/pubsub"),
  NAME ("http://jabber.org/protocol/pubsub#event"),
  NAME ("urn:ietf:params:xml:ns:xmpp-stanzas"),
  NAME ("urn:xmpp:avatar:metadata"),
  NAME ("urn:xmpp:carbons:2"),
  NAME ("urn:xmpp:chat-markers:0"),
  NAME ("urn:xmpp:delay"),
  NAME ("urn:xmpp:eme:0"),
  NAME ("urn:xmpp:forward:0"),
  NAME ("urn:xmpp:hints"),
  NAME ("urn:xmpp:mam:2"),
  NAME ("urn:xmpp:occupant-id:0"),
  NAME ("urn:xmpp:omemo:2"),
  NAME ("urn:xmpp:receipts"),
  NAME ("urn:xmpp:sid:0"),
  NAME ("urn:xmpp:sm:3"),
  NAME ("vcard-temp:x:update"),
};

G_STATIC_ASSERT (G_N_ELEMENTS (names) < G_MAXUINT8);

static guint
hash (const char *text,
      gsize length)
{
  const guchar *bytes = (const guchar *) text;

  return length * 37 + bytes[0] * 3 + bytes[length / 2] * 17 + bytes[length - 1] * 101;
}

void
xmpp_names_init (XmppNames *self)
{
  memset (self, 0, sizeof *self);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      guint slot = hash (names[i].text, names[i].length) % G_N_ELEMENTS (self->slots);

      while (self->slots[slot] != 0)
        slot = (slot + 1) % G_N_ELEMENTS (self->slots);
      self->slots[slot] = i + 1;
    }
}

const char *
xmpp_names_lookup (const XmppNames *self,
                   const char *text,
                   gsize length)
{
  guint slot;

  if (length == 0)
    return "";

  slot = hash (text, length) % G_N_ELEMENTS (self->slots);
  while (self->slots[slot] != 0)
    {
      guint i = self->slots[slot] - 1;

      if (names[i].length == length && memcmp (names[i].text, text, length) == 0)
        return names[i].text;
      slot = (slot + 1) % G_N_ELEMENTS (self->slots);
    }

  return NULL;
}
