/* Finishing what was being removed when the program ended
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-account-manager.h"

G_BEGIN_DECLS

/* The files of @profile that belong to @account alone. Nobody may have them open for writing. */
void linnet_removal_erase_files (const char *profile, gint64 account);

/* Tells the person that secrets of an account that is gone are in the keyring still; they are tried again at
 * the next start. */
void linnet_removal_report_secrets (LinnetAccountManager *manager);

/* In a fiber, before the accounts are read: erases the rows of accounts that were being removed. Resolves to
 * a boxed GArray of LinnetStoreRemoval: what is left to do. */
DexFuture *linnet_removal_erase_rows (LinnetAccountManager *manager) G_GNUC_WARN_UNUSED_RESULT;
/* After the accounts are there: the rest, of which nobody waits for the end. @removals: (transfer full). */
void linnet_removal_finish (LinnetAccountManager *manager, GArray *removals);

G_END_DECLS
