/* Who may become a contact without being asked again (XEP-0379)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store.h"

G_BEGIN_DECLS

typedef enum
{
  LINNET_STORE_INVITATION_TOKEN = 0,   /* whoever shows the token whose SHA-256 the key is */
  LINNET_STORE_INVITATION_ADDRESS = 1, /* whoever has the address that the key is */
} LinnetStoreInvitationKind;

/* No account gives out more; the oldest go then. */
#define LINNET_STORE_MAX_INVITATIONS 100

/* Remembers one till @expires (seconds since 1970), and forgets those that expired by @now. Resolves to true.
 */
DexFuture *linnet_store_invitations_add (LinnetStore *store,
                                         gint64 account,
                                         LinnetStoreInvitationKind kind,
                                         const char *key,
                                         gint64 expires,
                                         gint64 now) G_GNUC_WARN_UNUSED_RESULT;
/* Resolves to a boolean: whether there was one that had not expired by @now. It is gone then: each counts
 * once. */
DexFuture *linnet_store_invitations_redeem (LinnetStore *store,
                                            gint64 account,
                                            LinnetStoreInvitationKind kind,
                                            const char *key,
                                            gint64 now) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
