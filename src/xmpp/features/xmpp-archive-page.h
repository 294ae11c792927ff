/* XEP-0313 Message Archive Management, version 1.1.3: what was answered
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-message.h"

G_BEGIN_DECLS

/* A message of an archive. */
typedef struct
{
  char *id;             /* in the archive; at most XMPP_RSM_MAX_ID bytes */
  gint64 stamp;         /* when the archive got it, Unix microseconds; 0: it does not say */
  XmppMessage *message; /* nullable: the archive has removed it, or it cannot be read; else of the source
                           ARCHIVED, its stanza_id and delay are what is above */
} XmppArchiveResult;

/* @message: gets a reference */
XmppArchiveResult *xmpp_archive_result_new (const char *id, gint64 stamp, XmppMessage *message);
void xmpp_archive_result_free (XmppArchiveResult *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppArchiveResult, xmpp_archive_result_free)

/**
 * XmppArchivePage:
 *
 * A page of an archive: everything the archive has between @first and @last that matches the query. Boxed,
 * reference-counted, not changed once made. All of it may be written in one transaction, with what is known
 * of gaps: from @first to @last there is none, and with @complete none up to the end of what was asked for.
 */
typedef struct
{
  gatomicrefcount ref_count;
  GPtrArray *results; /* of XmppArchiveResult: oldest first, each id once; not the ids of the query */
  char *first;        /* nullable: going back, the before_id of the next page */
  char *last;         /* nullable: going forward, its after_id */
  guint64 count;      /* of all that match, maybe an estimate; with @has_count */
  guint has_count : 1;
  guint complete : 1; /* in this direction nothing more matches, or the archive does not let us go on: there
                         is no @first and @last to go on from */
  guint unstable : 1; /* order and content may change: to be asked again later before it is believed */
  guint n_dropped;    /* results that were none: no id, one that had been there, what was not asked for */
  guint n_unreadable; /* results without a message that the archive has not removed itself */
} XmppArchivePage;

#define XMPP_TYPE_ARCHIVE_PAGE (xmpp_archive_page_get_type ())
GType xmpp_archive_page_get_type (void) G_GNUC_CONST;
XmppArchivePage *xmpp_archive_page_new (void); /* an empty one, to be filled in */
XmppArchivePage *xmpp_archive_page_ref (XmppArchivePage *self);
void xmpp_archive_page_unref (XmppArchivePage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppArchivePage, xmpp_archive_page_unref)

G_END_DECLS
