/* What the model itself does with contacts
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-contact.h"

G_BEGIN_DECLS

/* For linnet_account_ensure_contact() alone, which keeps them unique. @account is not owned. */
LinnetContact *linnet_contact_new (LinnetAccount *account, const char *address);

typedef struct
{
  const char *name;          /* nullable */
  const char *const *groups; /* nullable */
  LinnetSubscription subscription;
} LinnetContactEntry;

/* @entry: what the roster says; NULL: not in it. A request that waits for an answer stays. */
void linnet_contact_set_entry (LinnetContact *self, const LinnetContactEntry *entry);
void linnet_contact_set_nickname (LinnetContact *self, const char *nickname);
void
linnet_contact_set_presence (LinnetContact *self, LinnetShow show, const char *status_text, gint64 last_seen);
void linnet_contact_set_avatar_file (LinnetContact *self, GFile *file);
void linnet_contact_take_blocked (LinnetContact *self, gboolean blocked);
/* They asked to see our presence and wait for an answer. */
void linnet_contact_set_requested (LinnetContact *self, gboolean requested);
gboolean linnet_contact_get_requested (LinnetContact *self);

/* Both see each other: only such contacts learn when we type or read (security.md section 5). */
gboolean linnet_contact_is_mutual (LinnetContact *self);

G_END_DECLS
