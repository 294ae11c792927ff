/* A program that is, or may be, signed in with an account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"

G_BEGIN_DECLS

/**
 * LinnetOtherSession:
 *
 * What the server tells of one program that uses the account; never changes. Names are cleaned for showing.
 */
#define LINNET_TYPE_OTHER_SESSION (linnet_other_session_get_type ())
G_DECLARE_FINAL_TYPE (LinnetOtherSession, linnet_other_session, LINNET, OTHER_SESSION, GObject)

const char *linnet_other_session_get_name (LinnetOtherSession *self);   /* nullable: the program */
const char *linnet_other_session_get_device (LinnetOtherSession *self); /* nullable */
gint64 linnet_other_session_get_last_seen (LinnetOtherSession *self);   /* Unix seconds; 0 unknown */
gboolean linnet_other_session_get_connected (LinnetOtherSession *self);
gboolean linnet_other_session_get_current (LinnetOtherSession *self); /* it is this program */
gboolean linnet_other_session_get_can_end (LinnetOtherSession *self);

/* Resolves to a GListModel of LinnetOtherSession: this program first, then those that are connected, then by
 * when they were seen. Where the server does not tell who has access, it has those that are online now, and
 * none of them can be ended. Rejects with LINNET_ERROR. */
DexFuture *linnet_account_load_sessions (LinnetAccount *account) G_GNUC_WARN_UNUSED_RESULT;

/* Ends it, and the access that it was given without the password. Resolves to true; rejects with
 * LINNET_ERROR: PASSWORD_KNOWN when it is signed out, but could sign in again until there is another
 * password. */
DexFuture *linnet_account_end_session (LinnetAccount *account,
                                       LinnetOtherSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
