/* The tables, and how older ones become them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store-db-private.h"

G_BEGIN_DECLS

/* Written into the file's header: tells our databases from others. */
#define LINNET_STORE_APPLICATION_ID 0x4c6e6e74

typedef struct
{
  int version; /* that there is afterwards */
  const char *sql;
} LinnetStoreMigration;

/* Checks that the file is ours and not too new, before anything is written to it. */
gboolean linnet_store_schema_check (LinnetStoreDb *db, int newest, GError **error);
/* Applies what is newer than the file, each in a transaction with its version. A file that holds something is
   copied to PATH.vN first, N being its version; the copy stays until the next migration. */
gboolean linnet_store_schema_migrate (LinnetStoreDb *db,
                                      const char *path,
                                      const LinnetStoreMigration *migrations,
                                      guint n_migrations,
                                      GError **error);
/* All of ours. */
const LinnetStoreMigration *linnet_store_schema_get_migrations (guint *n_migrations);

G_END_DECLS
