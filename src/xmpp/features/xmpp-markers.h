/* XEP-0333 Displayed Markers, version 1.0.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

/* Fills in XmppMessage.markable, .displayed_for and .displayed_here. As with receipts, whoever keeps the
 * messages checks that the id is one of ours to exactly that sender (security.md I11). */
#define XMPP_TYPE_MARKERS (xmpp_markers_get_type ())
G_DECLARE_FINAL_TYPE (XmppMarkers, xmpp_markers, XMPP, MARKERS, XmppFeature)

/* Tells @to (bare) that its markable message @id and all before it were read. Only to mutual contacts; the
 * caller asks the person's switches first. Returns whether it was sent. */
gboolean xmpp_markers_send_displayed (XmppMarkers *self, XmppJid *to, const char *id);

G_END_DECLS
