/* The database of a profile: one thread, one connection
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

#define LINNET_STORE_ERROR (linnet_store_error_quark ())
GQuark linnet_store_error_quark (void);

/**
 * LinnetStoreError:
 * @LINNET_STORE_ERROR_FAILED: anything else
 * @LINNET_STORE_ERROR_FULL: no space left; nothing was changed, the next try may work
 * @LINNET_STORE_ERROR_IO: the disk or the directory failed; nothing was changed
 * @LINNET_STORE_ERROR_CORRUPT: the file is damaged or no database
 * @LINNET_STORE_ERROR_BUSY: another program holds the database
 * @LINNET_STORE_ERROR_NEWER_SCHEMA: a newer Linnet wrote it; it was not touched
 * @LINNET_STORE_ERROR_LOCKED_BY_OTHER: another Linnet has this profile open
 * @LINNET_STORE_ERROR_NOT_FOUND: the row that should be changed is gone
 * @LINNET_STORE_ERROR_EXISTS: there is one already
 * @LINNET_STORE_ERROR_CLOSED: the store was closed before
 */
typedef enum
{
  LINNET_STORE_ERROR_FAILED,
  LINNET_STORE_ERROR_FULL,
  LINNET_STORE_ERROR_IO,
  LINNET_STORE_ERROR_CORRUPT,
  LINNET_STORE_ERROR_BUSY,
  LINNET_STORE_ERROR_NEWER_SCHEMA,
  LINNET_STORE_ERROR_LOCKED_BY_OTHER,
  LINNET_STORE_ERROR_NOT_FOUND,
  LINNET_STORE_ERROR_EXISTS,
  LINNET_STORE_ERROR_CLOSED,
} LinnetStoreError;

/**
 * LinnetStore:
 *
 * Owns a thread and, on it, the only connection to `linnet.db`. Nothing here waits on the caller's thread;
 * everything comes back as a future that is completed on the main context the store was opened on, in the
 * order of the calls. A future that resolved after a change means that the change is on the disk (R2, R3);
 * one that was rejected means that nothing of it is. After an error the store goes on.
 *
 * The typed functions of the other headers of this folder are the interface for everything but OMEMO; what
 * they take is copied unless said otherwise.
 *
 * Signal "damaged" (): the check after an unclean exit, which runs beside the work, or the work itself found
 * the file damaged (R27): the next opening salvages it. That may have been before anybody could listen: see
 * [method@Linnet.Store.get_damaged].
 */
#define LINNET_TYPE_STORE (linnet_store_get_type ())
G_DECLARE_FINAL_TYPE (LinnetStore, linnet_store, LINNET, STORE, GObject)

/**
 * linnet_store_open:
 * @directory: where the profile's data is; made when missing, mode 0700
 *
 * Opens or makes the database, brings its schema up to date and locks it against a second process. Out of a
 * damaged one it makes a new one with all that can be read: see [method@Linnet.Store.get_salvaged].
 *
 * Returns: (transfer full): a future that resolves to the [class@Linnet.Store], or rejects with
 * LINNET_STORE_ERROR
 */
DexFuture *linnet_store_open (const char *directory) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_store_close:
 *
 * Finishes every job already given, writes the log back into the file and ends the thread. Later jobs are
 * rejected with CLOSED. Dropping the last reference does the same without telling when it is done.
 *
 * Returns: (transfer full): a future that resolves to true when the files are closed; never rejects
 */
DexFuture *linnet_store_close (LinnetStore *self) G_GNUC_WARN_UNUSED_RESULT;

const char *linnet_store_get_directory (LinnetStore *self);
gboolean linnet_store_get_damaged (LinnetStore *self);
/* The database was damaged when it was opened: something may be missing now, and the old file lies beside it
 * as `linnet.db.damaged-TIME`. */
gboolean linnet_store_get_salvaged (LinnetStore *self);

/* What a job works with, on the store's thread only. */
typedef struct _LinnetStoreDb LinnetStoreDb;

/**
 * LinnetStoreJob:
 * @result: (inout): unset; what the future resolves to, or left alone for true
 *
 * Runs on the store's thread, inside a transaction that is committed when it returns %TRUE and rolled back
 * when it returns %FALSE.
 */
typedef gboolean (*LinnetStoreJob) (LinnetStoreDb *db, gpointer data, GValue *result, GError **error);

/**
 * linnet_store_run:
 * @data: (transfer full): what @job works on; no other thread may touch it
 * @data_free: frees @data, on the store's thread
 *
 * Runs @job as one transaction.
 *
 * Returns: (transfer full): a future that resolves to the job's result once it is on the disk
 */
DexFuture *linnet_store_run (LinnetStore *self,
                             LinnetStoreJob job,
                             gpointer data,
                             GDestroyNotify data_free) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a job that only reads: needs no transaction, and works when the disk is full. */
DexFuture *linnet_store_run_read (LinnetStore *self,
                                  LinnetStoreJob job,
                                  gpointer data,
                                  GDestroyNotify data_free) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
