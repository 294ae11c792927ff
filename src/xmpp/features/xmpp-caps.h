/* XEP-0115 Entity Capabilities, version 1.6.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-disco-info.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

/* Resolves to the XML of a disco#info <query/> that was saved under the hash, or to NULL. */
typedef DexFuture *(*XmppCapsLoad) (const char *hash, const char *ver, gpointer user_data);
typedef void (*XmppCapsSave) (const char *hash, const char *ver, const char *xml, gpointer user_data);

/**
 * XmppCaps:
 *
 * What contacts' clients can do. Only what matches its announced hash is cached or shared between resources
 * (I12); at most four questions are in flight.
 *
 * Signal "resolved" (XmppJid full): [method@Xmpp.Caps.lookup] has a new answer.
 */
#define XMPP_TYPE_CAPS (xmpp_caps_get_type ())
G_DECLARE_FINAL_TYPE (XmppCaps, xmpp_caps, XMPP, CAPS, XmppFeature)

/* The cache on disk. What comes from it is verified like what comes from the network. */
void xmpp_caps_set_storage (
    XmppCaps *self, XmppCapsLoad load, XmppCapsSave save, gpointer user_data, GDestroyNotify destroy);
XmppDiscoInfo *xmpp_caps_lookup (XmppCaps *self, XmppJid *full_jid); /* borrowed; NULL when not known (yet) */
/* Whether a resource (full), or any resource (bare), is known to have @feature. */
gboolean xmpp_caps_has (XmppCaps *self, XmppJid *jid, const char *feature);

G_END_DECLS
