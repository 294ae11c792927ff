/* XEP-0401 Ad-hoc Account Invitation Generation, version 0.6.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

typedef enum
{
  XMPP_INVITE_CONTACT = 1 << 0, /* to become the account's contact, perhaps with an account made for it */
  XMPP_INVITE_ACCOUNT = 1 << 1, /* to make an account; for who runs the server */
} XmppInviteKind;

/* Boxed, copied. */
typedef struct
{
  char *uri;      /* an xmpp: link, which was checked to be about this account or server */
  char *page;     /* nullable: the https: address of a page that shows it */
  gint64 expires; /* microseconds since 1970; 0: never */
} XmppInvite;

#define XMPP_TYPE_INVITE (xmpp_invite_get_type ())
GType xmpp_invite_get_type (void) G_GNUC_CONST;
XmppInvite *xmpp_invite_copy (const XmppInvite *self);
void xmpp_invite_free (XmppInvite *self);

/* What the own server makes for this account. Resolves to XmppInviteKind flags (guint; 0: nothing, also when
 * it knows no commands), rejects with XMPP_STANZA_ERROR_DISCONNECTED or _TIMED_OUT. */
DexFuture *xmpp_invites_discover (XmppSession *session) G_GNUC_WARN_UNUSED_RESULT;

/* Has the own server make one. Resolves to a boxed XmppInvite, rejects with XMPP_STANZA_ERROR. */
DexFuture *xmpp_invites_create (XmppSession *session, XmppInviteKind kind) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppInvite, xmpp_invite_free)

G_END_DECLS
