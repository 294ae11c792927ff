/* A copy of a profile's rows that may go elsewhere, and a profile made of one (R35)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store.h"

G_BEGIN_DECLS

/* These may be called on any thread: each opens what it needs for itself, and the profile may be in use. They
 * fail with LINNET_STORE_ERROR, or G_IO_ERROR_CANCELLED. */

/**
 * linnet_store_backup_copy:
 * @source: a database of this version or an older one; nothing in it is trusted
 * @target: where to make the copy, as one file; must not be there
 * @fresh: the copy is for a new installation: what servers know this one by is made anew
 *
 * Copies every row but those that must not be there twice: streams that may be resumed, what is on its way to
 * be sent, and tokens. Messages that were not sent are marked as failed in the copy, so that the person can
 * send them again. The tables are made by this program, not taken from @source.
 *
 * Returns: %FALSE with NEWER_SCHEMA, with CORRUPT when a row could not be copied, or when @target could not
 * be written
 */
gboolean linnet_store_backup_copy (
    const char *source, const char *target, gboolean fresh, GCancellable *cancellable, GError **error);

/* Transfer full: the addresses of the accounts in @path; NULL on error. */
char **linnet_store_backup_list_accounts (const char *path, GError **error);
/* Transfer full: the hashes of all pictures that rows of @path name; NULL on error. */
char **linnet_store_backup_list_pictures (const char *path, GError **error);
/* The newest version of the schema that this program knows. */
int linnet_store_backup_get_version (void);

/* Names in a profile's directory. */
#define LINNET_STORE_DATABASE "linnet.db"
#define LINNET_STORE_COPY LINNET_STORE_DATABASE ".backup" /* a copy being made; nobody needs it for long */
/* A directory with what the next opening of the store is to put in place of what is there: see
 * linnet_store_swap(). It counts once it has this name. */
#define LINNET_STORE_RESTORED "restored"
#define LINNET_STORE_STAGING "restoring-" /* how such a directory is called while it is being made */

G_END_DECLS
