/* What has to be finished after an account went, whatever interrupts it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store.h"

G_BEGIN_DECLS

/**
 * LinnetStoreRemovalKind:
 * @LINNET_STORE_REMOVAL_ACCOUNT: the account is to go; its rows may still be there
 * @LINNET_STORE_REMOVAL_TRACES: its rows are gone; files and what is left in free pages may still be there
 * @LINNET_STORE_REMOVAL_SECRETS: only the keyring may still have something
 * @LINNET_STORE_REMOVAL_SIGN_OUT: the account stays, its secrets are to go
 *
 * A removal is noted in an empty file of the profile whose name tells the kind and the account's number, no
 * more: what is removed is named nowhere.
 */
typedef enum
{
  LINNET_STORE_REMOVAL_ACCOUNT,
  LINNET_STORE_REMOVAL_TRACES,
  LINNET_STORE_REMOVAL_SECRETS,
  LINNET_STORE_REMOVAL_SIGN_OUT,
} LinnetStoreRemovalKind;

typedef struct
{
  LinnetStoreRemovalKind kind;
  gint64 account;
} LinnetStoreRemoval;

/* Resolves to a boxed GArray of LinnetStoreRemoval: what earlier runs of the program left undone. */
DexFuture *linnet_store_removals_list (LinnetStore *store) G_GNUC_WARN_UNUSED_RESULT;
/* Resolves to true once the note is on the disk. */
DexFuture *linnet_store_removals_begin (LinnetStore *store,
                                        LinnetStoreRemovalKind kind,
                                        gint64 account) G_GNUC_WARN_UNUSED_RESULT;
/* From one kind to the next. Resolves to true, also when there was no note. */
DexFuture *linnet_store_removals_advance (LinnetStore *store,
                                          LinnetStoreRemovalKind from,
                                          LinnetStoreRemovalKind to,
                                          gint64 account) G_GNUC_WARN_UNUSED_RESULT;
/* Resolves to true, also when there was no note. */
DexFuture *linnet_store_removals_end (LinnetStore *store,
                                      LinnetStoreRemovalKind kind,
                                      gint64 account) G_GNUC_WARN_UNUSED_RESULT;

/**
 * linnet_store_erase_traces:
 * @directory: of pictures
 *
 * Pages that were used for what is erased may still have pieces of it where later rows did not need the
 * place: writes the database anew, empties its log, and erases the pictures in @directory that no row names.
 *
 * Returns: (transfer full): a future that resolves to true, or rejects with LINNET_STORE_ERROR_BUSY as long
 * as somebody reads the old log
 */
DexFuture *linnet_store_erase_traces (LinnetStore *store,
                                      const char *directory) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
