/* A message on its way through the features: what each of them found out about it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-jid.h"
#include "xmpp-node.h"
#include "xmpp-text.h"

G_BEGIN_DECLS

typedef enum
{
  XMPP_MESSAGE_LIVE,
  XMPP_MESSAGE_CARBON_RECEIVED, /* another of our devices got it */
  XMPP_MESSAGE_CARBON_SENT,     /* another of our devices sent it */
  XMPP_MESSAGE_ARCHIVED,        /* it is history, see xmpp-archive.h */
} XmppMessageSource;

typedef enum
{
  XMPP_CHAT_STATE_NONE,
  XMPP_CHAT_STATE_ACTIVE,
  XMPP_CHAT_STATE_COMPOSING,
  XMPP_CHAT_STATE_PAUSED,
  XMPP_CHAT_STATE_INACTIVE,
  XMPP_CHAT_STATE_GONE,
} XmppChatState;

/* Bytes of a body or quote that are kept; servers rarely let a stanza grow beyond 512 KiB. */
#define XMPP_MESSAGE_MAX_BODY (256 * 1024)

/**
 * XmppMessage:
 *
 * Reference-counted. The session makes one for each message stanza whose addresses are valid, the features of
 * the stages UNWRAP, DECRYPT and ANNOTATE fill it in, and whoever listens for messages reads it. Fields that
 * a feature did not set are NULL or 0. Everything in it has passed the origin checks of security.md I1-I11.
 */
typedef struct
{
  XmppNode *node; /* the (unwrapped) stanza */
  XmppJid *from;  /* never NULL; the own bare JID where the stanza had none */
  XmppJid *to;    /* never NULL */
  char *type;     /* "chat", "normal", "groupchat", "headline", "error" */
  char *id;       /* nullable */
  XmppMessageSource source;

  char *body;               /* nullable; valid UTF-8, no control characters but newline and tab, at most
                               XMPP_MESSAGE_MAX_BODY */
  char *stanza_id;          /* XEP-0359, by the own archive only */
  char *origin_id;          /* XEP-0359 */
  gint64 delay;             /* XEP-0203, Unix microseconds by own server; 0: none */
  XmppChatState chat_state; /* XEP-0085 */
  char *receipt_for;        /* XEP-0184: id of our message that arrived there */
  char *displayed_for;      /* XEP-0333: id of our message that was read there */
  char *displayed_here;     /* XEP-0333, in a sent carbon: id of their message that another device showed */
  char *replaces;           /* XEP-0308: id of the message of the sender that this one replaces */
  char *retracts;           /* XEP-0424: id of the message of the sender that is taken back */
  char *reply_id;           /* XEP-0461: id of the message that is answered, in the same conversation */
  XmppJid *reply_to;        /* XEP-0461: who wrote that one, one of the two; nobody vouches for it */
  char *nickname;           /* XEP-0172; cleaned */
  XmppJid *quote_from;      /* XEP-0297, a forwarded message: its claimed author. Nobody vouches for it */
  char *quote_body;         /* XEP-0297: what is claimed to have been written; never a message of its own */
  GError *error;            /* with type "error": XMPP_STANZA_ERROR */
  guint receipt_requested : 1;
  guint markable : 1;  /* XEP-0333 */
  guint offline : 1;   /* delayed by the own server: offline storage */
  guint truncated : 1; /* the body was longer than XMPP_MESSAGE_MAX_BODY */

  /*< private >*/
  char *bare_body;        /* XEP-0428, see xmpp_message_get_text() */
  guint has_fallback : 1; /* so that there is a bare body, or none is left */
  gatomicrefcount ref_count;
} XmppMessage;

#define XMPP_TYPE_MESSAGE (xmpp_message_get_type ())
GType xmpp_message_get_type (void) G_GNUC_CONST;

/* NULL when an address is malformed. @self_jid stands in for an absent from or to. */
XmppMessage *xmpp_message_new (XmppNode *stanza, XmppJid *self_jid);
XmppMessage *xmpp_message_ref (XmppMessage *self);
void xmpp_message_unref (XmppMessage *self);
/* Replaces the stanza by the one inside a wrapper, once; FALSE (and unchanged) when it is wrapped already or
 * malformed. */
gboolean
xmpp_message_unwrap (XmppMessage *self, XmppNode *inner, XmppMessageSource source, XmppJid *self_jid);
/* Sent by this account, from any device. */
gboolean xmpp_message_is_outgoing (XmppMessage *self, XmppJid *self_jid);
/* The body without what stands there only for clients that do not know what else the message says (XEP-0428);
 * borrowed. NULL when nothing is left: then the message is no text at all, though it has a body. */
const char *xmpp_message_get_text (XmppMessage *self);
/* The other side: borrowed, full as it stands there. */
XmppJid *xmpp_message_get_peer (XmppMessage *self, XmppJid *self_jid);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppMessage, xmpp_message_unref)

G_END_DECLS
