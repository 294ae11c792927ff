/* Copying rows out of a database that may be damaged (R27)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store-db-private.h"

G_BEGIN_DECLS

/**
 * linnet_store_copy:
 * @from: a database of any version of ours, perhaps damaged
 * @to: a sound one of this version
 * @settings: only what is small and cannot be fetched again: accounts, contacts, conversations
 * @wanted: of %LINNET_STORE_N_TABLES: which tables to copy; those that came over whole are crossed out
 *
 * Adds the rows of @from that can be read, and that @to has no others in place of, one transaction a table.
 * Around damage it looks for rows from both ends and in steps. What refers to rows that are not there is left
 * in @to: see linnet_store_copy_mend().
 *
 * Returns: %FALSE when @to could not be written
 */
gboolean linnet_store_copy (
    sqlite3 *from, LinnetStoreDb *to, gboolean settings, gboolean *wanted, GError **error);
#define LINNET_STORE_N_TABLES 12
#define LINNET_STORE_COPY_ACCOUNTS 0 /* the first of them */
gboolean linnet_store_copy_is_settings (guint table);
const char *linnet_store_copy_get_name (guint table);

/* After the last copy: makes @to consistent, and has it ask the server anew for what may have been lost. */
gboolean linnet_store_copy_mend (LinnetStoreDb *to, GError **error);

G_END_DECLS
