/* How far the history that servers keep is known here (security.md R11-R13)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store.h"

G_BEGIN_DECLS

/* A stretch of an archive that was not read yet. */
typedef struct
{
  gint64 id;
  char *after_id;    /* the last message before it that is known; NULL: it begins where the archive does */
  gint64 after_time; /* Unix µs: no message in it is older; 0: not known */
  char *before_id;   /* the first message after it that is known */
  gboolean missed;   /* what is in it is new to this device, not only older than its first sign-in */
} LinnetStoreGap;

/**
 * LinnetStoreArchive:
 *
 * What is known of an archive: everything up to @newest_id but for the @gaps, and what came before a
 * conversation's entry in @pasts. Boxed, atomically reference-counted.
 */
typedef struct
{
  gatomicrefcount ref_count;
  gboolean started;   /* a newest page was read once */
  char *newest_id;    /* nullable: nothing of it is known */
  gint64 newest_time; /* Unix µs, the archive's own stamp of @newest_id or one before it; 0: not known */
  GPtrArray *gaps;    /* of LinnetStoreGap, the newest first */
  GHashTable *pasts;  /* address -> id: in the gap that is not @missed, what came later is known of this
                         conversation; "": all of it */
} LinnetStoreArchive;

#define LINNET_TYPE_STORE_ARCHIVE (linnet_store_archive_get_type ())
GType linnet_store_archive_get_type (void) G_GNUC_CONST;
LinnetStoreArchive *linnet_store_archive_ref (LinnetStoreArchive *self);
void linnet_store_archive_unref (LinnetStoreArchive *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetStoreArchive, linnet_store_archive_unref)

/* @jid: the bare address of whose archive it is: the account, or a room. Resolves to a boxed
 * LinnetStoreArchive, one that knows nothing when it was never read. */
DexFuture *
linnet_store_archive_load (LinnetStore *store, gint64 account, const char *jid) G_GNUC_WARN_UNUSED_RESULT;

typedef enum
{
  LINNET_STORE_PAGE_NEWEST, /* the end of the archive */
  LINNET_STORE_PAGE_GAP,    /* the end of a gap */
  LINNET_STORE_PAGE_PAST,   /* what came before all that is known of one conversation */
} LinnetStorePageKind;

/**
 * LinnetStorePage:
 *
 * Where in an archive the messages of a batch stood; see linnet_store_batch_set_page().
 */
typedef struct
{
  LinnetStorePageKind kind;
  const char *archive; /* as for linnet_store_archive_load() */
  gint64 gap;          /* of GAP */
  const char *with;    /* of PAST: the conversation's address */
  const char *first;   /* nullable: the page is empty; its oldest message's id in the archive */
  gint64 first_time;   /* 0: not known */
  const char *last;    /* nullable */
  gint64 last_time;    /* 0: not known */
  gboolean joined;     /* nothing between the page and what is known before it */
  gboolean missed;     /* the messages are new: they count as unread */
} LinnetStorePage;

G_END_DECLS
