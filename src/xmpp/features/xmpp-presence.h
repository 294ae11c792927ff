/* Availability, own and contacts', RFC 6121 section 4
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

typedef enum
{
  XMPP_SHOW_OFFLINE, /* for the own presence: invisible */
  XMPP_SHOW_EXTENDED_AWAY,
  XMPP_SHOW_AWAY,
  XMPP_SHOW_BUSY,
  XMPP_SHOW_ONLINE,
  XMPP_SHOW_CHAT,
} XmppShow;

/* Boxed, reference-counted, not changed once made. */
typedef struct
{
  XmppJid *jid; /* as it came: full, rarely bare */
  XmppShow show;
  gint8 priority;
  char *status; /* nullable; cleaned */
  gint64 since; /* Unix microseconds: XEP-0203 stamp by the contact's server, else when it came */
} XmppPresenceInfo;

#define XMPP_TYPE_PRESENCE_INFO (xmpp_presence_info_get_type ())
GType xmpp_presence_info_get_type (void) G_GNUC_CONST;
XmppPresenceInfo *xmpp_presence_info_ref (XmppPresenceInfo *self);
void xmpp_presence_info_unref (XmppPresenceInfo *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppPresenceInfo, xmpp_presence_info_unref)

/**
 * XmppPresence:
 *
 * Signal "changed" (XmppJid, bare): something about that contact's resources changed. Changes of one
 * main-loop turn come together, each contact once.
 */
#define XMPP_TYPE_PRESENCE (xmpp_presence_get_type ())
G_DECLARE_FINAL_TYPE (XmppPresence, xmpp_presence, XMPP, PRESENCE, XmppFeature)

/* What the person chose; sent now if there is a connection, and on every new stream. @status nullable. */
void xmpp_presence_set_own (XmppPresence *self, XmppShow show, const char *status);
/* The resource to show: highest priority, then most available, then newest (RFC 6121 section 8.5.2.1.1). NULL
 * when the contact is offline. */
const XmppPresenceInfo *xmpp_presence_get_best (XmppPresence *self, XmppJid *jid);
/* Everything that is online under @jid (bare), which may be the own account: also this program then. Transfer
 * full: of XmppPresenceInfo, maybe none. */
GPtrArray *xmpp_presence_list (XmppPresence *self, XmppJid *jid);
/* The status text that came with the last unavailable presence, and when (Unix microseconds, 0 unknown).
 * Nullable. */
const char *xmpp_presence_get_last_status (XmppPresence *self, XmppJid *jid, gint64 *since);

G_END_DECLS
