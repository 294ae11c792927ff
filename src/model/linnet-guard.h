/* Setting aside what brings the program down (R29)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"
#include "xmpp-node.h"

G_BEGIN_DECLS

/**
 * LinnetGuard:
 *
 * A server sends again what was not acknowledged, so a stanza on which the program dies would be the first it
 * gets after the next start. The guard of an account notes in a file of its profile which stanzas are being
 * handled. What is found there at the next start was being handled when the program died; after two deaths
 * the stanza is put aside, in `quarantine/`, instead of being handled. A death while the disk was at work
 * counts half: that is where it finds a program that is killed.
 */
#define LINNET_TYPE_GUARD (linnet_guard_get_type ())
G_DECLARE_FINAL_TYPE (LinnetGuard, linnet_guard, LINNET, GUARD, GObject)

/* Also where the file cannot be had: there are no marks then. */
LinnetGuard *linnet_guard_new (const char *profile, gint64 account);
/* The account is gone: so are its marks, and what was put aside. */
void linnet_guard_erase (LinnetGuard *self);

/* Whether @stanza brought the program down twice. */
gboolean linnet_guard_is_poison (LinnetGuard *self, XmppNode *stanza);
/* Writes @stanza into a file of its own. */
gboolean linnet_guard_set_aside (LinnetGuard *self, XmppNode *stanza, GError **error);

/* Around the dispatching of a stanza. */
void linnet_guard_enter (LinnetGuard *self, XmppNode *stanza);
void linnet_guard_leave (LinnetGuard *self);

/* Around the storing of several. */
void linnet_guard_enter_batch (LinnetGuard *self, XmppNode *const *stanzas, guint n_stanzas);
/* Inside it. */
void linnet_guard_set_waiting (LinnetGuard *self, gboolean waiting);
void linnet_guard_leave_batch (LinnetGuard *self);
#define LINNET_GUARD_MAX_BATCH 200
/* How many may be stored at once: one, as long as it is not known which of several is to blame. */
guint linnet_guard_get_max_batch (LinnetGuard *self);

G_END_DECLS
