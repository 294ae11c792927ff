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

/* What the own server keeps. Boxed, reference-counted. */
typedef struct
{
  gatomicrefcount ref_count;
  XmppArchiveDefault fallback; /* of messages with those who are on no list */
  GPtrArray *always;           /* of XmppJid */
  GPtrArray *never;            /* of XmppJid */
} XmppArchivePreferences;

#define XMPP_TYPE_ARCHIVE_PREFERENCES (xmpp_archive_preferences_get_type ())
GType xmpp_archive_preferences_get_type (void) G_GNUC_CONST;
/* With empty lists. */
XmppArchivePreferences *xmpp_archive_preferences_new (XmppArchiveDefault fallback);
XmppArchivePreferences *xmpp_archive_preferences_ref (XmppArchivePreferences *self);
void xmpp_archive_preferences_unref (XmppArchivePreferences *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppArchivePreferences, xmpp_archive_preferences_unref)

/* Resolves to a boxed XmppArchivePreferences; rejects with XMPP_STANZA_ERROR where the server does not tell.
 */
DexFuture *xmpp_archive_preferences_get (XmppSession *session) G_GNUC_WARN_UNUSED_RESULT;
/* Resolves to what is in force then, which may be something else than what was asked for; rejects likewise.
 * There is no way to change a list but to replace it: get them first. */
DexFuture *xmpp_archive_preferences_set (XmppSession *session,
                                         XmppArchivePreferences *preferences) G_GNUC_WARN_UNUSED_RESULT;
/* Only the default: an XmppArchiveDefault as int; rejects likewise. */
DexFuture *xmpp_archive_preferences_get_default (XmppSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
