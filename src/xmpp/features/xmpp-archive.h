/* XEP-0313 Message Archive Management, version 1.1.3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-archive-page.h"
#include "xmpp-archive-query.h"
#include "xmpp-session.h"

G_BEGIN_DECLS

/**
 * XmppArchive:
 *
 * Reads the archives of the own account and of rooms, a page at a time. A result counts only from the archive
 * that was asked, with the secret id of a query that is under way (security.md I3); it is unwrapped once and
 * never seen by anything that acts on live stanzas (I6); its id and its time are the archive's, whatever the
 * message says itself (I7, I11).
 *
 * One query at a time goes to each archive, and to few rooms at once; the others wait, the urgent ones first.
 */
#define XMPP_TYPE_ARCHIVE (xmpp_archive_get_type ())
G_DECLARE_FINAL_TYPE (XmppArchive, xmpp_archive, XMPP, ARCHIVE, XmppFeature)

/**
 * xmpp_archive_fetch:
 * @query: copied
 *
 * Each call that waits costs a fiber's stack: ask for dozens of pages, not for thousands. When the future is
 * discarded the query is not sent any more, or its results are dropped.
 *
 * Returns: (transfer full): a future that resolves to a boxed [struct@Xmpp.ArchivePage], all of it at once.
 *   Rejects with XMPP_STANZA_ERROR: FEATURE_NOT_IMPLEMENTED where there is no archive, or none that knows ids
 *   of messages when some are asked for; ITEM_NOT_FOUND when it does not have (any more) what the query's ids
 *   name: go on by time then; RESOURCE_CONSTRAINT: ask for fewer; TIMED_OUT 60 s after the last result;
 *   DISCONNECTED when the session ended
 */
DexFuture *xmpp_archive_fetch (XmppArchive *self, const XmppArchiveQuery *query) G_GNUC_WARN_UNUSED_RESULT;

/**
 * xmpp_archive_query_support:
 * @archive: (nullable): a room; %NULL: the own account
 *
 * Returns: (transfer full): a future that resolves to #XmppArchiveSupport, an unsigned integer, as long as
 *   the session lasts without asking again; or rejects with XMPP_STANZA_ERROR
 */
DexFuture *xmpp_archive_query_support (XmppArchive *self, XmppJid *archive) G_GNUC_WARN_UNUSED_RESULT;

/* Where an archive begins and ends. Both ids are NULL when it is empty. */
typedef struct
{
  char *start_id;
  gint64 start; /* Unix microseconds; 0: it does not say */
  char *end_id;
  gint64 end;
} XmppArchiveMetadata;

#define XMPP_TYPE_ARCHIVE_METADATA (xmpp_archive_metadata_get_type ())
GType xmpp_archive_metadata_get_type (void) G_GNUC_CONST;
XmppArchiveMetadata *xmpp_archive_metadata_copy (const XmppArchiveMetadata *self);
void xmpp_archive_metadata_free (XmppArchiveMetadata *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppArchiveMetadata, xmpp_archive_metadata_free)

/* @archive: as above. Resolves to a boxed XmppArchiveMetadata (section 6), rejects with XMPP_STANZA_ERROR;
 * FEATURE_NOT_IMPLEMENTED without XMPP_ARCHIVE_EXTENDED. */
DexFuture *xmpp_archive_fetch_metadata (XmppArchive *self, XmppJid *archive) G_GNUC_WARN_UNUSED_RESULT;

/* Results that nobody had asked for, or that came from somebody else: they count for nothing. */
guint xmpp_archive_get_n_forged (XmppArchive *self);

G_END_DECLS
