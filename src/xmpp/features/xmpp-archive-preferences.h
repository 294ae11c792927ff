/* XEP-0441 Message Archive Management Preferences, version 0.2.0
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-session.h"

G_BEGIN_DECLS

typedef enum
{
  XMPP_ARCHIVE_ALWAYS,
  XMPP_ARCHIVE_ROSTER, /* with contacts */
  XMPP_ARCHIVE_NEVER,
} XmppArchiveDefault;

/* What the own server keeps of messages with those who are on no list of the person. Resolves to an
 * XmppArchiveDefault as int; rejects with XMPP_STANZA_ERROR where the server does not tell. */
DexFuture *xmpp_archive_preferences_get_default (XmppSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
