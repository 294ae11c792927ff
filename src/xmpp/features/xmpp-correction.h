/* XEP-0308 Last Message Correction, version 1.2.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-builder.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

/* Fills in XmppMessage.replaces. Whoever keeps the messages checks that the id is one of a message that the
 * same person wrote to the same one, protected in the same way (security.md I8), and keeps what stood there
 * before. */
#define XMPP_TYPE_CORRECTION (xmpp_correction_get_type ())
G_DECLARE_FINAL_TYPE (XmppCorrection, xmpp_correction, XMPP, CORRECTION, XmppFeature)

/* What makes a message, complete and with an id of its own, take the place of @id, always the first version
 * (section 4). For [method@Xmpp.Node.with_child]. Transfer full. */
XmppNode *xmpp_correction_create (const char *id);

G_END_DECLS
