/* XEP-0428 Fallback Indication, version 0.2.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-builder.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

/* Finds out which parts of a body stand there only for clients that do not know what else the message says;
 * what remains is what [method@Xmpp.Message.get_text] gives. Only of a message that does say it: nobody hides
 * words from one program that others show. */
#define XMPP_TYPE_FALLBACK (xmpp_fallback_get_type ())
G_DECLARE_FINAL_TYPE (XmppFallback, xmpp_fallback, XMPP, FALLBACK, XmppFeature)

/* Marks the body of a message as one for clients that do not know @spec, a namespace. @length: of its
 * beginning only, in code points (XEP-0426); 0 for all of it. Transfer full. */
XmppNode *xmpp_fallback_create (const char *spec, gsize length);

G_END_DECLS
