/* A transaction on messages and conversations: what it touches and what it changed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store-archive.h"
#include "linnet-store-changes.h"
#include "linnet-store-db-private.h"

G_BEGIN_DECLS

/* The bits of a conversation's request. */
#define LINNET_STORE_REQUEST_PRESENCE 1
#define LINNET_STORE_REQUEST_STRANGER 2

/* A conversation's row while a transaction works on it; written back once, by linnet_store_writer_finish().
 */
typedef struct
{
  gint64 id;
  gint64 account;
  char *jid;
  gint64 last_message;
  gint64 last_position;
  gint64 unread;
  gint64 read_position;
  gint64 peer_read_position;
  int request;
  guint changed : 1; /* the row, or what a list shows of it */
} LinnetStoreCursor;

/* Messages that stood in an archive. */
typedef enum
{
  LINNET_STORE_BACKLOG_NONE,    /* they come live */
  LINNET_STORE_BACKLOG_MISSED,  /* they came while this device was away */
  LINNET_STORE_BACKLOG_HISTORY, /* they are older than this device, or shown to a person who looks for them */
} LinnetStoreBacklog;

typedef struct
{
  LinnetStoreDb *db;
  LinnetStoreChanges *changes;
  GHashTable *cursors; /* id -> LinnetStoreCursor */
  GHashTable *by_jid;  /* jid -> the same; of one account */
  GHashTable *states;  /* message id -> LinnetStoreStateChange in changes->states */
  gint64 account;      /* of linnet_store_writer_get_jid() */
  gint64 archive;      /* with a backlog: the archive's row */
  gint64 low_row;      /* with a backlog: see linnet-store-place.c */
  LinnetStoreBacklog backlog;
  guint pending_known : 1;
  guint has_pending : 1; /* with pending_known */
} LinnetStoreWriter;

/* @account: 0 where conversations are only named by id */
LinnetStoreWriter *linnet_store_writer_new (LinnetStoreDb *db, gint64 account);
void linnet_store_writer_free (LinnetStoreWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetStoreWriter, linnet_store_writer_free)

/* Borrowed. NULL and NOT_FOUND when there is none. */
LinnetStoreCursor *linnet_store_writer_get (LinnetStoreWriter *self, gint64 conversation, GError **error);
/* Made when it is new and @create; else NULL without an error. */
LinnetStoreCursor *linnet_store_writer_get_jid (LinnetStoreWriter *self,
                                                const char *jid,
                                                gboolean create,
                                                GError **error);
/* Whether @jid is neither in the roster nor the account itself nor its server. FALSE on error. */
gboolean linnet_store_writer_is_stranger (LinnetStoreWriter *self,
                                          const char *jid,
                                          gboolean *stranger,
                                          GError **error);
/* After the roster changed: whoever is in it is no stranger any more. FALSE on error. */
gboolean linnet_store_writer_meet_strangers (LinnetStoreWriter *self, GError **error);
/* Everything up to @position has been seen; never goes back. FALSE on error. */
gboolean linnet_store_writer_mark_read (LinnetStoreWriter *self,
                                        LinnetStoreCursor *cursor,
                                        gint64 position,
                                        GError **error);
/* Writes the conversations back and puts the changes into @result. */
gboolean linnet_store_writer_finish (LinnetStoreWriter *self, GValue *result, GError **error);

/* ---- linnet-store-insert.c ---- */

/* The position of the row that @message is known by; 0: it is new. FALSE on error. */
gboolean linnet_store_writer_find_known (LinnetStoreWriter *self,
                                         LinnetStoreCursor *cursor,
                                         LinnetStoreMessage *message,
                                         gint64 *position,
                                         GError **error);
/* R14. @message gets its id, state, and, without a backlog, its position. @outcome: (out). */
gboolean linnet_store_writer_insert (LinnetStoreWriter *self,
                                     LinnetStoreCursor *cursor,
                                     LinnetStoreMessage *message,
                                     LinnetStoreOutcome *outcome,
                                     GError **error);

/* ---- linnet-store-archive.c ---- */

/* Before, and after, the messages of @page are inserted. */
gboolean
linnet_store_writer_begin_page (LinnetStoreWriter *self, const LinnetStorePage *page, GError **error);
gboolean linnet_store_writer_end_page (LinnetStoreWriter *self, const LinnetStorePage *page, GError **error);
/* Everything up to the message that has @id in @archive is known. */
gboolean
linnet_store_writer_follow (LinnetStoreWriter *self, const char *archive, const char *id, GError **error);

/* ---- linnet-store-place.c ---- */

typedef struct
{
  LinnetStoreCursor *cursor;
  LinnetStoreMessage *message;
  gint64 known; /* the position it has already; 0: it gets one */
  gint64 limit; /* (private) */
} LinnetStorePlace;

/* @places: of LinnetStorePlace: the page, oldest first. Sets the position of each new message. */
gboolean linnet_store_writer_place (LinnetStoreWriter *self,
                                    const LinnetStorePage *page,
                                    GArray *places,
                                    GError **error);

/* ---- linnet-store-states.c ---- */

/* What is said about an own message, or (READ_HERE) one of theirs. Stored as these numbers in pending. */
typedef enum
{
  LINNET_STORE_EVENT_RECEIPT,
  LINNET_STORE_EVENT_DISPLAYED,
  LINNET_STORE_EVENT_ERROR,
  LINNET_STORE_EVENT_READ_HERE,
} LinnetStoreEventKind;

typedef struct
{
  LinnetStoreEventKind kind;
  const char *target;
  const char *condition; /* of ERROR */
  const char *text;      /* of ERROR; nullable */
} LinnetStoreEvent;

/* A stored message, as far as its state goes. */
typedef struct
{
  gint64 id;
  gint64 position;
  LinnetStoreState state;
} LinnetStoreTarget;

/* Whether a message in state @from may come to @to by what happens to it (not by a retry). */
gboolean linnet_store_state_may_change (LinnetStoreState from, LinnetStoreState to);
/* Unconditionally. @condition and @text: of FAILED; NULL else. */
gboolean linnet_store_writer_set_state (LinnetStoreWriter *self,
                                        LinnetStoreCursor *cursor,
                                        gint64 message,
                                        LinnetStoreState state,
                                        const char *condition,
                                        const char *text,
                                        GError **error);
/* The server has the stanza of @message: it must not be sent again by itself. */
gboolean linnet_store_writer_drop_from_outbox (LinnetStoreWriter *self, gint64 message, GError **error);
/* Applies it to its target, or keeps it until that comes. @jid: the conversation, which may not exist. */
gboolean linnet_store_writer_event (LinnetStoreWriter *self,
                                    const char *jid,
                                    const LinnetStoreEvent *event,
                                    LinnetStoreOutcome *outcome,
                                    GError **error);
/* The same when its target is known. */
gboolean linnet_store_writer_apply_event (LinnetStoreWriter *self,
                                          LinnetStoreCursor *cursor,
                                          const LinnetStoreTarget *target,
                                          const LinnetStoreEvent *event,
                                          gboolean *changed,
                                          GError **error);

/* ---- linnet-store-pending.c ---- */

/* FALSE only on error; @kept: (out): not when there are too many already. */
gboolean linnet_store_writer_keep_event (LinnetStoreWriter *self,
                                         const char *jid,
                                         const LinnetStoreEvent *event,
                                         gboolean *kept,
                                         GError **error);
/* Applies what waited for @message, a new row. */
gboolean linnet_store_writer_apply_pending (LinnetStoreWriter *self,
                                            LinnetStoreCursor *cursor,
                                            LinnetStoreMessage *message,
                                            GError **error);

/* ---- linnet-store-conversations.c ---- */

/* Transfer full. NULL and NOT_FOUND when there is none. */
LinnetStoreConversation *linnet_store_conversation_read (LinnetStoreDb *db,
                                                         gint64 conversation,
                                                         GError **error);

/* ---- linnet-store-changes.c ---- */

LinnetStoreChanges *linnet_store_changes_new (void);

/* ---- linnet-store-roster.c, linnet-store-profiles.c, linnet-store-accounts.c ---- */

gboolean linnet_store_roster_write (LinnetStoreDb *db,
                                    gint64 account,
                                    GPtrArray *contacts,
                                    gboolean full,
                                    const char *version,
                                    GError **error);
gboolean linnet_store_profiles_write_nickname (LinnetStoreDb *db,
                                               gint64 account,
                                               const char *jid,
                                               const char *nickname,
                                               GError **error);
gboolean linnet_store_accounts_write_sm_h (LinnetStoreDb *db, gint64 account, guint32 sm_h, GError **error);

G_END_DECLS
