/* The contact list, RFC 6121 section 2
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

typedef enum
{
  XMPP_SUBSCRIPTION_NONE = 0,
  XMPP_SUBSCRIPTION_TO = 1,   /* we see their presence */
  XMPP_SUBSCRIPTION_FROM = 2, /* they see ours */
  XMPP_SUBSCRIPTION_BOTH = 3,
} XmppSubscriptionState;

/* Boxed, reference-counted, not changed once made. */
typedef struct
{
  XmppJid *jid;  /* bare */
  char *name;    /* nullable */
  char **groups; /* never NULL; sorted, each once */
  XmppSubscriptionState subscription;
  guint ask : 1;      /* we asked for their presence and wait */
  guint approved : 1; /* their request will be granted by the server (pre-approval) */
  guint removed : 1;  /* in a push: no longer in the roster */
} XmppRosterItem;

#define XMPP_TYPE_ROSTER_ITEM (xmpp_roster_item_get_type ())
GType xmpp_roster_item_get_type (void) G_GNUC_CONST;
/* @groups: nullable. Everything is copied. */
XmppRosterItem *xmpp_roster_item_new (XmppJid *jid,
                                      const char *name,
                                      const char *const *groups,
                                      XmppSubscriptionState subscription);
XmppRosterItem *xmpp_roster_item_ref (XmppRosterItem *self);
void xmpp_roster_item_unref (XmppRosterItem *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppRosterItem, xmpp_roster_item_unref)

/**
 * XmppRoster:
 *
 * Fetches the roster once per stream, with versioning when the server has it, and takes pushes from the own
 * account only (security.md I2). Every change goes into the session's inbox as XMPP_INBOX_ROSTER;
 * @roster_full says that the items are the whole roster. The feature's own copy changes at the same moment.
 *
 * Signals: "changed" (XmppRosterItem), "loaded" (the whole roster was replaced).
 */
#define XMPP_TYPE_ROSTER (xmpp_roster_get_type ())
G_DECLARE_FINAL_TYPE (XmppRoster, xmpp_roster, XMPP, ROSTER, XmppFeature)

/* What the store remembers (GPtrArray of XmppRosterItem; @version nullable). Before
 * [method@Xmpp.Session.start]. */
void xmpp_roster_set_cached (XmppRoster *self, GPtrArray *items, const char *version);
/* Borrowed, nullable; by the bare address. */
XmppRosterItem *xmpp_roster_lookup (XmppRoster *self, XmppJid *jid);

/* Adds or changes; @name and @groups nullable. Resolves to true, rejects with XMPP_STANZA_ERROR. */
DexFuture *xmpp_roster_set (XmppRoster *self, XmppJid *jid, const char *name, const char *const *groups)
    G_GNUC_WARN_UNUSED_RESULT;
/* Also ends the subscriptions in both directions (RFC 6121 section 2.5). */
DexFuture *xmpp_roster_remove (XmppRoster *self, XmppJid *jid) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @jid may learn that we are here: own account and server (NULL included), contacts with FROM. */
gboolean xmpp_roster_may_see_us (XmppRoster *self, XmppJid *jid);
/* Whether we see their presence: own account, contacts with TO. */
gboolean xmpp_roster_is_seen (XmppRoster *self, XmppJid *jid);
/* Both are contacts of each other: typing and read notices are for them only (security.md section 5). */
gboolean xmpp_roster_is_mutual (XmppRoster *self, XmppJid *jid);

G_END_DECLS
