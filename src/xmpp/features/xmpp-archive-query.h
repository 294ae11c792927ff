/* XEP-0313 Message Archive Management, version 1.1.3: what may be asked
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "xmpp-jid.h"
#include "xmpp-node.h"

G_BEGIN_DECLS

#define XMPP_NS_ARCHIVE "urn:xmpp:mam:2"

#define XMPP_ARCHIVE_DEFAULT_MAX 50
#define XMPP_ARCHIVE_MAX 250
#define XMPP_ARCHIVE_MAX_IDS 50

/* What an archive can do, as its owner's service discovery says (section 8). */
typedef enum
{
  XMPP_ARCHIVE_SUPPORTED = 1 << 0,
  XMPP_ARCHIVE_EXTENDED = 1 << 1,        /* ids in forms, flipped pages, metadata */
  XMPP_ARCHIVE_GROUPCHAT_FIELD = 1 << 2, /* can leave out what was said in rooms */
} XmppArchiveSupport;

typedef enum
{
  XMPP_ARCHIVE_BACKWARD, /* the newest of what is asked for */
  XMPP_ARCHIVE_FORWARD,  /* the oldest of it */
} XmppArchiveDirection;

/**
 * XmppArchiveQuery:
 * @archive: (nullable): a room's bare address; %NULL: the own account
 * @with: (nullable): only messages from and to this address; a bare one stands for all its resources
 * @start: not what is older than this, Unix microseconds; 0: no limit
 * @end: not what is newer; 0: no limit
 * @after_id: (nullable): only what follows this message of the archive
 * @before_id: (nullable): only what comes before this one
 * @ids: (nullable): just these messages, at most XMPP_ARCHIVE_MAX_IDS; nothing else but @archive counts then.
 *   Needs XMPP_ARCHIVE_EXTENDED
 * @direction: which end of all that the page is to be taken from
 * @max: messages at most; 0: XMPP_ARCHIVE_DEFAULT_MAX; never more than XMPP_ARCHIVE_MAX
 * @urgent: somebody looks at an empty place: before what is not urgent
 *
 * One page of an archive. The newest page of a conversation: @with, BACKWARD. What came before: the same with
 * @before_id. What was missed: @after_id, FORWARD. A gap: both ids, in either direction. A day: @start,
 * FORWARD.
 */
typedef struct
{
  XmppJid *archive;
  XmppJid *with;
  gint64 start;
  gint64 end;
  const char *after_id;
  const char *before_id;
  const char *const *ids;
  XmppArchiveDirection direction;
  guint max;
  guint urgent : 1;
} XmppArchiveQuery;

XmppArchiveQuery *xmpp_archive_query_copy (const XmppArchiveQuery *self);
void xmpp_archive_query_free (XmppArchiveQuery *self); /* of a copy */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmppArchiveQuery, xmpp_archive_query_free)

guint xmpp_archive_query_get_max (const XmppArchiveQuery *self);
/* The id that pages are counted from, and the one at which they end; nullable. */
const char *xmpp_archive_query_get_near_id (const XmppArchiveQuery *self);
const char *xmpp_archive_query_get_far_id (const XmppArchiveQuery *self);
/* Whether the page is asked for with its newest message first. Going back, what follows what is there already
 * then comes first, and what gets too much can be left out. */
gboolean xmpp_archive_query_is_flipped (const XmppArchiveQuery *self, XmppArchiveSupport support);
/* A `<query/>` (transfer full), without what the archive does not understand. @query_id: that the results are
 * told by. */
XmppNode *
xmpp_archive_query_build (const XmppArchiveQuery *self, XmppArchiveSupport support, const char *query_id);

G_END_DECLS
