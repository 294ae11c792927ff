/* XEP-0494 Client Access Management, version 0.1.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

/* A program that may use the account. */
typedef struct
{
  const char *ns;    /* what its server calls the protocol */
  char *id;          /* opaque */
  char *software;    /* nullable; cleaned, like @device */
  char *device;      /* nullable */
  gint64 first_seen; /* Unix microseconds; 0 unknown */
  gint64 last_seen;
  guint connected : 1;
  guint password : 1; /* it knows the password: to end its access needs another one */
} XmppClientAccess;

XmppClientAccess *xmpp_client_access_copy (const XmppClientAccess *self);
void xmpp_client_access_free (XmppClientAccess *self);

/* Resolves to a boxed GPtrArray of XmppClientAccess, at most 256; rejects with XMPP_STANZA_ERROR, mostly
 * SERVICE_UNAVAILABLE or FEATURE_NOT_IMPLEMENTED, where the server does not tell. Asks by the XEP's name for
 * it and by the one that Prosody had before. */
DexFuture *xmpp_client_access_list (XmppSession *session) G_GNUC_WARN_UNUSED_RESULT;

/* Ends the access of a client of that list. Resolves to true; rejects with XMPP_STANZA_ERROR:
 * SERVICE_UNAVAILABLE means that its session was ended, but that it knows the password. */
DexFuture *xmpp_client_access_revoke (XmppSession *session,
                                      const XmppClientAccess *client) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
