/* What comes for one query of an archive, made into a page
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-archive-page.h"
#include "xmpp-archive-query.h"

G_BEGIN_DECLS

/* Memory that a page may keep. */
#define XMPP_ARCHIVE_MAX_BYTES (8 * 1024 * 1024)

typedef struct _XmppArchiveCollector XmppArchiveCollector;

/* @query: copied */
XmppArchiveCollector *xmpp_archive_collector_new (const XmppArchiveQuery *query, XmppArchiveSupport support);
void xmpp_archive_collector_free (XmppArchiveCollector *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppArchiveCollector, xmpp_archive_collector_free)

/**
 * xmpp_archive_collector_take:
 * @id: (nullable): as it came
 * @message: (nullable): see [struct@Xmpp.ArchiveResult]
 * @memory: bytes that @message keeps
 *
 * The next result. Whatever comes, no more is kept than was asked for, and than XMPP_ARCHIVE_MAX_BYTES once
 * there is more than one.
 */
void xmpp_archive_collector_take (
    XmppArchiveCollector *self, const char *id, gint64 stamp, XmppMessage *message, gsize memory);
/* The result that was just taken has a message that cannot be read. */
void xmpp_archive_collector_note_unreadable (XmppArchiveCollector *self);

/**
 * xmpp_archive_collector_finish:
 * @fin: (nullable): the `<fin/>` that ended it
 *
 * Returns: (transfer full) (nullable): the page, or %NULL with XMPP_STANZA_ERROR: UNDEFINED_CONDITION without
 *   a @fin, RESOURCE_CONSTRAINT when so much came that there would be a gap between the page and what the
 *   query names
 */
XmppArchivePage *xmpp_archive_collector_finish (XmppArchiveCollector *self, XmppNode *fin, GError **error);

G_END_DECLS
