/* XEP-0077 In-Band Registration, version 2.4, on a stream nobody has signed in on; XEP-0445 version 0.2.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libdex.h>

#include "xmpp-error.h"
#include "xmpp-jid.h"
#include "xmpp-register-form.h"
#include "xmpp-stream.h"

G_BEGIN_DECLS

/**
 * XmppRegister:
 *
 * One stream from the form to the result, as puzzles are often tied to it. It reads the stream all the time,
 * so that it knows when the server has left; what is no answer to its own question is thrown away unanswered,
 * and a server that sends more than a little of that is left.
 */
#define XMPP_TYPE_REGISTER (xmpp_register_get_type ())
G_DECLARE_FINAL_TYPE (XmppRegister, xmpp_register, XMPP, REGISTER, GObject)

/* What a server answered. Boxed, reference-counted. */
typedef struct
{
  gboolean ok;
  XmppStanzaError condition; /* unless @ok */
  char *type;                /* nullable; of the error: "cancel", "modify", "wait", "auth" */
  char *text;                /* nullable; the server's own words, cleaned */
  XmppRegisterForm *form;    /* nullable; also with an error: a new one to be filled in */
} XmppRegisterReply;

#define XMPP_TYPE_REGISTER_REPLY (xmpp_register_reply_get_type ())
GType xmpp_register_reply_get_type (void) G_GNUC_CONST;
XmppRegisterReply *xmpp_register_reply_ref (XmppRegisterReply *self);
void xmpp_register_reply_unref (XmppRegisterReply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppRegisterReply, xmpp_register_reply_unref)

/**
 * xmpp_register_open:
 * @stream: (transfer none): from xmpp_connect(): under TLS, not yet opened
 * @domain: the server's address
 *
 * Opens the stream and looks what the server offers, within 60 s.
 *
 * Returns: (transfer full): a future that resolves to an [class@Xmpp.Register]; rejects with
 *   XMPP_STREAM_ERROR, NO_TLS when the stream is not secure
 */
DexFuture *xmpp_register_open (XmppStream *stream, XmppJid *domain) G_GNUC_WARN_UNUSED_RESULT;

/* What the stream's features say: registration; XEP-0445 under either of its names. */
gboolean xmpp_register_get_offered (XmppRegister *self);
gboolean xmpp_register_get_takes_tokens (XmppRegister *self);
/* FALSE once the stream has ended. */
gboolean xmpp_register_is_open (XmppRegister *self);

/*
 * Each asks the server one thing and waits 60 s for the answer, one at a time (G_IO_ERROR_PENDING). They
 * resolve to a boxed XmppRegisterReply, also when the server refused; they reject with XMPP_STREAM_ERROR,
 * XMPP_DATA_FORM_ERROR, or XMPP_STANZA_ERROR_TIMED_OUT, after which the stream is over. Dropping the future
 * stops the waiting; an answer that comes later is none to the next question.
 */
DexFuture *xmpp_register_send_token (XmppRegister *self, const char *token) G_GNUC_WARN_UNUSED_RESULT;
/* With @ok the reply has a form. */
DexFuture *xmpp_register_get_form (XmppRegister *self) G_GNUC_WARN_UNUSED_RESULT;
/* Of what XEP-0231 has to offer gets what @form lacks, into its pictures; resolves to true, however that
 * went, in at most 10 s. */
DexFuture *xmpp_register_get_pictures (XmppRegister *self, XmppRegisterForm *form) G_GNUC_WARN_UNUSED_RESULT;
/* @ok: the account is there. */
DexFuture *xmpp_register_submit (XmppRegister *self, XmppRegisterForm *form) G_GNUC_WARN_UNUSED_RESULT;

/* Ends the stream. */
void xmpp_register_close (XmppRegister *self);

G_END_DECLS
