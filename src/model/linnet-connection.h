/* Keeps an account connected
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-channel.h"
#include "linnet-credentials.h"
#include "linnet-sign-on.h"
#include "linnet-types.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

/**
 * LinnetConnection:
 *
 * One fiber per account: signs in, hands the stream to the session, waits for its end, decides by
 * [func@Linnet.connection_judge] what then, and waits. It writes LinnetAccount:state, :error and :retry-in.
 */
#define LINNET_TYPE_CONNECTION (linnet_connection_get_type ())
G_DECLARE_FINAL_TYPE (LinnetConnection, linnet_connection, LINNET, CONNECTION, GObject)

/* @account is not owned. */
LinnetConnection *linnet_connection_new (LinnetAccount *account, XmppSession *session);

/* Begins to work. @first: (nullable) (transfer full): a sign-in that was made already. */
void linnet_connection_start (LinnetConnection *self, LinnetSignedOn *first);
/* Whether the account should be connected at all. */
void linnet_connection_set_wanted (LinnetConnection *self, gboolean wanted);

/* Whether nothing is to follow the connection there is: when it ends, the account is not wanted any more. */
void linnet_connection_set_last (LinnetConnection *self, gboolean last);

/* A person's action: tries at once, forgets earlier failures. */
void linnet_connection_try_now (LinnetConnection *self);
/* The same, after the way to reach the server changed: an existing connection is replaced. */
void linnet_connection_restart (LinnetConnection *self);
/* Of the connection there is; NULL without one. */
const LinnetChannel *linnet_connection_get_channel (LinnetConnection *self);
/* Never NULL. */
LinnetCredentials *linnet_connection_get_credentials (LinnetConnection *self);
void linnet_connection_allow_plain (LinnetConnection *self);
/* Resolves to true once online; rejects with the LINNET_ERROR of the first failure before that. */
DexFuture *linnet_connection_wait_online (LinnetConnection *self) G_GNUC_WARN_UNUSED_RESULT;

/* Hints; see LinnetWakeMonitor. */
void linnet_connection_network_changed (LinnetConnection *self, gboolean available);
void linnet_connection_woke (LinnetConnection *self);

/* Ends everything: cleanly if there is a connection, in at most 2 s. Resolves to true when the fiber is over.
 */
DexFuture *linnet_connection_close (LinnetConnection *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
