/* Invitations: links that make somebody a contact
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-link.h"
#include "linnet-types.h"

G_BEGIN_DECLS

typedef enum
{
  LINNET_INVITATION_CONTACT, /* to become a contact of the account */
  LINNET_INVITATION_ACCOUNT, /* to make an account on its server: for who runs it */
} LinnetInvitationKind;

/**
 * LinnetInvitation:
 *
 * What somebody gets to become a contact. Good for one person, and till it expires. Immutable.
 */
#define LINNET_TYPE_INVITATION (linnet_invitation_get_type ())
G_DECLARE_FINAL_TYPE (LinnetInvitation, linnet_invitation, LINNET, INVITATION, GObject)

/* What to give away: the page when there is one, for it helps who has no program yet, else the xmpp: link. */
const char *linnet_invitation_get_link (LinnetInvitation *self);
/* An xmpp: link, always. */
const char *linnet_invitation_get_uri (LinnetInvitation *self);
/* Seconds since 1970; 0: never. */
gint64 linnet_invitation_get_expires (LinnetInvitation *self);
/* Whoever gets it can make an account with it. */
gboolean linnet_invitation_get_can_register (LinnetInvitation *self);

/**
 * linnet_account_create_invitation:
 *
 * Has the server make one (XEP-0401); for a contact, when it makes none, Linnet does (XEP-0379): then it
 * counts while this profile is in use.
 *
 * Returns: (transfer full): a future that resolves to a [class@Linnet.Invitation], or rejects with
 *   LINNET_ERROR, NOT_SUPPORTED for an account when the server makes none
 */
DexFuture *linnet_account_create_invitation (LinnetAccount *self,
                                             LinnetInvitationKind kind) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_account_accept_invitation:
 * @link: of the kinds ROSTER or SUBSCRIBE, after the person agreed (security.md I14)
 * @name: (nullable): the person's own name for them; never what the link says unless the person saw it beside
 *   the address (XEP-0379 section 6.4)
 *
 * Adds them to the contacts, lets them see our presence, and asks to see theirs with the link's token; opens
 * the chat with them. Does nothing that is done already: after an account was made with the same token, the
 * server has done it.
 *
 * Returns: (transfer full): a future that resolves to the [class@Linnet.Contact], or rejects with
 *   LINNET_ERROR_OFFLINE, _OWN_ADDRESS and so on
 */
DexFuture *linnet_account_accept_invitation (LinnetAccount *self,
                                             LinnetLink *link,
                                             const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* The link that everybody may have: it only names the address. Transfer full. */
char *linnet_account_dup_link (LinnetAccount *self);

G_END_DECLS
