/* Rows of contact lists; written by linnet-store-batch.h
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "linnet-store.h"

G_BEGIN_DECLS

/* Boxed; copied deeply. */
typedef struct
{
  char *jid;        /* bare */
  char *name;       /* nullable */
  char **groups;    /* never NULL in what is read; NULL: none */
  int subscription; /* 0 none, 1 to, 2 from, 3 both */
  guint ask : 1;
  guint approved : 1;
  guint removed : 1; /* in a push: erase it; never in what is read */
} LinnetStoreContact;

#define LINNET_TYPE_STORE_CONTACT (linnet_store_contact_get_type ())
GType linnet_store_contact_get_type (void) G_GNUC_CONST;
LinnetStoreContact *linnet_store_contact_new (const char *jid);
LinnetStoreContact *linnet_store_contact_copy (const LinnetStoreContact *self);
void linnet_store_contact_free (LinnetStoreContact *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinnetStoreContact, linnet_store_contact_free)

/* Resolves to a boxed GPtrArray of LinnetStoreContact, by address. The version is in the account's row. */
DexFuture *linnet_store_roster_list (LinnetStore *store, gint64 account) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
