/* A limit to what one sender may have us do (security.md P12)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-node.h"

G_BEGIN_DECLS

/* One token bucket per sender. What comes too fast and only says how things stand now (presence, events) is
 * put off: of each kind the newest is kept and comes when the sender's bucket has filled again. Memory is
 * bounded. */
typedef struct _XmppFlood XmppFlood;

XmppFlood *xmpp_flood_new (guint per_second, guint burst);
void xmpp_flood_free (XmppFlood *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppFlood, xmpp_flood_free)

/**
 * xmpp_flood_admit:
 * @now: microseconds of any clock that does not go back
 *
 * Returns: whether @source may have one more thing done
 */
gboolean xmpp_flood_admit (XmppFlood *self, const char *source, gint64 now);

/**
 * xmpp_flood_admit_or_keep:
 * @key: of everything with the same key only the newest matters
 *
 * Returns: whether @stanza is for now; otherwise it is kept for [method@Xmpp.Flood.release]
 */
gboolean
xmpp_flood_admit_or_keep (XmppFlood *self, const char *source, const char *key, XmppNode *stanza, gint64 now);

/**
 * xmpp_flood_release:
 *
 * Returns: (transfer full) (element-type Xmpp.Node): what was put off and may be done now, in the order of
 * the senders' buckets; to be asked again while [method@Xmpp.Flood.get_n_kept] is not 0
 */
GPtrArray *xmpp_flood_release (XmppFlood *self, gint64 now);
guint xmpp_flood_get_n_kept (XmppFlood *self);
/* What they take in memory, keys included; never more than 4 MiB. */
gsize xmpp_flood_get_kept_bytes (XmppFlood *self);
void xmpp_flood_clear (XmppFlood *self);

G_END_DECLS
