/* The contacts of an account
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-types.h"

G_BEGIN_DECLS

/* A GListModel of LinnetContact that are in the roster, in no particular order (ui/ sorts). */
#define LINNET_TYPE_ROSTER (linnet_roster_get_type ())
G_DECLARE_FINAL_TYPE (LinnetRoster, linnet_roster, LINNET, ROSTER, GObject)

/* The contact for @address, made when it is new (not in the roster then). Transfer full. */
LinnetContact *linnet_roster_dup_contact (LinnetRoster *self, const char *address);

G_END_DECLS
