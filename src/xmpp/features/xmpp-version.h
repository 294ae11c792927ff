/* XEP-0092 Software Version, version 1.1
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

/* Tells contacts the program's name, which capabilities tell them anyway: no version, no system (security.md
 * section 5). Strangers get what an unknown request gets. */
#define XMPP_TYPE_VERSION (xmpp_version_get_type ())
G_DECLARE_FINAL_TYPE (XmppVersion, xmpp_version, XMPP, VERSION, XmppFeature)

/* What @jid says that it is: "Prosody 13.0.1", say. Resolves to a string, cleaned; rejects with
 * XMPP_STANZA_ERROR. */
DexFuture *xmpp_version_query (XmppVersion *self, XmppJid *jid) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
