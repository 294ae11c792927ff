/* Somebody an account knows: in the roster or not
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"

G_BEGIN_DECLS

/**
 * LinnetContact:
 *
 * One object per account and bare address; lives as long as somebody holds it.
 *
 * Properties: `address`, `name` (what to show: own name for them, else their nickname, else the part before
 * @), `roster-name` (own name, nullable), `groups` (GStrv), `in-roster`,
 * `subscription` (LinnetSubscription flags), `show` (LinnetShow), `status-text` (nullable), `last-seen`
 * (gint64 Unix seconds, 0 unknown), `avatar-file` (GFile, nullable: undecoded picture on disk), `blocked`.
 */
#define LINNET_TYPE_CONTACT (linnet_contact_get_type ())
G_DECLARE_FINAL_TYPE (LinnetContact, linnet_contact, LINNET, CONTACT, GObject)

LinnetAccount *linnet_contact_get_account (LinnetContact *self); /* borrowed; nullable after its removal */
const char *linnet_contact_get_address (LinnetContact *self);
const char *linnet_contact_get_name (LinnetContact *self);
const char *linnet_contact_get_roster_name (LinnetContact *self);
const char *const *linnet_contact_get_groups (LinnetContact *self);
gboolean linnet_contact_get_in_roster (LinnetContact *self);
LinnetSubscription linnet_contact_get_subscription (LinnetContact *self);
LinnetShow linnet_contact_get_show (LinnetContact *self);
const char *linnet_contact_get_status_text (LinnetContact *self);
gint64 linnet_contact_get_last_seen (LinnetContact *self);
GFile *linnet_contact_get_avatar_file (LinnetContact *self);
gboolean linnet_contact_get_blocked (LinnetContact *self);

/* Each resolves to true when the server agreed, rejects with LINNET_ERROR. */
DexFuture *linnet_contact_rename (LinnetContact *self, const char *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *linnet_contact_set_groups (LinnetContact *self,
                                      const char *const *groups) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *
linnet_contact_remove (LinnetContact *self) G_GNUC_WARN_UNUSED_RESULT; /* from the roster; history stays */
DexFuture *linnet_contact_set_blocked (LinnetContact *self, gboolean blocked) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *
linnet_contact_accept_request (LinnetContact *self) G_GNUC_WARN_UNUSED_RESULT; /* adds, and asks back */
DexFuture *linnet_contact_decline_request (LinnetContact *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *linnet_contact_request_presence (LinnetContact *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *
linnet_contact_cancel_presence (LinnetContact *self) G_GNUC_WARN_UNUSED_RESULT; /* they no longer see ours */

G_END_DECLS
