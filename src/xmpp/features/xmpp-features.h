/* The list of everything a session speaks
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-login.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

/**
 * xmpp_features_get_types:
 *
 * Every feature of this client. The order is the order in which their online() runs; a feature may use those
 * before it.
 *
 * Returns: (transfer none): types for [ctor@Xmpp.Session.new], ended by G_TYPE_INVALID
 */
const GType *xmpp_features_get_types (void);

/**
 * xmpp_session_start_login:
 * @login: what [func@Xmpp.login] resolved to
 *
 * [method@Xmpp.Session.start] for the outcome of a sign-in.
 *
 * Returns: (transfer full): a future that resolves to true when the session is online
 */
DexFuture *xmpp_session_start_login (XmppSession *session,
                                     XmppStream *stream,
                                     const XmppLoginResult *login) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
