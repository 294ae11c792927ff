/* What is remembered of stream features (RFC 6120 section 4.3.2)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-node.h"

G_BEGIN_DECLS

/* For the next run of the program, which may resume the stream without being told its features again: as text
 * the names of what is in @features, without what is in that. Transfer full; NULL when that would be too
 * much. */
char *xmpp_stream_features_to_text (XmppNode *features);
/* The features out of such a text. Transfer full; NULL when it is none. */
XmppNode *xmpp_stream_features_from_text (const char *text);

G_END_DECLS
