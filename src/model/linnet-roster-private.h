/* What the model itself does with a roster
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-roster.h"

G_BEGIN_DECLS

/* @account is not owned. */
LinnetRoster *linnet_roster_new (LinnetAccount *account);

/* Contacts that came into the roster or left it (LinnetContact:in-roster says which) are put where they
 * belong; all of them are announced together. */
void linnet_roster_update (LinnetRoster *self, GPtrArray *contacts);
/* For a full roster: what is in it now. Transfer full: a GPtrArray of LinnetContact. */
GPtrArray *linnet_roster_dup_items (LinnetRoster *self);

G_END_DECLS
