/* XEP-0077 In-Band Registration, version 2.4: the own account, in a session
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

/* Changes the password of the session's account (section 3.3). Resolves to true when the server has it;
 * rejects with XMPP_STANZA_ERROR: NOT_ACCEPTABLE is for a password that the server finds too weak. When the
 * connection broke (XMPP_STANZA_ERROR_DISCONNECTED, _TIMED_OUT) nobody knows which password counts. */
DexFuture *xmpp_account_control_change_password (XmppSession *session,
                                                 const char *password) G_GNUC_WARN_UNUSED_RESULT;

/* Has the server delete the account (section 3.2). Servers answer, or end the stream, or both: it resolves to
 * true with either, and whether the account is gone must be looked at. Rejects with XMPP_STANZA_ERROR when
 * the server refused or was not there to be asked. */
DexFuture *xmpp_account_control_unregister (XmppSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
